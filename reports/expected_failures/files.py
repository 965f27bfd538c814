"""Files of expected failures, TOML or YAML: read them, and write one from a run."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from reports.expected_failures.entries import Deviation, ExpectedFailures, account
from reports.quantities import day_of, plural
from reports.record.atomic_file import write_whole
from reports.record.entries import Outcome, Verdict
from reports.record.recorded_run import Run

_PREAMBLE = """\
# Expected failures: failures that were looked at and are expected, each until the day it expires.
# `rule` is one rule's id, `rules` a glob; `target` a glob of the URLs it is about.
"""
_FIRST_DAYS = 30


@dataclass(unsafe_hash=True)
class ExpectedFailuresError(Exception):
    """A file of expected failures that cannot be used; `place` is an entry (`deviation 3`) or empty."""

    path: Path
    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.path}: {self.place}: {self.problem}" if self.place else f"{self.path}: {self.problem}"


def load_expected(path: Path) -> ExpectedFailures:
    """Return the entries of a TOML or YAML file: tables `[[deviation]]`, or a list under `deviation`.

    ExpectedFailuresError for a file that cannot be read or an entry that is invalid.
    """
    path = Path(path)
    data = _parsed(path)
    if not isinstance(data, Mapping) or set(data) - {"deviation"}:
        raise ExpectedFailuresError(path, "", "a table with the one key `deviation` is expected")
    entries = data.get("deviation") or []
    if not isinstance(entries, list):
        raise ExpectedFailuresError(path, "deviation", "a list of entries is expected")
    return ExpectedFailures(str(path), tuple(_deviation(path, number, entry) for number, entry in enumerate(entries, 1)))


def update_expected(path: Path, run: Run) -> str:
    """Write the failures of a run into the file at `path` and return a sentence that says what changed.

    Entries that still hold stay, and so do those of other targets. Stale ones are removed. Failures without
    an entry are added for 30 days. A missing file is created.
    """
    path = Path(path)
    known = load_expected(path) if path.exists() else ExpectedFailures(str(path))
    outcomes = {rule_id: verdict.outcome for rule_id, verdict in run.verdicts.items()}
    today = day_of(run.header.started)
    accounted = account(known, run.header.target, outcomes, today)
    stale = [entry.deviation for entry in accounted.entries if entry.passing and not entry.failing]
    stale = [entry for entry in stale if not entry.intermittent]
    listed = {rule_id for entry in accounted.entries for rule_id in entry.failing}
    added = [
        _first_entry(run, verdict, today)
        for rule_id, verdict in run.verdicts.items()
        if verdict.outcome is Outcome.FAIL and rule_id not in listed
    ]
    write = _write_yaml if _is_yaml(path) else _write_toml
    write(path, known, stale, added)
    return f"{path}: {plural(len(added), 'expected failure')} added, {len(stale):,} taken out"


def _parsed(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
        return yaml.safe_load(text) if _is_yaml(path) else tomllib.loads(text)
    except OSError as error:
        raise ExpectedFailuresError(path, "", error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise ExpectedFailuresError(path, "", "the file is not UTF-8 text") from error
    except (tomllib.TOMLDecodeError, yaml.YAMLError) as error:
        kind = "YAML" if _is_yaml(path) else "TOML"
        raise ExpectedFailuresError(path, "", f"this is no {kind}: {' '.join(str(error).split())}") from error


def _is_yaml(path: Path) -> bool:
    return path.suffix in {".yaml", ".yml"}


def _deviation(path: Path, number: int, entry: Any) -> Deviation:
    place = f"deviation {number}"
    if not isinstance(entry, Mapping):
        raise ExpectedFailuresError(path, place, f"a table is expected, not {entry!r}")
    if isinstance(named := entry.get("rule") or entry.get("rules"), str):
        place = f"deviation {number} ({named})"
    for key, value in entry.items():
        if key not in _KEYS:
            raise ExpectedFailuresError(path, place, f"unknown key `{key}`; there are {', '.join(_KEYS)}")
        expected, holds = _KEYS[key]
        if not holds(value):
            raise ExpectedFailuresError(path, place, f"`{key}` is {value!r}; {expected} is expected")
    if ("rule" in entry) == ("rules" in entry):
        raise ExpectedFailuresError(path, place, "either `rule` (an id) or `rules` (a glob) is expected")
    for key in ("reason", "expires"):
        if key not in entry:
            raise ExpectedFailuresError(path, place, f"`{key}` is missing: a deviation has a reason and ends on a day")
    return Deviation(**entry)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


_KEYS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "rule": ("the id of a rule", _is_text),
    "rules": ("a glob of rule ids", _is_text),
    "reason": ("a sentence", _is_text),
    # A datetime is a date too, for Python; what was meant by its hours nobody could say.
    "expires": ("a date such as 2027-01-31, without quotes", lambda value: type(value) is date),
    "ticket": ("a text", lambda value: isinstance(value, str)),
    "target": ("a glob of URLs", _is_text),
    "intermittent": ("true or false", lambda value: isinstance(value, bool)),
}


def _first_entry(run: Run, verdict: Verdict, today: date) -> dict[str, Any]:
    failure = next(iter(verdict.failures), None)
    reason = f"expected {failure.expected}; got {failure.actual}" if failure else "fails"
    target = {} if run.header.embedded else {"target": run.header.target}
    return {
        "rule": verdict.rule,
        "reason": " ".join(reason.split())[:300],
        "ticket": "",
        "expires": today + timedelta(days=_FIRST_DAYS),
        **target,
    }


def _write_toml(path: Path, known: ExpectedFailures, stale: list[Deviation], added: list[dict[str, Any]]) -> None:
    """Rewrite the file entry by entry, so that the comments between the entries stay."""
    text = path.read_text(encoding="utf-8") if path.exists() else _PREAMBLE
    first, *blocks = _blocks(text)
    if len(blocks) != len(known.entries):
        # Written in another way that TOML allows, such as an array of inline tables.
        first, blocks = _PREAMBLE, [_toml_entry(entry) for entry in _parsed(path)["deviation"]]
    kept = [block for block, entry in zip(blocks, known.entries, strict=True) if entry not in stale]
    parts = [part.strip("\n") for part in (first, *kept, *map(_toml_entry, added))]
    write_whole(path, ("\n\n".join(part for part in parts if part) + "\n").encode(errors="replace"))


def _blocks(text: str) -> list[str]:
    """Return the lines before the first entry, then each entry with the comments before it."""
    blocks: list[list[str]] = [[]]
    for line in text.split("\n"):  # TOML has no other line break; `splitlines` would cut strings at U+0085
        if line.strip() == "[[deviation]]":
            blocks.append(_comments_off(blocks[-1]) if len(blocks) > 1 else [])
        blocks[-1].append(line)
    return ["\n".join(block) for block in blocks]


def _comments_off(block: list[str]) -> list[str]:
    """Remove the comments at the end of a block and return them: they belong to the next one."""
    taken: list[str] = []
    while block and (block[-1].startswith("#") or (taken and not block[-1].strip())):
        taken.insert(0, block.pop())
    return taken


def _toml_entry(entry: Mapping[str, Any]) -> str:
    return "[[deviation]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in entry.items())


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else _quoted(value)


def _quoted(text: str) -> str:
    """Return a basic string of TOML. Its escapes are those of JSON, but for a lone surrogate and DEL."""
    escaped = "".join(_ESCAPES.get(each, each) if each >= " " else f"\\u{ord(each):04x}" for each in text)
    return f'"{escaped}"'


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\x7f": "\\u007f"}


def _write_yaml(path: Path, known: ExpectedFailures, stale: list[Deviation], added: list[dict[str, Any]]) -> None:
    kept = _parsed(path).get("deviation") or [] if path.exists() else []
    left = [raw for raw, entry in zip(kept, known.entries, strict=True) if entry not in stale]
    text = yaml.dump({"deviation": left + added}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    write_whole(path, (_PREAMBLE + text).encode(errors="replace"))


class _Dumper(yaml.SafeDumper):
    """The safe dumper, but for strings with a line break of Unicode."""


def _string(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Return a string, in quotes where it has a Unicode line break, which PyYAML would read back as a space."""
    style = '"' if set(text) & set("\x85\u2028\u2029") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _string)
