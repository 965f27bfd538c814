"""Apply OpenAPI Overlays to a description; each keyword that one adds remembers its sentence.

Versions 1.0 and 1.1, whose clarifications on merging arrays hold for both: https://spec.openapis.org/overlay/v1.0.0.html
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

import jsonpath
from jsonpath import JSONPathError

from openapi.errors import InvalidOverlay
from openapi.json_types import Json, Path, pointer, resolve
from openapi.reading.documents import Document

# Keywords of a schema that explain it, not constrain it, or hold other schemas: they need no provenance.
_UNSTATED = frozenset(
    {"title", "description", "examples", "example", "allOf", "properties", "items", "$defs"}
    | {"x-rules", "x-rule", "x-requirement"}
)


@dataclass
class Overlaid:
    """A description with overlays applied; `idle` names the actions whose target matched nothing.

    `absent` names those among them that the overlay itself marks with `x-if-present`: they are for other versions.
    """

    root: dict[str, Json]
    idle: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)


def apply_overlays(description: Document, overlays: list[Document]) -> Overlaid:
    """Return the description with each action of each overlay applied in order. InvalidOverlay names the problem."""
    result = Overlaid(copy.deepcopy(description.root))
    for overlay in overlays:
        _check(overlay)
        for index, action in enumerate(overlay.root["actions"]):
            _apply(result, overlay.name, f"/actions/{index}", action)
    return result


def _check(overlay: Document) -> None:
    version = overlay.root.get("overlay")
    if not isinstance(version, str) or not version.startswith("1."):
        problem = f"`overlay` is {version!r}, not a version 1.x: is it an OpenAPI Overlay?"
        raise InvalidOverlay(overlay.name, "#/overlay", problem)
    if not isinstance(overlay.root.get("actions"), list):
        raise InvalidOverlay(overlay.name, "#/actions", "there is no list of actions")


def _apply(result: Overlaid, name: str, place: str, action: Json) -> None:
    if not isinstance(action, dict) or not isinstance(action.get("target"), str):
        raise InvalidOverlay(name, f"#{place}", "an action needs a `target`, a JSONPath")
    if action.get("remove") is not True and not {"update", "copy"} & action.keys():
        raise InvalidOverlay(name, f"#{place}", "an action needs an `update`, a `copy`, or `remove: true`")
    found = _matches(result.root, name, place, action["target"])
    if not found:
        unmatched = result.absent if action.get("x-if-present") is True else result.idle
        unmatched.append(f"{name}#{place}: nothing matches {action['target']}")
    if action.get("remove") is True:
        _remove(result.root, found, name, place)
        return
    if "copy" in action:
        action = {**action, "update": _copied(result.root, name, place, action)}
    about = _about(action, f"{name}#{place}/update")
    for path in found:
        target = resolve(result.root, pointer(*path))
        update = _annotate(copy.deepcopy(action["update"]), _kind_at(path), about)
        problem = _merge(target, _distinguished(target, update))
        if problem:
            raise InvalidOverlay(name, f"#{place}", f"the target {pointer(*path) or '/'} {problem}")


def _copied(root: Json, name: str, place: str, action: Mapping[str, Json]) -> Json:
    """Return the value that a `copy` action merges into its target (Overlay 1.1, 4.4.3): the only match of its JSONPath."""
    source = action["copy"]
    if not isinstance(source, str) or "update" in action:
        raise InvalidOverlay(name, f"#{place}/copy", "`copy` is a JSONPath, and stands without `update`")
    matches = _matches(root, name, place, source)
    if len(matches) != 1:
        raise InvalidOverlay(name, f"#{place}/copy", f"{source} matches {len(matches)} values, not exactly one")
    return resolve(root, pointer(*matches[0]))


def _matches(root: Json, name: str, place: str, target: str) -> list[Path]:
    """Return the paths of all values that a JSONPath finds."""
    try:
        return [match.parts for match in _compiled(target).finditer(root)]
    except (JSONPathError, re.error, RecursionError) as error:
        problem = str(error).partition("\n")[0]
        raise InvalidOverlay(name, f"#{place}/target", f"{target!r} is no JSONPath: {problem}") from error


@cache
def _compiled(target: str) -> jsonpath.JSONPath | jsonpath.CompoundJSONPath:
    """Return a compiled JSONPath: to compile one takes longer than to apply it, and a process may read a contract often."""
    return jsonpath.compile(target)


def _remove(root: Json, found: list[Path], name: str, place: str) -> None:
    if () in found:
        raise InvalidOverlay(name, f"#{place}", "the whole description cannot be removed")
    # From the end and from the inside, so that what is yet to be removed stays where it was found.
    places = {tuple((step if isinstance(step, int) else -1, str(step)) for step in path): path for path in found}
    for _, path in sorted(places.items(), reverse=True):
        holder = resolve(root, pointer(*path[:-1]))
        del holder[path[-1]]


def _merge(target: Json, update: Json) -> str | None:
    """Merge objects member by member and append arrays; replace the rest. Return the problem, None without one."""
    if isinstance(target, list):
        target.extend(update if isinstance(update, list) else [update])
    elif not isinstance(target, dict):
        return "is neither an object nor an array, so nothing can be merged with it"
    elif not isinstance(update, dict):
        return f"is an object, and `update` is no object but {update!r:.60}"
    else:
        for key, value in update.items():
            if isinstance(target.get(key), (dict, list)) and type(value) is type(target[key]):
                _merge(target[key], value)
            else:
                target[key] = value
    return None


# --- provenance: the schemas of an update carry in `x-rules` where their keywords come from

# What kind of thing stands under a key of a thing of a kind; "" is any other key.
_BELOW: dict[str, dict[str, str]] = {
    "document": {"components": "components", "": "object"},
    "components": {"schemas": "schemas", "": "object"},
    "object": {"schema": "schema", "example": "data", "examples": "data", "": "object"},
    "schemas": {"": "schema"},
    "schema": {
        "properties": "schemas",
        "allOf": "schemas",
        "items": "schema",
        "additionalProperties": "schema",
        "": "data",
    },
    "data": {"": "data"},
}


def _below(kind: str, step: str | int) -> str:
    if kind == "object" and str(step).startswith("x-"):
        return "data"
    return _BELOW[kind].get(str(step), _BELOW[kind][""])


def _kind_at(path: Path) -> str:
    kind = "document"
    for step in path:
        kind = _below(kind, step)
    return kind


def _about(action: Mapping[str, Json], source: str) -> dict[str, Json]:
    return {
        "quote": action.get("description"),
        "basis": action.get("x-basis", "documented"),
        "level": action.get("x-level", "MUST"),
        "source": source,
    }


def _annotate(value: Json, kind: str, about: dict[str, Json]) -> Json:
    if isinstance(value, list):
        return [_annotate(element, _below(kind, index), about) for index, element in enumerate(value)]
    if not isinstance(value, dict) or kind == "data":
        return value
    if kind == "schema" and isinstance(value.get("x-rule"), str):
        return _named_rule(value, about)
    members = {key: _annotate(member, _below(kind, key), about) for key, member in value.items()}
    finished = _FINISHED.get(kind)
    return members if finished is None else finished(members, about)


def _named_rule(schema: dict[str, Json], about: dict[str, Json]) -> dict[str, Json]:
    """Return a named rule of a schema with its origin; its own sentence counts over that of the action."""
    own = {key: schema[key] for key in ("quote", "basis", "level") if key in schema}
    return {**schema, "x-rules": {schema["x-rule"]: {**about, **own}}}


def _stated(members: dict[str, Json], about: dict[str, Json]) -> dict[str, Json]:
    """Return a schema with the origin of each keyword."""
    stated = {key: about for key in members if key not in _UNSTATED}
    given = members.get("x-rules", {})
    return {**members, "x-rules": {**stated, **given}} if stated and isinstance(given, dict) else members


def _with_sourced_rules(members: dict[str, Json], about: dict[str, Json]) -> dict[str, Json]:
    return {key: _sourced(member, about) if key in _RULES else member for key, member in members.items()}


_FINISHED: dict[str, Callable[[dict[str, Json], dict[str, Json]], dict[str, Json]]] = {
    "schema": _stated,
    "object": _with_sourced_rules,
}
_RULES = frozenset({"x-request-rules", "x-exchange-rules", "x-parent-call"})


def _sourced(rules: Json, about: Mapping[str, Json]) -> Json:
    """Return rules that an operation states in full, each with its origin."""
    if isinstance(rules, list):
        return [_sourced(each, about) for each in rules]
    return {"source": about["source"], **rules} if isinstance(rules, dict) else rules


def _distinguished(target: Json, update: Json) -> Json:
    """Return the update of a schema that requires properties already: only those that it adds are its own."""
    both = (target, update)
    if not all(isinstance(each, dict) and isinstance(each.get("required"), list) for each in both):
        return update
    rules = dict(update.get("x-rules", {}))
    about = rules.pop("required", None)
    own = {f"required {name}": about for name in update["required"]} if about else {}
    return {**update, "x-rules": {**rules, **own}} if own else update
