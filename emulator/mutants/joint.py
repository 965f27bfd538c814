"""Faults in rules that join requests, answers, queries and prior calls: not followed, or followed wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import jsonschema_rs

from emulator.fault import Body, Fault
from emulator.messages import Exchange
from emulator.mutants.bodies import Found
from emulator.mutants.found import Equivalent
from emulator.mutants.fragments import weakened
from emulator.mutants.values import other_value
from openapi.catalogue import inheritable
from openapi.contract import Contract, Parameter
from openapi.json_types import Json, tokens
from openapi.keywords import makes_rule
from openapi.nodes import Node, tree

# --- query


def queries(contract: Contract) -> Iterator[Found]:
    """Faults in each query parameter, and in the rules about query and body together."""
    for index, parameter in enumerate(contract.parameters):
        for keyword, value in parameter.schema.items():
            if makes_rule(keyword, value):
                yield _of_parameter(parameter, index, keyword)
        yield Fault(
            name=f"query.{parameter.name}:needed",
            family="query",
            summary=f"{parameter.name} has to be there",
            expects=("query.unset", "status.created", "*"),
            contract=_with_parameter(index, replace(parameter, required=True)),
        )
    for index, rule in enumerate(contract.extensions.get("x-request-rules", ())):
        if rule.get("basis", "documented") == "documented":
            yield from _of_request_rule(index, rule)


def _of_parameter(parameter: Parameter, index: int, keyword: str) -> Found:
    name = f"query.{parameter.name}.{keyword}:dropped"
    schema = {key: value for key, value in parameter.schema.items() if key != keyword}
    if keyword == "type" and schema.get("format") is not None:
        return Equivalent(name=name, reason="the format admits texts of its own form alone, and a query holds only texts")
    return Fault(
        name=name,
        family="query",
        summary=f"{keyword} of {parameter.name} is not enforced",
        expects=(f"query.{parameter.name}.*", "query.prior-unknown"),
        contract=_with_parameter(index, replace(parameter, schema=schema)),
    )


def _with_parameter(index: int, parameter: Parameter) -> Callable[[Contract], Contract]:
    def change(contract: Contract) -> Contract:
        return replace(
            contract,
            parameters=tuple(parameter if at == index else each for at, each in enumerate(contract.parameters)),
        )

    return change


def _of_request_rule(index: int, rule: Mapping[str, Json]) -> Iterator[Found]:
    name = f"query.{rule['id']}"
    yield Fault(
        name=f"{name}:dropped",
        family="query",
        summary=f"{rule['id']} is not enforced",
        expects=(name,),
        contract=_with_rule(index, {**rule, "schema": {}}),
    )
    for slug, what, weaker in weakened(rule["schema"]):
        if slug.rstrip("0123456789").endswith("-not-required-"):
            yield Equivalent(name=f"{name}:{slug}", reason="every request has a query and a body, be they empty")
            continue
        yield Fault(
            name=f"{name}:{slug}",
            family="query",
            summary=f"{rule['id']}: {what}",
            expects=(name, "status.created", "*"),
            contract=_with_rule(index, {**rule, "schema": weaker}),
        )


def _with_rule(index: int, rule: Mapping[str, Json]) -> Callable[[Contract], Contract]:
    def change(contract: Contract) -> Contract:
        rules = list(contract.extensions["x-request-rules"])
        rules[index] = dict(rule)
        return replace(contract, extensions={**contract.extensions, "x-request-rules": rules})

    return change


# --- answers that follow from requests


def derived(contract: Contract) -> Iterator[Found]:
    """Answers that do not follow from their request as they should."""
    answer = tree(contract.answer)
    for rule in contract.extensions.get("x-exchange-rules", ()):
        if rule.get("basis", "documented") == "documented":
            for name in _about(rule):
                node = answer.properties.get(name)
                if node is not None:
                    yield from _of_exchange_rule(rule, name, node)


def _about(rule: Mapping[str, Json]) -> list[str]:
    """The answer properties that a rule determines."""
    if "equal" in rule:
        return [tokens(rule["equal"]["answer"])[0]]
    return list(rule["then"].get("properties", {}).get("answer", {}).get("properties", {}))


def _of_exchange_rule(rule: Mapping[str, Json], name: str, node: Node) -> Iterator[Found]:
    when = jsonschema_rs.Draft202012Validator(rule.get("when") or {})
    holds = _equality(rule["equal"]) if "equal" in rule else jsonschema_rs.Draft202012Validator(rule["then"]).is_valid
    for slug, wrong in _wrongs(rule, node):
        yield Fault(
            name=f"answer.{rule['id']}:{slug}",
            family="derived",
            summary=f"{name} of the answer is not what {rule['id']} says ({slug})",
            expects=(
                f"answer.{rule['id']}",
                f"answer.{name}.*",
                f"body.{name}.*",
                f"state.{name}.*",
                f"answer.*{name.lower()}*",
                "answer.*first-speaker*",
            ),
            answer=_breaking(when, holds, name, wrong),
        )


def _wrongs(rule: Mapping[str, Json], node: Node) -> Iterator[tuple[str, Callable[[Json], Json]]]:
    if "equal" in rule:
        yield "other", _nested(tokens(rule["equal"]["answer"])[1:], lambda value: value + 1)
        return
    yield "other", lambda value: other_value(node)(value) if value is not None else _sample(node)
    yield "other-choice", lambda value: _choice(node, value)


def _nested(path: tuple[str, ...], change: Callable[[Json], Json]) -> Callable[[Json], Json]:
    def inner(value: Json) -> Json:
        if not path:
            return change(value)
        return {**value, path[0]: _nested(path[1:], change)(value[path[0]])}

    return inner


def _equality(pointers: Mapping[str, str]) -> Callable[[Json], bool]:
    del pointers
    return lambda _whole: False


def _sample(node: Node) -> Json:
    """A value for a field that is null."""
    if node.get("enum"):
        return next(each for each in node.get("enum") if each is not None)
    texts = {"date-time": "2025-04-01T12:00:00Z"}
    samples: dict[str, Json] = {
        "string": texts.get(node.get("format") or "", "conformance"),
        "integer": 1,
        "number": 1,
    }
    named = next(iter(node.properties), None)
    return samples.get(next(iter(sorted(node.types))), {named: {}} if named else {})


def _choice(node: Node, value: Json) -> Json:
    """An object about another of its properties."""
    if not isinstance(value, dict):
        return value
    return next(({name: {}} for name in node.properties if name not in value), value)


def _breaking(
    when: jsonschema_rs.Draft202012Validator,
    holds: Callable[[Json], bool],
    name: str,
    wrong: Callable[[Json], Json],
) -> Callable[[Exchange, Body], Body]:
    def hook(exchange: Exchange, answer: Body) -> Body:
        whole = {"query": exchange.query, "body": exchange.body, "answer": answer}
        if when.is_valid(whole):
            changed = {**answer, name: wrong(answer.get(name))}
            if "answer" in whole and (not holds({**whole, "answer": changed})):
                return changed
        return answer

    return hook


# --- prior calls


def handed_on(contract: Contract) -> Iterator[Found]:
    """Properties that a prior call does not hand on, and that cannot be overridden."""
    body, answer = tree(contract.request), tree(contract.answer)
    for name in inheritable(contract, body, answer):
        node = body.properties[name]
        if node.get("x-hazard"):
            yield Equivalent(name=f"state.{name}:*", reason="the field must never be sent")
            continue
        yield Fault(
            name=f"state.{name}.inherited:lost",
            family="state",
            summary=f"{name} of a prior call is not taken over",
            expects=(f"state.{name}.inherited", "state.prior-chain"),
            inherited=_forgetting(name),
        )
        known = node.get("x-known-values")
        if known is not None and len(known) < 2:
            yield Equivalent(
                name=f"state.{name}.overridden:kept",
                reason=f"only one value of {name} is known to be accepted",
            )
            continue
        yield Fault(
            name=f"state.{name}.overridden:kept",
            family="state",
            summary=f"{name} of a prior call wins over the body's own",
            expects=(f"state.{name}.overridden", f"body.{name}.*"),
            inherited=_clinging(name),
        )


def _forgetting(name: str) -> Callable[[Exchange, Body], Body]:
    def hook(exchange: Exchange, merged: Body) -> Body:
        return merged if name in exchange.body else {key: value for key, value in merged.items() if key != name}

    return hook


def _clinging(name: str) -> Callable[[Exchange, Body], Body]:
    def hook(exchange: Exchange, merged: Body) -> Body:
        prior = exchange.prior.properties() if exchange.prior is not None else {}
        return {**merged, name: prior[name]} if name in prior else merged

    return hook
