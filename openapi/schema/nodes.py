"""A schema as a tree of nodes, one per place of a body, with references and `allOf` merged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from openapi.json_types import Json, Path, Schema, pointer, unescape
from openapi.schema.normal_form import nullable_rest

EACH = "*"  # in a place: any element of an array, any value of a map
_AGAIN = 1  # how often definitions are entered again on the way to a place, for recursive schemas


@dataclass(frozen=True, eq=False)
class Node:
    """All constraints of the value at `place`, a tuple of property names and `EACH`; `demanded` if it is required.

    `parts` are the `stated` schemas with all that these refer to and combine by `allOf`.
    """

    root: Schema
    place: tuple[str, ...]
    parts: tuple[Part, ...]
    nullable: bool
    entered: tuple[str, ...] = ()
    demanded: bool = False
    stated: tuple[Part, ...] = ()

    @cached_property
    def path(self) -> str:
        """Return the place as a string: `items.*.name`."""
        return ".".join(self.place)

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """Return every keyword of every part, without the applicators that the tree itself represents."""
        return tuple(
            part.constraint(keyword, value)
            for part in self.parts
            for keyword, value in part.schema.items()
            if (keyword not in _TREE or (keyword == "items" and value is False))
            and not (keyword in ("if", "else") and nullable_rest(part.schema) is not None)
        )

    @cached_property
    def named(self) -> tuple[Constraint, ...]:
        """Return the members of `allOf` that are a rule of their own; the keyword is their `x-rule`."""
        return tuple(
            part.constraint(slug, member, "allOf", index, about=member.get("x-rules", {}).get(slug, {}))
            for part in self.parts
            for index, member in enumerate(part.schema.get("allOf", ()))
            if isinstance(member, dict) and (slug := member.get("x-rule"))
        )

    def get(self, keyword: str, default: Json = None) -> Json:
        """Return the value of a keyword in the first part that has it."""
        return self._keywords.get(keyword, default)

    @cached_property
    def _keywords(self) -> dict[str, Json]:
        return {keyword: value for part in reversed(self.parts) for keyword, value in part.schema.items()}

    @cached_property
    def types(self) -> frozenset[str]:
        """Return the JSON types that are admitted, without null; all of them if none is stated."""
        stated = [part.schema["type"] for part in self.parts if "type" in part.schema]
        if not stated:
            return self._types_of_values()
        admitted = frozenset(_ALL_TYPES)
        for each in stated:
            kinds = frozenset([each] if isinstance(each, str) else each)
            admitted &= kinds | {"integer"} if "number" in kinds else kinds
        return admitted - {"integer"} if "number" in admitted else admitted

    def _types_of_values(self) -> frozenset[str]:
        if any("properties" in part.schema for part in self.parts):
            return frozenset({"object"})
        values = self.get("enum") or ([self.get("const")] if self.get("const") is not None else [])
        kinds = frozenset(type_of(value) for value in values if value is not None)
        keywords = {keyword for part in self.parts for keyword in part.schema}
        meant = frozenset(kind for kind, about in _ABOUT.items() if about & keywords)
        return kinds or meant or frozenset(_ALL_TYPES)

    @cached_property
    def admits_null(self) -> bool:
        """Return whether null is valid here."""
        stated = [part.schema["type"] for part in self.parts if "type" in part.schema]
        if any("null" not in ([each] if isinstance(each, str) else each) for each in stated):
            return self.nullable
        return bool(stated) or self.nullable or self.is_free

    @cached_property
    def is_free(self) -> bool:
        """Return whether any JSON value is valid."""
        return not any(key in _CONSTRAINING for part in self.parts for key in part.schema)

    @cached_property
    def required(self) -> frozenset[str]:
        """Return the required properties."""
        return frozenset(name for part in self.parts for name in part.schema.get("required", ()))

    @cached_property
    def properties(self) -> dict[str, Node]:
        """Return the node of each named property, in document order."""
        found: dict[str, list[Part]] = {}
        for part in self.parts:
            for name, schema in part.schema.get("properties", {}).items():
                found.setdefault(name, []).append(part.below(schema, "properties", name))
        for part in self.parts if found else ():
            # In this part alone the names that other parts describe are additional.
            others = part.schema.get("additionalProperties")
            if isinstance(others, dict) and not part.schema.get("patternProperties"):
                for name in found.keys() - part.schema.get("properties", {}).keys():
                    found[name].append(part.below(others, "additionalProperties"))
        children = {name: self._child(name, parts) for name, parts in found.items()}
        return {name: child for name, child in children.items() if child is not None}

    @cached_property
    def each(self) -> Node | None:
        """Return the node of an array's items or a map's values; None where neither is described."""
        parts = [
            part.below(part.schema[keyword], keyword)
            for part in self.parts
            for keyword, kind in (("items", "array"), ("additionalProperties", "object"))
            # Of items and members that must not be there, the keyword speaks itself.
            if isinstance(part.schema.get(keyword), dict) and self._may_be(kind)
        ]
        return self._child(EACH, parts) if parts else None

    def _may_be(self, kind: str) -> bool:
        """Return whether no stated type excludes this one."""
        stated = [part.schema["type"] for part in self.parts if "type" in part.schema]
        return all(kind in ([each] if isinstance(each, str) else each) for each in stated)

    @cached_property
    def is_map(self) -> bool:
        """Return whether this is an object with free keys and described values."""
        return "object" in self.types and not self.properties and self.each is not None

    @cached_property
    def is_array(self) -> bool:
        """Return whether this is an array and nothing else."""
        return self.types == {"array"}

    @cached_property
    def is_object(self) -> bool:
        """Return whether this is an object with described properties and nothing else."""
        return self.types == {"object"} and bool(self.properties)

    @cached_property
    def is_empty_object(self) -> bool:
        """Return whether this is a named type without members or free keys: `{}` is its one certain value."""
        named = self.entered[-1:] and any("$ref" in part.schema for part in self.parts)
        stated = any("additionalProperties" in part.schema for part in self.parts)
        return bool(named) and self.types == {"object"} and not self.properties and not stated

    @cached_property
    def names_every_member(self) -> bool:
        """Return whether this is an object that knows no members but its `properties`: nothing else speaks of any."""
        is_described = bool(self.properties) or self.is_empty_object
        return is_described and not any(_speaks_of_others(part.schema) for part in self.parts)

    @cached_property
    def is_open(self) -> bool:
        """Return whether this is an object with any content and nothing else."""
        return self.types == {"object"} and not self.properties and self.each is None and not self.is_empty_object

    def _child(self, name: str, parts: list[Part]) -> Node | None:
        return _node(self.root, (*self.place, name), parts, self.entered, demanded=name in self.required)

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it, in document order."""
        yield self
        for child in self.properties.values():
            yield from child.walk()
        if self.each is not None:
            yield from self.each.walk()

    def at(self, path: Path) -> Node | None:
        """Return the node for a concrete path into a body (keys and indexes); None below what is described."""
        node: Node | None = self
        for step in path:
            if node is None:
                return None
            node = node.properties.get(step) or node.each if isinstance(step, str) else node.each
        return node


_TREE = {"$ref", "allOf", "properties", "items", "$defs", "required", "x-rules", "x-rule", "x-origin"}
_ALL_TYPES = ("string", "number", "integer", "boolean", "object", "array")
# Keywords that only arrays or only objects can violate.
_ABOUT = {
    "array": frozenset("items prefixItems contains minItems maxItems uniqueItems unevaluatedItems".split()),
    "object": frozenset(
        (
            "properties required patternProperties additionalProperties propertyNames minProperties maxProperties "
            "unevaluatedProperties dependentRequired dependentSchemas"
        ).split()
    ),
}
# Keywords that speak of members by other names than those in `properties`, or of whole values.
_OF_OTHER_MEMBERS = frozenset(
    "additionalProperties unevaluatedProperties patternProperties propertyNames dependentSchemas if enum const".split()
)
_CONSTRAINING = frozenset(
    (
        "type enum const oneOf anyOf not if minimum maximum exclusiveMinimum exclusiveMaximum multipleOf pattern "
        "format minLength maxLength items prefixItems contains minItems maxItems uniqueItems unevaluatedItems "
        "properties required patternProperties additionalProperties propertyNames minProperties maxProperties "
        "unevaluatedProperties dependentRequired dependentSchemas dependencies"
    ).split()
)


def _speaks_of_others(schema: Schema) -> bool:
    """Return whether a schema may describe members outside its `properties`; branches that only demand some do not."""
    branches = [*schema.get("oneOf", ()), *schema.get("anyOf", ())]
    describing = [each for each in branches if isinstance(each, dict) and each.keys() - {"required", "title", "description"}]
    return bool(describing) or not _OF_OTHER_MEMBERS.isdisjoint(schema)


def type_of(value: Json) -> str:
    """Return the JSON type of a value; a whole number is an integer."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, float) and value.is_integer():
        return "integer"
    return _NAMES[type(value)]


_NAMES = {str: "string", int: "integer", float: "number", dict: "object", list: "array", type(None): "null"}


def tree(schema: Schema) -> Node:
    """Return the tree of a self-contained schema in normal form. ValueError where it admits nothing at all."""
    node = _node(schema, (), [Part(schema, "", schema.get("x-origin", ""))], ())
    if node is None:
        raise ValueError("the schema has no value")
    return node


def subtree(root: Schema, part: Part) -> Node | None:
    """Return the tree of a schema inside a root as if it stood alone; None for a recursive one without end."""
    return _node(root, (), [part], ())


def _node(
    root: Schema, place: tuple[str, ...], parts: list[Part], entered: tuple[str, ...], *, demanded: bool = False
) -> Node | None:
    """Return the node that these parts make; None where a recursive schema was entered often enough."""
    found: list[Part] = []
    names: list[str] = []
    nullable = False
    waiting = list(parts)
    while waiting:
        part = waiting.pop(0)
        found.append(part)
        if (rest := nullable_rest(part.schema)) is not None:
            nullable = True
            waiting.append(part.below(rest, "else"))
        waiting += _conjuncts(part)
        if "$ref" in part.schema:
            name = unescape(part.schema["$ref"].removeprefix("#/$defs/"))
            names.append(name)
            waiting.append(Part({}, "", "").below(root["$defs"][name], "$defs", name))
    entered = (*entered, *names)
    if len(entered) - len(set(entered)) > _AGAIN:
        return None
    return Node(root, place, tuple(found), nullable, entered, demanded, tuple(parts))


def _conjuncts(part: Part) -> list[Part]:
    return [
        part.below(member, "allOf", index)
        for index, member in enumerate(part.schema.get("allOf", ()))
        if not (isinstance(member, dict) and "x-rule" in member)
    ]


@dataclass(frozen=True, slots=True)
class Part:
    """A schema that applies at a place; `pointer` is its place in the normal form (`/$defs/X/properties/y`).

    `origin` is its place in the description: a pointer there, or an equal one in the normal form.
    """

    schema: Schema
    pointer: str
    origin: str

    def below(self, schema: Json, *steps: str | int) -> Part:
        """Return a schema inside this one."""
        down = pointer(*steps)
        if isinstance(schema, bool):
            schema = {} if schema else {"not": {}}
        return Part(schema, self.pointer + down, schema.get("x-origin", self.origin + down))

    def constraint(self, keyword: str, value: Json, *steps: str | int, about: Mapping[str, Json] | None = None) -> Constraint:
        """Return the constraint of a keyword; `steps` lead to it where it is no direct member."""
        stated = self.schema.get("x-rules", {}).get(keyword, {}) if about is None else about
        down = pointer(*(steps or (keyword,)))
        return Constraint(keyword, value, self.pointer + down, stated, self.origin + down)


@dataclass(frozen=True, slots=True)
class Constraint:
    """One keyword at one place. `about` is its entry in `x-rules`: quote, basis, level, source."""

    keyword: str
    value: Json
    pointer: str
    about: Mapping[str, Json]
    origin: str = ""
