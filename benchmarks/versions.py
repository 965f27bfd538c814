"""`python -m benchmarks.versions`: the suite on versions of one description, each against its own emulator and the next one's.

The versions lie in a folder of the user's, one file each, in the order of their names; `--git` takes a sample of those that a
git repository has. Against its own emulator a version must stay green. Against the emulator of the next version only rules
may fail that `diff` names as differing. The table stands in docs/any-api.md. The exit status is 1 where one does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.foreign import PAGE, VERSIONS, conformance
from conformance.embedded import embedded, emulator_keys
from openapi import load_contract
from openapi.catalogue import catalogue_of
from openapi.reading.contract_folder import DEFAULT


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """A version of a description: its run against itself, and against the next version; `differing` are the rules of `diff`.

    `failed` are rules that fail against the next version, `unexplained` those of them that `diff` does not name.
    """

    name: str
    own: dict[str, Any]
    notes: int
    differing: frozenset[str] = frozenset()
    failed: tuple[str, ...] = ()

    @property
    def unexplained(self) -> list[str]:
        """Return the rules that fail against the next version though `diff` does not name them."""
        return [each for each in self.failed if each not in self.differing]

    @property
    def is_right(self) -> bool:
        """Return whether the version is green against itself, and each failure against the next one is explained."""
        return self.own.get("failed") == [] and not self.unexplained


def sampled(repository: Path, path: str, count: int, folder: Path) -> None:
    """Write `count` versions of a file in a git repository to a folder, evenly from the first to the last.

    CalledProcessError where git cannot read them.
    """
    listed = _git(repository, "log", "--reverse", "--format=%H %cs", "--", path).decode().split("\n")
    commits = [line.split() for line in listed if line]
    steps = max(count - 1, 1)
    folder.mkdir(parents=True, exist_ok=True)
    for index in sorted({round(step * (len(commits) - 1) / steps) for step in range(count)}):
        commit, day = commits[index]
        name = f"{index + 1:03}-{day}{Path(path).suffix}"
        (folder / name).write_bytes(_git(repository, "show", f"{commit}:{path}"))


def _git(repository: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", repository, *arguments], capture_output=True, check=True).stdout


def compared(files: Sequence[Path], contract: str) -> Iterator[Neighbours]:
    """Yield each version with its runs, in order."""
    for file, following in zip_longest(files, files[1:]):
        options = ["--contract", contract, "--openapi", str(file)]
        own = _summary(*options)
        notes = json.loads(conformance("rules", "--notes", "--json", *options).stdout)["count"]
        found = Neighbours(name=file.stem, own=own, notes=notes)
        if following is not None:
            changed = json.loads(conformance("diff", "--contract", contract, "--json", str(file), str(following)).stdout)
            differing = frozenset(rule for each in changed for rule in (each["subject"], *each["rules"]))
            failed = tuple(_against(following, contract, options)["failed"])
            found = Neighbours(name=file.stem, own=own, notes=notes, differing=differing, failed=failed)
        yield found


def _against(served: Path, contract: str, options: Sequence[str]) -> dict[str, Any]:
    """Return the summary of a run against the emulator of another version."""
    other = load_contract(str(served), contract=contract)
    with embedded(catalogue_of(other), parsing="protojson") as url:
        return _summary(*options, "--target", url, environment=emulator_keys(other))


def _summary(*options: str, environment: dict[str, str] | None = None) -> dict[str, Any]:
    with TemporaryDirectory() as out:
        ended = conformance("run", *options, "--out", out, environment={**os.environ, **(environment or {})})
        summary = Path(out) / "summary.json"
        if not summary.exists():
            return {"failed": [ended.stderr.strip().splitlines()[-1]]}
        found: dict[str, Any] = json.loads(summary.read_text(encoding="utf-8"))
        return found


def part(found: Sequence[Neighbours]) -> str:
    """Return the second part of the page, about all versions."""
    head = """
`python -m benchmarks.versions DIR --git REPOSITORY --path FILE` writes this table: a sample of the versions that a public
repository has of one description, under the overlay of its contract. Each version must be green against its own emulator.
Against the emulator of the next version only rules may fail that `diff` names as differing; others would be unexplained. A rule
that differs need not fail: one about a new member is no rule of the older version, which knows no new member of an enum either.
Where the next version describes no deleting, `state.delete` and `auth.delete` fail; `state.delete-isolated` cannot be observed,
since nothing is deleted.

| version | rules | passed | failed | notes | differ in the next | fail against the next | unexplained |
|---|---|---|---|---|---|---|---|
"""
    return head + "".join(f"{_row(each)}\n" for each in found)


def _row(each: Neighbours) -> str:
    failed = ", ".join(each.own["failed"]) or "0"
    own = (each.own.get("rules", ""), each.own.get("passed", ""), failed, each.notes)
    following = (len(each.differing), len(each.failed), ", ".join(each.unexplained) or "0")
    return f"| {each.name} | {' | '.join(map(str, (*own, *following)))} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table; return 1 if a version is not green or a failure is unexplained, 2 where there are no versions."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.versions", description="Runs versions of one description.")
    parser.add_argument("folder", type=Path, help="where the versions are, ordered by their names")
    parser.add_argument("--git", type=Path, metavar="REPOSITORY", help="write a sample of its versions into the folder first")
    parser.add_argument("--path", metavar="FILE", help="the description in that repository")
    parser.add_argument("--sample", type=int, default=20, metavar="N", help="versions of the sample (default: 20)")
    parser.add_argument("--contract", default=DEFAULT, help="the contract whose description it is (default: %(default)s)")
    options = parser.parse_args(arguments)
    if (options.git is None) != (options.path is None):
        parser.error("--git and --path go together")
    if options.git is not None:
        sampled(options.git, options.path, options.sample, options.folder)
    files = sorted(options.folder.glob("*.*"))
    if not files:
        print(f"{options.folder}: there are no versions in it; --git and --path bring some", file=sys.stderr)
        return 2
    found = []
    for each in compared(files, options.contract):
        print(_row(each), flush=True)
        found.append(each)
    text = PAGE.read_text(encoding="utf-8").partition(VERSIONS)[0]
    PAGE.write_text(text + VERSIONS + part(found), encoding="utf-8")
    return int(not all(each.is_right for each in found))


if __name__ == "__main__":
    sys.exit(main())
