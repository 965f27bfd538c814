"""Lines on a request that was sent again: a verdict on each failure, and how the response differs from the recorded one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import unified_diff
from enum import StrEnum

from reports.body_lines import body_lines, shown_body
from reports.exchanges.normal_form import NormalForm
from reports.exit_status import ExitStatus
from reports.record.entries import Exchange, Failure, Response

_MOST = 40  # lines that are shown of a request, and of a difference
_JUDGED_BY_STATUS = frozenset({"accepts", "rejects"})
_STATUS = re.compile(r"\b[1-5]\d\d\b")


class ReplayVerdict(StrEnum):
    """The verdict of a request that was sent again on a failure that it showed."""

    FAILS = "still fails"
    PASSES = "now passes"
    STATUS = "another status"
    OPEN = "another response, to be judged by a run"


def replayed(
    exchange: Exchange, now: Response, failures: Mapping[str, Failure], form: NormalForm | None = None
) -> Iterator[str]:
    """Yield lines on an exchange that was sent again: the request, a verdict per failure that it shows, and the difference.

    With `form`, the normal form of the recorded run, what the server makes for each object is no difference.
    """
    then = exchange.response
    yield f"{exchange.request.method} {exchange.request.path}"
    if exchange.request.body:
        yield from _cut(shown_body(exchange.request.body).split("\n"))
    yield ""
    yield f"then: {_status(then)}"
    yield f"now:  {_status(now)}"
    if then is not None and _server(then) != _server(now):
        yield f"another server: its header was {_server(then) or 'absent'} and is {_server(now) or 'absent'}"
    for rule, failure in failures.items():
        yield f"{verdict(failure, then, now)}: {rule}"
    if not failures:
        yield f"{_compared(then, now)}; the record shows no failure in it"
    yield from _difference(then, now, form)


def exit_status(exchange: Exchange, now: Response, failures: Mapping[str, Failure]) -> ExitStatus:
    """Return 1 if a failure of the exchange still is one, 0 if each now passes, else 3: it is left to a run.

    Of an exchange without a failure: 0 if the status is the same, else 3.
    """
    if not failures:
        same = exchange.response is not None and exchange.response.status == now.status
        return ExitStatus.DONE if same else ExitStatus.UNJUDGED
    found = {verdict(each, exchange.response, now) for each in failures.values()}
    if ReplayVerdict.FAILS in found:
        return ExitStatus.FAILS
    return ExitStatus.DONE if found == {ReplayVerdict.PASSES} else ExitStatus.UNJUDGED


def verdict(failure: Failure, then: Response | None, now: Response) -> ReplayVerdict:
    """Return what a response says of a failure. What only a comparison of values shows is left to a run."""
    expected = set(map(int, _STATUS.findall(failure.expected.partition(",")[0])))
    if failure.side in _JUDGED_BY_STATUS and now.status in expected:
        return ReplayVerdict.PASSES
    if then is None or then.status != now.status:
        return ReplayVerdict.STATUS
    if failure.side in _JUDGED_BY_STATUS:
        return ReplayVerdict.FAILS
    return ReplayVerdict.FAILS if _offending(failure, then) == _offending(failure, now) else ReplayVerdict.OPEN


def _server(response: Response) -> str:
    """Return the name that a server gives itself; empty without one."""
    return next((value for name, value in response.headers.items() if name.lower() == "server"), "")


def _offending(failure: Failure, response: Response) -> Sequence[str]:
    marked = [line.text for line in body_lines(response.body, failure.offending_fields) if line.kind]
    return marked or [response.body]


def _compared(then: Response | None, now: Response) -> str:
    return "the same status" if then is not None and then.status == now.status else "another status"


def _status(response: Response | None) -> str:
    return "no response" if response is None else str(response.status)


def _difference(then: Response | None, now: Response, form: NormalForm | None) -> Iterator[str]:
    """Yield the lines in which the bodies differ, each with what is beside it; the new body under another status."""
    if then is None or then.status != now.status:  # bodies of two kinds have nothing in common
        yield from _cut(shown_body(now.body).split("\n"))
        return
    old, new = (_normal(each.body, form).split("\n") for each in (then, now))
    found = list(unified_diff(old, new, "then", "now", lineterm="", n=1))
    same = "The bodies are the same" + ("." if then.body == now.body else ", but for what the server makes each time.")
    yield from ["", *_cut(found)] if found else [same]


def _normal(body: str, form: NormalForm | None) -> str:
    value = body if form is None else form.response(body, form.server_made)
    return shown_body(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _cut(lines: Sequence[str]) -> list[str]:
    more = len(lines) - _MOST
    return [*lines[:_MOST], f"… {more} more lines"] if more > 0 else list(lines)
