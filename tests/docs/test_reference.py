"""Reference pages say what the code says, and a cell of a table stays one cell."""

from __future__ import annotations

import argparse
import json
import re
from typing import Any

from lxml import html
from markdown import markdown

from conformance.cli.parser import parser
from docs.site.links import MADE_FROM
from docs.site.reference import command_line, rules_page, schema_tables
from openapi import load_contract
from openapi.catalogue import catalogue_of
from tests.documents import ROOT


def rows(page: str) -> list[list[str]]:
    """The rows of all tables, as the parser of the site reads them: the text of each cell."""
    document = html.fromstring(f"<div>{markdown(page, extensions=['tables'])}</div>")
    return [["".join(map(str, cell.itertext())) for cell in row.iter("td", "th")] for row in document.iter("tr")]


def test_each_command_has_a_section_with_its_options() -> None:
    top = argparse.ArgumentParser(epilog="Exit status 0.")
    commands = top.add_subparsers()
    serve = commands.add_parser("serve", description="Serve it.")
    serve.add_argument("--port", type=int, help="the port | a free one")
    serve.add_argument("--kind", choices=("a", "b"), help="100 %% of them")
    serve.add_argument("--quiet", "-q", action="store_true", help="no output")
    page = command_line(top)
    assert "\n## serve\n\nServe it.\n" in page
    assert rows(page)[1:] == [
        ["--port PORT", "the port | a free one"],
        ["--kind a|b", "100 % of them"],
        ["--quiet, -q", "no output"],
    ]


def test_each_command_of_the_suite_has_a_section() -> None:
    page = command_line(parser())
    assert "\n## propose-overlay\n" in page
    assert all(len(row) == 2 for row in rows(page))


def test_each_rule_has_a_row_with_its_sentence_and_source() -> None:
    catalogue = catalogue_of(load_contract())
    found = {row[0]: row for row in rows(rules_page(catalogue))}
    assert catalogue.rules.keys() <= found.keys()
    for rule in catalogue.rules.values():
        row = found[rule.id]
        assert len(row) == 4, row
        assert row[3] == rule.source
        assert row[2].startswith(" ".join(rule.requirement.split())), row


def test_a_schema_becomes_a_table_for_each_object() -> None:
    schema: dict[str, Any] = {
        "title": "Things",
        "properties": {
            "size": {"anyOf": [{"type": "integer"}, {"type": "null"}], "description": "The size | the length."},
            "colour": {"$ref": "#/$defs/Colour"},
            "names": {"type": "array", "items": {"type": ["string", "null"]}},
        },
        "required": ["size"],
        "$defs": {"Colour": {"enum": ["red", "blue"]}, "Id": {"type": "string", "pattern": "^a"}},
    }
    page = schema_tables(schema)
    assert ["size", "integer", "The size | the length. Required."] in rows(page)
    assert ["colour", "Colour", ""] in rows(page)
    assert ["names", "array of string", ""] in rows(page)
    assert "The value is: `red`, `blue`." in page
    assert "The value is: string that matches `^a`." in page


def test_each_reference_to_a_part_of_a_schema_leads_somewhere() -> None:
    for path in MADE_FROM:
        page = schema_tables(json.loads((ROOT / path).read_text(encoding="utf-8")))
        sections = {line.removeprefix("## ").lower() for line in page.splitlines() if line.startswith("## ")}
        assert set(re.findall(r"\]\(#([^)]*)\)", page)) <= sections, path
