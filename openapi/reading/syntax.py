"""Parse a document as JSON data: JSON, or YAML 1.2 restricted to the types of JSON."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import NoReturn

import yaml

from openapi.errors import UnreadableDocument
from openapi.json_types import Json, Path, pointer

# Real descriptions nest some 30 levels; more than this is a mistake (or an attack), and the walks below are recursive.
_DEPTH = 100
_VALUES = 2_000_000


class _Loader(yaml.CSafeLoader):
    """The core schema of YAML 1.2: a date, `on`, `yes` and `12:30` are strings, and so is every key, `201` too."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - as in the base class

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Json, Json]:
        """Return the mapping with its keys as strings."""
        _refuse_twice(node)
        self.flatten_mapping(node)
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                key.tag = "tag:yaml.org,2002:str"
        return dict(super().construct_mapping(node, deep))


class _Twice(yaml.YAMLError):
    """A key comes twice in one object; the marks are of the first and the second one."""

    def __init__(self, key: str, first: yaml.Mark, second: yaml.Mark) -> None:
        super().__init__(key)
        self.place = f"lines {first.line + 1} and {second.line + 1}"
        if first.line == second.line:
            self.place = f"line {first.line + 1}, columns {first.column + 1} and {second.column + 1}"
        self.problem = f"the key {key!r} comes twice in one object"


def _refuse_twice(node: yaml.MappingNode) -> None:
    """Raise _Twice if a key is written twice; what `<<` merges in may be overridden."""
    met: dict[str, yaml.Mark] = {}
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
            if key.value in met:
                raise _Twice(key.value, met[key.value], key.start_mark)
            met[key.value] = key.start_mark


# https://yaml.org/spec/1.2.2/#1032-tag-resolution, without infinities, leading zeros and other bases, which JSON has not.
for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
    ("merge", r"<<", ["<"]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first)


def parse(raw: bytes, name: str) -> Json:
    """Return the data of a document, called `name` in messages. UnreadableDocument where it is no JSON data."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = "it is no UTF-8 text, so neither JSON nor YAML"
        raise UnreadableDocument(name, f"byte {error.start}", problem) from error
    try:
        data = _loaded(text)
    except _Twice as error:
        raise UnreadableDocument(name, error.place, error.problem) from error
    except yaml.YAMLError as error:
        raise UnreadableDocument(name, *_what(error)) from error
    except RecursionError as error:
        raise UnreadableDocument(name, "", f"it is nested more than {_DEPTH} levels deep") from error
    except ValueError as error:  # a number of thousands of digits
        raise UnreadableDocument(name, "", str(error)) from error
    _Check(name).weigh(data, ())
    return data


def _loaded(text: str) -> Json:
    if text.lstrip().startswith("{"):
        try:
            return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once)
        except (json.JSONDecodeError, LookupError):
            pass  # YAML's flow style looks like this too, and YAML's reader knows the places of keys
    return yaml.load(text, _Loader)  # noqa: S506 - derived from the safe loader


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Return the object. LookupError if a key comes twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise LookupError(pairs)
    return found


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


def _what(error: yaml.YAMLError) -> tuple[str, str]:
    """Return place and problem of a syntax error."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None)
    place = f"line {mark.line + 1}" if mark else ""
    return place, "it is neither JSON nor YAML" + (f" ({problem})" if problem else "")


@dataclass
class _Check:
    """A check that data is finite JSON: YAML's tags, anchors and aliases can make what is not."""

    name: str
    known: dict[int, tuple[int, int]] = field(default_factory=dict)

    def weigh(self, value: Json, path: Path) -> tuple[int, int]:
        """Return the number of values inside, aliases written out, and the depth."""
        if isinstance(value, (dict, list)):
            if id(value) not in self.known:
                self.known[id(value)] = self._weigh_members(value, path)
            size, depth = self.known[id(value)]
            if len(path) + depth > _DEPTH:
                self._fail(path, f"it is nested more than {_DEPTH} levels deep")
            return size, depth
        if not isinstance(value, (str, int, float, type(None))):
            self._fail(path, f"a {type(value).__name__} is no JSON")
        if isinstance(value, float) and not math.isfinite(value):
            self._fail(path, f"{value} is no JSON")
        if isinstance(value, str):
            self._check_text(value, path)
        return 1, 0

    def _weigh_members(self, value: Json, path: Path) -> tuple[int, int]:
        self.known[id(value)] = (0, _DEPTH + 1)  # met again inside itself, it is infinitely deep
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for key in value if isinstance(value, dict) else ():
            self._check_text(key, path)
        weights = [self.weigh(member, (*path, key)) for key, member in members]
        size = 1 + sum(size for size, _ in weights)
        if size > _VALUES:
            self._fail(path, f"it holds more than {_VALUES} values, its aliases written out")
        return size, 1 + max((depth for _, depth in weights), default=0)

    def _check_text(self, text: str, path: Path) -> None:
        try:
            text.encode()
        except UnicodeEncodeError as error:
            self._fail(path, f"a text holds half a character ({text[error.start]!r})")

    def _fail(self, path: Path, problem: str) -> NoReturn:
        shown = pointer(*path)
        raise UnreadableDocument(self.name, f"#{shown[:200]}", problem)
