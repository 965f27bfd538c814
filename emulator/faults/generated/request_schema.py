"""Faults in validation: a deviation in each constraint of the request, at each place where it occurs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from emulator.fault import Fault
from emulator.faults.generated.change import Change, having
from emulator.faults.generated.changes import changes_of
from emulator.faults.generated.found import Equivalent
from emulator.faults.generated.fragments import is_needed_anyway, weakened
from emulator.faults.generated.lacking import LACKING, may_demand, may_refuse, refuses_only_lacking
from emulator.faults.generated.places import Edit, Spot, in_request, in_response, in_turn, spots
from emulator.variants import STRICT, Variant
from openapi.contract import Contract
from openapi.json_types import Json
from openapi.schema.keywords import makes_rule
from openapi.schema.nodes import Constraint, Node, tree
from openapi.schema.oracle import rule_id

Found = Fault | Equivalent


def constraints(contract: Contract) -> Iterator[Found]:
    """Yield a fault for each deviation in each documented keyword."""
    for node in sendable(tree(contract.request)):
        for constraint in node.constraints:
            if makes_rule(constraint.keyword, constraint.value) and is_documented(constraint) and not node.is_free:
                for change in changes_of(node, constraint.keyword, constraint.value):
                    yield _of_keyword(contract, node, constraint, change)


def sendable(root: Node) -> Iterator[Node]:
    """Yield the nodes that can be sent without a hazard."""
    if root.get("x-hazard"):
        return
    yield root
    for child in (*root.properties.values(), *([root.each] if root.each else ())):
        yield from sendable(child)


def is_documented(constraint: Constraint) -> bool:
    """Return whether the keyword is documented; the suite only records what servers do with others."""
    return bool(constraint.about.get("basis", "documented") == "documented")


def _of_keyword(contract: Contract, node: Node, constraint: Constraint, change: Change) -> Found:
    keyword = constraint.keyword
    rule = rule_id("body", node.path, keyword)
    name = f"{rule}:{change.slug}"
    if change.equivalent is not None:
        return Equivalent(name=name, reason=change.equivalent)
    spot = Spot(node.place, constraint.pointer.rpartition("/")[0])
    where = node.path or "the body"
    return Fault(
        name=name,
        family=keyword,
        summary=f"{where}: {change.what}",
        expects=(literal(rule), *(literal(rule_id("body", node.path, each)) for each in change.also)),
        contract=in_turn(in_request(spot, change.edit), *_in_response_too(contract, node, constraint, change.edit)),
        variant=_VARIANTS.get(keyword),
    )


def literal(rule: str) -> str:
    """Return a glob for a place: its own stars match nested places, and brackets match themselves."""
    return re.sub(r"\[", "[[]", rule)


def _in_response_too(
    contract: Contract, node: Node, constraint: Constraint, edit: Edit
) -> Iterator[Callable[[Contract], Contract]]:
    """Return the change applied to the response too: a server that accepts other values can also show them."""
    for spot in spots(contract.response, node.place, constraint.keyword):
        yield in_response(spot, edit)


def _strict(_variant: Variant) -> Variant:
    return STRICT


def _as_sent(variant: Variant) -> Variant:
    return replace(variant, durations="as_sent")


# A ProtoJSON parser checks types and integer ranges by itself, and rewrites durations only.
_VARIANTS: dict[str, Callable[[Variant], Variant]] = {"type": _strict, "format": _strict, "pattern": _as_sent}


def named(contract: Contract) -> Iterator[Found]:
    """Yield faults in the named rules of `allOf`: not enforced, or one part of them not checked."""
    for node in sendable(tree(contract.request)):
        for constraint in node.named:
            if is_documented(constraint):
                yield from _of_named(node, constraint)


def _of_named(node: Node, constraint: Constraint) -> Iterator[Found]:
    rule = rule_id("body", node.path, constraint.keyword)
    pointer, _, index = constraint.pointer.rpartition("/allOf/")
    spot = Spot(node.place, pointer)
    plain = {key: value for key, value in constraint.value.items() if not key.startswith("x-")}
    yield Fault(
        name=f"{rule}:dropped",
        family="cross-field",
        summary=f"{constraint.keyword} is not enforced",
        expects=(literal(rule),),
        contract=in_request(spot, _member(int(index), {})),
    )
    for weaker in weakened(plain):
        name = f"{rule}:{weaker.slug}"
        reason = is_needed_anyway(node, plain, weaker.pointer)
        if reason is None and refuses_only_lacking(node, weaker.fragment):
            reason = LACKING
        if reason is not None:
            yield Equivalent(name=name, reason=reason)
            continue
        yield Fault(
            name=name,
            family="cross-field",
            summary=f"{constraint.keyword}: {weaker.what}",
            expects=(literal(rule), rule_id("body", node.path, "*")),
            contract=in_request(spot, _member(int(index), weaker.fragment)),
        )


def _member(index: int, value: Json) -> Edit:
    def edit(schema: dict[str, Json]) -> dict[str, Json]:
        return {
            **schema,
            "allOf": [value if at == index else each for at, each in enumerate(schema["allOf"])],
        }

    return edit


def members(contract: Contract) -> Iterator[Found]:
    """Yield faults about members: an optional one is required, a required one is optional, one is refused."""
    for node in sendable(tree(contract.request)):
        for part in node.parts:
            spot = Spot(node.place, part.pointer)
            required = part.schema.get("required", ())
            basis = part.schema.get("x-rules", {}).get("required", {}).get("basis", "documented")
            for name in required if basis == "documented" else ():
                yield _not_required(node, spot, name, list(required))
            for name in part.schema.get("properties", ()):
                if name in node.properties and not node.properties[name].get("x-hazard"):
                    yield from _of_member(node, spot, name)


def _not_required(node: Node, spot: Spot, name: str, required: list[str]) -> Fault:
    rule = rule_id("body", ".".join((*node.place, name)), "required")
    edit = having(required=[each for each in required if each != name])
    return Fault(
        name=f"{rule}:dropped",
        family="required",
        summary=f"{rule}: it may be missing",
        expects=(literal(rule),),
        contract=in_request(spot, edit),
    )


def _of_member(node: Node, spot: Spot, name: str) -> Iterator[Found]:
    place = ".".join((*node.place, name))
    needed, refused = f"body.{place}:needed", f"body.{place}:refused"
    if may_demand(node, name):
        yield Equivalent(name=needed, reason=LACKING)
    elif name not in node.required:
        yield Fault(
            name=needed,
            family="required",
            summary=f"{place} has to be there",
            expects=(
                rule_id("body", node.path, "type"),
                f"body.{place}.*",
                "status.created",
                rule_id("body", node.path, "*"),
            ),
            contract=in_request(spot, _needing(name)),
        )
    if may_refuse(node, name):
        yield Equivalent(name=refused, reason=LACKING)
        return
    yield Fault(
        name=refused,
        family="members",
        summary=f"{place} is refused, whatever it is",
        expects=(f"body.{place}.*", *_enclosing(node, name)),
        contract=in_request(spot, _refusing(name)),
    )


def _enclosing(node: Node, name: str) -> list[str]:
    """Return further rules that name the fault: those that require one of several members, or that member."""
    keywords = {constraint.keyword for constraint in node.constraints} & {"oneOf", "minProperties"}
    keywords |= {"type"} if name in node.required else set()
    return [rule_id("body", node.path, each) for each in sorted(keywords)]


def _needing(name: str) -> Edit:
    return lambda schema: {
        **schema,
        "required": [*schema.get("required", ()), name],
        "x-rules": _stated(schema),
    }


def _refusing(name: str) -> Edit:
    return lambda schema: {**schema, "properties": {**schema["properties"], name: {"not": {}}}}


def _stated(schema: dict[str, Json]) -> Json:
    """Return `x-rules` with required members as documented ones."""
    return {key: value for key, value in schema.get("x-rules", {}).items() if key != "required"}
