"""Faults in rules that join requests, answers, queries and prior calls: not followed, or followed wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

import jsonschema_rs

from emulator.fault import Body, Fault
from emulator.messages import Exchange
from emulator.mutants.answers import beside
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
                yield _of_parameter(contract, parameter, index, keyword)
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


def _of_parameter(contract: Contract, parameter: Parameter, index: int, keyword: str) -> Found:
    name = f"query.{parameter.name}.{keyword}:dropped"
    schema = {key: value for key, value in parameter.schema.items() if key != keyword}
    if parameter.name == contract.extensions.get("x-prior-call", {}).get("parameter"):
        return Equivalent(name=name, reason="what is no id is the id of no prior call, and refused as such")
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
    for weaker in weakened(rule["schema"]):
        if weaker.pointer.startswith("/not/required/"):
            reason = "every request has a query and a body, be they empty"
            yield Equivalent(name=f"{name}:{weaker.slug}", reason=reason)
            continue
        yield Fault(
            name=f"{name}:{weaker.slug}",
            family="query",
            summary=f"{rule['id']}: {weaker.what}",
            expects=(name, "status.created", "*"),
            contract=_with_rule(index, {**rule, "schema": weaker.fragment}),
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
                    yield from _of_exchange_rule(contract, rule, name, node)


def _about(rule: Mapping[str, Json]) -> list[str]:
    """The answer properties that a rule determines."""
    if "equal" in rule:
        return [tokens(rule["equal"]["answer"])[0]]
    return list(rule["then"].get("properties", {}).get("answer", {}).get("properties", {}))


def _of_exchange_rule(contract: Contract, rule: Mapping[str, Json], name: str, node: Node) -> Iterator[Found]:
    when = jsonschema_rs.Draft202012Validator(rule.get("when") or {})
    holds = (lambda _whole: False) if "equal" in rule else jsonschema_rs.Draft202012Validator(rule["then"]).is_valid
    for slug, wrongs in _wrongs(rule, node).items():
        yield Fault(
            name=f"answer.{rule['id']}:{slug}",
            family="derived",
            summary=f"{name} of the answer is not what {rule['id']} says ({slug})",
            expects=(f"answer.{rule['id']}", f"answer.{name}.*", f"body.{name}.*", *beside(contract, (name,))),
            answer=_breaking(when, holds, name, wrongs),
        )


Wrongs = Callable[[Json], Iterable[Json]]  # from a right value to wrong ones, of which the first that breaks the rule is taken


def _wrongs(rule: Mapping[str, Json], node: Node) -> dict[str, Wrongs]:
    if "equal" in rule:
        return {"other": lambda value: [_with_more(value, tokens(rule["equal"]["answer"])[1:])]}
    wrongs: dict[str, Wrongs] = {"other": lambda value: [_sample(node) if value is None else other_value(node)(value)]}
    if len(node.properties) > 1:
        wrongs["other-choice"] = lambda _value: ({name: {}} for name in node.properties)
    return wrongs


def _with_more(value: Json, path: tuple[str, ...]) -> Json:
    """A copy with the number at a path one higher."""
    if not path:
        return value + 1
    return {**value, path[0]: _with_more(value[path[0]], path[1:])}


def _sample(node: Node) -> Json:
    """A value for a field that is null."""
    if node.get("enum"):
        return next(each for each in node.get("enum") if each is not None)
    texts = {"date-time": "2025-04-01T12:00:00Z"}
    samples: dict[str, Json] = {"string": texts.get(node.get("format") or "", "conformance"), "integer": 1, "number": 1}
    named = next(reversed(node.properties), None)
    return samples.get(next(iter(sorted(node.types))), {named: {}} if named else {})


def _breaking(
    when: jsonschema_rs.Draft202012Validator, holds: Callable[[Json], bool], name: str, wrongs: Wrongs
) -> Callable[[Exchange, Body], Body]:
    def hook(exchange: Exchange, answer: Body) -> Body:
        whole = {"query": exchange.query, "body": exchange.body, "answer": answer}
        if not when.is_valid(whole):
            return answer
        answers = ({**answer, name: wrong} for wrong in wrongs(answer.get(name)))
        return next((each for each in answers if not holds({**whole, "answer": each})), answer)

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
