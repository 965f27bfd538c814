"""Consent and settings by the command line: nothing is sent to another machine without `--live`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.conftest import Command, whole
from tests.conformance.servers import KEY, Received, Reply, conforming, serving
from tests.openapi.synthetic import description, written

FEW = ("--select", "body.temperature.*", "--select", "protocol.*")
ELSEWHERE = "0.0.0.0"  # leads to this machine, and is no loopback address
pytestmark = pytest.mark.usefixtures("in_process")


@pytest.fixture
def server() -> Iterator[tuple[str, list[Received]]]:
    """The URL of a conforming server by an address that is no loopback one, and what it has received."""
    received: list[Received] = []
    response = conforming()

    def noted(each: Received) -> Reply | None:
        received.append(each)
        return response(each)

    with serving(noted) as url:
        yield url.replace("127.0.0.1", ELSEWHERE), received


@pytest.mark.parametrize("arguments", [["run", "--dry-run"], ["run"], ["doctor"], ["run", "--dry-run", "--live"]])
def test_nothing_is_sent_without_consent(command: Command, server: tuple[str, list[Received]], arguments: list[str]) -> None:
    url, received = server
    ran = command(*arguments, "--target", url)
    assert not received
    is_dry = "--dry-run" in arguments
    assert ran.exit == (0 if is_dry else 2)
    assert is_dry or f"{url} is not this machine: give --live to" in ran.stderr
    if arguments[0] == "run":
        said = ran.stdout if is_dry else ran.stderr
        lines = said.splitlines()
        facts = ["target", "object", "keys", "requests", "takes", "creates", "held"]
        assert [line.split()[0] for line in lines[1 : 1 + len(facts)]] == facts
        assert len(lines) == len(facts) + (1 if is_dry else 2)


def test_nothing_that_would_stay_is_created_unasked(
    command: Command, server: tuple[str, list[Received]], tmp_path: Path
) -> None:
    url, received = server
    described = written(tmp_path, description({"type": "object", "properties": {"size": {"type": "integer"}}}))
    run = ("run", "--openapi", described, "--target", url, "--out", tmp_path / "out", "--quiet", "--max-requests", "3")
    ran = command(*run, "--live")
    assert (ran.exit, received) == (2, [])
    assert ran.stderr.splitlines()[-1].endswith("so each that a run creates would stay; --keep-calls agrees to that")
    assert command(*run, "--live", "--keep-calls").exit != 2
    assert received


@pytest.mark.parametrize(
    ("target", "costs"),
    [((), False), (("--target", "http://127.0.0.1:9"), False), (("--target", f"http://{ELSEWHERE}:9"), True)],
)
def test_calls_cost_something_elsewhere_alone(command: Command, target: tuple[str, ...], costs: bool) -> None:
    assert ("it may cost" in command("run", "--dry-run", *target).stdout) is costs


def test_the_plan_is_computed_from_rate_budgets_and_the_last_run(command: Command, tmp_path: Path) -> None:
    """Of what a rate and the last run say the slower counts; another target's run says nothing."""
    url, out = "http://0.0.0.0:9", tmp_path / "out"
    out.mkdir()

    def takes(*options: str) -> str:
        said = command("run", "--dry-run", "--target", url, "--out", out, *options).stdout
        return next(line.split(maxsplit=1)[1] for line in said.splitlines() if line.split()[0] == "takes")

    assert takes() == "as long as the server takes to respond"
    assert takes("--rate", "2", "--max-requests", "600").startswith("about 5 min 0 s")
    (out / "summary.json").write_text(json.dumps({"target": url, "requests": 100, "seconds": 100.0}))
    assert takes("--rate", "2", "--max-requests", "600").startswith("about 10 min 0 s")
    assert takes("--max-time", "60").startswith("about 1 min 0 s")
    (out / "summary.json").write_text(json.dumps({"target": "http://0.0.0.0:8", "requests": 100, "seconds": 100.0}))
    assert takes() == "as long as the server takes to respond"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('{variable = "STAGING_KEY"}', "STAGING_KEY"),
        ('{file = "key.txt"}', "key.txt"),
        ('{command = ["pass", "show"]}', "the output of `pass`"),
    ],
)
def test_the_plan_says_where_the_key_of_the_settings_is(command: Command, tmp_path: Path, source: str, shown: str) -> None:
    (tmp_path / "conformance.toml").write_text(f'[targets.near]\nurl = "http://{ELSEWHERE}:9"\nkey = {source}\n')
    run = ("run", "--dry-run", "--target", "near", "--select", "body.temperature.maximum", "--config")
    lines = command(*run, tmp_path / "conformance.toml").stdout.splitlines()
    assert f"  keys       X-API-Key in the header from {shown}" in lines
    assert any("for 1 rule of smoke" in line for line in lines)
    lines = command(*run, tmp_path / "conformance.toml", "--key-file", "other.txt").stdout.splitlines()
    assert "  keys       X-API-Key in the header from other.txt" in lines


def test_settings_give_consent_headers_and_budgets(
    command: Command, server: tuple[str, list[Received]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, received = server
    monkeypatch.setenv("TOKEN", "s3cret-token-of-the-proxy")
    settings = tmp_path / "settings.toml"
    settings.write_text(f"""
        [targets.near]
        url = "{url}"
        live = true
        key = {{ command = ["echo", "{KEY}"] }}
        headers = {{ X-Token = {{ variable = "TOKEN" }} }}
        max-requests = 12
    """)
    out = tmp_path / "out"
    command("run", "--config", settings, "--target", "near", "--out", out, "--quiet", "--header", "X-Own=a-$TOKEN")
    creations = [each for each in received if each.method == "POST"]
    assert len(creations) <= 12
    assert {each.headers["x-token"] for each in received if each.method == "POST"} == {"s3cret-token-of-the-proxy"}
    assert creations[0].headers["x-own"] == "a-s3cret-token-of-the-proxy"
    assert creations[0].headers["x-conformance-request"].endswith("-1")
    assert not [path for path in out.iterdir() if b"s3cret" in whole(path)]
    assert json.loads((out / "summary.json").read_text())
    assert command("cleanup", out).exit == 0


def test_cleanup_after_a_run_that_keeps_what_it_created(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command("run", "--out", out, "--quiet", "--select", "status.created")
    cleaned = command("cleanup", out)
    assert cleaned.exit == 0
    assert "kept no journal" in cleaned.stdout
    assert command("cleanup", tmp_path).exit == 2  # no run stands there


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--target", "near"], "the name of a target in the settings; there is no conformance.toml"),
        (["--profile", "smok"], "did you mean smoke?"),
        (["--target", "http://127.0.0.1:1", "--header", "X"], "give NAME=VALUE"),
        (["--target", "http://127.0.0.1:1", "--header", "X=$NO_SUCH_VARIABLE"], "NO_SUCH_VARIABLE is not set"),
        (["--target", "http://127.0.0.1:1", "--wait", "0.3"], "is not there after 0.3 s"),
        (["--config", "nowhere.toml"], "nowhere.toml: No such file"),
    ],
)
def test_what_is_invalid_is_reported_in_one_line(
    command: Command, arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ULTRAVOX_API_KEY", KEY)
    ran = command("run", "--out", tmp_path / "out", *arguments)
    assert (ran.exit, len(ran.stderr.strip().splitlines())) == (2, 1)
    assert said in ran.stderr


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [("--max-time", "0.001", "the budget of 0.001 s is spent"), ("--max-failures", "1", "rules fail")],
)
def test_a_budget_of_time_or_failures_ends_a_run(command: Command, tmp_path: Path, option: str, value: str, said: str) -> None:
    ran = command("run", "--out", tmp_path / "out", "--quiet", *FEW, "--fault", "temperature-negative", option, value)
    assert said in ran.summary["reason"]
    assert ran.footer()["requests"] < 200
