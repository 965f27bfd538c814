"""The official test suite of JSON Schema: each schema as a member `v` of a body, and what the plan makes of it.

The suite is not kept here: JSON_SCHEMA_TEST_SUITE names the folder of its files for draft 2020-12.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema
import pytest

from openapi import ContractError, load_contract
from openapi.catalogue import catalogue_of
from strategies.plan.plan import Plan
from tests.openapi.synthetic import REFERENCE, description, written

SUITE = Path(os.environ.get("JSON_SCHEMA_TEST_SUITE", REFERENCE / "json-schema-test-suite"))
FILES = sorted(SUITE.glob("*.json"))
REFERRING = ('"$ref"', '"$dynamicRef"', '"$id"', '"$anchor"')
ELSEWHERE = "http://localhost:1234/"  # documents that the suite serves itself
# A meta-schema without the vocabulary of assertions: every description is read with all of them.
OTHER_DIALECT = "schema that uses custom metaschema with with no validation vocabulary"

pytestmark = [
    pytest.mark.skipif(not FILES, reason="the test suite of JSON Schema is not here: JSON_SCHEMA_TEST_SUITE names it"),
    pytest.mark.filterwarnings("ignore:Please use rfc3986:DeprecationWarning"),  # of a library that jschon uses
]


@dataclass(frozen=True)
class Tried:
    """The cases of one schema: values of valid and of invalid bodies, and whether its rules or notes say anything."""

    positive: list[Any]
    negative: list[Any]
    is_mentioned: bool


def tried(schema: Any, tests: list[Any], folder: Path) -> Tried:
    """Return the values that the plan has for a schema; the oracle must agree with the suite."""
    member = schema
    if any(word in json.dumps(schema) for word in REFERRING):
        (folder / "v.json").write_text(json.dumps(schema), encoding="utf-8")
        member = {"$ref": "v.json"}
    document = description({"type": "object", "properties": {"v": member}})
    catalogue = catalogue_of(load_contract(written(folder, document), []))
    # A parser is chosen: every value that is no array becomes the item of one somewhere, so that none would be certain.
    plan = Plan(catalogue, reads=frozenset({"pydantic"}))
    if "format" not in json.dumps(schema):  # annotations to the suite, assertions here
        assert {str(t["data"]): plan.oracle.is_valid({"v": t["data"]}) for t in tests} == {
            str(t["data"]): t["valid"] for t in tests
        }
    positive = [case.body["v"] for case in plan.accepts() if isinstance(case.body, dict) and "v" in case.body]
    found = [each.body for violations in plan.violations.values() for each in violations]
    rules = [rule for rule in catalogue.rules if rule.startswith("body.v")]
    return Tried(positive, [b["v"] for b in found if isinstance(b, dict) and "v" in b], bool(rules or catalogue.notes))


Judge = Callable[[Any], bool]


def by_jsonschema(schema: Any) -> Judge:
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    validator = jsonschema.Draft202012Validator(schema, format_checker=checker)
    return lambda value: bool(validator.is_valid(value))


def by_jschon(schema: Any) -> Judge | None:
    """Return None for the schemas that jschon cannot read, such as a reference to one that is true or false."""
    jschon = pytest.importorskip("jschon")
    jschon.create_catalog("2020-12")
    try:
        compiled = jschon.JSONSchema(schema, metaschema_uri=jschon.URI("https://json-schema.org/draft/2020-12/schema"))
    except TypeError:
        return None
    return lambda value: bool(compiled.evaluate(jschon.JSON(value)).valid)


# Neither validator reads these patterns, or finds the documents that the suite serves.
UNREADABLE = re.compile(r"\\\\p\{|localhost:1234")
# Neither validator asserts all formats, and the meta-schema has some.
FORMAT = re.compile(r'"format"|"\$ref": "https://json-schema.org/draft/')


def agrees(judge: Judge, schema: Any, tests: list[Any]) -> bool:
    """Return whether a validator agrees with the suite: where it does not, it has no say about our cases either.

    Formats are annotations to the suite and assertions to the validators, so these may refuse more.
    """
    if FORMAT.search(json.dumps(schema)):
        return all(judge(each["data"]) <= each["valid"] for each in tests)
    return all(judge(each["data"]) is each["valid"] for each in tests)


def is_python_only(value: Any) -> bool:
    """Return whether Python's `$` may let a value pass that ECMA-262's does not."""
    return "\\n" in json.dumps(value)


# Schemas whose cases take longer to plan than those of all others together: they refer to the meta-schema, or Hypothesis draws
# long before a value fits.
OF_META_SCHEMA = re.compile(r'"\$ref": "https://json-schema.org/draft/')
OF_UNCLE = re.compile("is evaluated in an uncle schema")


@cache
def groups(file: Path, *, long: bool = False) -> dict[str, tuple[Any, list[Any], Tried | ContractError]]:
    """Return the schema, the tests and what was tried of each group of a file, by its description.

    The three tests of a file share it: to plan the cases of a schema takes most of their time.
    """
    found: dict[str, tuple[Any, list[Any], Tried | ContractError]] = {}
    for group in json.loads(file.read_text(encoding="utf-8")):
        name, tests, schema = group["description"], group["tests"], group["schema"]
        is_long = OF_META_SCHEMA.search(json.dumps(schema)) or OF_UNCLE.search(name)
        if name == OTHER_DIALECT or bool(is_long) is not long:
            continue
        with TemporaryDirectory() as folder:
            try:
                found[name] = schema, tests, tried(schema, tests, Path(folder))
            except ContractError as error:
                found[name] = schema, tests, error
    return found


BY_FILE = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
LONG = pytest.mark.parametrize(
    "long",
    [False, pytest.param(True, marks=pytest.mark.thorough)],
    ids=["all but the long ones", "the long ones"],
)


@pytest.mark.slow
@LONG
@BY_FILE
def test_each_schema_is_tried_from_both_sides(file: Path, long: bool) -> None:
    missing = []
    for name, (_, tests, found) in groups(file, long=long).items():
        if isinstance(found, ContractError):
            missing += [] if ELSEWHERE in str(found) and "\n" not in str(found) else [f"{name}: {found}"]
            continue
        if not found.positive and any(each["valid"] for each in tests):
            missing.append(f"{name}: no positive case")
        if not found.negative and any(not each["valid"] for each in tests):
            missing.append(f"{name}: no negative case")
    assert not missing


@pytest.mark.slow
@LONG
@BY_FILE
def test_other_validators_confirm_each_case(file: Path, long: bool) -> None:
    for name, (schema, tests, found) in groups(file, long=long).items():
        if isinstance(found, ContractError) or isinstance(schema, bool) or UNREADABLE.search(json.dumps(schema)):
            continue
        both = (by_jsonschema(schema), by_jschon(schema))
        judges = [judge for judge in both if judge is not None and agrees(judge, schema, tests)]
        assert judges, name
        for is_valid in judges:
            assert [value for value in found.positive if not is_valid(value)] == [], name
            if not FORMAT.search(json.dumps(schema)):
                wrong = [value for value in found.negative if is_valid(value) and not is_python_only(value)]
                assert wrong == [], name
