"""Bundle a schema with all that it refers to, local or remote, as one self-contained JSON Schema."""

from __future__ import annotations

import graphlib
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from openapi.errors import ContractError, InvalidReference
from openapi.json_types import Json, escape, resolve, unescape
from openapi.reading.description_schema import LISTS, MAPS, SINGLE, check_schema
from openapi.reading.dialects import Dialect, dialect_of, null_or_all_of, unwrap_null
from openapi.reading.discriminators import branches_by_value
from openapi.reading.documents import Document, join, read
from openapi.reading.patterns import is_read, is_wrong
from openapi.reading.resources import Resources
from openapi.schema.definitions import needed
from openapi.schema.normal_form import NULL, is_null, nullable_rest

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


_COUNTS = frozenset("minLength maxLength minItems maxItems minContains maxContains minProperties maxProperties".split())


_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_LONGEST = 2**64  # JSON's readers round larger integers (RFC 8259, 6)


def _is_beyond_readers(bound: Json) -> bool:
    """Return whether readers round a bound, or the next number behind it: integers of more than 64 bits, the largest double."""
    if isinstance(bound, float):
        return math.isinf(math.nextafter(abs(bound), math.inf))
    return type(bound) is int and abs(bound) > _LONGEST


def _count(value: Json) -> Json:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _unread(schema: dict[str, Json], keyword: str) -> str | None:
    """Return the keyword if it holds a pattern that the engine does not read, though it is a regular expression."""
    held = schema.get(keyword, ())
    patterns = [held] if isinstance(held, str) else list(held) if isinstance(held, dict) else []
    return keyword if any(not is_read(each) and not is_wrong(each) for each in patterns) else None


# The dynamic scope: each dynamic anchor that was met on the way, with document and place of the outermost one.
_Scope = tuple[tuple[str, str, str], ...]


@dataclass
class Bundler:
    """The definitions collected so far; `defs` and `origins` are keyed by the name in `$defs`."""

    home: Document
    documents: dict[str, Document] = field(default_factory=dict)
    defs: dict[str, Json] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    resources: Resources = field(default_factory=Resources)
    _names: dict[tuple[str, str, _Scope], str] = field(default_factory=dict)
    _waiting: list[tuple[str, Json, Document, str, _Scope]] = field(default_factory=list)
    _scope: _Scope = ()

    def __post_init__(self) -> None:
        self.documents[self.home.uri] = self.home
        self.resources.add(self.home)

    def bundle(self, schema: Json, document: Document, place: str) -> dict[str, Json]:
        """Return the schema in normal form with references as `#/$defs/NAME`; `x-origin` is its place in the document."""
        self._scope = self._entered((), document, place)
        bundled = self._bundle(schema, document, place)
        while self._waiting:
            name, *definition, self._scope = self._waiting.pop()
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
        outside = self._scope
        self._scope = self._entered(outside, document, place) if "$id" in schema else outside
        found = {key: self._member(key, value, document, f"{place}/{escape(key)}") for key, value in plain.items()}
        self._scope = outside
        if "$dynamicRef" in found:
            followed = {"$ref": found.pop("$dynamicRef")}
            found = {**found, "allOf": [*found.get("allOf", []), followed]} if "$ref" in found else {**found, **followed}
        return found

    def _entered(self, scope: _Scope, document: Document, place: str) -> _Scope:
        """Return the dynamic scope inside a place: the outermost resource that has a dynamic anchor decides it."""
        own = self.resources.dynamic.get(self.resources.base(document, place), {})
        known = {name for name, *_ in scope}
        return (*scope, *((name, found.uri, where) for name, (found, where) in own.items() if name not in known))

    def _normal(self, schema: dict[str, Json], document: Document, place: str) -> dict[str, Json]:
        """Return the schema in normal form, its parts unchanged; a part that moves gets its place as `x-origin`."""
        dialect = self._dialect(document)
        for keyword in dialect.ignored(schema):
            schema = {key: value for key, value in schema.items() if key != keyword}
            self.notes.append(f"{document.name}#{place}/{keyword}: OpenAPI 3.0 ignores it beside $ref, so it has no rule")
        schema = self._readable(schema, document, place)
        check_schema({k: v for k, v in schema.items() if not dialect.own(k, v)}, document.name, place)
        plain = dialect.normal({key: value for key, value in schema.items() if key not in _DROPPED})
        repaired = null_or_all_of(plain, lambda part: self.deref(part, document, place)[0])
        if repaired is not None:
            self.notes.append(f"{document.name}#{place}: `type: null` beside `allOf` is read as null or what `allOf` says")
            plain = repaired
        plain = branches_by_value(plain, f"{document.name}#{place}", lambda branch: self.deref(branch, document, place)[0])
        plain = unwrap_null(self._inline_nulls(plain, document, place))
        if nullable_rest(plain) is not None and "if" not in schema:
            plain["else"] = {**plain["else"], "x-origin": f"{document.name}#{place}"}
        return plain

    def _readable(self, schema: dict[str, Json], document: Document, place: str) -> dict[str, Json]:
        """Return the schema with whole counts as integers and without patterns that have no rule; each is noted."""
        found = {key: _count(value) if key in _COUNTS else value for key, value in schema.items()}
        for keyword in _BOUNDS:
            if _is_beyond_readers(found.get(keyword)):
                del found[keyword]
                self.notes.append(f"{document.name}#{place}/{keyword}: many readers round so large a bound, so it has no rule")
        for keyword in filter(None, (_unread(found, "pattern"), _unread(found, "patternProperties"))):
            # Which members are additional is unknown without the patterns.
            beside = {"additionalProperties", "unevaluatedProperties"} if keyword == "patternProperties" else set()
            found = {key: value for key, value in found.items() if key not in {keyword, *beside}}
            self.notes.append(f"{document.name}#{place}/{keyword}: the engine does not read this pattern, so it has no rule")
        return found

    def follow(self, reference: str, document: Document, place: str) -> tuple[Json, Document, str]:
        """Return the target of a `$ref`: value, document, pointer there. InvalidReference without a target."""
        try:
            uri, fragment = join(self.resources.base(document, place), reference)
            try:
                return self._target(uri, fragment)
            except LookupError:
                if not reference.startswith("#") or uri == document.uri:
                    raise
                return self._target(document.uri, fragment)  # many mean the document, though an `$id` is nearer
        except ContractError as error:
            raise InvalidReference(document.name, f"#{place}", f"$ref {reference!r}: {error}") from error
        except (LookupError, ValueError) as error:
            hint = self._hint(reference)
            raise InvalidReference(document.name, f"#{place}", f"$ref {reference!r} leads nowhere{hint}") from error

    def _target(self, uri: str, fragment: str) -> tuple[Json, Document, str]:
        """Return the value at a fragment of a resource, its document and its pointer there. LookupError without one."""
        if uri not in self.resources.roots:
            self._document(uri)
        document, root = self.resources.roots[uri]
        place = root + fragment
        if fragment and not fragment.startswith("/"):
            document, place = self.resources.anchors[uri, fragment]
        return resolve(document.root, place), document, place

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
        """Return branches with a schema of null alone for references to it, so that "null, or REST" is recognized."""
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
            self.resources.add(self.documents[uri])
        return self.documents[uri]

    def _hint(self, reference: str) -> str:
        fragment = reference.partition("#")[2]
        if fragment and not fragment.startswith("/"):
            return "; there is no such anchor"
        last = reference.rsplit("/", 1)[-1].lower()
        schemas = self.home.root.get("components", {}).get("schemas", {})
        near = [name for name in schemas if name.lower() == last or name.lower().endswith("." + last)]
        return f"; did you mean {near[0]!r}?" if near else ""

    def _member(self, key: str, value: Json, document: Document, place: str) -> Json:
        return _MEMBERS.get(key, _as_it_is)(self, value, document, place)

    def _ref(self, value: Json, document: Document, place: str) -> Json:
        if not isinstance(value, str):
            raise InvalidReference(document.name, f"#{place}", "a $ref is a text")
        return self._definition(*self.follow(value, document, place))

    def _definition(self, target: Json, home: Document, where: str) -> str:
        """Return the reference to a definition of the bundle; one in each dynamic scope that it is entered from."""
        scope = self._entered(self._scope, home, where)
        key = (home.uri, where, scope)
        if key not in self._names:
            name = self._names[key] = self._free_name(where)
            self.origins[name] = f"{home.name}#{where}"
            # Bundled now it would be too deep for a long chain of references.
            self._waiting.append((name, target, home, where, scope))
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
        if not isinstance(value, str) or place.endswith("$recursiveRef"):
            raise InvalidReference(document.name, f"#{place}", f"the reference {value!r} is not followed; use $dynamicRef")
        target, home, where = self.follow(value, document, place)
        anchor = target.get("$dynamicAnchor") if isinstance(target, dict) else None
        if anchor is not None and value.endswith(f"#{anchor}"):
            for name, uri, outer in self._scope:
                if name == anchor:
                    home, where = self.documents[uri], outer
        return self._definition(resolve(home.root, where), home, where)


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
