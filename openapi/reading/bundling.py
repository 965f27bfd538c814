"""Bundle a schema with all that it refers to, local or remote, as one self-contained JSON Schema."""

from __future__ import annotations

import graphlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from openapi.errors import ContractError, InvalidReference
from openapi.json_types import Json, escape, resolve, unescape
from openapi.reading.description_schema import LISTS, MAPS, SINGLE, check_schema
from openapi.reading.dialects import NULL, Dialect, dialect_of, is_null, nullable_rest, unwrap_null
from openapi.reading.documents import Document, join, read
from openapi.reading.references import needed

# What names a schema or holds others to be referred to: without meaning once everything is in one place.
_DROPPED = frozenset(
    [
        "$id",
        "$schema",
        "$anchor",
        "$dynamicAnchor",
        "$recursiveAnchor",
        "$vocabulary",
        "$defs",
        "definitions",
    ]
)


@dataclass
class Bundler:
    """The definitions collected so far; `defs` and `origins` are keyed by the name in `$defs`."""

    home: Document
    documents: dict[str, Document] = field(default_factory=dict)
    defs: dict[str, Json] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    _names: dict[tuple[str, str], str] = field(default_factory=dict)
    _waiting: list[tuple[str, Json, Document, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.documents[self.home.uri] = self.home

    def bundle(self, schema: Json, document: Document, place: str) -> dict[str, Json]:
        """Return the schema in normal form with references as `#/$defs/NAME`; `x-origin` is its place in the document."""
        bundled = self._bundle(schema, document, place)
        while self._waiting:
            name, *definition = self._waiting.pop()
            self.defs[name] = self._bundle(*definition)
        plain = bundled if isinstance(bundled, dict) else {} if bundled else {"not": {}}
        return {**plain, "x-origin": f"{document.name}#{place}"}

    def closed(self, schema: Json) -> dict[str, Json]:
        """Return the bundled schema with every definition that it needs, directly or not."""
        definitions = needed(schema, self.defs)
        return {**schema, "$defs": definitions} if definitions else dict(schema)

    def _bundle(self, schema: Json, document: Document, place: str) -> Json:
        if isinstance(schema, bool) or schema == NULL:
            return schema
        if not isinstance(schema, dict):
            raise InvalidReference(document.name, f"#{place}", f"a schema is an object, not {type(schema).__name__}")
        origin = schema.get("x-origin")
        place = origin.removeprefix(f"{document.name}#") if isinstance(origin, str) else place
        plain = self._normal(schema, document, place)
        return {key: self._member(key, value, document, f"{place}/{escape(key)}") for key, value in plain.items()}

    def _normal(self, schema: dict[str, Json], document: Document, place: str) -> dict[str, Json]:
        """Return the schema in normal form, its parts unchanged; a part that moves gets its place as `x-origin`."""
        dialect = self._dialect(document)
        check_schema({k: v for k, v in schema.items() if not dialect.own(k, v)}, document.name, place)
        plain = dialect.normal({key: value for key, value in schema.items() if key not in _DROPPED})
        plain = unwrap_null(self._inline_nulls(plain, document, place))
        if nullable_rest(plain) is not None and "if" not in schema:
            plain["else"] = {**plain["else"], "x-origin": f"{document.name}#{place}"}
        return plain

    def follow(self, reference: str, document: Document, place: str) -> tuple[Json, Document, str]:
        """Return the target of a `$ref`: value, document, pointer there. InvalidReference without a target."""
        try:
            uri, fragment = join(document.uri, reference)
            target = self._document(uri)
            return resolve(target.root, fragment), target, fragment
        except ContractError as error:
            raise InvalidReference(document.name, f"#{place}", f"$ref {reference!r}: {error}") from error
        except (LookupError, ValueError) as error:
            hint = self._hint(reference)
            raise InvalidReference(document.name, f"#{place}", f"$ref {reference!r} leads nowhere{hint}") from error

    def deref(self, value: Json, document: Document, place: str) -> tuple[Json, Document, str]:
        """Return `value`, or the end of its chain of references. InvalidReference on a cycle."""
        seen: list[str] = []
        while isinstance(value, dict) and isinstance(value.get("$ref"), str):
            reference = value["$ref"]
            if f"{document.uri}{place}" in seen:
                raise InvalidReference(document.name, f"#{place}", f"$ref {reference!r} refers to itself")
            seen.append(f"{document.uri}{place}")
            value, document, place = self.follow(reference, document, place)
        return value, document, place

    def _inline_nulls(self, schema: dict[str, Json], document: Document, place: str) -> dict[str, Json]:
        """Replace branches that refer to a schema of null alone by that schema, so that "null, or REST" is recognized."""
        inlined = {}
        for keyword in ("anyOf", "oneOf"):
            branches = schema.get(keyword, [])
            nulls = [is_null(self.deref(branch, document, place)[0]) for branch in branches]
            if any(nulls):
                origin = f"{document.name}#{place}/{keyword}"
                inlined[keyword] = [
                    NULL if null else {**branch, "x-origin": f"{origin}/{index}"} if isinstance(branch, dict) else branch
                    for index, (branch, null) in enumerate(zip(branches, nulls, strict=True))
                ]
        return {**schema, **inlined}

    def _dialect(self, document: Document) -> Dialect:
        # A file that holds only schemas speaks the dialect of the description that refers to it.
        return dialect_of(document.root if "openapi" in document.root else self.home.root, document.name)

    def _document(self, uri: str) -> Document:
        if uri not in self.documents:
            self.documents[uri] = read(uri)
        return self.documents[uri]

    def _hint(self, reference: str) -> str:
        fragment = reference.partition("#")[2]
        if fragment and not fragment.startswith("/"):
            return "; only JSON Pointers are followed, such as `#/components/schemas/X`"
        last = reference.rsplit("/", 1)[-1].lower()
        schemas = self.home.root.get("components", {}).get("schemas", {})
        near = [name for name in schemas if name.lower() == last or name.lower().endswith("." + last)]
        return f"; did you mean {near[0]!r}?" if near else ""

    def _member(self, key: str, value: Json, document: Document, place: str) -> Json:
        return _MEMBERS.get(key, _as_it_is)(self, value, document, place)

    def _ref(self, value: Json, document: Document, place: str) -> Json:
        if not isinstance(value, str):
            raise InvalidReference(document.name, f"#{place}", "a $ref is a text")
        target, home, where = self.follow(value, document, place)
        key = (home.uri, where)
        if key not in self._names:
            name = self._names[key] = self._free_name(where)
            self.origins[name] = f"{home.name}#{where}"
            self._waiting.append((name, target, home, where))  # now would be too deep for a long chain of references
        return f"#/$defs/{escape(self._names[key])}"

    def _free_name(self, where: str) -> str:
        # Other characters would have to be escaped in a URI, and every reader of `$ref` would have to know.
        wish = re.sub(r"[^A-Za-z0-9._~/-]", "_", unescape(where.rsplit("/", 1)[-1])) or "root"
        name, count = wish, 1
        while name in self.origins:
            count += 1
            name = f"{wish}-{count}"
        return name

    def _single(self, value: Json, document: Document, place: str) -> Json:
        return self._bundle(value, document, place)

    def _array(self, value: Json, document: Document, place: str) -> Json:
        return [self._bundle(each, document, f"{place}/{index}") for index, each in enumerate(value)]

    def _map(self, value: Json, document: Document, place: str) -> Json:
        return {
            # In `dependencies` a list of names may stand for a schema.
            name: each if isinstance(each, list) else self._bundle(each, document, f"{place}/{escape(name)}")
            for name, each in value.items()
        }

    def _dynamic(self, value: Json, document: Document, place: str) -> Json:
        raise InvalidReference(document.name, f"#{place}", f"the dynamic reference {value!r} is not followed; use $ref")


def _as_it_is(_bundler: Bundler, value: Json, _document: Document, _place: str) -> Json:
    return value


_MEMBERS: dict[str, Callable[[Bundler, Json, Document, str], Json]] = {
    "$ref": Bundler._ref,
    **dict.fromkeys(("$dynamicRef", "$recursiveRef"), Bundler._dynamic),
    **dict.fromkeys(SINGLE, Bundler._single),
    **dict.fromkeys(LISTS, Bundler._array),
    **dict.fromkeys(MAPS, Bundler._map),
}


def check_cycles(defs: dict[str, Json], origins: dict[str, str]) -> None:
    """Raise InvalidReference if a definition contains itself through `$ref` and `allOf` alone: no value satisfies it."""
    try:
        graphlib.TopologicalSorter({name: _same_value(schema) for name, schema in defs.items()}).prepare()
    except graphlib.CycleError as error:
        cycle = error.args[1][::-1]  # each of them refers to the next
        document, _, place = origins[cycle[0]].rpartition("#")
        problem = f"the schema consists of itself ({' -> '.join(cycle)})"
        raise InvalidReference(document, f"#{place}", problem) from error


def _same_value(schema: Json) -> list[str]:
    """Return the names of the definitions that apply to the very same value as `schema`."""
    if not isinstance(schema, dict):
        return []
    found = [unescape(schema["$ref"].removeprefix("#/$defs/"))] if "$ref" in schema else []
    for part in [*schema.get("allOf", []), nullable_rest(schema)]:
        found += _same_value(part)
    return found
