"""Whole made-up runs: a conforming one, a failing one, one of any size, written as records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import orjson

from reports.record.entries import Entry, Exchange, FieldEntry, Footer, Header, Outcome, RuleEntry, Verdict, to_json
from reports.record.writer import RecordWriter
from tests.reports.record.headers import header
from tests.reports.synthetic.catalogue import fields, observed, requirements, rules
from tests.reports.synthetic.failures import FAILING, SKIPPED, UNJUDGED, failed
from tests.reports.synthetic.traffic import exchanges

Checker = Callable[[str, Verdict], Verdict]


def conforming(_rule_id: str, verdict: Verdict) -> Verdict:
    """Every verdict as it is."""
    return verdict


_SIDES = {
    "constraint": ("accepts", "rejects"),
    "enum": ("accepts", "rejects", "echo"),
    "cross-field": ("accepts", "rejects"),
    "default": ("default",),
    "echo": ("accepts", "echo"),
    "shape": ("shape",),
    "query": ("accepts", "rejects"),
    "auth": ("rejects",),
    "protocol": ("rejects",),
    "robustness": ("rejects",),
    "state": ("state",),
    "status": ("accepts",),
}
HEADER = header(
    suite="ultravox-conformance 0.1.0",
    started="2026-11-22T02:00:04+00:00",
    target="http://127.0.0.1:41235",
    embedded=True,
    operation="POST /api/calls",
    title="Ultravox",
    description={
        "name": "openapi/ultravox.openapi.yaml",
        "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    },
    overlays=[
        {
            "name": "openapi/contracts/ultravox/overlay.yaml",
            "digest": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
        }
    ],
    seed=20261122,
    profile="nightly",
    versions={"suite": "0.1.0", "python": "3.11.9", "hypothesis": "6.170.9", "schemathesis": "4.32.5"},
    command="python -m conformance run --profile nightly --seed 20261122",
)


def write_record(
    path: Path,
    *,
    count: int = 500,
    checker: Checker = conforming,
    header: Header = HEADER,
    catalogue: list[RuleEntry] | None = None,
    footer: bool = True,
) -> Path:
    """Writes a record with `count` exchanges; `judge` changes the verdicts of a conforming run."""
    with RecordWriter(path) as writer:
        for entry in entries(count=count, checker=checker, header=header, catalogue=catalogue, footer=footer):
            writer.write(entry)
    return path


def entries(
    *,
    count: int = 500,
    checker: Checker = conforming,
    header: Header = HEADER,
    catalogue: list[RuleEntry] | None = None,
    footer: bool = True,
) -> Iterator[Entry]:
    catalogue = rules() if catalogue is None else catalogue
    yield header
    yield from catalogue
    yield from _described(catalogue)
    yield from requirements(catalogue)
    aimed: dict[str, list[int]] = defaultdict(list)
    last = 0.0
    for exchange in exchanges(catalogue, count, header.seed):
        for rule_id in exchange.aims:
            aimed[rule_id].append(exchange.number)
        last = exchange.at + exchange.seconds
        yield exchange
    verdicts = [checker(rule.id, _verdict(rule, aimed[rule.id])) for rule in catalogue]
    yield from verdicts
    if footer:
        yield _footer(verdicts, count, last)


def _described(catalogue: list[RuleEntry]) -> list[FieldEntry]:
    """The fields that rules are about, and those above them."""
    about = {rule.place for rule in catalogue}
    return [
        entry
        for entry in fields(catalogue)
        if any(place == entry.place or place.startswith(f"{entry.place}.") for place in about)
    ]


def failing_record(path: Path, count: int = 500, catalogue: list[RuleEntry] | None = None) -> Path:
    header = replace(HEADER, embedded=False, target=LIVE)
    return write_record(path, count=count, checker=failed, header=header, catalogue=catalogue)


def few_rules() -> list[RuleEntry]:
    """A small catalogue that still has a rule of every kind and every failure."""
    reported = {*FAILING, *UNJUDGED, *SKIPPED, "status.created"}
    return [rule for number, rule in enumerate(rules()) if rule.id in reported or number % 8 == 0]


def bulk_record(path: Path, *, count: int, catalogue: list[RuleEntry] | None = None) -> Path:
    """Writes a failing record with many exchanges quickly: a thousand of them, over and over."""
    few = list(entries(count=1000, checker=failed, catalogue=catalogue))
    recorded = [to_json(entry) for entry in few if isinstance(entry, Exchange)]
    length = recorded[-1]["at"]
    first = next(index for index, entry in enumerate(few) if isinstance(entry, Exchange))
    with path.open("wb") as stream:
        stream.writelines(orjson.dumps(to_json(entry)) + b"\n" for entry in few[:first])
        for index in range(count):
            turn, at = divmod(index, len(recorded))
            again = {"number": index + 1, "at": recorded[at]["at"] + turn * length}
            stream.write(orjson.dumps(recorded[at] | again) + b"\n")
        rest = (entry for entry in few[first:] if not isinstance(entry, Exchange))
        stream.writelines(orjson.dumps(to_json(_spread(entry, count))) + b"\n" for entry in rest)
    return path


def _spread(entry: Entry, count: int) -> Entry:
    """The verdict with exchanges from all over the run, the footer with the number of requests."""
    if isinstance(entry, Footer):
        return replace(entry, requests=count)
    if isinstance(entry, Verdict):
        numbers = [number + turn for number in entry.exchanges for turn in range(0, count, max(count // 10, 1000))]
        return replace(entry, exchanges=numbers[:20], cases=count // 300)
    return entry


def many_rules(count: int) -> list[RuleEntry]:
    """A catalogue of `count` rules: the usual one, over and over under other names."""
    usual = rules()
    return [
        rule if turn == 0 else replace(rule, id=f"{rule.id}.{turn}")
        for turn in range(count // len(usual) + 1)
        for rule in usual
    ][:count]


LIVE = "https://api.example.com"


def _verdict(rule: RuleEntry, numbers: list[int]) -> Verdict:
    if rule.basis == "undocumented":
        return Verdict(
            rule=rule.id,
            outcome=Outcome.OBSERVED,
            sides={"probe": Outcome.OBSERVED},
            observed=observed(rule.id.rstrip(".0123456789")),
            cases=1,
            exchanges=numbers[:1],
        )
    return Verdict(
        rule=rule.id,
        outcome=Outcome.PASS,
        sides=dict.fromkeys(_SIDES[rule.area], Outcome.PASS),
        cases=len(numbers),
        exchanges=numbers[:20],
    )


def _footer(verdicts: Iterable[Verdict], count: int, seconds: float) -> Footer:
    outcomes = {verdict.outcome for verdict in verdicts}
    outcome = "fails" if Outcome.FAIL in outcomes else "conforms"
    return Footer(
        finished="2026-11-22T02:00:28+00:00",
        outcome=outcome,
        exit=1 if outcome == "fails" else 0,
        reason=None,
        requests=count,
        seconds=round(seconds, 3),
    )
