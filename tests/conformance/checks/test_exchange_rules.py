"""Every rule about an exchange as a whole has an exchange that violates it, and one that does not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice

import orjson
import pytest

from conformance.checks.finding import CheckResult
from conformance.http.exchange import Exchange
from openapi.json_types import Json
from openapi.schema.nodes import Node
from strategies.case import Case, Side
from tests.conformance.servers import KEY, Received, catalogue, conforming
from tests.conformance.sessions import checker, plan

STATED = catalogue().contract.extensions["x-exchange-rules"]
RULES = [f"response.{each['id']}" for each in STATED]
_PAIRS = 12
_ODD: tuple[Json, ...] = (None, "", "odd", "https://odd.test", "2024-01-01T00:00:00Z", 7, True, {}, [])


@cache
def exchanges() -> list[Exchange]:
    """Return what a conforming server makes of an empty body and of rich ones."""
    server, path = conforming(), catalogue().contract.path
    cases = (*islice(plan().pairs(), _PAIRS), *plan().accepts())
    members = set(_members(catalogue().body, 3))
    # Rich bodies, and for each member the smallest body that has it and what has it alone, so that nothing else hides it.
    smallest: dict[str, Json] = {
        name: min((each.body for each in cases if f'"{name}"' in str(each.content)), key=len, default={}) for name in members
    }
    alone_cases = [case for case in cases if case.label.startswith("alone: ")]
    chosen = ({}, *smallest.values(), *(case.body for case in (*alone_cases, *cases[:_PAIRS])))
    bodies = list({orjson.dumps(each): each for each in chosen}.values())
    alone = [Case(side=Side.ACCEPTS, label="", body=body) for body in bodies]
    replies = [server(Received("POST", path, "", {"x-api-key": KEY}, each.content or b"")) for each in alone]
    return [exchange(case, orjson.loads(reply.body)) for case, reply in zip(alone, replies, strict=True) if reply is not None]


def _members(node: Node, levels: int) -> Iterator[str]:
    """Yield the names of the members of an object, and of those inside, so many levels deep."""
    for name, inner in node.properties.items() if levels else ():
        yield name
        yield from _members(inner, levels - 1)


def exchange(case: Case, response: Json) -> Exchange:
    headers = {"content-type": "application/json"}
    return Exchange(case=case, number=1, status=201, headers=headers, content=orjson.dumps(response), seconds=0, at=0)


def changed() -> Iterator[Exchange]:
    """Yield the exchanges with one member of the response changed, to something odd or to what another response shows."""
    shown = [each.json for each in exchanges()]
    for each in exchanges():
        for name in filter(str(STATED).__contains__, catalogue().response.properties):
            allowed = catalogue().response.properties[name].get("enum") or ()
            for value in (
                *_ODD,
                *allowed,
                *(other[name] for other in shown if name in other and other[name] != each.json.get(name)),
            ):
                yield exchange(each.case, {**each.json, name: value})


@cache
def failing() -> set[str]:
    found: set[str] = set()
    for each in changed():
        check_result = CheckResult()
        checker().responses.check(each, check_result, inherits=False)  # before a more specific finding hides another
        found |= {finding.rule for finding in check_result.findings}
    return found


@cache
def holding() -> set[str]:
    return {rule for each in exchanges() for rule, _ in checker().check(each).held}


def test_no_conforming_exchange_violates_a_rule() -> None:
    assert not [finding for each in exchanges() for finding in checker().check(each).findings]


@pytest.mark.parametrize("rule", RULES)
def test_an_exchange_that_violates_the_rule_fails_by_its_name(rule: str) -> None:
    assert rule in failing()


def test_most_rules_hold_in_ordinary_exchanges() -> None:
    assert len(set(RULES) & holding()) > len(RULES) // 2


def test_the_side_of_a_rule_is_that_of_its_area() -> None:
    sides = {each["id"]: checker().responses.side_of(f"response.{each['id']}") for each in STATED}
    stated = {each["id"]: each["area"] if each["area"] in ("default", "echo") else "shape" for each in STATED}
    assert sides == stated
    assert len({*sides.values()}) > 1
