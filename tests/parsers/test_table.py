"""The table of coerced values says what the parsers say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from openapi.coercion.parsers import TABLE, kinds, table
from openapi.json_types import Json
from tests.parsers.known import PARSERS
from tests.parsers.reading import Parser, Read
from tests.parsers.table import Question, generated, members, read_by, schema, written
from tests.parsers.table import kinds as kinds_asked

REGENERATE = "run `python -m tests.parsers`"


def installed() -> list[Any]:
    missing = {name: parser.missing() for name, parser in PARSERS.items()}
    return [pytest.param(name, marks=pytest.mark.skipif(bool(why), reason=str(why)), id=name) for name, why in missing.items()]


def test_every_parser_and_every_kind_is_in_the_table() -> None:
    assert (list(table()["parsers"]), list(kinds())) == (list(PARSERS), kinds_asked())


@pytest.mark.parametrize("name", installed())
def test_the_table_was_generated_with_the_parser_that_is_installed(name: str) -> None:
    assert table()["parsers"][name]["version"] == PARSERS[name].version(), REGENERATE


@pytest.mark.parametrize("name", installed())
def test_each_row_says_what_the_parser_reads(name: str) -> None:
    rows = [(kind, row) for kind, found in table()["kinds"].items() for row in found["read"]]
    asked = [_question(kind, row) for kind, row in rows]
    for (kind, row), question, reading in zip(rows, asked, _readings(PARSERS[name], asked), strict=True):
        reported = {name: question.of(reading.value)} if reading is not None else {}
        assert repr(reported) == repr({each: value for each, value in row["by"].items() if each == name}), (
            kind,
            row,
            REGENERATE,
        )


@pytest.mark.parametrize("name", installed())
def test_no_value_that_is_said_to_be_refused_is_read(name: str) -> None:
    asked = [Question(kind, "", value) for kind, found in table()["kinds"].items() for value in found["refused"]]
    readings = zip(asked, _readings(PARSERS[name], asked), strict=True)
    assert [each for each, reading in readings if reading is not None] == []


@pytest.mark.parametrize("name", installed())
def test_each_literal_names_the_parsers_that_read_it(name: str) -> None:
    texts = {each: f'{{"double": {each}}}' for each in table()["literals"]}
    readings = PARSERS[name].read(schema(), list(texts.values()))
    assert texts
    for text, reading in zip(texts, readings, strict=True):
        assert isinstance(reading, Read) is (name in table()["literals"][text]), (text, REGENERATE)


def _readings(parser: Parser, asked: list[Question]) -> list[Read | None]:
    readings = parser.read(schema(), [json.dumps(each.document) for each in asked])
    return [read_by(parser, each) for each in readings]


@pytest.mark.slow
@pytest.mark.skipif(any(parser.missing() for parser in PARSERS.values()), reason="not every parser is installed")
def test_the_whole_table_is_up_to_date() -> None:
    assert written(generated()) == TABLE.read_text(encoding="utf-8"), REGENERATE


def _question(kind: str, row: Json) -> Question:
    position = next(each for each in ("item_", "value_") if each + kind in members()) if row.get("inside") else ""
    return Question(kind, position, row["value"])
