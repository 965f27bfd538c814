"""The description as somebody who knows Schemathesis would write it for that tool: the request says the same in plainer words.

What is merely implied is left out, since no server is blamed for it. The response stays as it is.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from itertools import combinations

from benchmarks.descriptions import published
from openapi.contract import Contract
from openapi.json_types import Json

_COMPONENTS = "#/components/schemas/"
_OF_OBJECTS = {"properties", "required"}
_VALUES = {"enum", "const", "required", "properties"}
_RANGES = {"int32": (-(2**31), 2**31 - 1), "float": (-3.4028234663852886e38, 3.4028234663852886e38)}


def described(contract: Contract) -> Json:
    """Return the document for the tool, without our extensions."""
    document = copy.deepcopy(published(_without_implied(contract.document)))
    operation = document["paths"][contract.path][contract.method.lower()]
    media = operation["requestBody"]["content"][contract.media_type]
    restating = _Restating(document["components"]["schemas"])
    media["schema"] = restating.schema(media["schema"])
    document["components"]["schemas"] |= restating.done
    return document


def group_of(schema: Json) -> list[str]:
    """Return the names of the properties of which an object has one only; empty if it has no such group."""
    branches = schema.get("oneOf", ())
    if branches and all(set(each) == {"required"} and len(each["required"]) == 1 for each in branches):
        return [each["required"][0] for each in branches]
    return list(schema.get("properties", ())) if schema.get("maxProperties") == 1 else []


def _without_implied(value: Json) -> Json:
    """Return a description without the members that are required by implication only."""
    if isinstance(value, list):
        return [_without_implied(each) for each in value]
    if not isinstance(value, dict):
        return value
    about = value.get("x-rules", {}).get("required", {})
    implied = about.get("basis", "documented") != "documented"
    return {key: _without_implied(member) for key, member in value.items() if not (implied and key == "required")}


class _Restating:
    """Writes the schemas that a request is made of anew, under names of their own: the response shares some of them."""

    def __init__(self, components: Json) -> None:
        self.components = components
        self.done: dict[str, Json] = {}

    def schema(self, schema: Json, *, named: bool = False) -> Json:
        """Return one schema, restated together with all that is inside."""
        if "$ref" in schema:
            return {**schema, "$ref": _COMPONENTS + self._component(schema["$ref"].removeprefix(_COMPONENTS))}
        found = dict(schema)
        if "properties" in found:
            found["properties"] = {name: self.schema(each) for name, each in found["properties"].items()}
        for keyword in ("items", "additionalProperties"):
            if isinstance(found.get(keyword), dict):
                found[keyword] = self.schema(found[keyword])
        if found.get("type") == "object" and (named or "properties" in found):
            found = {"properties": {}, "additionalProperties": False, **found}
        return _grouped(_joined(_ranged(found)))

    def _component(self, name: str) -> str:
        restated = f"request.{name}"
        if restated not in self.done:
            self.done[restated] = {}
            self.done[restated].update(self.schema(self.components[name], named=True))
        return restated


def _ranged(schema: Json) -> Json:
    """Return a number with the range of its format, of which JSON Schema knows nothing."""
    lowest, highest = _RANGES.get(schema.get("format", ""), (None, None))
    return schema if lowest is None else {"minimum": lowest, "maximum": highest, **schema}


def _joined(schema: Json) -> Json:
    """Several prohibitions as one: otherwise the tool draws a single valid object, and that is empty."""
    members = schema.get("allOf", ())
    if not members or any(set(each) != {"not"} for each in members):
        return schema
    rest = {keyword: value for keyword, value in schema.items() if keyword != "allOf"}
    return {**rest, **_prohibited([_typed(each["not"]) for each in members])}


def _typed(schema: Json) -> Json:
    """Return a prohibition with the types that it takes for granted: otherwise the tool tries it with null."""
    if isinstance(schema, list):
        return [_typed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {keyword: value if keyword in _VALUES else _typed(value) for keyword, value in schema.items()}
    if "properties" in schema:
        inner["properties"] = {name: _typed(each) for name, each in schema["properties"].items()}
    kind = "array" if "contains" in schema else "object" if _OF_OBJECTS & schema.keys() else None
    return {**({"type": kind} if kind else {}), **inner}


def _prohibited(schemas: Sequence[Json]) -> Json:
    return {"not": schemas[0] if len(schemas) == 1 else {"anyOf": list(schemas)}}


def _grouped(schema: Json) -> Json:
    """Return one of several properties, as several objects: otherwise the tool sets all of them in all that it makes.

    That two of them are prohibited is said twice, for it violates a rule only where it finds it.
    """
    names = group_of(schema)
    if not names:
        return schema
    pairs = [{"required": list(pair)} for pair in combinations(names, 2)]
    kept = {"description": schema.get("description", ""), **_prohibited([*_prohibitions(schema), *pairs])}
    left_out = {*kept, "oneOf", "minProperties", "maxProperties"}
    plain = {keyword: value for keyword, value in schema.items() if keyword not in left_out}
    variants = [_variant(plain, names, [name]) for name in names]
    if "oneOf" not in schema and not schema.get("minProperties"):
        variants.append(_variant(plain, names, []))
    return {**kept, "oneOf": variants}


def _prohibitions(schema: Json) -> list[Json]:
    if "not" not in schema:
        return []
    return list(schema["not"]["anyOf"]) if set(schema["not"]) == {"anyOf"} else [schema["not"]]


def _variant(schema: Json, names: Sequence[str], chosen: list[str]) -> Json:
    properties = {name: each for name, each in schema["properties"].items() if name in chosen or name not in names}
    required = [*schema.get("required", ()), *chosen]
    return {**schema, "properties": properties, **({"required": required} if required else {})}
