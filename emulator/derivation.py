"""Response properties that follow from the request, by the `x-exchange-rules` of the contract."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.placeholder_values import generic
from emulator.validation import validator
from emulator.value_kinds import shape_of
from openapi.contract import Contract
from openapi.json_types import Json, tokens


class Derivation:
    """The response properties that follow from a request, without those in `besides`.

    `always` holds the properties whose value does not depend on the request.
    """

    def __init__(self, contract: Contract, besides: frozenset[str]) -> None:
        rules = list(contract.extensions.get("x-exchange-rules", ()))
        made = [_Consequence(rule, besides) for rule in rules if "then" in rule]
        self.always = {name: value for each in made if each.is_unconditional for name, value in each.values.items()}
        self._consequences = [each for each in made if each.values and not each.is_unconditional]
        self._equalities = [_Equality(rule) for rule in rules if "equal" in rule]

    def derived(self, query: Mapping[str, str], body: dict[str, Json]) -> dict[str, Json]:
        """Return the properties that follow, by name; the body may set some of them itself."""
        request = {"query": dict(query), "body": body, "response": {}}
        applicable = [each for each in self._consequences if each.applies(request)]
        return {name: value for each in applicable for name, value in each.values.items()}

    def complete(self, query: Mapping[str, str], body: dict[str, Json], response: dict[str, Json]) -> None:
        """Fill in nested response members that equal request members, where the object that holds them is present."""
        for equality in self._equalities:
            equality.fill(query, body, response)


class _Consequence:
    """A rule that gives values to response properties: `values` must be copied before they are changed."""

    def __init__(self, rule: Mapping[str, Json], besides: frozenset[str]) -> None:
        self.is_unconditional = not rule.get("when")
        self.applies = validator(rule.get("when", {})).is_valid
        shapes = shape_of(rule["then"].get("properties", {}).get("response", {})).properties
        self.values = {name: generic(shape) for name, shape in shapes.items() if name not in besides}


class _Equality:
    """A rule that makes a response member equal to a request member."""

    def __init__(self, rule: Mapping[str, Json]) -> None:
        self._when = validator(rule.get("when", {}))
        self._source = tokens(rule["equal"]["request"])
        self._target = tokens(rule["equal"]["response"])

    def fill(self, query: Mapping[str, str], body: dict[str, Json], response: dict[str, Json]) -> None:
        """Copy the value if its object is present, the member is not set, and the rule applies afterwards."""
        both = {"query": dict(query), "body": body, "response": response}
        try:
            value = _at(both, self._source)
            inside = _at(response, self._target[:-1])
        except (LookupError, TypeError, ValueError):
            return
        last = self._target[-1]
        if not isinstance(inside, dict) or inside.get(last) is not None:
            return
        inside[last] = value
        if not self._when.is_valid(both):
            del inside[last]


def _at(value: Json, path: tuple[str, ...]) -> Json:
    for step in path:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value
