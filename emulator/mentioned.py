"""As much of a request as a schema can tell from another, so that it is judged on little, and once for all that are alike."""

from __future__ import annotations

from collections.abc import Mapping

from openapi.json_types import Json, Schema

# Keywords that look at no more than names, types, and values that they state themselves.
_LOOK_AT_LITTLE = frozenset("allOf anyOf const else enum if not oneOf properties required then type".split())
_STATE_VALUES = frozenset({"const", "enum", "required", "type"})


class Mentioned:
    """What a schema for query and body mentions."""

    def __init__(self, schema: Schema) -> None:
        self._names = frozenset(_words(schema))
        # What stands for every text that the schema does not mention; longer than those that it does.
        self._alike = "x" * (1 + max(map(len, self._names), default=0)) if _looks_at_little(schema) else None

    def in_(self, query: Mapping[str, str], body: Mapping[str, Json]) -> dict[str, Json] | None:
        """The members of query and body that are mentioned, in outline; None if none is there."""
        names = self._names
        if names.isdisjoint(body) and names.isdisjoint(query):
            return None
        return {
            "query": {name: query[name] for name in names if name in query} if query else {},
            "body": {name: self._outline(body[name]) for name in names if name in body},
        }

    def _outline(self, value: Json) -> Json:
        """A value that the schema judges alike."""
        if self._alike is None:
            return value
        if type(value) is dict:
            return {name: self._outline(value[name]) for name in value if name in self._names}
        if type(value) is list:
            return []
        return value if type(value) is not str or value in self._names else self._alike


def _words(value: Json) -> set[str]:
    """Every text in a schema, be it a key or a value."""
    if isinstance(value, dict):
        return set(value).union(*map(_words, value.values()))
    if isinstance(value, list):
        return set().union(*map(_words, value))
    return {value} if isinstance(value, str) else set()


def _looks_at_little(schema: Json) -> bool:
    """Whether types, names and stated values decide, and none of these values is an object or a list."""
    if isinstance(schema, bool):
        return True
    return all(keyword in _LOOK_AT_LITTLE and _is_little(keyword, value) for keyword, value in schema.items())


def _is_little(keyword: str, value: Json) -> bool:
    if keyword in _STATE_VALUES:
        return not any(isinstance(each, dict | list) for each in (value if isinstance(value, list) else [value]))
    schemas = value.values() if keyword == "properties" else value if isinstance(value, list) else [value]
    return all(map(_looks_at_little, schemas))
