"""Faults in answers that follow from their request: they do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

import jsonschema_rs

from emulator.fault import Body, Fault
from emulator.faults.generated.request_schema import Found
from emulator.faults.generated.response_schema import beside
from emulator.faults.generated.values import other_value
from emulator.messages import Exchange
from emulator.variants import Variant
from openapi.contract import Contract
from openapi.json_types import Json, tokens
from openapi.schema.nodes import Node, tree


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
            # Of a nested field an answer need not speak, so that only a server that does can be wrong.
            variant=_filled if "equal" in rule else None,
        )


def _filled(variant: Variant) -> Variant:
    return replace(variant, unset_nested="filled")


Wrongs = Callable[[Json], Iterable[Json]]  # from a right value to wrong ones, of which the first that breaks the rule is taken


def _wrongs(rule: Mapping[str, Json], node: Node) -> dict[str, Wrongs]:
    if "equal" in rule:
        return {"other": lambda value: [_with_more(value, tokens(rule["equal"]["answer"])[1:])]}
    wrongs: dict[str, Wrongs] = {"other": lambda value: [_sample(node) if value is None else other_value(node)(value), "word"]}
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
