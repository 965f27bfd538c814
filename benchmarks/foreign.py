"""`python -m benchmarks.foreign`: the suite on public descriptions of other houses, each against its own emulator.

The descriptions lie in a folder of the user's, one file each; `--fetch` brings those that are missing. It writes the first part
of docs/any-api.md, and exits with 1 if a run is not green.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import yaml

_LIST = Path(__file__).with_name("foreign.yaml")
PAGE = Path(__file__).parents[1] / "docs" / "any-api.md"
VERSIONS = "\n## Versions of one description\n"  # the second part of the page, which `benchmarks.versions` writes
_RAW = "https://raw.githubusercontent.com/{repository}/{commit}/{path}"
_SECONDS = 900  # for one run


@dataclass(frozen=True, kw_only=True)
class Foreign:
    """A description: where it comes from, and the operation that is tested. `parameters` are `NAME=VALUE`."""

    name: str
    repository: str
    commit: str
    path: str
    operation: str
    parameters: tuple[str, ...] = ()

    def file(self, folder: Path) -> Path:
        """Return the file in a folder of descriptions."""
        return folder / f"{self.name.lower().replace(' ', '-')}{Path(self.path).suffix}"

    def options(self, folder: Path) -> list[str]:
        """Return the options of commands that read it."""
        parameters = [option for each in self.parameters for option in ("--parameter", each)]
        return ["--openapi", str(self.file(folder)), "--operation", self.operation, *parameters]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A run: its exit status, its summary, and how many notes say that something has no rule."""

    foreign: Foreign
    status: int
    summary: dict[str, Any]
    notes: int
    problem: str = ""


def foreign() -> list[Foreign]:
    """Return the list of descriptions."""
    entries = yaml.safe_load(_LIST.read_text(encoding="utf-8"))
    return [Foreign(**{**each, "parameters": tuple(each.get("parameters", ()))}) for each in entries]


def fetch(wanted: Sequence[Foreign], folder: Path) -> None:
    """Bring the descriptions that are missing in a folder. httpx.HTTPError where one is not to be had."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in wanted:
        if not each.file(folder).exists():
            response = httpx.get(_RAW.format(repository=each.repository, commit=each.commit, path=each.path), timeout=60)
            each.file(folder).write_bytes(response.raise_for_status().content)


def outcomes(wanted: Sequence[Foreign], folder: Path) -> Iterator[Outcome]:
    """Yield the outcome of a smoke run for each description that is in the folder."""
    for each in wanted:
        with TemporaryDirectory() as out:
            ended = conformance("run", *each.options(folder), "--out", out)
            summary = Path(out) / "summary.json"
            found: dict[str, Any] = json.loads(summary.read_text(encoding="utf-8")) if summary.exists() else {}
        listed = conformance("rules", "--notes", "--json", *each.options(folder))
        notes = json.loads(listed.stdout)["count"] if listed.returncode == 0 else 0
        problem = "" if found else ended.stderr.strip().splitlines()[-1]
        yield Outcome(foreign=each, status=ended.returncode, summary=found, notes=notes, problem=problem)


def conformance(*arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Return a command of the suite after its end. TimeoutExpired after a quarter of an hour."""
    command = [sys.executable, "-m", "conformance", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False, env=environment)


def page(found: Sequence[Outcome]) -> str:
    """Return the first part of the page, about all runs."""
    head = """\
# Descriptions of other houses

`python -m benchmarks.foreign DIR --fetch` writes this table. It runs the smoke profile on public descriptions, without an
overlay, each against its own emulator. A conforming emulator must stay green, so each failed rule would be a defect of this
project. No request goes to the services themselves.

| description | operation | outcome | rules | passed | skipped | requests | notes |
|---|---|---|---|---|---|---|---|
"""
    rows = "".join(f"{_row(each)}\n" for each in found)
    sources = "".join(
        f"- {each.foreign.name}: `{each.foreign.repository}`, `{each.foreign.path}` at `{each.foreign.commit[:12]}`\n"
        for each in found
    )
    tail = """
A rule is skipped where an operation is missing, or where the emulator's responses never show a member. It is also skipped where
no violation of it can be constructed; the report gives the reason of each. A note names a keyword or parameter that has no
rule; `python -m conformance rules --notes --openapi FILE --operation 'POST /path'` lists them.

"""
    return f"{head}{rows}{tail}{sources}"


def _row(each: Outcome) -> str:
    known, summary = each.foreign, each.summary
    outcome = {0: "green", 1: f"red: {', '.join(summary.get('failed', ()))}"}.get(each.status, each.problem)
    counts = [summary.get(name, "") for name in ("rules", "passed", "skipped", "requests")]
    return f"| {known.name} | `{known.operation}` | {outcome} | {' | '.join(map(str, counts))} | {each.notes} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page; return 1 if a run is not green, 2 where a description is missing."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.foreign", description="Runs public descriptions.")
    parser.add_argument("folder", type=Path, help="where the descriptions are")
    parser.add_argument("--fetch", action="store_true", help="bring those that are missing from their public repositories")
    options = parser.parse_args(arguments)
    wanted = foreign()
    if options.fetch:
        fetch(wanted, options.folder)
    missing = [each.file(options.folder) for each in wanted if not each.file(options.folder).exists()]
    if missing:
        print(f"{missing[0]}: there is no such file; --fetch brings it", file=sys.stderr)
        return 2
    found = []
    for each in outcomes(wanted, options.folder):
        print(_row(each), flush=True)
        found.append(each)
    _, heading, versions = PAGE.read_text(encoding="utf-8").partition(VERSIONS)
    PAGE.write_text(page(found) + heading + versions, encoding="utf-8")
    return int(any(each.status for each in found))


if __name__ == "__main__":
    sys.exit(main())
