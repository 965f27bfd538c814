"""The oracle: which rules a body, a query or a response violates, by an independent validator (jsonschema-rs).

The schema is instrumented first, so that each error leads to its rule. A rule of several keywords
(`x-rule`, `if`, a number format) becomes one keyword, `x-broken`, that fails with the rule's name.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

import jsonschema_rs

from openapi.json_types import Json, Path, Schema, down
from openapi.schema.branches import Branch, Choice, Choices
from openapi.schema.cache import Cache, serialized
from openapi.schema.extensions import KEYWORDS
from openapi.schema.member_validators import MemberValidators, apart
from openapi.schema.nodes import Node, tree
from openapi.schema.normal_form import nullable_rest

_INT_RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
# Whoever builds a body asks for the same values again and again.
_MOST_SEEN, _LONGEST_SEEN = 4096, 2048  # values, bytes of one
_CONDITIONAL = ("if", "then", "else")
# Rules of several keywords, or reported by errors inside them, by the keyword that names them.
_WHOLE = {
    "dependentSchemas": ("dependentSchemas",),
    "contains": ("contains", "minContains", "maxContains"),
    "patternProperties": ("patternProperties",),
    "prefixItems": ("prefixItems",),
}
_COMPOSITE_KINDS = (
    jsonschema_rs.ValidationErrorKind.Custom,
    jsonschema_rs.ValidationErrorKind.OneOfMultipleValid,
    jsonschema_rs.ValidationErrorKind.OneOfNotValid,
    jsonschema_rs.ValidationErrorKind.AnyOf,
    jsonschema_rs.ValidationErrorKind.Not,
)
_UNFITTING = (jsonschema_rs.ValidationErrorKind.OneOfNotValid, jsonschema_rs.ValidationErrorKind.AnyOf)
_ABOUT_MEMBERS = frozenset({"additionalProperties", "propertyNames"})
# RFC 3339, section 5.6; RFC 4122, section 3. Validators differ in what else they let pass.
_DATE_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


def _is_date_time(text: str) -> bool:
    """Return whether the string is a calendar date and a time of day; a 60th second is a leap second."""
    found = _DATE_TIME.fullmatch(text)
    try:
        # The year 0 is one of RFC 3339, though not of Python: it has the days of 2000.
        return found is not None and bool(datetime.date.fromisoformat(found[1].replace("0000-", "2000-", 1)))
    except ValueError:
        return False


FORMATS: dict[str, Callable[[str], bool]] = {
    "date-time": _is_date_time,
    "uuid": lambda text: _UUID.fullmatch(text) is not None,
}


class _Violated:
    """The keyword `x-broken: NAME`: it always fails, with NAME."""

    def __init__(self, _parent: Schema, value: str, _path: list[str | int]) -> None:
        self.name = value

    def validate(self, _instance: Json) -> None:
        raise ValueError(self.name)


class Oracle:
    """A validator of values against one schema; `prefix` starts its rule ids (`body`, `response`, `query.x`).

    `root` is the schema's tree, if the caller has it.
    """

    def __init__(self, schema: Schema, prefix: str, root: Node | None = None) -> None:
        self.schema, self.prefix, self._known = schema, prefix, root
        self._of_branches: dict[tuple[str, str], Oracle] = {}
        self._seen: Cache[dict[str, list[Path]]] = Cache(_MOST_SEEN, _LONGEST_SEEN)
        self._validator = jsonschema_rs.Draft202012Validator(
            instrument(schema),
            validate_formats=True,
            formats=FORMATS,
            keywords={"x-broken": _Violated, **KEYWORDS},
            mask="",  # no error has to be put into words, which takes longer the larger the value is
        )

    @cached_property
    def root(self) -> Node:
        """Return the schema as a tree."""
        return self._known or tree(self.schema)

    @cached_property
    def parts(self) -> MemberValidators | None:
        """Return the schema split into member validators, None if it cannot be split."""
        return apart(self.schema, lambda schema: Oracle(schema, "").is_valid)

    def is_valid(self, value: Json) -> bool:
        """Return whether no rule is violated. Quicker than :meth:`violated`."""
        return self._validator.is_valid(value)

    def violated(self, value: Json) -> dict[str, list[Path]]:
        """Return the id of each violated rule with the paths of its violations; the result is cached: do not change it."""
        text = serialized(value, _LONGEST_SEEN)
        found = self._seen.get(text) if text is not None else None
        if found is None:
            found = self._violated(value)
            if text is not None:
                self._seen.keep(text, found)
        return found

    def _violated(self, value: Json) -> dict[str, list[Path]]:
        found: dict[str, list[Path]] = {}
        errors = [(path_of(error, value), error) for error in self._validator.iter_errors(value)]
        malformed = [path for path, error in errors if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Type)]
        for path, error in errors:
            # A rule about several members may be violated since one has an invalid type: that is not worth a report. Nor is a
            # rule about the members of a thing that should have none.
            if _spans(error) and any(each[: len(path)] == path for each in malformed):
                continue
            if any(each != path and path[: len(each)] == each for each in malformed):
                continue
            for rule, at in self._rules_of(error, path, value):
                found.setdefault(rule, []).append(at)
        return found

    def _rules_of(self, error: jsonschema_rs.ValidationError, path: Path, value: Json) -> Iterator[tuple[str, Path]]:
        """Yield the rules that an error is about: those of the branch that the value means, else the one of the keyword."""
        where, keyword = self._rule_of(error, path)
        here = down(value, path)
        meant = self._choices.meant(where, keyword, here) if self._choices and isinstance(error.kind, _UNFITTING) else None
        inner = self._branch(*meant).violated(here) if meant else {}
        yield from ((self._of_all(where, rule), (*path, *inside)) for rule, found in inner.items() for inside in found)
        if not inner:
            yield rule_id(self.prefix, where, keyword), path

    @cached_property
    def _choices(self) -> Choices | None:
        # Those inside a branch have no rules of their own, nor have those of queries.
        return Choices(self.root) if self.prefix in ("body", "response") else None

    def _branch(self, choice: Choice, branch: Branch) -> Oracle:
        key = (choice.place, choice.name(branch))
        if key not in self._of_branches:
            schema = {"$defs": self.schema.get("$defs", {}), "allOf": [branch.schema]}
            self._of_branches[key] = Oracle(schema, rule_id(self.prefix, choice.place, choice.name(branch)))
        return self._of_branches[key]

    def _of_all(self, where: str, rule: str) -> str:
        """Return the rule of a branch; where it holds in every branch, as it is called outside."""
        front = rule_id(self.prefix, where, "")
        outside = rule_id(front, rule.removeprefix(f"{front}.").partition(".")[2], "")
        return outside if outside in self._own else rule

    @cached_property
    def _own(self) -> frozenset[str]:
        return rules_at(self.root, self.prefix)

    def _rule_of(self, error: jsonschema_rs.ValidationError, path: Path) -> tuple[str, str]:
        keyword, kind, place = str(error.schema_path[-1]), error.kind, self.place(path)
        if isinstance(kind, jsonschema_rs.ValidationErrorKind.Required) and keyword == "required":
            return rule_id(place, kind.property, ""), keyword
        if isinstance(kind, jsonschema_rs.ValidationErrorKind.Custom):
            return place, _own_name(kind)
        if isinstance(kind, jsonschema_rs.ValidationErrorKind.PropertyNames):
            return place, "propertyNames"
        if isinstance(kind, jsonschema_rs.ValidationErrorKind.FalseSchema) and keyword not in _ABOUT_MEMBERS:
            return place, "not"  # as the tree reads a schema that nothing satisfies
        return place, keyword

    def place(self, path: Path) -> str:
        """Return a concrete path as a place: indexes and map keys become `*`."""
        node: Node | None = self.root
        steps = []
        for step in path:
            known = node is not None and isinstance(step, str) and step in node.properties
            named = node is not None and node.is_object and node.each is None
            steps.append(str(step) if known or named else "*")
            if node is not None:
                node = node.properties[str(step)] if known else node.each
        return ".".join(steps)


def rule_id(prefix: str, place: str, keyword: str) -> str:
    """Return the id of the rule about a keyword at a place: `body.count.maximum`."""
    return ".".join(part for part in (prefix, place, keyword) if part)


def rules_at(root: Node, prefix: str) -> frozenset[str]:
    """Return the ids of the rules that the keywords of a tree state."""
    return frozenset(
        rule_id(prefix, place, keyword)
        for node in root.walk()
        for place, keyword in (
            *((node.path, each.keyword) for each in (*node.constraints, *node.named)),
            *((rule_id(node.path, name, ""), "required") for name in node.required),
        )
    )


def _spans(error: jsonschema_rs.ValidationError) -> bool:
    return isinstance(error.kind, _COMPOSITE_KINDS) and getattr(error.kind, "message", "") != "format"


def _own_name(kind: Json) -> str:
    return str(kind.message) if kind.keyword == "x-broken" else str(kind.keyword)


def instrument(schema: Json) -> Json:
    """Return the schema with every rule of several keywords as one `x-broken`."""
    if isinstance(schema, list):
        return [instrument(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "x-rule" in schema:
        return _violated_unless({k: v for k, v in schema.items() if not k.startswith("x-")}, schema["x-rule"])
    plain = {key: _member(key, value) for key, value in schema.items() if key != "x-rules"}
    extra = [*_number_format(plain), *_condition(plain, schema), *_closed_items(plain, schema), *_wholes(plain, schema)]
    return {**plain, "allOf": [*plain.get("allOf", []), *extra]} if extra else plain


# Each of these takes keywords out of `plain` and yields the one rule that they are together.


def _condition(plain: dict[str, Json], schema: Schema) -> Iterator[dict[str, Json]]:
    if "if" in plain and nullable_rest(schema) is None:
        yield _violated_unless({key: plain.pop(key) for key in _CONDITIONAL if key in plain}, "if")


def _closed_items(plain: dict[str, Json], schema: Schema) -> Iterator[dict[str, Json]]:
    if plain.get("items") is False:
        yield _violated_unless({"items": plain.pop("items"), **_neighbours(schema, "prefixItems")}, "items")


def _wholes(plain: dict[str, Json], schema: Schema) -> Iterator[dict[str, Json]]:
    for name, keywords in _WHOLE.items():
        if name in plain:
            yield _violated_unless({key: plain.pop(key) for key in keywords if key in plain}, name)
            plain |= _neighbours(schema, name)


def _neighbours(schema: Schema, keyword: str) -> dict[str, Json]:
    """Return a keyword that decides what the ones beside it are about, without constraints of its own."""
    if keyword == "patternProperties":
        return {keyword: dict.fromkeys(schema[keyword], True)}
    return {keyword: [True] * len(schema[keyword])} if keyword == "prefixItems" and keyword in schema else {}


def _member(key: str, value: Json) -> Json:
    if key in _MAPS and isinstance(value, dict):
        return {name: instrument(each) for name, each in value.items()}
    # What is inside `not`, `oneOf` and their like is one rule at its own place, reported by the keyword itself.
    return instrument(value) if key in _APPLICATORS else value


_MAPS = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas"})
_APPLICATORS = frozenset(
    {"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "items", "prefixItems", "contains"}
    | {"additionalProperties", "propertyNames", "unevaluatedProperties", "unevaluatedItems"}
)


def _violated_unless(schema: Schema, name: str) -> dict[str, Json]:
    return {"if": schema, "else": {"x-broken": name}}


def _number_format(schema: Mapping[str, Json]) -> list[dict[str, Json]]:
    bounds = _INT_RANGES.get(schema.get("format", ""))
    if bounds is None:
        return []
    return [_violated_unless({"minimum": bounds[0], "maximum": bounds[1]}, "format")]


def is_finite(value: Json) -> bool:
    """Return whether every number in the value can be written as JSON."""
    if isinstance(value, dict):
        return all(map(is_finite, value.values()))
    if isinstance(value, list):
        return all(map(is_finite, value))
    return not isinstance(value, float) or math.isfinite(value)


def path_of(error: jsonschema_rs.ValidationError, value: Json) -> Path:
    """Return the path in `value` that an error is about.

    The validator reports a key such as `007` as the number 7, and leaves out empty keys.
    """
    steps = tuple(error.instance_path)
    found = list(_leading(value, steps))
    if len(found) < 2:
        return found[0] if found else steps
    return next((path for path in found if down(value, path) == error.instance), found[0])


def _leading(value: Json, steps: Path) -> Iterator[Path]:
    """Yield the paths in a value that these steps may stand for."""
    if not steps:
        yield ()
    if isinstance(value, dict):
        for key in _keys(value, steps[0]) if steps else ():
            yield from ((key, *rest) for rest in _leading(value[key], steps[1:]))
        if "" in value:
            yield from (("", *rest) for rest in _leading(value[""], steps))
    elif isinstance(value, list) and steps and isinstance(steps[0], int):
        yield from ((steps[0], *rest) for rest in _leading(value[steps[0]], steps[1:]))


def _keys(value: dict[str, Json], step: str | int) -> list[str]:
    if isinstance(step, str):
        return [step] if step in value else []
    return [key for key in value if key.isascii() and key.isdecimal() and int(key) == step]
