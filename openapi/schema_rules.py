"""The rules that the keywords of a schema state, one for each keyword and place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from openapi.contract import Contract
from openapi.json_types import Json, unescape
from openapi.rules import Area, Basis, Level, Rule
from openapi.schema.keywords import KEYWORDS, makes_rule, note_of
from openapi.schema.nodes import Constraint, Node
from openapi.schema.oracle import rule_id


def schema_rules(contract: Contract, root: Node, prefix: str, notes: list[str]) -> Iterator[Rule]:
    """Yield the rules of a body or response, in document order; `notes` gains what has no rule."""
    for node in root.walk():
        field = node.path or ("the body" if prefix == "body" else "the response")
        shown = field if prefix == "body" else f"{field} of the response" if node.path else field
        for constraint in node.constraints:
            keyword, value = constraint.keyword, constraint.value
            if (note := note_of(keyword, value)) is not None:
                notes.append(f"{source(contract, constraint.origin)}: {note}")
            if makes_rule(keyword, value):
                about = KEYWORDS[keyword]
                rule = rule_of(contract, prefix, node.path, constraint, about.area, about.sentence(shown, value))
                yield replace(rule, value=_admitted(node)) if keyword == "type" else rule
        for constraint in node.named:
            requirement = constraint.value.get("x-requirement") or f"{shown} MUST satisfy {constraint.keyword}."
            yield rule_of(contract, prefix, node.path, constraint, Area.CROSS_FIELD, requirement)
        yield from _required_rules(contract, node, prefix, field)


def plain(value: Json) -> Json:
    """Return the value of a keyword without notes on where its parts stand."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items() if key not in ("x-origin", "x-rules")}
    return [plain(each) for each in value] if isinstance(value, list) else value


def _admitted(node: Node) -> list[str]:
    return sorted(node.types) + (["null"] if node.admits_null else [])


def _required_rules(contract: Contract, node: Node, prefix: str, field: str) -> Iterator[Rule]:
    for part in node.parts:
        for name in part.schema.get("required", ()):
            rules = part.schema.get("x-rules", {})
            about = rules.get(f"required {name}") or rules.get("required", {})
            constraint = part.constraint("required", name, about=about)
            place = f"{node.path}.{name}" if node.path else name
            area = Area.SHAPE if prefix == "response" else Area.CONSTRAINT
            yield rule_of(contract, prefix, place, constraint, area, f"{field} MUST have {name}.")


def rule_of(contract: Contract, prefix: str, place: str, constraint: Constraint, area: Area, requirement: str) -> Rule:
    """Return the rule of a keyword at a place, in the words of `requirement`."""
    about = constraint.about
    # The response's constraints are about its shape, whatever keyword states them.
    shown_area = Area.SHAPE if prefix == "response" and area in (Area.CONSTRAINT, Area.ENUM) else area
    return Rule(
        id=rule_id(prefix, place, constraint.keyword),
        area=shown_area,
        level=Level(about.get("level", "MUST")),
        basis=Basis(about.get("basis", "documented")),
        requirement=requirement,
        quote=about.get("quote"),
        source=about.get("source") or source(contract, constraint.origin),
        keyword=constraint.keyword,
        value=plain(constraint.value),
    )


def source(contract: Contract, origin: str) -> str:
    """Return the origin of a part or constraint as a place in the description: `description.yaml#/components/schemas/X`."""
    if origin.startswith("/$defs/"):
        name, _, rest = origin.removeprefix("/$defs/").partition("/")
        return contract.origins[unescape(name)] + (f"/{rest}" if rest else "")
    return origin
