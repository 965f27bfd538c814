"""Files with checks of one's own: code and data are loaded, and what is invalid is named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.checks.own.loading import load_checks
from openapi.own_checks import Observed, OwnCheckError, Problem

CODE = """\
from ultravox_conformance import check

@check("acme.join-url", "MUST", "joinUrl MUST be an https URL.")
def join_url(exchange):
    if not exchange.json["joinUrl"].startswith("https:"):
        yield f"joinUrl is {exchange.json['joinUrl']}"

same = join_url
"""
DATA = """\
- id: acme.voice-is-shown
  level: SHOULD
  sentence: A call with a voice SHOULD show it.
  when: {properties: {body: {required: [voice]}}}
  equal: {response: /voice, request: /body/voice}
- id: acme.retry-after
  sentence: A refusal MUST have a request id.
  about: refused
  then: {properties: {headers: {required: [x-request-id]}, status: {enum: [400, 422]}}}
"""


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_code(tmp_path: Path) -> None:
    [own] = load_checks(written(tmp_path, "my_checks.py", CODE))
    assert own.rule.source == f"{tmp_path / 'my_checks.py'}:3"
    assert own(Observed(body={}, status=201, json={"joinUrl": "http://a"})) == [Problem("joinUrl is http://a")]
    assert own(Observed(body={}, status=201, json={"joinUrl": "https://a"})) == []


def test_two_files_of_one_name_in_two_folders(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    files = [written(tmp_path, "c.py", CODE), written(tmp_path / "other", "c.py", CODE.replace("join-url", "url"))]
    assert [each.rule.id for each in load_checks(*files)] == ["acme.join-url", "acme.url"]


def test_data(tmp_path: Path) -> None:
    shown, refused = load_checks(written(tmp_path, "checks.yaml", DATA))
    assert (shown.rule.level, shown.about, refused.rule.level, refused.about) == ("SHOULD", "created", "MUST", "refused")
    assert shown.when is not None
    assert [shown.when(Observed(body=body, status=201, json={})) for body in ({"voice": "a"}, {})] == [True, False]
    assert shown(Observed(body={"voice": "a"}, status=201, json={"voice": "a"})) == []
    [problem] = shown(Observed(body={"voice": "a"}, status=201, json={"voice": "b"}))
    assert problem.actual == '/voice of the response is "b", /body/voice of the request "a"'
    assert refused(Observed(body={}, status=400, headers={"x-request-id": "1"})) == []
    [problem] = refused(Observed(body={}, status=400, headers={}))
    assert "x-request-id" in problem.actual
    [problem] = refused(Observed(body={}, status=404, headers={"x-request-id": "1"}))
    assert problem.actual.startswith("/status: 404")


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("c.py", "import nothing_of_the_kind\n", r"c\.py:1: ModuleNotFoundError"),
        ("c.py", "x = 1\n\ndef f(:\n", r"c\.py:3: "),
        ("c.py", "x = 1\n", "it defines no check"),
        ("c.py", CODE.replace("MUST be", "is"), "acme.join-url: its sentence has no MUST"),
        ("c.txt", "", "Python .* or data"),
        ("c.yaml", "[]", "it states no check"),
        ("c.yaml", "{", "it is no YAML"),
        ("c.yaml", "- id: acme.a\n", r"0\.sentence: Field required"),
        ("c.yaml", "- {id: acme.a, sentence: It MUST., when: true}\n", "give one of then and equal"),
        ("c.yaml", "- {id: acme.a, sentence: It MUST., then: true, more: 1}\n", r"0\.more"),
        ("c.yaml", "- {id: acme.a, sentence: It MUST., then: {type: nothing}}\n", "acme.a: a condition is no JSON Schema"),
        ("c.yaml", "- {id: acme.a, sentence: It is., then: true}\n", "its sentence has no MUST"),
    ],
)
def test_what_is_invalid_is_named_with_its_place(tmp_path: Path, name: str, text: str, problem: str) -> None:
    file = written(tmp_path, name, text)
    with pytest.raises(OwnCheckError, match=problem) as raised:
        load_checks(file)
    assert str(raised.value).startswith(str(file))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["none.py", "none.yaml"])
def test_a_file_that_there_is_not(tmp_path: Path, name: str) -> None:
    with pytest.raises(OwnCheckError, match=f"{name}: No such file"):
        load_checks(tmp_path / name)
