"""Made-up exchanges of two runs of one plan."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from reports.record.entries import Exchange, Header, Request, Response
from tests.reports.synthetic.runs import HEADER

PATH = "/api/calls"


def header(**changes: Any) -> Header:
    """Return the header of a run."""
    return replace(HEADER, operation=f"POST {PATH}", **changes)


def exchange(
    number: int, body: Any, status: int, response: Any = None, *, side: str = "accepts", rule: str = "", **members: Any
) -> Exchange:
    """Return a creation with its response."""
    request = Request(method="POST", path=PATH, body=json.dumps(body), **members.pop("request", {}))
    given: dict[str, Any] = {
        "case": f"{rule or 'body'}/{side}/{json.dumps(body)}",
        "aims": [rule] if rule else [],
        "side": side,
        "label": "made up",
        "phase": "planned",
        "at": 0.0,
        "seconds": 0.0,
        **members,
    }
    found = Response(status=status, headers={"content-type": "application/json"}, body=json.dumps(response or {}))
    return Exchange(number=number, request=request, response=found, **given)


def reading(number: int, identity: str, response: Any) -> Exchange:
    """Return the reading of an object."""
    read = exchange(number, None, 200, response, side="state", case="state.read-back/state/read")
    return replace(read, request=Request(method="GET", path=f"{PATH}/{identity}"))
