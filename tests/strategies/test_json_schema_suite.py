"""The official test suite of JSON Schema: each schema as a member `v` of a body, and what the plan makes of it.

The suite is not kept here: JSON_SCHEMA_TEST_SUITE names the folder of its files for draft 2020-12.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
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


def by_jsonschema(schema: Any) -> Callable[[Any], bool]:
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    validator = jsonschema.Draft202012Validator(schema, format_checker=checker)
    return lambda value: bool(validator.is_valid(value))


def by_jschon(schema: Any) -> Callable[[Any], bool]:
    jschon = pytest.importorskip("jschon")
    jschon.create_catalog("2020-12")
    compiled = jschon.JSONSchema(schema, metaschema_uri=jschon.URI("https://json-schema.org/draft/2020-12/schema"))
    return lambda value: bool(compiled.evaluate(jschon.JSON(value)).valid)


UNREADABLE = re.compile(r"\\\\p\{|localhost:1234")


def is_python_only(value: Any) -> bool:
    """Return whether Python's `$` may let a value pass that ECMA-262's does not."""
    return "\\n" in json.dumps(value)


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_schema_is_tried_from_both_sides(file: Path, tmp_path: Path) -> None:
    missing = []
    for group in json.loads(file.read_text(encoding="utf-8")):
        name, tests, schema = group["description"], group["tests"], group["schema"]
        if name == OTHER_DIALECT:
            continue
        try:
            found = tried(schema, tests, tmp_path)
        except ContractError as error:
            missing += [] if ELSEWHERE in str(error) and "\n" not in str(error) else [f"{name}: {error}"]
            continue
        if not found.positive and any(each["valid"] for each in tests):
            missing.append(f"{name}: no positive case")
        if not found.negative and any(not each["valid"] for each in tests):
            missing.append(f"{name}: no negative case")
    assert not missing


@pytest.mark.slow
@pytest.mark.parametrize("judge", [by_jsonschema, by_jschon])
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_other_validators_confirm_each_case(file: Path, judge: Any, tmp_path: Path) -> None:
    for group in json.loads(file.read_text(encoding="utf-8")):
        schema = group["schema"]
        if isinstance(schema, bool) or any(word in json.dumps(schema) for word in REFERRING):
            continue
        if UNREADABLE.search(json.dumps(schema)):  # neither validator reads these patterns or finds this document
            continue
        found, is_valid = tried(schema, [], tmp_path), judge(schema)
        assert [value for value in found.positive if not is_valid(value)] == [], group["description"]
        if '"format"' not in json.dumps(schema):  # neither validator asserts all formats
            wrong = [value for value in found.negative if is_valid(value) and not is_python_only(value)]
            assert wrong == [], group["description"]
