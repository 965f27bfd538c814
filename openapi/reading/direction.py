"""Apply `readOnly` and `writeOnly` once, when the schemas of request and response are cut out.

Nothing later needs to know: a `readOnly` member is no member of a request, and a `writeOnly` one none of a response. Neither is
required there (OpenAPI 3.0.3, 4.7.24.2; JSON Schema Validation 2020-12, 9.4).
"""

from __future__ import annotations

from collections.abc import Iterator

from openapi.json_types import Json, Schema, unescape
from openapi.reading.description_schema import LISTS, MAPS, SINGLE

REQUEST, RESPONSE = "readOnly", "writeOnly"  # the annotation of members that this side does not have
_INSIDE_LISTS, _INSIDE_MAPS = LISTS, MAPS - {"properties"}


def one_way(schema: Schema, absent: str) -> dict[str, Json]:
    """Return a self-contained schema without the members that `absent` (REQUEST or RESPONSE) says are not on this side."""
    found: dict[str, Json] = _Cut(schema.get("$defs", {}), absent).schema(dict(schema), frozenset())
    return found


class _Cut:
    def __init__(self, definitions: Schema, absent: str) -> None:
        self.definitions, self.absent = definitions, absent

    def schema(self, schema: Json, above: frozenset[str]) -> Json:
        """Return a schema without absent members; `above` are those that schemas around say of the same object."""
        if not isinstance(schema, dict):
            return schema
        absent = above | self._absent(schema)
        found = {key: self._member(key, value, absent) for key, value in schema.items()}
        if absent and isinstance(schema.get("required"), list):
            found["required"] = [name for name in schema["required"] if name not in absent]
            if not found["required"]:
                del found["required"]
        return found

    def _member(self, key: str, value: Json, absent: frozenset[str]) -> Json:
        if key == "properties" and isinstance(value, dict):
            kept = {name: each for name, each in value.items() if name not in absent}
            return {name: self.schema(each, frozenset()) for name, each in kept.items()}
        if key in _INSIDE_LISTS and isinstance(value, list):
            same = absent if key != "prefixItems" else frozenset[str]()
            return [self.schema(each, same) for each in value]
        if key in _INSIDE_MAPS and isinstance(value, dict):
            return {name: self.schema(each, frozenset()) for name, each in value.items()}
        same = absent if key in ("not", "if", "then", "else") else frozenset[str]()
        return self.schema(value, same) if key in SINGLE else value

    def _absent(self, schema: Schema) -> frozenset[str]:
        """Return the absent members that a schema describes, itself or by `allOf` and references."""
        stated = [each["properties"] for each in self._same(schema) if isinstance(each.get("properties"), dict)]
        return frozenset(name for members in stated for name, each in members.items() if self._is_absent(each))

    def _is_absent(self, schema: Json) -> bool:
        return any(each.get(self.absent) is True for each in self._same(schema))

    def _same(self, schema: Json) -> Iterator[Schema]:
        """Yield the schemas that apply to the same value, by `allOf` and references; chains of these may be long."""
        waiting, met = [schema], set[str]()
        while waiting:
            part = waiting.pop()
            if isinstance(part, dict):
                yield part
                waiting += part.get("allOf", ())
                name = _definition(part)
                if name in self.definitions and name not in met:
                    met.add(name)
                    waiting.append(self.definitions[name])


def _definition(schema: Schema) -> str:
    reference = schema.get("$ref", "")
    return unescape(reference.removeprefix("#/$defs/")) if isinstance(reference, str) else ""
