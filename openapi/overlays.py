"""Laying OpenAPI Overlays (1.0) on a description; each keyword that one adds remembers the sentence it comes from.

https://spec.openapis.org/overlay/v1.0.0.html
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

import jsonpath
from jsonpath import JSONPathError

from openapi.documents import Document
from openapi.errors import BadOverlay
from openapi.json_types import Json, pointer

# Keywords of a schema that explain it, not constrain it: they need no provenance.
_ANNOTATIONS = {"title", "description", "examples", "example", "x-rules", "x-rule", "x-requirement"}


@dataclass
class Overlaid:
    """A description with overlays on it; `idle` names the actions whose target matched nothing."""

    root: dict[str, Json]
    idle: list[str] = field(default_factory=list)


def lay(description: Document, overlays: list[Document]) -> Overlaid:
    """The description with each action of each overlay applied in order. BadOverlay names the action at fault."""
    result = Overlaid(copy.deepcopy(description.root))
    for overlay in overlays:
        _check(overlay)
        for index, action in enumerate(overlay.root["actions"]):
            _apply(result, overlay, f"/actions/{index}", action)
    return result


def _check(overlay: Document) -> None:
    version = overlay.root.get("overlay")
    if not isinstance(version, str) or not version.startswith("1."):
        problem = f"`overlay` is {version!r}, not a version 1.x: is it an OpenAPI Overlay?"
        raise BadOverlay(overlay.name, "/overlay", problem)
    if not isinstance(overlay.root.get("actions"), list):
        raise BadOverlay(overlay.name, "/actions", "there is no list of actions")


def _apply(result: Overlaid, overlay: Document, place: str, action: Json) -> None:
    target = action.get("target") if isinstance(action, dict) else None
    if not isinstance(target, str):
        raise BadOverlay(overlay.name, place, "an action needs a `target`, a JSONPath")
    try:
        matches = list(jsonpath.finditer(target, result.root))
    except JSONPathError as error:
        raise BadOverlay(overlay.name, f"{place}/target", f"{target!r} is no JSONPath: {error}") from error
    if not matches:
        result.idle.append(f"{overlay.name}#{place}: nothing matches {target}")
    for match in matches:
        location = pointer(*match.parts)
        if action.get("remove") is True:
            _remove(result.root, match.parts)
        elif "update" in action:
            update = _with_provenance(action, f"{overlay.name}#{place}")
            _merge(match.obj, update, f"{overlay.name}: {place}: {location}")
        else:
            raise BadOverlay(overlay.name, place, "an action needs an `update`, or `remove: true`")


def _remove(root: Json, parts: tuple[str | int, ...]) -> None:
    parent = root
    for part in parts[:-1]:
        parent = parent[part]
    del parent[parts[-1]]


def _with_provenance(action: dict[str, Json], source: str) -> Json:
    """The update, each of its schemas carrying in `x-rules` where its keywords come from."""
    about = {
        "quote": action.get("description"),
        "basis": action.get("x-basis", "documented"),
        "level": action.get("x-level", "MUST"),
        "source": source + "/update",
    }
    return _annotate(copy.deepcopy(action["update"]), about)


def _annotate(value: Json, about: dict[str, Json]) -> Json:
    if isinstance(value, list):
        return [_annotate(element, about) for element in value]
    if not isinstance(value, dict):
        return value
    if "x-rule" in value:
        own = {key: value[key] for key in ("quote", "basis", "level") if key in value}
        return {**value, "x-rules": {value["x-rule"]: {**about, **own}}}
    if "properties" in value and isinstance(value["properties"], dict):
        value = {**value, "properties": {k: _annotate(v, about) for k, v in value["properties"].items()}}
    members = {key: _annotate(member, about) if key == "allOf" else member for key, member in value.items()}
    stated = {key: about for key in members if key not in _ANNOTATIONS and key not in ("allOf", "properties")}
    return {**members, "x-rules": {**stated, **members.get("x-rules", {})}} if stated else members


def _merge(target: Json, update: Json, place: str) -> None:
    """Merges as the specification says: objects member by member, arrays by appending, the rest replaced."""
    if isinstance(target, list):
        target.extend(copy.deepcopy(update) if isinstance(update, list) else [copy.deepcopy(update)])
    elif isinstance(target, dict) and isinstance(update, dict):
        for key, value in update.items():
            if isinstance(target.get(key), dict) and isinstance(value, dict):
                _merge(target[key], value, place)
            elif isinstance(target.get(key), list) and isinstance(value, list):
                target[key].extend(copy.deepcopy(value))
            else:
                target[key] = copy.deepcopy(value)
    else:
        document, where, location = place.split(": ", 2)
        raise BadOverlay(
            document, where, f"{location} is neither an object nor an array, so nothing can be merged"
        )
