"""Verdicts on a request that was sent again follow from the failure that it showed and from both responses."""

from __future__ import annotations

import pytest

from reports.record.entries import Exchange, Failure, Request, Response
from reports.replayed import exit_status, replayed

REQUEST = Request(method="POST", path="/things", query=[], headers={}, body='{"count":7}')
REFUSED = "status 400 or 422, since count MUST be at most 6."


def exchange(status: int, body: str = "{}") -> Exchange:
    return Exchange(
        number=7,
        case="",
        phase="planned",
        side="rejects",
        label="",
        aims=[],
        request=REQUEST,
        response=Response(status=status, body=body),
        error=None,
        at=0,
        seconds=0,
    )


def failing(side: str, expected: str, body: str = "{}") -> dict[str, Failure]:
    response = Response(status=201, body=body)
    fields = ["/count"] if side == "echo" else []
    failure = Failure(
        side=side,
        request=REQUEST,
        response=response,
        expected=expected,
        actual="",
        offending_fields=fields,
        cause="a.rule",
        exchange=7,
    )
    return {"a.rule": failure}


@pytest.mark.parametrize(("status", "verdict"), [(201, "still fails"), (422, "now passes"), (429, "another status")])
def test_a_violation_that_was_accepted_is_judged_by_its_status(status: int, verdict: str) -> None:
    lines = list(replayed(exchange(201), Response(status=status), failing("rejects", REFUSED)))
    assert f"{verdict}: a.rule" in lines


@pytest.mark.parametrize(
    ("now", "verdict"),
    [('{"id":2,"count":8}', "still fails"), ('{"id":1,"count":7}', "another response, to be judged by a run")],
)
def test_a_value_is_judged_at_the_offending_field_alone(now: str, verdict: str) -> None:
    then = '{"id":1,"count":8}'
    lines = list(replayed(exchange(201, then), Response(status=201, body=now), failing("echo", "count is 7", then)))
    assert f"{verdict}: a.rule" in lines


@pytest.mark.parametrize(("status", "left"), [(201, 1), (422, 0), (429, 3)])
def test_the_exit_status_says_whether_a_failure_is_still_one(status: int, left: int) -> None:
    now = Response(status=status)
    assert exit_status(exchange(201), now, failing("rejects", REFUSED)) == left


def test_one_failure_that_still_is_one_counts_over_all_others() -> None:
    failures = failing("rejects", REFUSED) | {"b.rule": failing("rejects", "status 201, as documented.")["a.rule"]}
    assert exit_status(exchange(201), Response(status=201), failures) == 1
    assert exit_status(exchange(201), Response(status=422), failures) == 3


def test_another_server_says_so_by_its_header() -> None:
    then, now = exchange(201), Response(status=201, headers={"server": "b"})
    assert any(line.startswith("another server: its header was absent and is b") for line in replayed(then, now, {}))
    assert not any(line.startswith("another server") for line in replayed(then, Response(status=201), {}))


def test_an_exchange_without_a_failure_is_only_compared() -> None:
    assert exit_status(exchange(201), Response(status=201), {}) == 0
    assert exit_status(exchange(201), Response(status=500), {}) == 3
    assert any(line.startswith("the same status; ") for line in replayed(exchange(201), Response(status=201), {}))
    assert any(line.startswith("another status; ") for line in replayed(exchange(201), Response(status=500), {}))


def test_the_difference_is_short_and_holds_what_differs() -> None:
    then = '{"id": 1, "items": [' + ", ".join(map(str, range(500))) + "]}"
    lines = list(replayed(exchange(201, then), Response(status=201, body=then.replace('"id": 1', '"id": 2')), {}))
    assert len(lines) < 60
    long = list(replayed(exchange(201, then), Response(status=201, body=then.replace(", ", ", 9")), {}))
    assert len(long) < 60
    assert long[-1].endswith("more lines")
