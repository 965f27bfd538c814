"""When calls were created: a call that is made later shows of a later moment."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from functools import partial

from conformance.checks.echo import instant
from conformance.http.exchange import Exchange
from conformance.phases.calls import Call, Calls
from openapi.json_types import Json

RULE = "state.own-times"
_FRACTION = re.compile(r"\.(\d*[1-9])")
# Seconds after which a clock has moved on, by the unit of its times: clocks tick some sixty times a second at least.
_MICROSECONDS, _MILLISECONDS, _SECONDS = 0.1, 1.0, 2.0
_DIGITS = 3  # of a fraction in milliseconds


async def run(calls: Calls, first: Call) -> None:
    """Make calls a while after the first one, one of them from it: they show other times."""
    session = calls.session
    response = session.catalogue.response
    names = [
        name for name, node in response.properties.items() if node.get("format") == "date-time" and name in response.required
    ]
    reported = {name: moment for name in names if (moment := instant(first.response.get(name))) is not None}
    if not reported or not session.wants(RULE):
        return
    answered = first.exchange.at + first.exchange.seconds
    await asyncio.sleep(max(0.0, answered + max(_moves_on(first.response[name]) for name in reported) - session.client.elapsed))
    parents = [None] if session.checker.parent_parameter is None else [first.id] if session.profile.few else [None, first.id]
    for parent in parents:
        call = await calls.create({}, parent, keep=False)
        if call is not None:
            problem = partial(_same_time, first, reported)
            calls.note(RULE, call.exchange, "another time than that of a call that was created before", problem)


def _same_time(first: Call, reported: dict[str, datetime], exchange: Exchange) -> str | None:
    shown = exchange.json if isinstance(exchange.json, dict) else {}
    same = [name for name, moment in reported.items() if instant(shown.get(name)) == moment]
    return f"/{same[0]} is {first.response[same[0]]}, that of the call {first.id}" if same else None


def _moves_on(moment: Json) -> float:
    """Return the seconds until a clock that shows times like this one is sure to show another."""
    fraction = _FRACTION.search(moment)
    if fraction is None:
        return _SECONDS
    return _MICROSECONDS if len(fraction[1]) > _DIGITS else _MILLISECONDS
