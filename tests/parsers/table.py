"""The table of lenient values: every candidate is asked of every parser, and one value of each outline is kept."""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from openapi.coercion.parsers import TABLE, outline_of
from openapi.json_types import Json, Schema
from openapi.schema.oracle import Oracle
from tests.parsers.corpus import candidates
from tests.parsers.known import PARSERS
from tests.parsers.reading import Parser, Read, Reading

_POSITIONS = ("", "item_", "value_")
_WIDTH = 126  # of a line with several values
_HEAD = """\
# Values that break the type or the form of a member, and what standard parsers make of them. Generated: do not edit.
# `python -m tests.parsers` asks the parsers again and writes this file; a test fails when it is out of date.
#
# `by` names each parser that reads the value, and what it reads. `inside` is for null in an array or a map. A value stands for
# all of its outline (openapi/coercion/outlines.py). Under `refused` stand values that no parser reads, one for each outline
# that has no character by which it is refused anyway. `literals` are no JSON at all, with the parsers that read them.
"""


@cache
def schema() -> Schema:
    """Return the schema with a member of each kind."""
    found: Schema = yaml.load((Path(__file__).parent / "kinds.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    return found


@cache
def members() -> Mapping[str, Schema]:
    """Return the members of that schema, by name."""
    found: Mapping[str, Schema] = schema()["$defs"]["kinds.Body"]["properties"]
    return found


@cache
def oracle() -> Oracle:
    """Return the judge of what a parser has read."""
    return Oracle(schema(), "body")


@dataclass(frozen=True, slots=True)
class Question:
    """A wrong value for a kind of member, at one of the positions where it can stand."""

    kind: str
    position: str
    value: Json

    @property
    def document(self) -> Json:
        """The body that has the value, and nothing else, wrong."""
        name = self.position + self.kind
        return {name: {"": self.value, "item_": [self.value], "value_": {"key": self.value}}[self.position]}

    @property
    def inside(self) -> bool:
        """Return whether the value is null in an array or a map, which is another thing than null for a member."""
        return self.value is None and bool(self.position)

    def of(self, body: Json) -> Json:
        """Return the value that stands in the place of the invalid one in a body that was read."""
        member = body.get(self.position + self.kind)
        return member["key"] if self.position == "value_" and member else member[0] if self.position and member else member


def kinds() -> list[str]:
    """Return the kinds of members."""
    return [name for name in members() if not name.startswith((*_POSITIONS[1:], "any", "two"))]


def questions(kind: str, values: Iterable[Json]) -> list[Question]:
    """Return a question for each value of an invalid type or form, at each position that the kind has."""
    positions = [each for each in _POSITIONS if each + kind in members()]
    asked = (Question(kind, position, value) for value in values for position in positions)
    return [each for each in asked if _is_wrong(each)]


def _is_wrong(question: Question) -> bool:
    """Return whether the value itself has an invalid type or form, and not something inside it."""
    if not _is_json(question.value):
        return True
    place = f"body.{question.position}{question.kind}{'.*' if question.position else ''}"
    violated = oracle().violated(question.document)
    return any(f"{place}.{keyword}" in violated for keyword in ("type", "enum", "pattern", "format"))


def _is_json(value: Json) -> bool:
    """Return whether a value has no NaN and no infinity, which validators do not know."""
    if isinstance(value, dict | list):
        return all(map(_is_json, value.values() if isinstance(value, dict) else value))
    return not isinstance(value, float) or math.isfinite(value)


def read_by(parser: Parser, reading: Reading) -> Read | None:
    """Return the reading if the parser reads a document as one that conforms, so that no later check can refuse it."""
    if not isinstance(reading, Read):
        return None
    violated = oracle().violated(reading.value) if _is_json(reading.value) else {}
    return reading if all(rule.rpartition(".")[2] in parser.enforced for rule in violated) else None


def ask(asked: Sequence[Question]) -> list[dict[str, Json]]:
    """Return what each parser that reads a question as a valid body makes of its value."""
    texts = [json.dumps(each.document) for each in asked]
    found: list[dict[str, Json]] = [{} for _ in asked]
    for name, parser in PARSERS.items():
        for question, by, reading in zip(asked, found, parser.read(schema(), texts), strict=True):
            if (read := read_by(parser, reading)) is not None:
                by[name] = question.of(read.value)
    return found


def all_rows() -> dict[str, dict[str, list[Json]]]:
    """Return the rows of each kind; every parser is asked once, since some are programs that take long to start."""
    asked = {kind: questions(kind, candidates(kind)) for kind in kinds()}
    found = iter(ask([*chain.from_iterable(asked.values())]))
    return {kind: rows(kind, [(each, next(found)) for each in those]) for kind, those in asked.items()}


def rows(kind: str, asked: Iterable[tuple[Question, Mapping[str, Json]]]) -> dict[str, list[Json]]:
    """Return the rows of a kind: one value of each outline that is read, or refused by all parsers."""
    by_form: dict[tuple[str, ...], list[dict[str, Json]]] = defaultdict(list)
    refused: dict[tuple[str, ...], Question] = {}
    for question, by in asked:
        form = outline_of(kind, question.value, inside=question.inside)
        if by:
            _keep(by_form[form], question, by)
        else:
            refused.setdefault(form, question)
    tokens = {token for form in by_form for token in form}
    return {
        "read": [row for known in by_form.values() for row in known],
        "refused": [each.value for form, each in refused.items() if form not in by_form and _is_reporting(kind, form, tokens)],
    }


def _is_reporting(kind: str, form: tuple[str, ...], tokens: set[str]) -> bool:
    """Return whether a refusal is worth a row: no token gives it away, and a rule may be judged on such a value.

    Strings in place of other types are sent as words alone.
    """
    return set(form) <= tokens and (form[0] != '"' or members()[kind].get("type") == "string")


def _row(question: Question) -> dict[str, Json]:
    return {"value": question.value, **({"inside": True} if question.inside else {})}


def _keep(known: list[dict[str, Json]], question: Question, by: Mapping[str, Json]) -> None:
    """Keep the value if a parser reads it that read none of the same outline before."""
    if by.keys() - {name for row in known for name in row["by"]}:
        known[:] = [row for row in known if row["by"].keys() - by.keys()]
        known.append({**_row(question), "by": dict(by)})


def generated() -> dict[str, Any]:
    """Return the whole table."""
    about = {
        name: {"title": each.title, "version": each.version(), "settings": each.settings} for name, each in PARSERS.items()
    }
    return {"parsers": about, "literals": literals(), "kinds": all_rows()}


def literals() -> dict[str, list[str]]:
    """Return the parsers that read each literal which is no JSON, in the place of a number."""
    texts = {each: f'{{"double": {each}}}' for each in ("NaN", "Infinity", "-Infinity")}
    readings = {name: parser.read(schema(), list(texts.values())) for name, parser in PARSERS.items()}
    return {
        text: [name for name, found in readings.items() if isinstance(found[index], Read)] for index, text in enumerate(texts)
    }


def written(content: Mapping[str, Any]) -> str:
    """Return the text of the table: a row a line, in ASCII, since some rows hold characters that no editor shows."""
    lines = [_HEAD, "parsers:"]
    lines += [f"  {name}: {json.dumps(about)}" for name, about in content["parsers"].items()]
    lines.append("literals:")
    lines += [f"  {json.dumps(text)}: {json.dumps(readers)}" for text, readers in content["literals"].items()]
    lines.append("kinds:")
    for kind, found in content["kinds"].items():
        lines.append(f"  {kind}:")
        lines.append("    read:")
        lines += [f"      - {_flow(row)}" for row in found["read"]]
        lines += _packed("    refused: [", map(_flow, found["refused"]))
    return "\n".join(lines) + "\n"


def _packed(line: str, items: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a flow sequence, as full as they can be."""
    for item in items:
        if len(line) + len(item) > _WIDTH:
            yield line.rstrip()
            line = " " * 6
        line += f"{item}, "
    yield line.removesuffix(", ") + "]"


def _flow(row: Json) -> str:
    """Return a value as JSON, which is YAML but for numbers without a point and for what is no number."""
    return _TOKEN.sub(lambda found: _YAML.get(found[0]) or found[1] or f"{found[2]}.0{found[3]}", json.dumps(row))


_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")|(?<![\d.])(-?\d+)(e[-+]?\d+)|NaN|-?Infinity')
_YAML = {"NaN": ".nan", "Infinity": ".inf", "-Infinity": "-.inf"}


def write() -> None:
    """Ask all parsers and write the table."""
    TABLE.write_text(written(generated()), encoding="utf-8")
