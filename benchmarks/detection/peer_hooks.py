"""The module that Schemathesis loads (`SCHEMATHESIS_HOOKS`): hooks that repair each request to create a call before it is sent.

Schemathesis judges anew, after them, whether the request is a good one.
"""

from __future__ import annotations

from typing import Any

import schemathesis
from schemathesis import Case, HookContext, Response

from benchmarks.descriptions import catalogue
from benchmarks.detection.peer_repairs import Repairs

_CONTRACT = catalogue().contract
_REPAIRS = Repairs(_CONTRACT)


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:  # noqa: ARG001
    """Repairs the request."""
    if case.operation.label != f"{_CONTRACT.method} {_CONTRACT.path}":
        return
    if isinstance(case.body, dict):
        case.body = _REPAIRS.body(case.body)
    query = _REPAIRS.query(case.query, case.body)
    if query != case.query:
        case.query = query


@schemathesis.hook
def after_call(context: HookContext, case: Case[Any], response: Response) -> None:  # noqa: ARG001
    """Remember the calls that come and go."""
    if case.method == _CONTRACT.method and response.status_code == _CONTRACT.status:
        _REPAIRS.created(_identifier(response))
    elif case.method == "DELETE" and response.status_code < 300:
        _REPAIRS.deleted(case.path_parameters.values())


def _identifier(response: Response) -> object:
    try:
        created = response.json()
    except ValueError:
        return None
    return created.get("callId") if isinstance(created, dict) else None
