"""The context of a request: the valid queries, and as much of a rich body as fits them."""

from __future__ import annotations

from collections.abc import Container, Iterator

import jsonschema_rs

from conformance.phases.on_object import Query
from conformance.session import Session
from openapi.contract import Contract, Parameter
from openapi.json_types import Json
from openapi.schema.nodes import tree
from strategies.values.valid import accepted

_LONGEST = 200  # characters of a legal value in a query
_LARGE, _PACKS = 5_000, 12  # characters of a body that is none too large for anyone; packs that are looked at


def other_queries(session: Session, names: Container[str] = ()) -> Iterator[Query]:
    """Yield each legal value of each parameter that is not among those named, nor names a parent call."""
    for parameter in session.catalogue.contract.parameters:
        if parameter.name not in names and parameter.name != session.checker.parent_parameter:
            yield from legal_queries(parameter)


def legal_queries(parameter: Parameter) -> Iterator[Query]:
    """Yield a query with each value of a parameter that must be accepted."""
    for value in accepted(tree(parameter.schema)):
        text = spelled(value.value)
        if text is not None and len(text) <= _LONGEST and value.must:
            yield ((parameter.name, text),)


def rich_body(session: Session) -> Json:
    """Return a valid body with much in it that is none too large for anyone: a pack, the smallest one if all are large."""
    plan = session.plan
    packs = (pack.value for pack in plan.maker.packs(plan.oracle.root)[:_PACKS])
    bodies = [body for body in packs if body and plan.oracle.is_valid(body)]
    small = (body for body in bodies if len(str(body)) < _LARGE)
    return next(small, min(bodies, key=lambda body: len(str(body)), default=session.seed_body))


def satisfies_request_rules(contract: Contract, query: Query, body: Json) -> bool:
    """Return whether query and body break no rule that is about both."""
    whole = {"query": dict(query), "body": body}
    rules = contract.extensions.get("x-request-rules", ())
    return all(jsonschema_rs.is_valid(each["schema"], whole) for each in rules)


def rule_status(contract: Contract, query: Query, body: Json) -> Json:
    """Return as many members of a body as may stand beside a query."""
    if not isinstance(body, dict):
        return body
    kept: Json = {}
    for name, value in body.items():
        if satisfies_request_rules(contract, query, {**kept, name: value}):
            kept[name] = value
    return kept


def spelled(value: Json) -> str | None:
    """Return a value as it is written in a query; None for one that has no single spelling."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else None
