"""The tool as it is distributed: installed beside someone's own `reports` package, both are intact."""

from __future__ import annotations

import ast
import json
import shlex
import shutil
import socket
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOL = "ultravox_conformance"
ROOTS = ("conformance", "emulator", "openapi", "reports", "strategies")

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path) -> str:
    """Return what the command prints. AssertionError with all of it if it fails."""
    ended = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, so that nothing is left in the checkout."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in (*ROOTS, "tool"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist", cwd=source)
    [built] = (source / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the tool, a user's own `reports`, and the dependencies of this one."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))
    (packages / "reports").mkdir()
    (packages / "reports" / "__init__.py").write_text("OWNER = 'user'\n", encoding="utf-8")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    # By the pip of the tests: to install another one into the environment takes longer than all the rest.
    pip(environment, "install", "--no-deps", "--no-index", "--no-compile", wheel)
    return environment


def pip(environment: Path, *arguments: str | Path) -> None:
    """Change what is installed in an environment."""
    run(sys.executable, "-m", "pip", "--python", environment / "bin" / "python", *arguments, cwd=environment)


def test_one_package_is_all_that_the_wheel_brings(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {TOOL}


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    inside = {name.removeprefix(f"{TOOL}/_private/") for name in zipfile.ZipFile(wheel).namelist()}
    files = [path for root in ROOTS for path in (ROOT / root).rglob("*") if path.is_file()]
    expected = {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}
    assert expected - inside == set()


def test_the_modules_of_the_wheel_import_no_package_of_ours_by_a_generic_name(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        modules = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".py")}
    found = {name: set(imported(source)) & set(ROOTS) for name, source in modules.items()}
    assert {name: tops for name, tops in found.items() if tops} == {}


def imported(source: str) -> Iterator[str]:
    """The first name of each module that a module imports, wherever it does."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def test_the_api_is_typed_and_changes_no_path(wheel: Path, site: Path) -> None:
    assert f"{TOOL}/py.typed" in zipfile.ZipFile(wheel).namelist()
    (site / "use_api.py").write_text(USE_OF_THE_API, encoding="utf-8")
    assert run(site / "bin" / "python", "use_api.py", cwd=site) == "user 400 fails\n"


# As a program of somebody's who has a package `reports`.
USE_OF_THE_API = """
import sys

before = list(sys.path)
import reports
from ultravox_conformance import Checks, Observed, RuleStrategies, catalogue_of, load_contract, run, running_emulator

catalogue = catalogue_of(load_contract())
RuleStrategies(catalogue).violating("body.temperature.maximum")
assert not Checks(catalogue).check(Observed(body={"temperature": 2}, status=400))
with running_emulator() as emulator:
    emulator.respond(400)
written = run(select=["body.temperature.maximum"], fault=["temperature-a-little-above-1"])
ours = {"conformance", "emulator", "openapi", "strategies"} & set(sys.modules)
assert (sys.path, ours) == (before, set()), ours
print(reports.OWNER, 400, written.summary["outcome"])
"""


def test_faults_of_a_users_contract_import_the_suite(site: Path) -> None:
    contract = site / "contract"
    [installed] = site.rglob("_private/openapi/contracts/ultravox")
    shutil.copytree(installed, contract, ignore=shutil.ignore_patterns("faults"))
    (contract / "faults").mkdir()
    (contract / "faults" / "__init__.py").write_text(
        "from emulator.fault import Fault\n"
        "FAULTS = (Fault(name='mine', family='mine', summary='It does nothing.', expects=('*',)),)\n",
        encoding="utf-8",
    )
    listed = run(site / "bin" / "ultravox-conformance", "emulate", "--contract", "contract", "--fault", "list", cwd=site)
    assert "mine" in listed


def test_the_tool_runs_alongside_a_package_of_the_same_name(site: Path) -> None:
    (site / "mine.py").write_text(
        "from ultravox_conformance import check\n"
        "own = check('acme.id', 'MUST', 'It MUST have an id.')(lambda exchange: None if exchange.json['callId'] else 'none')\n",
        encoding="utf-8",
    )
    run(
        site / "bin" / "ultravox-conformance",
        "run",
        "--quiet",
        "--checks",
        "mine.py",
        "--select",
        "body.temperature.*",
        "--out",
        "out",
        cwd=site,
    )
    assert json.loads((site / "out" / "summary.json").read_text(encoding="utf-8"))["outcome"] == "conforms"
    assert (site / "out" / "report.html").stat().st_size > 10_000


def test_a_command_that_the_tool_prints_runs(site: Path) -> None:
    tool = site / "bin" / "ultravox-conformance"
    options = ["--select", "body.temperature.minimum", "--fault", "temperature-negative", "--out", "faulty"]
    ended = subprocess.run([tool, "run", *options], cwd=site, capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stderr
    [printed] = {line for line in ended.stdout.splitlines() if " replay " in line}
    name, *arguments = shlex.split(printed)
    again = subprocess.run([site / "bin" / name, *arguments], cwd=site, capture_output=True, text=True, check=False)
    assert (again.returncode, "still fails" in again.stdout) == (1, True), again.stdout + again.stderr


def test_the_plugin_is_found_by_its_entry_point(site: Path) -> None:
    (site / "test_client.py").write_text(
        "def test_it(ultravox_emulator):\n    assert ultravox_emulator.url and ultravox_emulator.requests == []\n",
        encoding="utf-8",
    )
    assert "1 passed" in run(site / "bin" / "python", "-m", "pytest", "-q", "test_client.py", cwd=site)
    chosen = ["--conformance", "-m", "conformance_must and not conformance_echo", "-k", "temperature"]
    listed = run(site / "bin" / "python", "-m", "pytest", "--collect-only", "-q", *chosen, "test_client.py", cwd=site)
    assert listed.splitlines()[:2] == ["body.temperature.type", "body.temperature.minimum"], listed


def test_the_steps_of_the_container_work_as_a_script(wheel: Path, site: Path) -> None:
    """The image's own steps, but for what needs the network or another user: the wheel stands for `pip install .`."""
    text = (ROOT / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    steps = [line.partition(" ") for line in text.splitlines() if line[:1] != "#"]
    runs = [step.strip() for instruction, _, rest in steps if instruction == "RUN" for step in rest.split("&&")]
    assert [run for run in runs if "pip install" in run and run.endswith(" .")] == [
        "python -m pip install --no-cache-dir --no-deps ."
    ]
    required = next(rest.rpartition(" ")[2] for rest in runs if "--requirement" in rest)
    assert (ROOT / required).is_file()
    named = {instruction: json.loads(rest) for instruction, _, rest in steps if instruction in ("ENTRYPOINT", "CMD")}
    health = json.loads(next(rest for instruction, _, rest in steps if instruction == "HEALTHCHECK").removeprefix("CMD "))
    command = [*named["ENTRYPOINT"], *named["CMD"]]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    local = [word.replace("0.0.0.0", "127.0.0.1").replace("8000", port) for word in command]
    assert wheel.is_file()
    with subprocess.Popen([site / "bin" / local[0], *local[1:]], cwd=site, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert any("listens on" in line for line in iter(process.stdout.readline, ""))
            run(site / "bin" / health[0], *(word.replace("8000", port) for word in health[1:]), cwd=site)
        finally:
            process.terminate()


def test_the_users_package_survives_tool_and_uninstalling(site: Path) -> None:
    python = site / "bin" / "python"
    assert run(python, "-c", "import reports; print(reports.OWNER)", cwd=site) == "user\n"
    pip(site, "uninstall", "--yes", "ultravox-conformance")
    assert run(python, "-c", "import reports; print(reports.OWNER)", cwd=site) == "user\n"
