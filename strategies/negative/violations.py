"""Bodies that violate exactly one rule: invalid values carried to their place and verified."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from openapi.coercion.parsers import ALL, is_lenient, is_unset, read_by_others
from openapi.json_types import Json, Path
from openapi.rules import Basis
from openapi.schema.keywords import makes_rule
from openapi.schema.nodes import Constraint, Node
from openapi.schema.oracle import Oracle, rule_id
from openapi.schema.paths import with_value
from strategies.bodies.builder import Builder, carried_to
from strategies.bodies.context import accompanied, among_valid, contexts, filled_out, lopsided, other_alternatives, rotated
from strategies.negative.by_keyword import INVALID, InvalidValue, fragment_of, invalid_fragments, missing
from strategies.negative.scalars import RARER
from strategies.values.minimal import simplest
from strategies.values.place_schema import alone
from strategies.values.valid import MOST, accepted, small

ALONGSIDE = "beside "  # begins the labels of what is tried beside each of several choices
COERCED = "coerced by other parsers: "  # begins the labels of values that a parser which was not chosen reads
_MOST_COERCED = 12  # such values of one rule
# Keywords that hypothesis-jsonschema does not know.
_OF_2020_12 = frozenset({"prefixItems", "unevaluatedItems", "unevaluatedProperties", "dependentSchemas", "minContains"})
# Keywords whose value says something of each member by its name.
_BY_MEMBER = frozenset({"properties", "patternProperties", "dependentRequired", "dependentSchemas"})
_SMALL = 8  # small values of one rule
# How many valid items stand before and behind an invalid one, in turn; None where it is alone. Servers check single items.
# First of several comes last, since rules that are broken in few ways need the other positions.
_AROUND = (None, (1, 1), (2, 0), None, (1, 1), (2, 0), (0, 1))
_FILLED = 4  # violations of a rule about members that are tried with all other members too


@dataclass(frozen=True, slots=True)
class Violation:
    """A body that violates the rule `rule` at `path` and nothing else."""

    rule: str
    body: Json
    path: Path
    label: str


# Rules about what a parser reads. All other rules are about values of the right type, which every parser reads as they are.
OF_PARSERS = frozenset({"type", "enum", "const", "pattern", "format"})


def violations(
    oracle: Oracle, reads: frozenset[str] = ALL, *, alone: bool = False, only: str | None = None
) -> Iterator[list[Violation]]:
    """Yield every violation that can be constructed, grouped by rule, in document order; those of the rule `only` if given.

    With `alone` none has members around it that nothing requires. So those of one rule do not depend on other rules.
    """
    builder = Builder(oracle)
    around = None if alone else deque(contexts(oracle))
    for node in oracle.root.walk():
        if is_hazard(oracle.root, node):
            continue
        aims: dict[str, list[_Aim]] = defaultdict(list)
        for aim in _aims(oracle, node):
            if only is None or aim.rule == only:
                aims[aim.rule].append(aim)
        for same in aims.values():
            found: list[Violation] = []
            for aim in same:
                found += _verified(builder, node, aim, around, reads)
                if around is not None:
                    around.rotate()
            if found:
                yield found


def is_hazard(root: Node, node: Node) -> bool:
    """Return whether the field, or one around it, must never be sent."""
    above: Node | None = root
    for step in node.place:
        if above is None:
            return False
        above = above.properties.get(step) or above.each
        if above is not None and above.get("x-hazard"):
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Aim:
    """A rule to violate at a place: invalid values made for it, and the part of the schema that states it.

    For undocumented rules only values made for them are tried: drawing more would take long and show little.
    """

    rule: str
    invalid_values: Iterator[InvalidValue]
    fragment: dict[str, Json]
    basis: str = Basis.DOCUMENTED


def _aims(oracle: Oracle, node: Node) -> Iterator[_Aim]:
    for constraint in node.constraints:
        if makes_rule(constraint.keyword, constraint.value):
            invalid_values = INVALID.get(constraint.keyword, _none)(node, constraint)
            rule = rule_id(oracle.prefix, node.path, constraint.keyword)
            yield _Aim(rule, invalid_values, fragment_of(node, constraint), _basis(constraint))
    for name in sorted(node.required):
        constraint = Constraint("required", name, "", {})
        path = f"{node.path}.{name}" if node.path else name
        yield _Aim(rule_id(oracle.prefix, path, "required"), missing(node, constraint), {"required": [name]})
    for constraint in node.named:
        plain = {key: value for key, value in constraint.value.items() if not key.startswith("x-")}
        yield _Aim(
            rule_id(oracle.prefix, node.path, constraint.keyword), invalid_fragments(node, plain), plain, _basis(constraint)
        )


def _basis(constraint: Constraint) -> str:
    return str(constraint.about.get("basis", Basis.DOCUMENTED))


def _none(_node: Node, _constraint: Constraint) -> Iterator[InvalidValue]:
    return iter(())


def _uncoerced(node: Node, rule: str, values: Iterable[InvalidValue], reads: frozenset[str]) -> Iterator[InvalidValue]:
    """Yield the values that none of the parsers reads, and those that only parsers beside `reads` read."""
    if rule.rpartition(".")[2] not in OF_PARSERS:
        yield from (each for each in values if not is_unset(node, each.value, reads))
        return
    yield from (each for each in values if not is_lenient(node, each.value, reads))
    for value in islice(read_by_others(node, reads), _MOST_COERCED) if reads else ():
        yield InvalidValue(value, f"{COERCED}{json.dumps(value)[:40]}")


def _verified(
    builder: Builder, node: Node, aim: _Aim, around: Iterable[Json] | None, reads: frozenset[str]
) -> Iterator[Violation]:
    """Yield constructed values that violate the rule alone; without any, those that hypothesis-jsonschema finds.

    They are varied with members of the bodies in `around`, if there are such.
    """
    more = [_small(builder.oracle, node, aim), _drawn(node, aim)] if aim.basis != Basis.UNDOCUMENTED else []
    for invalid_values in (aim.invalid_values, *more):
        uncoerced = _uncoerced(node, aim.rule, invalid_values, reads)
        found = list(_built(builder, node, aim.rule, uncoerced, alone=around is None))
        if around is None:
            yield from found
        for index, violation in enumerate(found if around is not None else ()):
            # Each kind of invalid type is another violation, and other violations around it are not reported.
            if not aim.rule.endswith(".type"):
                violation = _varied(builder.oracle, violation, index, None if _is_about_members(node, aim.rule) else around)
            yield _at_position(builder.oracle, violation, index)
        if found:
            return


def _varied(oracle: Oracle, violation: Violation, index: int, around: Iterable[Json] | None) -> Violation:
    """Return the violation next to another alternative by its index; the second one in context, too."""
    body = rotated(oracle, violation.body, violation.path, index) or violation.body
    if index == 1 and around is not None:
        body = accompanied(oracle, body, violation.path, violation.rule, around)
    return replace(violation, body=body)


def _at_position(oracle: Oracle, violation: Violation, index: int) -> Violation:
    """Return the violation alone, between, behind or before valid items of each array and map, in turn by its index."""
    around = _AROUND[index % len(_AROUND)]
    if around is None:
        return violation
    body, path = among_valid(oracle, violation.body, violation.path, violation.rule, *around)
    return replace(violation, body=body, path=path)


def _small(oracle: Oracle, node: Node, aim: _Aim) -> Iterator[InvalidValue]:
    """Yield small values that violate this rule alone."""
    if _is_vast(aim.fragment):
        return
    local = Oracle(alone(node), "")
    name = aim.rule.removeprefix(rule_id(oracle.prefix, node.path, "")).removeprefix(".")
    found = (value for value in small(node) if list(local.violated(value)) == [name])
    yield from (InvalidValue(value, f"small: {json.dumps(value)[:40]}") for value in islice(found, _SMALL))


def _drawn(node: Node, aim: _Aim) -> Iterator[InvalidValue]:
    fragment = {key: value for key, value in aim.fragment.items() if not key.startswith("x-")}
    if not _holds_always(fragment) and not _is_vast(fragment) and not fragment.keys() & _OF_2020_12:
        from strategies.values.sampling import examples_against  # only such rules need Hypothesis at planning time

        base = alone(node, without=frozenset(aim.fragment), rule=aim.rule.rpartition(".")[2])
        yield from (InvalidValue(value, f"drawn: {str(value)[:40]}") for value in examples_against(base, fragment))


def _holds_always(fragment: dict[str, Json]) -> bool:
    """Return whether no value can violate it, since it asks nothing of any member: Hypothesis would search for seconds."""
    if not fragment.keys() <= _BY_MEMBER:
        return False
    return all(each in ({}, []) or each is True for members in fragment.values() for each in members.values())


def _is_vast(fragment: dict[str, Json]) -> bool:
    """Return whether only something too large to send would violate it."""
    return any(fragment.get(key, 0) > MOST for key in ("maxLength", "maxItems", "maxProperties"))


def _built(
    builder: Builder, node: Node, identity: str, invalid_values: Iterator[InvalidValue], *, alone: bool
) -> Iterator[Violation]:
    seen: list[Json] = []
    allowed = frozenset({identity, *_same_place(builder.oracle, node, identity)})
    for invalid in invalid_values:
        for build in _BUILDS:
            built = build(builder, node, invalid.value, allowed)
            if built is not None and violates_only(builder.oracle, built[0], identity):
                if built[0] not in seen:
                    seen.append(built[0])
                    yield Violation(identity, built[0], built[1], invalid.label)
                break
    ends = seen if len(seen) <= _FILLED else [*seen[: _FILLED - 1], seen[-1]]
    for body, label in () if alone else _in_context(builder, node, identity, ends):
        if body not in seen:
            seen.append(body)
            yield Violation(identity, body, builder.oracle.violated(body)[identity][0], label)


def _in_context(builder: Builder, node: Node, rule: str, bodies: list[Json]) -> Iterator[tuple[Json, str]]:
    """Yield a violation between members where there is more: servers treat empty or usual objects specially."""
    about_members = _is_about_members(node, rule)
    for body in bodies[:1] if rule.endswith(".enum") else ():
        yield from _alongside_choices(builder, body, rule)
    for body in bodies:
        path = builder.oracle.violated(body)[rule][0]
        if about_members:
            yield filled_out(builder.oracle, body, path, rule), "with all else that may be there"
        if rule.endswith((".oneOf", ".maxProperties")):
            yield from ((each, "with content beside what is empty") for each in lopsided(builder.oracle, body, path, rule))
    for body in bodies[:1] if about_members else ():
        path = builder.oracle.violated(body)[rule][0]
        yield from ((each, "with another alternative") for each in other_alternatives(builder, body, path, rule))


def _alongside_choices(builder: Builder, body: Json, rule: str) -> Iterator[tuple[Json, str]]:
    """Yield an invalid enum member next to each member of every other enum in the object: one may hide the other."""
    path = builder.oracle.violated(body)[rule][0]
    holder = builder.oracle.root.at(path[:-1])
    for name, child in holder.properties.items() if holder is not None and len(path) > 1 else ():
        for choice in accepted(child) if child.get("enum") is not None and name != path[-1] else ():
            changed = with_value(body, (*path[:-1], name), choice.value)
            completed = builder.complete(changed, path, frozenset({rule})) if choice.must else None
            if completed is not None:  # its path is kept, so that it violates the rule still, and nothing else
                yield completed, f"{ALONGSIDE}{choice.value}"


def _is_about_members(node: Node, identity: str) -> bool:
    """Return whether a rule is about which members are present, not about the value of one."""
    keyword = identity.rpartition(".")[2]
    return keyword in ("required", "oneOf", "maxProperties") or any(each.keyword == keyword for each in node.named)


_Allowed = frozenset[str]


def _in_place_of_right(builder: Builder, node: Node, value: Json, _allowed: _Allowed) -> tuple[Json, Path] | None:
    """Return the invalid value in a body that is valid with an ordinary one: an invalid type hides its surroundings."""
    right = simplest(node)
    built = (builder.around(node, right) or _completed_inside(builder, node, right, frozenset())) if node.place else None
    return None if built is None else (with_value(built[0], built[1], value), built[1])


def _around(builder: Builder, node: Node, value: Json, allowed: _Allowed) -> tuple[Json, Path] | None:
    """Return the invalid value with what it needs around it."""
    return builder.around(node, value, allowed)


def _completed_inside(builder: Builder, node: Node, value: Json, allowed: _Allowed) -> tuple[Json, Path] | None:
    """Return the same where the invalid value itself lacks members that the rule is not about."""
    body, path = carried_to(node, builder.oracle.root, value)
    completed = builder.complete(body, (), allowed)
    return None if completed is None else (completed, path)


_BUILDS = (_in_place_of_right, _around, _completed_inside)


def _same_place(oracle: Oracle, node: Node, identity: str) -> list[str]:
    """Return the rules of an enum or a format that an invalid type at the same place violates too."""
    if not identity.endswith(".type"):
        return []
    return [rule_id(oracle.prefix, node.path, each.keyword) for each in node.constraints]


def violates_only(oracle: Oracle, body: Json, identity: str) -> bool:
    """Return whether the body violates the rule alone, but for rules of an invalid type at the same place."""
    violated = oracle.violated(body)
    stem = identity.rsplit(".", 1)[0] if identity.endswith(".type") else None
    others = {rule for rule in violated if rule != identity and rule.rsplit(".", 1)[0] != stem}
    return identity in violated and not others


def begun_elsewhere(found: list[Violation], index: int) -> list[Violation]:
    """Return the violations of a type, starting with another kind of invalid value at each rule; rare kinds last."""
    if not found[0].rule.endswith(".type"):
        return found
    if found[0].label == "a fraction":
        return found
    rarer = [each for each in found if _is_rarer(each)]
    usual = [each for each in found if not _is_rarer(each)]
    shift = index % max(len(usual), 1)
    return usual[shift:] + usual[:shift] + rarer


def _is_rarer(violation: Violation) -> bool:
    return violation.label in RARER or violation.label.startswith(COERCED)
