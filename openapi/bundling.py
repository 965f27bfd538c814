"""Bundling: a schema with all that it refers to, local or remote, as one self-contained JSON Schema."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from openapi.dialects import NULL, Dialect, dialect_of, is_null, nullable_rest, unwrap_null
from openapi.documents import Document, join, read
from openapi.errors import BadReference, ContractError
from openapi.json_types import Json, escape, resolve

# Where schemas stand inside a schema (JSON Schema 2020-12): alone, in a list, in a map.
_SINGLE = (
    "items additionalProperties propertyNames contains not if then else unevaluatedItems unevaluatedProperties".split()
)
_LISTS = "allOf anyOf oneOf prefixItems".split()
_MAPS = "properties patternProperties dependentSchemas".split()


@dataclass
class Bundler:
    """Collects definitions as schemas are bundled. `defs` and `origins` are keyed by the name in `$defs`."""

    home: Document
    documents: dict[str, Document] = field(default_factory=dict)
    defs: dict[str, Json] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.documents[self.home.uri] = self.home

    def bundle(self, schema: Json, document: Document, place: str) -> Json:
        """The schema in normal form, its references turned into `#/$defs/NAME`."""
        if isinstance(schema, bool):
            return schema
        if not isinstance(schema, dict):
            raise BadReference(document.name, f"#{place}", f"a schema is an object, not {type(schema).__name__}")
        plain = unwrap_null(self._inline_nulls(self._dialect(document)(schema), document, place))
        return {key: self._member(key, value, document, f"{place}/{escape(key)}") for key, value in plain.items()}

    def follow(self, reference: str, document: Document, place: str) -> tuple[Json, Document, str]:
        """What a `$ref` leads to: the value, its document, its pointer there. BadReference if nothing."""
        uri, fragment = join(document.uri, reference)
        try:
            target = self._document(uri)
            return resolve(target.root, fragment), target, fragment
        except ContractError as error:
            raise BadReference(document.name, f"#{place}", f"$ref {reference!r}: {error}") from error
        except (LookupError, ValueError) as error:
            hint = self._hint(reference)
            raise BadReference(document.name, f"#{place}", f"$ref {reference!r} leads nowhere{hint}") from error

    def deref(self, value: Json, document: Document, place: str) -> tuple[Json, Document, str]:
        """`value`, or what it refers to, as often as that is a reference again. BadReference on a cycle."""
        seen: list[str] = []
        while isinstance(value, dict) and isinstance(value.get("$ref"), str):
            reference = value["$ref"]
            if f"{document.uri}{place}" in seen:
                raise BadReference(document.name, f"#{place}", f"$ref {reference!r} refers to itself")
            seen.append(f"{document.uri}{place}")
            value, document, place = self.follow(reference, document, place)
        return value, document, place

    def _inline_nulls(self, schema: dict[str, Json], document: Document, place: str) -> dict[str, Json]:
        """Branches that refer to a schema of null alone, as that schema, so that "null, or REST" is recognised."""
        inlined = {}
        for keyword in ("anyOf", "oneOf"):
            branches = schema.get(keyword)
            if isinstance(branches, list):
                targets = [self.deref(branch, document, place)[0] for branch in branches]
                inlined[keyword] = [NULL if is_null(t) else b for t, b in zip(targets, branches, strict=True)]
        return {**schema, **inlined}

    def _dialect(self, document: Document) -> Dialect:
        # A file that holds only schemas speaks the dialect of the description that refers to it.
        return dialect_of(document.root if "openapi" in document.root else self.home.root, document.name)

    def _document(self, uri: str) -> Document:
        if uri not in self.documents:
            self.documents[uri] = read(uri)
        return self.documents[uri]

    def _hint(self, reference: str) -> str:
        last = reference.rsplit("/", 1)[-1].lower()
        schemas = self.home.root.get("components", {}).get("schemas", {})
        near = [name for name in schemas if name.lower() == last or name.lower().endswith("." + last)]
        return f"; did you mean {near[0]!r}?" if near else ""

    def _member(self, key: str, value: Json, document: Document, place: str) -> Json:
        return _MEMBERS.get(key, _as_it_is)(self, value, document, place)

    def _ref(self, value: Json, document: Document, place: str) -> Json:
        if not isinstance(value, str):
            raise BadReference(document.name, f"#{place}", "a $ref is a text")
        target, home, where = self.follow(value, document, place)
        key = (home.uri, where)
        if key not in self._names:
            name = self._names[key] = self._free_name(where)
            self.origins[name] = f"{home.name}#{where}"
            self.defs[name] = True  # holds the place while a recursive schema is read
            self.defs[name] = self.bundle(target, home, where)
        return f"#/$defs/{escape(self._names[key])}"

    def _free_name(self, where: str) -> str:
        wish = where.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~") or "root"
        name, count = wish, 1
        while name in self.origins:
            count += 1
            name = f"{wish}-{count}"
        return name

    def _single(self, value: Json, document: Document, place: str) -> Json:
        return self.bundle(value, document, place)

    def _list(self, value: Json, document: Document, place: str) -> Json:
        return [self.bundle(each, document, f"{place}/{index}") for index, each in enumerate(value)]

    def _map(self, value: Json, document: Document, place: str) -> Json:
        return {name: self.bundle(each, document, f"{place}/{escape(name)}") for name, each in value.items()}


def _as_it_is(_bundler: Bundler, value: Json, _document: Document, _place: str) -> Json:
    return value


_MEMBERS: dict[str, Callable[[Bundler, Json, Document, str], Json]] = {
    "$ref": Bundler._ref,
    **dict.fromkeys(_SINGLE, Bundler._single),
    **dict.fromkeys(_LISTS, Bundler._list),
    **dict.fromkeys(_MAPS, Bundler._map),
}


def check_cycles(defs: dict[str, Json], origins: dict[str, str]) -> None:
    """BadReference if a definition is, through `$ref` and `allOf` alone, part of itself: no value can satisfy that."""
    for name in defs:
        _walk_cycle(name, defs, origins, ())


def _walk_cycle(name: str, defs: dict[str, Json], origins: dict[str, str], path: tuple[str, ...]) -> None:
    if name in path:
        document, _, place = origins[name].partition("#")
        chain = " -> ".join((*path[path.index(name) :], name))
        raise BadReference(document, f"#{place}", f"the schema consists of itself ({chain})")
    for target in _same_value(defs[name]):
        _walk_cycle(target, defs, origins, (*path, name))


def _same_value(schema: Json) -> list[str]:
    """Names of the definitions that apply to the very same value as `schema`."""
    if not isinstance(schema, dict):
        return []
    found = [schema["$ref"].removeprefix("#/$defs/").replace("~1", "/").replace("~0", "~")] if "$ref" in schema else []
    for part in [*schema.get("allOf", []), nullable_rest(schema)]:
        found += _same_value(part)
    return found
