"""One record from those of the shards of a run, as a run on one machine would have written it.

    1/2   exchanges 1 2 3      verdicts a, c (failed on the way)       1/2 and 2/2 merged
    2/2   exchanges 1 2        verdicts b, c                           exchanges 1 2 3 4 5, verdicts a, b, c

Each rule has its verdict from its own shard. Another shard may have seen it fail on the way, and then it fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from reports.record.ending import ended
from reports.record.entries import Entry, Exchange, Failure, Footer, Header, Outcome, Verdict
from reports.record.fold import CUT_OFF, NOT_ABOUT
from reports.record.reader import exchanges_of, read_run
from reports.record.recorded_run import Run
from reports.record.writer import RecordWriter

_KEPT, _FAILURES = 20, 3  # exchanges and failures of a rule, as a run keeps them
# The one of several outcomes that counts, worst first.
_WORST = (Outcome.FAIL, Outcome.ERROR, Outcome.OBSERVED, Outcome.PASS, Outcome.SKIP)
_OWN_OPTIONS = ("shard",)  # those that shards of one run do not share


class MergeError(ValueError):
    """Records that are not those of all shards of one run; the message names the record and what is missing or another."""


@dataclass(frozen=True)
class _Part:
    """One shard: its record and run, its place among the shards, and the number and second where it begins in the whole."""

    path: Path
    run: Run
    index: int
    total: int
    before: int = 0
    later: float = 0.0

    @property
    def name(self) -> str:
        return f"shard {self.index}/{self.total}"

    @property
    def is_cut(self) -> bool:
        return self.run.footer is None


def merge(records: Sequence[Path], out: Path, *, kept: str | None = None) -> None:
    """Write one record from those of all shards of a run; `kept` is the digest of the description beside a history.

    MergeError where a shard is missing or given twice, or a record belongs to another run; RecordError where one cannot be
    read; OSError where the new one cannot be written.
    """
    parts = _placed(_checked([_part(path) for path in records]))
    with RecordWriter(out) as writer:
        for entry in _entries(parts, kept):
            writer.write(entry)


# --- what belongs together


def _part(path: Path) -> _Part:
    run = read_run(path)
    found = re.fullmatch(r"(\d+)/(\d+)", str(run.header.options.get("shard")))
    if found is None:
        raise MergeError(f"{path} is no record of a shard: such a run has the option --shard I/N")
    return _Part(path, run, int(found[1]), int(found[2]))


def _checked(parts: Sequence[_Part]) -> list[_Part]:
    """Return the shards in their order. MergeError where they are not all shards of one run."""
    first, by_index = parts[0], dict[int, _Part]()
    for part in parts:
        if part.total != first.total:
            raise MergeError(f"{part.path} is {part.name}, but {first.path} is {first.name}: they are parts of different runs")
        if part.index in by_index:
            raise MergeError(f"{part.name} is given twice: {by_index[part.index].path} and {part.path}")
        by_index[part.index] = part
        mine, yours = _run_of(part.run.header), _run_of(first.run.header)
        for what, value in mine.items():
            if value != yours[what]:
                raise MergeError(f"{part.path} has another {what} than {first.path}: {value} and {yours[what]}")
    missing = [f"{index}/{first.total}" for index in range(1, first.total + 1) if index not in by_index]
    if missing:
        raise MergeError(f"there is no record of shard {', '.join(missing)}: give those of all {first.total} shards")
    return [by_index[index] for index in sorted(by_index)]


def _run_of(header: Header) -> dict[str, Any]:
    """Return what is the same in the shards of one run, by name."""
    options = {name: value for name, value in header.options.items() if name not in (*_OWN_OPTIONS, "division")}
    return {
        "version of the suite": header.suite,
        "operation": header.operation,
        "description": header.description.get("digest"),
        "overlay": [each.get("digest") for each in header.overlays],
        "seed": header.seed,
        "profile": header.profile,
        "strictness": header.strict,
        "target": "the embedded emulator" if header.embedded else header.target,
        "choice of options": options,
        "division into shards": header.options.get("division"),
    }


def _placed(parts: Sequence[_Part]) -> list[_Part]:
    """Return the shards with the place of their exchanges in the whole: numbers in a row, times from the first start on."""
    starts = [datetime.fromisoformat(part.run.header.started) for part in parts]
    found, before = list[_Part](), 0
    for part, start in zip(parts, starts, strict=True):
        found.append(replace(part, before=before, later=(start - min(starts)).total_seconds()))
        before += max(part.run.traffic.exchanges, part.run.requests)
    return found


# --- the whole


def _entries(parts: Sequence[_Part], kept: str | None) -> Iterator[Entry]:
    first = parts[0].run
    verdicts = list(_verdicts(parts))
    yield _header(parts, kept)
    yield from first.rules.values()
    yield from first.fields
    yield from first.requirements
    for part in parts:
        for exchange in exchanges_of(part.path):
            yield _moved(exchange, part)
    yield from verdicts
    yield _footer(parts, verdicts)


def _moved(exchange: Exchange, part: _Part) -> Exchange:
    return replace(exchange, number=exchange.number + part.before, at=round(exchange.at + part.later, 6))


def _header(parts: Sequence[_Part], kept: str | None) -> Header:
    first = parts[0].run.header
    described = {name: value for name, value in first.description.items() if name != "kept"}
    return replace(
        first,
        description=described if kept is None else {**described, "kept": kept},
        started=min((part.run.header.started for part in parts), key=datetime.fromisoformat),
        command=re.sub(r" --shard[ =]\S+", "", first.command),
        options={name: value for name, value in first.options.items() if name not in (*_OWN_OPTIONS, "division")},
        run="",
        correlation="",  # each shard numbers its own requests
    )


def _verdicts(parts: Sequence[_Part]) -> Iterator[Verdict]:
    """Yield the verdict on each rule that the shards are about."""
    cut = [part.name for part in parts if part.is_cut]
    select = parts[0].run.header.options.get("select") or ["*"]
    for rule in parts[0].run.rules:
        found = [_referring(part.run.verdicts[rule], part) for part in parts if not _is_missing(part.run.verdicts.get(rule))]
        if found:
            yield _joined(found)
        elif cut and any(fnmatchcase(rule, glob) for glob in select):
            reason = f"{' and '.join(cut)} ended before its verdict"
            yield Verdict(rule=rule, outcome=Outcome.SKIP, sides={}, reason=reason)


def _is_missing(verdict: Verdict | None) -> bool:
    return verdict is None or (verdict.reason in (NOT_ABOUT, CUT_OFF) and not verdict.sides)


def _referring(verdict: Verdict, part: _Part) -> Verdict:
    """Return a verdict that refers to the exchanges by their numbers in the whole."""
    return replace(
        verdict,
        exchanges=[number + part.before for number in verdict.exchanges],
        failures=[replace(each, exchange=each.exchange + part.before) for each in verdict.failures],
    )


def _joined(verdicts: Sequence[Verdict]) -> Verdict:
    """Return one verdict on a rule of that of its own shard and the failures that others saw."""
    own = next((each for each in verdicts if each.outcome is not Outcome.FAIL), verdicts[0])
    if len(verdicts) == 1:
        return own
    outcome = _worst(each.outcome for each in verdicts)
    sides = {
        side: _worst(each.sides[side] for each in verdicts if side in each.sides) for each in verdicts for side in each.sides
    }
    return replace(
        own,
        outcome=outcome,
        sides=sides,
        reason=None if outcome is Outcome.FAIL else own.reason,
        failures=_distinct(failure for each in verdicts for failure in each.failures),
        cases=sum(each.cases for each in verdicts),
        exchanges=[number for each in verdicts for number in each.exchanges][:_KEPT],
    )


def _worst(outcomes: Iterable[Outcome]) -> Outcome:
    return min(outcomes, key=_WORST.index)


def _distinct(failures: Iterable[Failure]) -> list[Failure]:
    """Return failures as a run keeps them: the same one again is only counted."""
    found: dict[tuple[str, str], Failure] = {}
    for each in failures:
        known = found.setdefault((each.side, each.expected), each)
        if known is not each:
            found[each.side, each.expected] = replace(known, occurrences=known.occurrences + each.occurrences)
    return list(found.values())[:_FAILURES]


def _footer(parts: Sequence[_Part], verdicts: Iterable[Verdict]) -> Footer:
    footers = [part.run.footer for part in parts if part.run.footer is not None]
    reasons = {part.name: _reason(part) for part in parts}
    found = ended(
        (each.outcome for each in verdicts),
        _reported(reasons),
        interrupted=any(part.run.footer is None or part.run.footer.outcome == "interrupted" for part in parts),
        hopeless=any(each.outcome == "unjudged" for each in footers),
    )
    return Footer(
        finished=max((each.finished for each in footers), key=datetime.fromisoformat, default=parts[0].run.header.started),
        outcome=found.outcome,
        exit=found.exit,
        reason=found.reason,
        requests=sum(part.run.requests for part in parts),
        seconds=round(max(part.later + part.run.seconds for part in parts), 3),
        created=sum(each.created for each in footers),
        most_live=sum(each.most_live for each in footers),
        left=[identity for each in footers for identity in each.left],
    )


def _reason(part: _Part) -> str | None:
    if part.run.footer is None:
        return f"its record was cut off; resume it with `run --resume {part.path.parent}`"
    return part.run.footer.reason


def _reported(reasons: Mapping[str, str | None]) -> str | None:
    """Return the reasons of shards as one, each with its shard unless all have the same."""
    found = {reason for reason in reasons.values() if reason is not None}
    if len(found) == 1 and None not in reasons.values():
        return found.pop()
    return "; ".join(f"{name}: {reason}" for name, reason in reasons.items() if reason is not None) or None
