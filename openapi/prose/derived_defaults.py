"""Derived defaults: sentences that say whose value a member takes, or which one if another member is set.

    outputRate: If unset, defaults to the input_rate.
    size:       Defaults to 5 if `fast` is set.

No keyword of a schema says so. Each is a rule about an exchange, which an operation states that shows the member again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openapi.json_types import Json, pointer
from openapi.media_types import json_choice
from openapi.prose.described import is_valid, merged, parts, referred
from openapi.prose.names import named_in, slug
from openapi.prose.sentences import sentences
from openapi.prose.stated_values import value_in

_DERIVED = re.compile(
    r"\b(?:defaults? (?:to|is)|same as) (?P<value>.+?)"
    r"(?:,? (?:if|when) (?:(?P<condition>[`\"']?\w+[`\"']?) is (?:set|given|provided|specified)|(?:it is )?(?:unset|not set)))?"
    r"[.,;]?$",
    re.IGNORECASE,
)
_OF = re.compile(r"(?:the )?(?:value of )?(?:the )?[`\"']?(?P<name>[A-Za-z_]\w*)[`\"']?$", re.IGNORECASE)
_DEEPEST = 8  # members inside each other


@dataclass(frozen=True, slots=True)
class _Member:
    """A member of a body: its path, its schema, and the properties of the object that has it."""

    path: tuple[str, ...]
    schema: Mapping[str, Json]
    siblings: Mapping[str, Json]


def derived_defaults(document: Mapping[str, Json]) -> Iterator[tuple[str, str, dict[str, Json]]]:
    """Yield the path of each POST whose response shows a member with a derived default, the sentence, and the rule."""
    for path, item in document.get("paths", {}).items():
        operation = item.get("post") if isinstance(item, dict) else None
        if not isinstance(operation, dict):
            continue
        response = _content(document, _success(operation.get("responses")))
        for member in _members(document, _content(document, operation.get("requestBody")), (), frozenset()):
            for sentence in sentences(str(member.schema.get("description") or "")):
                rule = _rule(document, member, sentence)
                if rule is not None and _shows(document, response, member.path):
                    yield path, sentence, rule


def _success(responses: Json) -> Json:
    found = sorted(each for each in responses if re.fullmatch(r"2\d\d", str(each))) if isinstance(responses, dict) else []
    return responses[found[0]] if found else None


def _content(document: Mapping[str, Json], holder: Json) -> Json:
    """Return the schema of the JSON that a request body or a response holds; None without one."""
    while isinstance(holder, dict) and "$ref" in holder:
        holder = referred(document, holder["$ref"])
    content = holder.get("content") if isinstance(holder, dict) else None
    found = content if isinstance(content, dict) else {}
    return next((each.get("schema") for name, each in found.items() if json_choice(str(name)) is not None), None)


def _members(document: Mapping[str, Json], schema: Json, path: tuple[str, ...], met: frozenset[str]) -> Iterator[_Member]:
    """Yield the members of objects inside a body, without items of arrays, each schema once on the way to one."""
    names = {str(each["$ref"]) for each in parts(document, schema) if "$ref" in each}
    if names & met or len(path) > _DEEPEST:
        return
    stated = merged(document, schema).get("properties")
    properties = stated if isinstance(stated, dict) else {}
    for name, child in properties.items():
        if isinstance(child, dict):
            yield _Member((*path, name), child, properties)
            yield from _members(document, child, (*path, name), met | names)


def _shows(document: Mapping[str, Json], schema: Json, path: tuple[str, ...]) -> bool:
    for name in path:
        schema = merged(document, schema).get("properties", {}).get(name)
    return schema is not None


def _rule(document: Mapping[str, Json], member: _Member, sentence: str) -> dict[str, Json] | None:
    found = _DERIVED.search(sentence)
    if found is None:
        return None
    *holders, name = member.path
    others = {each: schema for each, schema in member.siblings.items() if each != name}
    condition = named_in(found["condition"] or "", others)
    literal = _literal(document, member, found["value"])
    source = _OF.fullmatch(found["value"])
    sources = named_in(source["name"], others) if source and not literal else []
    if (found["condition"] and not condition) or not (sources or (literal and condition)):
        return None
    if sources:
        value = f"the {sources[0]} of the request"
        says: dict[str, Json] = {"equal": {"response": pointer(*member.path), "request": pointer("body", *holders, sources[0])}}
    else:
        value = repr(literal[0])
        says = {"then": {"properties": {"response": _at(holders, {"properties": {name: {"const": literal[0]}}})}}}
    given = {*sources[:1], *condition}
    where = f"where the body does not set it{f' and sets {condition[0]}' if condition else ''}"
    return {
        "id": f"default-{'-'.join(map(slug, member.path))}",
        "area": "default",
        "requirement": f"{'.'.join(member.path)} MUST be {value} {where}.",
        "quote": sentence,
        "when": {"required": ["body"], "properties": {"body": _unset(holders, name, sorted(given))}},
        **says,
    }


def _literal(document: Mapping[str, Json], member: _Member, text: str) -> list[Json]:
    """Return the one value that a text states, if it is one that the member may have."""
    members = [each for each in merged(document, member.schema).get("enum", ()) if isinstance(each, str)]
    stated = value_in(text, members, lambda value: is_valid(document, member.schema, value))
    return [] if stated is None else [stated[0]]


def _unset(holders: list[str], name: str, given: list[str]) -> dict[str, Json]:
    """Return the schema of a body that sets some members, and not another one beside them."""
    own = {name: {"type": "null"}, **{each: {"not": {"type": "null"}} for each in given}}
    return _at(holders, {"required": given, "properties": own})


def _at(holders: list[str], schema: dict[str, Json]) -> dict[str, Json]:
    """Return the schema of a value that has an object with a schema at a place."""
    found = {"type": "object", **schema}
    for holder in reversed(holders):
        found = {"type": "object", "required": [holder], "properties": {holder: found}}
    return found
