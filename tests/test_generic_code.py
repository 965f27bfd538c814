"""The generic folders name nothing of an API: property, path, enum member, header, parameter, environment variable."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from openapi import load_contract
from openapi.json_types import Json
from openapi.reading.contract_folder import CONTRACTS, known_contracts

ROOT = Path(__file__).parents[1]
FOLDERS = ("openapi", "strategies", "conformance", "emulator", "reports")

# Names of the API that are words of another vocabulary too, by that vocabulary.
ALLOWED: dict[str, frozenset[str]] = {
    "JSON Schema and OpenAPI": frozenset(
        "body description location name query required schema scheme scopes summary value".split()
    ),
    "HTTP": frozenset("client delay http message options response timeout user agent X-API-Key".split()),
    "JSON, Python and testing": frozenset("created duration end ended joined requirements role small large start text".split()),
    "the reports": frozenset("metadata model style".split()),
}
_WORD, _HYPHENATED = re.compile(r"\w+"), re.compile(r"[\w-]+")
# From Python 3.12 on the text of an f-string is a token of its own.
_TEXTS = {tokenize.STRING, tokenize.COMMENT, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}


def _walk(value: Json) -> Iterator[str]:
    """Yield the property names, enum members and parameter names anywhere in a description."""
    if isinstance(value, dict):
        properties, members = value.get("properties"), value.get("enum")
        yield from properties if isinstance(properties, dict) else ()
        yield from (each for each in members if isinstance(each, str)) if isinstance(members, list) else ()
        if isinstance(value.get("name"), str) and isinstance(value.get("in"), str):
            yield value["name"]
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _walk(each)


@cache
def words_of(name: str) -> frozenset[str]:
    """Return the names that belong to a contract, in lower case, without those that are words of another vocabulary."""
    contract = load_contract(contract=name)
    data = contract.data
    names = {*_walk(dict(contract.document)), *contract.document["paths"], *data.parameters}
    names |= {each.variable for each in data.credentials.values()}
    allowed = {word.lower() for words in ALLOWED.values() for word in words}
    return frozenset(each.lower() for each in names if len(each) > 1) - allowed


def named_in(source: str, words: frozenset[str]) -> set[str]:
    """Return the words that string literals, docstrings included, and comments of Python code name, in any case."""
    found: set[str] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in _TEXTS:
            text = token.string.lower()
            found |= {*_WORD.findall(text), *_HYPHENATED.findall(text)} & words
            found |= {path for path in words if path.startswith("/") and path in text}
    return found


@pytest.mark.parametrize("contract", known_contracts())
@pytest.mark.parametrize("folder", FOLDERS)
def test_no_generic_code_names_anything_of_a_contract(folder: str, contract: str) -> None:
    words = words_of(contract)
    assert len(words) > 50
    sources = [path for path in (ROOT / folder).rglob("*.py") if CONTRACTS not in path.parents]
    found = {path.relative_to(ROOT).as_posix(): named_in(path.read_text(encoding="utf-8"), words) for path in sources}
    assert {place: names for place, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ('name = "priorCallId"', {"priorcallid"}),
        ('header = b"x-other"  # as X-Other says', set()),
        ("# the default of joinTimeout", {"jointimeout"}),
        ('"""Docstring of `body.joinTimeout.default`."""', {"jointimeout"}),
        ('url = f"{target}/api/calls"', {"/api/calls"}),
        ('path = "/api/calls/{call_id}"', {"/api/calls", "/api/calls/{call_id}", "call_id"}),
        ('variable = "ULTRAVOX_API_KEY"', {"ultravox_api_key"}),
        ('member = "FIRST_SPEAKER_USER"', {"first_speaker_user"}),
        ("jointimeout = 3  # an identifier names nothing of the wire", set()),
    ],
)
def test_a_name_in_code_is_found(source: str, named: set[str]) -> None:
    assert named_in(source, words_of("ultravox")) == named


def test_every_allowed_word_is_needed() -> None:
    code = "".join(path.read_text(encoding="utf-8") for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    names = {name.lower() for name in _walk(dict(load_contract().document))}
    for word in (each for words in ALLOWED.values() for each in words):
        assert word.lower() in names, f"{word} is not a name of the API"
        assert re.search(rf"\b{re.escape(word)}\b", code, re.IGNORECASE), f"{word} is in no code"
