"""Records of shards become one: numbers in a row, times from the first start, and the worst of what was seen of a rule."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reports.record.entries import Entry, Exchange, Failure, Footer, Outcome, Request, Response, RuleEntry, Verdict
from reports.record.merging import MergeError, merge
from reports.record.reader import exchanges_of, read_run
from reports.record.recorded_run import Run
from reports.record.writer import RecordWriter
from tests.reports.record.headers import header

HEADER = header(
    target="http://127.0.0.1:8000",
    command="python -m conformance run --shard 1/2 --seed 0",
    options={"shard": "1/2", "division": "d"},
    correlation="X-Request",
    run="r1",
)
POST = Request(method="POST", path="/things", body="{}")
FOOTER = Footer(finished="2026-01-01T00:00:05.000+00:00", outcome="conforms", exit=0, reason=None, requests=2, seconds=4.0)


def rule(name: str) -> RuleEntry:
    return RuleEntry(id=name, area="constraint", level="MUST", basis="documented", requirement="", quote=None, source="")


def exchange(number: int, at: float) -> Exchange:
    response = Response(status=201, body="{}")
    return Exchange(
        number=number,
        case="c",
        aims=[],
        side="accepts",
        label="",
        phase="planned",
        request=POST,
        response=response,
        at=at,
        seconds=0.1,
    )


def failing(name: str, number: int, expected: str = "400") -> Verdict:
    failure = Failure(
        side="rejects",
        request=POST,
        response=None,
        expected=expected,
        actual="",
        offending_fields=[],
        cause=name,
        exchange=number,
    )
    return Verdict(
        rule=name, outcome=Outcome.FAIL, sides={"rejects": Outcome.FAIL}, failures=[failure], cases=1, exchanges=[number]
    )


def passing(name: str, *numbers: int) -> Verdict:
    return Verdict(
        rule=name, outcome=Outcome.PASS, sides={"accepts": Outcome.PASS}, cases=len(numbers), exchanges=list(numbers)
    )


def part(folder: Path, index: int, *entries: Entry, footer: Footer | None = FOOTER, **changes: Any) -> Path:
    """Write the record of one of two shards; the second started three seconds later."""
    path = folder / f"{index}.jsonl"
    options = {**HEADER.options, "shard": f"{index}/2"}
    values: dict[str, Any] = {"options": options, "started": f"2026-01-01T00:00:0{(index - 1) * 3}.000+00:00", **changes}
    with RecordWriter(path) as writer:
        writer.write(replace(HEADER, **values))
        for each in (
            rule("a"),
            rule("b"),
            rule("c"),
            exchange(1, 0.5),
            exchange(2, 1.0),
            *entries,
            *([footer] if footer else []),
        ):
            writer.write(each)
    return path


def merged(folder: Path, *records: Path) -> Run:
    merge(records, folder / "whole.jsonl")
    return read_run(folder / "whole.jsonl")


def test_exchanges_are_numbered_in_a_row_and_timed_from_the_first_start(tmp_path: Path) -> None:
    run = merged(tmp_path, part(tmp_path, 2, passing("b", 1)), part(tmp_path, 1, passing("a", 2)))
    assert [(each.number, each.at) for each in exchanges_of(tmp_path / "whole.jsonl")] == [
        (1, 0.5),
        (2, 1.0),
        (3, 3.5),
        (4, 4.0),
    ]
    assert {name: each.exchanges for name, each in run.verdicts.items()} == {"a": [2], "b": [3], "c": []}
    assert (run.requests, run.seconds, run.header.started) == (4, 7.0, HEADER.started)
    assert (run.header.command, run.header.options) == ("python -m conformance run --seed 0", {})
    assert run.footer is not None
    assert (run.footer.outcome, run.footer.exit) == ("conforms", 0)


def test_a_failure_that_another_shard_saw_counts(tmp_path: Path) -> None:
    one = part(tmp_path, 1, passing("a", 1), failing("b", 2))
    two = part(tmp_path, 2, passing("b", 1, 2), failing("a", 1, "401"), failing("c", 2))
    run = merged(tmp_path, one, two)
    assert [each.outcome for each in run.verdicts.values()] == [Outcome.FAIL] * 3
    assert run.verdicts["b"].sides == {"accepts": Outcome.PASS, "rejects": Outcome.FAIL}
    assert [each.exchange for each in run.verdicts["b"].failures] == [2]
    assert [each.exchange for each in run.verdicts["a"].failures] == [3]
    assert (run.verdicts["b"].cases, run.verdicts["b"].exchanges) == (3, [2, 3, 4])
    assert run.footer is not None
    assert (run.footer.outcome, run.footer.exit) == ("fails", 1)


def test_the_same_failure_of_two_shards_is_counted_once(tmp_path: Path) -> None:
    run = merged(tmp_path, part(tmp_path, 1, failing("a", 1)), part(tmp_path, 2, failing("a", 2)))
    assert [(each.exchange, each.occurrences) for each in run.verdicts["a"].failures] == [(1, 2)]


def test_a_shard_that_was_cut_off_leaves_its_rules_open(tmp_path: Path) -> None:
    run = merged(tmp_path, part(tmp_path, 1, passing("a", 1)), part(tmp_path, 2, footer=None))
    assert (run.verdicts["a"].outcome, run.verdicts["b"].outcome) == (Outcome.PASS, Outcome.SKIP)
    assert run.verdicts["b"].reason == "shard 2/2 ended before its verdict"
    assert run.footer is not None
    assert (run.footer.outcome, run.footer.exit) == ("interrupted", 3)


def test_a_shard_that_could_judge_nothing_leaves_the_run_unjudged(tmp_path: Path) -> None:
    lost = replace(FOOTER, outcome="unjudged", exit=3, reason="it does not respond")
    run = merged(tmp_path, part(tmp_path, 1, passing("a", 1)), part(tmp_path, 2, footer=lost))
    assert run.footer is not None
    assert (run.footer.outcome, run.footer.exit, run.footer.reason) == ("unjudged", 3, "shard 2/2: it does not respond")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"seed": 4}, "seed"),
        ({"profile": "nightly"}, "profile"),
        ({"description": {"digest": "bb"}}, "description"),
        ({"overlays": [{"digest": "bb"}]}, "overlay"),
        ({"suite": "suite 2"}, "version of the suite"),
        ({"strict": True}, "strictness"),
        ({"target": "http://127.0.0.1:9"}, "target"),
        ({"options": {"shard": "2/2", "division": "e"}}, "division into shards"),
        ({"options": {"shard": "2/2", "division": "d", "select": ["a"]}}, "choice of options"),
    ],
)
def test_shards_of_other_runs_are_refused_by_what_differs(changes: dict[str, Any], named: str, tmp_path: Path) -> None:
    records = part(tmp_path, 1), part(tmp_path, 2, **changes)
    with pytest.raises(MergeError, match=f"2.jsonl has another {named} than"):
        merged(tmp_path, *records)


def test_embedded_emulators_of_other_ports_are_one_target(tmp_path: Path) -> None:
    one = part(tmp_path, 1, passing("a", 1), embedded=True, target="http://127.0.0.1:1")
    assert merged(tmp_path, one, part(tmp_path, 2, embedded=True, target="http://127.0.0.1:2")).verdicts["a"].outcome == "PASS"
