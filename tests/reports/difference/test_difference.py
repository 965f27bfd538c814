"""Two descriptions compared: each kind of change, and for whom it may break what worked."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from conformance.cli.main import main

OLD = """
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things:
    post:
      parameters: [{name: dry, in: query, schema: {type: boolean}}]
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                size: {type: integer, maximum: 10}
                kind: {type: string, enum: [a, b], default: a}
                gone: {type: string}
      responses:
        '201':
          content:
            application/json:
              schema:
                type: object
                required: [id]
                properties:
                  id: {type: string}
                  state: {type: string, enum: [open, closed]}
                  kind: {type: string}
"""
BODY = ("paths", "/things", "post", "requestBody", "content", "application/json", "schema")
RESPONSE = ("paths", "/things", "post", "responses", "201", "content", "application/json", "schema")


def changed(*changes: tuple[tuple[str, ...], Any]) -> dict[str, Any]:
    """The old description with values at some places; None removes what is there."""
    document: dict[str, Any] = yaml.safe_load(OLD)
    for place, value in changes:
        here = document
        for step in place[:-1]:
            here = here.setdefault(step, {})
        if value is None:
            del here[place[-1]]
        else:
            here[place[-1]] = value
    return document


def diff(folder: Path, capsys: pytest.CaptureFixture[str], new: dict[str, Any], *options: str) -> tuple[int, list[Any]]:
    """The exit status, and each change as kind, subject and those for whom it may break."""
    (folder / "old.yaml").write_text(OLD)
    (folder / "new.json").write_text(json.dumps(new))
    status = main(["diff", str(folder / "old.yaml"), str(folder / "new.json"), "--json", *options])
    found = json.loads(capsys.readouterr().out)
    return status, [(each["kind"], each["subject"], each["breaks"]) for each in found]


CASES: list[tuple[tuple[str, ...], Any, tuple[str, str, list[str]]]] = [
    ((*BODY, "properties", "size", "maximum"), 5, ("narrowed", "body.size.maximum", ["callers"])),
    ((*BODY, "properties", "size", "maximum"), 20, ("widened", "body.size.maximum", [])),
    ((*BODY, "properties", "size", "maximum"), None, ("removed", "body.size.maximum", [])),
    ((*BODY, "properties", "size", "minimum"), 1, ("added", "body.size.minimum", ["callers"])),
    ((*BODY, "properties", "size", "type"), ["integer", "null"], ("widened", "body.size.type", [])),
    ((*BODY, "properties", "kind", "enum"), ["a", "c"], ("changed", "body.kind.enum", ["callers"])),
    ((*BODY, "properties", "kind", "default"), "b", ("changed", "body.kind.default", ["callers"])),
    ((*BODY, "properties", "gone"), None, ("removed", "body.gone", ["callers"])),
    ((*BODY, "properties", "fresh"), {"type": "object"}, ("added", "body.fresh", [])),
    ((*BODY, "required"), ["size"], ("added", "body.size.required", ["callers"])),
    ((*RESPONSE, "properties", "state", "enum"), ["open"], ("narrowed", "response.state.enum", [])),
    (
        (*RESPONSE, "properties", "state", "enum"),
        ["open", "closed", "new"],
        ("widened", "response.state.enum", ["readers"]),
    ),
    ((*RESPONSE, "properties", "state"), None, ("removed", "response.state", ["readers"])),
    ((*RESPONSE, "properties", "fresh"), {"type": "string"}, ("added", "response.fresh", [])),
    ((*RESPONSE, "required"), None, ("removed", "response.id.required", ["readers"])),
    ((*BODY[:3], "parameters"), [], ("removed", "query.dry", ["callers"])),
    (("security",), [{"k": []}], ("added", "credentials", ["callers"])),
]
SCHEME = (("components", "securitySchemes", "k"), {"type": "http", "scheme": "bearer"})
# api-smart-diff takes a member that is not required for one that nobody misses, and a type that gains null for another type.
DISAGREED = frozenset({"body.gone", "response.state", "body.size.type"})
PEER = Path(__file__).parent / "peer"


@pytest.mark.parametrize(("place", "value", "expected"), CASES)
def test_each_kind_of_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], place: tuple[str, ...], value: Any, expected: tuple[str, str, list[str]]
) -> None:
    _, found = diff(tmp_path, capsys, changed((place, value), SCHEME))
    assert expected in found
    assert [each for each in found if not each[1].startswith(("auth.", "query.unset"))] == [expected]


def test_the_same_description_has_no_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert diff(tmp_path, capsys, changed(), "--fail-on", "any") == (0, [])


@pytest.mark.parametrize(("maximum", "condition", "status"), [(5, "breaking", 1), (20, "breaking", 0), (20, "any", 1)])
def test_the_exit_status_is_what_the_user_asks_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], maximum: int, condition: str, status: int
) -> None:
    new = changed(((*BODY, "properties", "size", "maximum"), maximum))
    assert diff(tmp_path, capsys, new, "--fail-on", condition)[0] == status
    assert diff(tmp_path, capsys, new)[0] == 0


def test_pages_show_each_change_and_escape_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = changed(((*BODY, "properties", "<b>|x"), {"type": "string", "pattern": "^<i>*"}))
    page, table = tmp_path / "d.html", tmp_path / "d.md"
    diff(tmp_path, capsys, new, "--html", str(page), "--markdown", str(table))
    assert "body.&lt;b&gt;|x" in page.read_text()
    assert "<b>" not in page.read_text()
    assert "| added | `body.<b>\\|x` |" in table.read_text()


def test_a_description_that_cannot_be_read_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "old.yaml").write_text(OLD)
    assert main(["diff", str(tmp_path / "old.yaml"), str(tmp_path / "none.yaml")]) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("\n")) == ("", 1)


@pytest.mark.skipif(not (PEER / "node_modules").is_dir(), reason="api-smart-diff is not installed: npm ci")
def test_an_independent_tool_agrees() -> None:
    pairs = [[changed(SCHEME), changed((place, value), SCHEME)] for place, value, _ in CASES]
    command = ["node", str(PEER / "compare.mjs")]
    ended = subprocess.run(command, input=json.dumps(pairs), capture_output=True, text=True, check=True)
    for line, (_, _, (_, subject, breaks)) in zip(ended.stdout.splitlines(), CASES, strict=True):
        assert (("breaking" in json.loads(line)) == bool(breaks)) != (subject in DISAGREED), subject
