"""Answer fields that follow from the request: the `x-exchange-rules` of the contract as instructions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jsonschema_rs

from emulator.enforcing import Projection, validator
from emulator.generic import generic
from emulator.shapes import Shape, shape_of
from openapi.contract import Contract
from openapi.json_types import Json, resolve, tokens


@dataclass(frozen=True, slots=True)
class _Rule:
    """`consequences`: the shape that the rule gives to answer properties; `equal`: two pointers, if it has them."""

    when: jsonschema_rs.Draft202012Validator
    consequences: Mapping[str, Shape]
    equal: tuple[str, str] | None


class Derivation:
    """Says which answer properties follow from a query and a body."""

    def __init__(self, contract: Contract) -> None:
        rules = list(contract.extensions.get("x-exchange-rules", ()))
        self._rules = [_rule(rule) for rule in rules]
        self._mentioned = Projection([rule.get("when", {}) for rule in rules])
        self._plain = self._evaluate({}, {}, {})

    def derived(self, query: Mapping[str, str], body: dict[str, Json]) -> dict[str, Json]:
        """The values that follow, fresh ones; what the body sets itself may be among them."""
        seen = self._mentioned.of(body)
        return self._evaluate(query, seen, body) if seen or query else self._plain

    def _evaluate(self, query: Mapping[str, str], seen: Json, body: dict[str, Json]) -> dict[str, Json]:
        both: dict[str, Json] = {"query": dict(query), "body": seen, "answer": {}}
        found: dict[str, Json] = {}
        for rule in self._rules:
            if rule.consequences and rule.when.is_valid(both):
                for name, shape in rule.consequences.items():
                    if name not in found:
                        found[name] = generic(shape)
                    both["answer"].setdefault(name, body.get(name, found[name]))
        return found

    def complete(self, query: Mapping[str, str], body: dict[str, Json], answer: dict[str, Json]) -> None:
        """Fills in nested answer fields that equal request fields, where what they stand in is there."""
        both = {"query": dict(query), "body": body, "answer": answer}
        for rule in self._rules:
            if rule.equal and rule.when.is_valid(both):
                _copy(rule.equal[1], body, rule.equal[0], answer)


def _rule(rule: Mapping[str, Json]) -> _Rule:
    answer = rule.get("then", {}).get("properties", {}).get("answer", {})
    equal = rule.get("equal")
    return _Rule(
        when=validator(rule.get("when", {})),
        consequences=shape_of(answer).properties,
        equal=(equal["answer"], equal["request"]) if equal else None,
    )


def _copy(source: str, body: Json, target: str, answer: Json) -> None:
    """Copies the value at one pointer to another, if there is an object to copy it into and nothing there."""
    try:
        value = resolve({"body": body, **body}, source)
        *front, last = tokens(target)
        inside = answer
        for step in front[1:] if front[:1] == ["answer"] else front:
            inside = inside[step]
    except (LookupError, TypeError, ValueError):
        return
    if isinstance(inside, dict) and inside.get(last) is None:
        inside[last] = value
