"""Faults in response members that follow from the request: they have another value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

import jsonschema_rs

from emulator.fault import Body, Fault
from emulator.faults.generated.request_schema import Found
from emulator.faults.generated.response_schema import alongside
from emulator.faults.generated.values import other_value
from emulator.messages import Exchange
from emulator.variants import Variant
from openapi.contract import Contract
from openapi.json_types import Json, tokens
from openapi.schema.nodes import Node, tree


def derived(contract: Contract) -> Iterator[Found]:
    """Yield faults for response members that do not follow from the request."""
    response = tree(contract.response)
    for rule in contract.extensions.get("x-exchange-rules", ()):
        if rule.get("basis", "documented") == "documented":
            for name in _about(rule):
                node = response.properties.get(name)
                if node is not None:
                    yield from _of_exchange_rule(contract, rule, name, node)


def _about(rule: Mapping[str, Json]) -> list[str]:
    """Return the response properties that a rule determines."""
    if "equal" in rule:
        return [tokens(rule["equal"]["response"])[0]]
    return list(rule["then"].get("properties", {}).get("response", {}).get("properties", {}))


def _of_exchange_rule(contract: Contract, rule: Mapping[str, Json], name: str, node: Node) -> Iterator[Found]:
    when = jsonschema_rs.Draft202012Validator(rule.get("when") or {})
    holds = (lambda _whole: False) if "equal" in rule else jsonschema_rs.Draft202012Validator(rule["then"]).is_valid
    for slug, invalid_values in _invalid_values(rule, node).items():
        yield Fault(
            name=f"response.{rule['id']}:{slug}",
            family="derived",
            summary=f"{name} of the response is not what {rule['id']} says ({slug})",
            expects=(f"response.{rule['id']}", f"response.{name}.*", f"body.{name}.*", *alongside(contract, (name,))),
            response=_violating(when, holds, name, invalid_values),
            # A response may leave a nested member out, so only a server that shows it can deviate.
            variant=_filled if "equal" in rule else None,
        )


def _filled(variant: Variant) -> Variant:
    return replace(variant, unset_nested="filled")


InvalidValues = Callable[
    [Json], Iterable[Json]
]  # from a valid value to others, of which the first that violates the rule is used


def _invalid_values(rule: Mapping[str, Json], node: Node) -> dict[str, InvalidValues]:
    if "equal" in rule:
        return {"other": lambda value: [_with_more(value, tokens(rule["equal"]["response"])[1:])]}
    invalid_values: dict[str, InvalidValues] = {
        "other": lambda value: [_sample(node) if value is None else other_value(node)(value), "word"]
    }
    if len(node.properties) > 1:
        invalid_values["other-choice"] = lambda _value: ({name: {}} for name in node.properties)
    return invalid_values


def _with_more(value: Json, path: tuple[str, ...]) -> Json:
    """Return a copy with the number at a path one higher."""
    if not path:
        return value + 1
    return {**value, path[0]: _with_more(value[path[0]], path[1:])}


def _sample(node: Node) -> Json:
    """Return a value for a member that is null."""
    if node.get("enum"):
        return next(each for each in node.get("enum") if each is not None)
    strings = {"date-time": "2025-04-01T12:00:00Z"}
    samples: dict[str, Json] = {"string": strings.get(node.get("format") or "", "conformance"), "integer": 1, "number": 1}
    named = next(reversed(node.properties), None)
    return samples.get(next(iter(sorted(node.types))), {named: {}} if named else {})


def _violating(
    when: jsonschema_rs.Draft202012Validator, holds: Callable[[Json], bool], name: str, invalid_values: InvalidValues
) -> Callable[[Exchange, Body], Body]:
    def hook(exchange: Exchange, response: Body) -> Body:
        whole = {"query": exchange.query, "body": exchange.body, "response": response}
        if not when.is_valid(whole):
            return response
        responses = ({**response, name: invalid} for invalid in invalid_values(response.get(name)))
        return next((each for each in responses if not holds({**whole, "response": each})), response)

    return hook
