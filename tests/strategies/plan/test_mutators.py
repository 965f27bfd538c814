"""Mutators: each makes of one field what its sentence says, at fields of its kinds alone, and leaves the rest as it was."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from openapi.catalogue import MUTATORS, entries
from openapi.schema.paths import at
from strategies.case import Case, Side
from strategies.plan.budget import LIKELIEST
from strategies.plan.coerced import RULE
from strategies.plan.mutators import mutated
from strategies.plan.plan import Plan
from tests.openapi.synthetic import catalogued
from tests.strategies.plan.small import BODY, ITEM, planned
from tests.strategies.schemas import Object, fits


@cache
def found() -> dict[str, list[Case]]:
    """The cases of each mutator, by its id."""
    by_mutator: dict[str, list[Case]] = {}
    for case in mutated(planned(), 50):
        by_mutator.setdefault(case.rule.removeprefix("observed."), []).append(case)
    return by_mutator


def spelled(case: Case) -> Any:
    """The value of the field, with numbers as they are spelled behind a number sign."""
    spell = "#{}".format
    read = json.loads(case.content or b"", strict=False, parse_int=spell, parse_float=spell, parse_constant=spell)
    return at(read, case.offending_path or ())


def matches(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value, re.DOTALL) is not None


MEMBERS = ("KIND_ONE", "KIND_TWO", "A", "B")
MEANT: dict[str, Callable[[Any], bool]] = {
    "null-field": lambda value: value is None,
    "null-element": lambda value: value[-1] is None and None not in value[:-1] and len(value) > 1,
    "null-value": lambda value: [*value.values()].count(None) == 1 and len(value) > 1,
    "number-as-text": matches(r"\d+(\.\d+)?"),
    "number-padded-text": matches(r" \d+(\.\d+)? "),
    "integer-with-fraction-zero": matches(r"#\d+\.0"),
    "integer-in-scientific-notation": matches(r"#\d+e0"),
    "number-with-capital-exponent": matches(r"#\d+(\.\d+)?E0"),
    "number-not-a-number": matches("#NaN"),
    "number-infinite": matches("#Infinity"),
    "number-too-large": lambda value: value in ("#1e400", {"number": "#1e400"}),
    "number-as-boolean": lambda value: value is True,
    "boolean-as-text": matches("true|false"),
    "boolean-as-number": matches("#[01]"),
    "boolean-as-yes": matches("yes|no"),
    "text-as-number": matches(r"#\d"),
    "text-as-boolean": lambda value: value is True,
    "text-lone-surrogate": matches(".*[\ud800-\udfff].*"),
    "enum-as-number": matches("#[01]"),
    "enum-padded": lambda value: value != value.strip() and value.strip() in MEMBERS,
    "enum-zero-width": lambda value: value.isprintable() is False and value.replace("\u200b", "") in MEMBERS,
    "duration-signed": matches(r"\+\d+s"),
    "duration-leading-zero": matches(r"0\d+s"),
    "duration-padded": matches(r" \d+s"),
    "duration-bare-point": matches(r"\d+\.s"),
    "duration-negative": matches(r"-\d+s"),
    "duration-with-newline": matches("\\d+s\n"),
    "element-for-array": lambda value: fits(ITEM, value),
    "array-for-element": lambda value: len(value) == 1 and isinstance(value[0], dict),
    "object-as-text": lambda value: isinstance(json.loads(value), dict),
    "map-overflow": lambda value: len(value) == 3000,
    "free-large-integer": lambda value: float(value["number"][1:]) == 2**53 != int(value["number"][1:]),
    "free-empty-key": lambda value: "" in value,
    "free-nul-key": lambda value: any("\0" in key for key in value),
}


@pytest.mark.parametrize("name", sorted(MEANT))
def test_the_field_holds_what_the_mutator_says(name: str) -> None:
    assert found()[name]
    for case in found()[name]:
        value = spelled(case)
        assert MEANT[name](value), (case.label, value)


@pytest.mark.parametrize("name", ["enum-homoglyph", "enum-full-width"])
def test_a_member_looks_the_same_in_other_letters(name: str) -> None:
    for case in found()[name]:
        text = spelled(case)
        assert not text.isascii()
        assert len(text) in (len("KIND_ONE"), len("A"))


def test_no_field_is_changed_where_none_is_to_be() -> None:
    assert list(mutated(planned(), 0)) == []


def test_a_number_with_a_leading_zero_is_no_json() -> None:
    for case in found()["number-with-leading-zero"]:
        with pytest.raises(ValueError, match="delimiter"):
            json.loads(case.content or b"")
        assert re.search(rb": 0\d", case.content or b"")


def test_deep_nesting_is_balanced() -> None:
    for case in found()["nesting-overflow"]:
        content = case.content or b""
        assert content.count(b"{") == content.count(b"}") > 1000


def types_at(case: Case) -> set[str]:
    """The JSON types that the schema states at the place of a case."""
    schema: Object = BODY
    for step in case.offending_path or ():
        schema = (
            schema["items"]
            if isinstance(step, int)
            else schema.get("properties", {}).get(step) or schema["additionalProperties"]
        )
    return {"enum"} if "enum" in schema else {"duration", "string"} if "pattern" in schema else {schema["type"]}


def test_a_mutator_is_tried_at_every_field_of_its_kinds_and_no_other() -> None:
    plain = {"number", "integer", "boolean", "string", "enum", "duration", "array"}
    for entry in entries(MUTATORS, "mutators"):
        if entry["kinds"] and {*entry["kinds"]} <= plain:
            for case in found()[entry["id"]]:
                assert types_at(case) & {*entry["kinds"]}, (entry["id"], case.label)
    assert {case.label for case in found()["number-as-text"]} == {"rate", "count"}
    assert {case.label for case in found()["boolean-as-text"]} == {"items.*.on"}
    assert {case.label for case in found()["enum-padded"]} == {"kind", "some"}
    assert {case.label for case in found()["text-as-number"]} == {"items.*.key", "tags.*"}
    assert {case.label for case in found()["duration-signed"]} == {"wait"}


def test_every_mutator_has_a_case_where_the_body_has_a_field_of_its_kinds() -> None:
    names = {entry["id"] for entry in entries(MUTATORS, "mutators")}
    assert names - found().keys() == {"key-in-snake-case", "key-in-other-case", "key-twice"}, "no name of ours has capitals"


def test_each_mutator_changes_one_place() -> None:
    found = [*mutated(planned(), 50)]
    assert len({case.rule for case in found}) > 20
    count = 0
    for case in found:
        assert case.offending_path is not None
        assert case.side is Side.PROBE
        try:
            body = json.loads(case.content or b"", strict=False)
        except (ValueError, RecursionError):
            continue  # no JSON, or too deep for this parser, on purpose
        others = {name: body[name] for name in body.keys() & BODY["properties"].keys() - set(case.offending_path[:1])}
        assert fits(BODY, {"count": 1, **others}), case.rule
        count += 1
    assert count > 20


def test_unknown_members_have_long_and_odd_names_in_the_body_and_inside() -> None:
    found = [case for case in mutated(planned(), 50) if case.rule.startswith("observed.key-unknown-")]
    assert {case.offending_path for case in found} > {()}
    names = {name for case in found if case.offending_path == () for name in json.loads(case.content or b"")}
    assert {"", "__proto__", "\u0000"} < names
    assert [any(len(name) > limit for name in names) for limit in (256, 65_536)] == [True, True]


def test_a_mutator_is_tried_at_so_many_fields_at_most() -> None:
    for count in (1, 3):
        found = [case.rule for case in mutated(planned(), count) if case.rule != RULE]
        assert {found.count(rule) for rule in found} <= set(range(1, count + 1))
        assert max(map(found.count, found)) == count


def respelled(front: str) -> list[Case]:
    """The cases of mutators of keys whose names begin so, of a body with names of several words."""
    inner: Object = {"type": "object", "properties": {"innerName": {"type": "string"}, "b": {"type": "integer"}}}
    catalogue = catalogued({"type": "object", "properties": {"outerName": inner, "c": {"type": "boolean"}}})
    cases = [each for each in mutated(Plan(catalogue, LIKELIEST), 50) if each.rule.startswith(f"observed.{front}")]
    assert {len(each.offending_path or ()) for each in cases} == {1, 2}
    return cases


def test_a_key_of_several_words_is_spelled_otherwise_at_every_depth_and_all_else_stays() -> None:
    for case in respelled("key-in-"):
        *around, key = case.offending_path or ()
        holder = at(json.loads(case.content or b""), tuple(around))
        assert holder.keys() & {"outer_name", "inner_name", "outername", "innername"}, case.label
        assert holder.keys() <= ({"innername", "inner_name", "b"} if around else {"outername", "outer_name", "c"})
        assert key not in holder


def test_a_key_is_sent_twice_at_every_depth() -> None:
    for case in respelled("key-twice"):
        assert (case.content or b"").count(json.dumps((case.offending_path or ("",))[-1]).encode()) == 2


def test_a_field_that_may_be_a_list_or_a_text_is_mutated_too() -> None:
    either: Object = {"type": ["array", "string"], "items": {"type": "string"}}
    plan = Plan(catalogued({"type": "object", "properties": {"either": either}}), LIKELIEST)
    assert ("either",) in [case.offending_path for case in mutated(plan, 9) if case.rule == "observed.null-field"]


def test_unknown_members_differ_in_their_names_alone() -> None:
    for name in ("key-unknown", "key-unknown-long", "key-unknown-very-long", "key-unknown-odd"):
        for case in found()[name]:
            value = at(json.loads(case.content or b""), case.offending_path or ())
            assert {value[key] for key in value.keys() - BODY["properties"].keys() - ITEM["properties"].keys()} == {1}


def test_every_letter_of_a_member_of_an_enum_is_of_full_width_and_means_the_same() -> None:
    member = "".join(map(chr, range(0x20, 0x7F)))
    plan = Plan(catalogued({"type": "object", "properties": {"kind": {"type": "string", "enum": [member]}}}), LIKELIEST)
    (value,) = (spelled(case) for case in mutated(plan, 9) if case.rule == "observed.enum-full-width")
    assert unicodedata.normalize("NFKC", value) == member
    assert [letter for letter in value if letter.isascii()] == [" "]


PLACES = {
    "free-large-integer": {"free"},
    "map-overflow": {"tags"},
    "null-element": {"items"},
    "boolean-as-text": {"items.*.on"},
    "number-not-a-number": {"count", "rate"},
    "integer-with-fraction-zero": {"count"},
    "duration-signed": {"wait"},
    "enum-padded": {"kind", "some"},
}


@pytest.mark.parametrize("name", PLACES)
def test_a_mutator_is_tried_at_each_field_of_its_kind_and_at_no_other(name: str) -> None:
    assert {planned().oracle.place(case.offending_path or ()) for case in found()[name]} == PLACES[name]
