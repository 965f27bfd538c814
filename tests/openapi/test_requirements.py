"""The table of requirements: the page, sentence by sentence, each with the rules that came of it."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

from openapi.catalogue import Catalogue, catalogue_of
from openapi.reading.loader import load_contract
from openapi.rules import Basis
from tests.openapi import published
from tests.openapi.published import BEYOND_THE_PAGE, HEADINGS, digest, known, squeezed

Row: TypeAlias = dict[str, Any]

TABLE: list[Row] = yaml.load(published.TABLE.read_text(encoding="utf-8"), yaml.CSafeLoader)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return catalogue_of(load_contract())


def test_ids_are_unique() -> None:
    ids = [row["id"] for row in TABLE]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["id"])
def test_a_row_names_rules_or_says_why_not(row: Row, catalogue: Catalogue) -> None:
    assert list(row) == ["id", "section", "sentence", "rules", "reason"]
    assert bool(row["rules"]) != bool(row["reason"])
    assert [glob for glob in row["rules"] if not catalogue.select([glob])] == []


def test_every_rule_about_what_is_sent_and_answered_has_its_sentence(catalogue: Catalogue) -> None:
    globs = {glob for row in TABLE for glob in row["rules"]}
    documents = ("description.yaml", "overlay.yaml")  # rules of other sources are nobody's sentences
    rules = [rule for rule in catalogue.rules.values() if rule.basis is not Basis.UNDOCUMENTED]
    stated = [rule for rule in rules if Path(rule.source.partition("#")[0]).name in documents]
    assert len(stated) > 400
    assert [rule.id for rule in stated if not any(fnmatchcase(rule.id, glob) for glob in globs)] == []


def test_read_in_order_the_sentences_are_the_page() -> None:
    text = ""
    for section, rows in groupby(TABLE, key=lambda row: row["section"]):
        if section != BEYOND_THE_PAGE:
            text += (section if section in HEADINGS else "") + "".join(row["sentence"] for row in rows)
    assert digest(squeezed(text)) == known()["page"]


def test_a_row_of_prose_holds_one_sentence() -> None:
    prose = [row["sentence"] for row in TABLE if row["section"] in HEADINGS]
    assert len(prose) > 100
    assert [text for text in prose if re.search(r"\.\)?\s+\(?[A-Z]", text)] == []


def test_the_rest_is_in_the_official_description() -> None:
    rows = [row for row in TABLE if row["section"] == BEYOND_THE_PAGE]
    assert len(rows) > 50
    assert [row["id"] for row in rows if digest(row["sentence"]) not in known()["sentences_of_the_description"]] == []
