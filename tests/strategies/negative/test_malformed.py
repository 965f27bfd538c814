"""Malformed bodies are no JSON to any parser, and nothing else is invalid about them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import orjson
import pytest
import yaml

from strategies.negative.malformed import malformed_bodies
from tests.strategies.schemas import oracle, ours

PARSERS: list[Callable[[bytes], Any]] = [json.loads, orjson.loads]


@pytest.mark.parametrize("parse", PARSERS)
@pytest.mark.parametrize(("label", "content"), list(malformed_bodies(ours())))
def test_no_parser_reads_them(parse: Callable[[bytes], Any], label: str, content: bytes) -> None:
    with pytest.raises(ValueError, match=r"line|delimiter|data|value|character"):
        parse(content)
    assert label


def test_no_two_are_equal() -> None:
    found = [*malformed_bodies(ours())]
    assert len({label for label, _ in found}) == len({content for _, content in found}) == len(found) >= 10


def test_the_member_in_them_is_one_that_may_be_sent() -> None:
    texts = [content.decode() for _, content in malformed_bodies(ours()) if b"conformance" in content]
    names = [name for name, node in ours().root.properties.items() if node.types == {"string"}]
    assert texts
    for text in texts:
        assert any(f"{quote}{name}{quote}" in text for name in names for quote in "\"'")
        assert "NAME" not in text


def test_of_a_body_without_strings_the_member_has_any_name() -> None:
    contents = [content for _, content in malformed_bodies(oracle({"type": "integer"}))]
    assert len(contents) == len([*malformed_bodies(ours())])
    assert any(b'"a"' in content for content in contents)


def test_readers_that_repair_what_they_read_find_the_member_in_some() -> None:
    """A server with such a reader accepts what is no JSON: YAML reads single quotes and a comma behind the last member."""
    read: dict[str, Any] = {}
    for label, content in malformed_bodies(ours()):
        try:
            read[label] = yaml.safe_load(content)
        except yaml.YAMLError:
            continue
    for label in ("a trailing comma", "single quotes"):
        assert ours().is_valid(read[label]), label


def test_a_literal_that_is_no_json_is_judged_where_no_chosen_parser_reads_it() -> None:
    """Python's parser reads NaN and protobuf refuses it for a number, as JavaScript and Go do anyway."""
    usual = [*malformed_bodies(ours())]
    assert [*malformed_bodies(ours(), frozenset({"pydantic"}))] == usual
    assert [*malformed_bodies(ours(), frozenset({"ajv", "pydantic"}))] == usual
    for chosen in (frozenset({"ajv"}), frozenset({"protobuf", "protobuf-go"})):
        more = [content for _, content in malformed_bodies(ours(), chosen)][len(usual) :]
        assert [each.rpartition(b": ")[2] for each in more] == [b"NaN}", b"Infinity}", b"-Infinity}"]
