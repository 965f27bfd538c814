"""Answer fields that follow from the request: the `x-exchange-rules` of the contract as instructions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import orjson

from emulator.mentioned import Mentioned
from emulator.placeholder_values import generic
from emulator.validation import validator
from emulator.value_kinds import shape_of
from openapi.contract import Contract
from openapi.json_types import Json, tokens
from openapi.schema.cache import Cache

_MOST_KNOWN, _LONGEST_KEY = 1024, 2048


class Derivation:
    """Says which answer properties `besides` some follow from a query and a body, and which have a value `always`."""

    def __init__(self, contract: Contract, besides: frozenset[str]) -> None:
        rules = list(contract.extensions.get("x-exchange-rules", ()))
        made = [_Consequence(rule, besides) for rule in rules if "then" in rule]
        self.always = {name: value for each in made if each.is_unconditional for name, value in each.values.items()}
        self._consequences = [each for each in made if each.values and not each.is_unconditional]
        self.conditions = [rule["when"] for rule in rules if "then" in rule and rule.get("when")]
        self._mentioned = Mentioned({"allOf": self.conditions})
        self._plain = dict(self._follow({}, {}))
        # What follows depends on few fields, which seldom have many values: judging them anew took longer than all else.
        self._known: Cache[Mapping[str, Json]] = Cache(_MOST_KNOWN, _LONGEST_KEY)
        self._equalities = [_Equality(rule) for rule in rules if "equal" in rule]

    def derived(self, query: Mapping[str, str], body: dict[str, Json]) -> Mapping[str, Json]:
        """What follows by name; what the body sets itself may be among it."""
        seen = self._mentioned.in_(query, body)
        if seen is None:
            return self._plain
        key = orjson.dumps(seen)
        found = self._known.get(key)
        if found is None:
            found = dict(self._follow(query, body))
            self._known.keep(key, found)
        return found

    def _follow(self, query: Mapping[str, str], body: dict[str, Json]) -> Iterator[tuple[str, Json]]:
        for consequence in self._consequences:
            if consequence.follows(query, body):
                yield from consequence.values.items()

    def complete(self, query: Mapping[str, str], body: dict[str, Json], response: dict[str, Json]) -> None:
        """Fills in nested answer fields that equal request fields, where what they stand in is there."""
        for equality in self._equalities:
            equality.fill(query, body, response)


class _Consequence:
    """A rule that gives values to answer properties: `values` must be copied before they are changed."""

    def __init__(self, rule: Mapping[str, Json], besides: frozenset[str]) -> None:
        self._when = validator(rule.get("when", {}))
        self._mentioned = Mentioned(rule.get("when", {}))
        self._follows_from_nothing = self._when.is_valid({"query": {}, "body": {}, "response": {}})
        self.is_unconditional = not rule.get("when")
        shapes = shape_of(rule["then"].get("properties", {}).get("response", {})).properties
        self.values = {name: generic(shape) for name, shape in shapes.items() if name not in besides}

    def follows(self, query: Mapping[str, str], body: dict[str, Json]) -> bool:
        """Whether the rule applies to a request."""
        seen = self._mentioned.in_(query, body)
        return self._when.is_valid({**seen, "response": {}}) if seen else self._follows_from_nothing


class _Equality:
    """A rule that makes an answer field equal to a request field."""

    def __init__(self, rule: Mapping[str, Json]) -> None:
        self._when = validator(rule.get("when", {}))
        self._source = tokens(rule["equal"]["request"])
        self._target = tokens(rule["equal"]["response"])

    def fill(self, query: Mapping[str, str], body: dict[str, Json], response: dict[str, Json]) -> None:
        """Copies the value if there is an object to hold it, nothing there, and the rule applies then."""
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
