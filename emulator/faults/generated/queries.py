"""Faults in query parameters and in the rules about query and body: not enforced, or only in part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from emulator.fault import Fault
from emulator.faults.generated.found import Equivalent
from emulator.faults.generated.fragments import Weaker, weakened
from emulator.faults.generated.request_schema import Found
from openapi.contract import Contract, Parameter
from openapi.json_types import Json
from openapi.schema.keywords import makes_rule


def queries(contract: Contract) -> Iterator[Found]:
    """Yield the faults of each query parameter, and of the rules about query and body."""
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
    if parameter.name == contract.extensions.get("x-parent-call", {}).get("parameter"):
        return Equivalent(name=name, reason="what is no id is the id of no parent call, and refused as such")
    return Fault(
        name=name,
        family="query",
        summary=f"{keyword} of {parameter.name} is not enforced",
        expects=(f"query.{parameter.name}.*", "query.parent-unknown"),
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
        reason = _why_equivalent(rule, weaker)
        if reason is not None:
            yield Equivalent(name=f"{name}:{weaker.slug}", reason=reason)
            continue
        yield Fault(
            name=f"{name}:{weaker.slug}",
            family="query",
            summary=f"{rule['id']}: {weaker.what}",
            expects=(name, "status.created", "*"),
            contract=_with_rule(index, {**rule, "schema": weaker.fragment}),
        )


def _why_equivalent(rule: Mapping[str, Json], weaker: Weaker) -> str | None:
    if weaker.pointer.startswith("/not/required/"):
        return "every request has a query and a body, be they empty"
    return "the documentation does not decide it" if weaker.pointer in rule.get("undecided", ()) else None


def _with_rule(index: int, rule: Mapping[str, Json]) -> Callable[[Contract], Contract]:
    def change(contract: Contract) -> Contract:
        rules = list(contract.extensions["x-request-rules"])
        rules[index] = dict(rule)
        return replace(contract, extensions={**contract.extensions, "x-request-rules": rules})

    return change
