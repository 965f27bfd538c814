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
        self._looks_at_little = looks_at_little(schema)
        self._names = frozenset(_names(schema))
        self._words = frozenset(_words(schema))
        # What stands for every text that the schema does not mention; longer than those that it does.
        self._alike = "x" * (1 + max(map(len, self._words), default=0))

    def mentions(self, name: str) -> bool:
        """Whether a member of that name matters."""
        return name in self._names or not self._looks_at_little

    def in_(self, query: Mapping[str, str], body: Mapping[str, Json]) -> dict[str, Json] | None:
        """The members of query and body that are mentioned, in outline; None if none is there.

        All of them as they are, if the schema looks at more than that.
        """
        if not self._looks_at_little:
            return {"query": dict(query), "body": dict(body)}
        names = self._names
        if names.isdisjoint(body) and names.isdisjoint(query):
            return None
        return {"query": self._members(query) if query else {}, "body": self._members(body)}

    def _members(self, value: Mapping[str, Json]) -> dict[str, Json]:
        """The members that are mentioned, each by a value that the schema judges alike."""
        found: dict[str, Json] = {}
        for name in self._names:
            if name in value:
                member = value[name]
                if type(member) is dict:
                    member = self._members(member)
                elif type(member) is str:
                    member = member if member in self._words else self._alike
                elif type(member) is list:
                    member = []
                found[name] = member
        return found


def _words(value: Json) -> set[str]:
    """Every text in a schema, be it a key or a value."""
    if isinstance(value, dict):
        return set(value).union(*map(_words, value.values()))
    if isinstance(value, list):
        return set().union(*map(_words, value))
    return {value} if isinstance(value, str) else set()


def _names(schema: Json) -> set[str]:
    """The names of members in a schema that looks at little."""
    if not isinstance(schema, dict):
        return set()
    below = [each for keyword, value in schema.items() if keyword in _LOOK_AT_LITTLE for each in _schemas(keyword, value)]
    return {*schema.get("properties", ()), *schema.get("required", ())}.union(*map(_names, below))


def looks_at_little(schema: Json) -> bool:
    """Whether types, names and stated values decide, and none of these values is an object or a list."""
    if isinstance(schema, bool):
        return True
    return all(keyword in _LOOK_AT_LITTLE and _is_little(keyword, value) for keyword, value in schema.items())


def _is_little(keyword: str, value: Json) -> bool:
    if keyword in ("const", "enum"):
        return not any(isinstance(each, dict | list) for each in (value if keyword == "enum" else [value]))
    return all(map(looks_at_little, _schemas(keyword, value)))


def _schemas(keyword: str, value: Json) -> list[Schema]:
    """The schemas in a keyword."""
    if keyword in _STATE_VALUES:
        return []
    if keyword == "properties":
        return list(value.values())
    return value if isinstance(value, list) else [value]
