"""Tests of what is pasted sends the very bytes that were sent, and never shows a key."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.record.entries import Request
from reports.record.key_forms import KEY as WHOLE
from reports.record.key_forms import Keys, of_variable
from reports.reproduce import Place, curl, httpx_program, url_of

TARGET = "http://127.0.0.1:1"
BODIES = [
    "{}",
    '{"a": "it\'s $HOME `x` \\n"}',
    "@/etc/hostname",
    "\x00\x01\x7f",
    "ünï 👋",
    "",
    "%s %d \\101",
    "a\nb\n",
]
FAKE_CURL = """#!/bin/sh
printf '%s\\n' "$@" > "$OUT/arguments"
for last; do :; done
if [ "$last" = "@-" ]; then cat > "$OUT/body"; else printf '%s' "$last" > "$OUT/body"; fi
"""


def request(body: str | None = "{}", **changes: object) -> Request:
    values: dict[str, object] = {
        "method": "POST",
        "path": "/api/calls",
        "headers": {"Content-Type": "application/json", "X-Api-Key": "s3cret", "Cookie": "s3cret"},
        "body": body,
    }
    return Request(**(values | changes))  # type: ignore[arg-type]


def run_in_shell(command: str, folder: Path) -> bytes:
    fake = folder / "curl"
    fake.write_text(FAKE_CURL)
    fake.chmod(0o755)
    environment = {"PATH": f"{folder}:{os.environ['PATH']}", "OUT": str(folder), "API_KEY": "mine"}
    subprocess.run(["sh", "-c", command], check=True, env=environment, cwd=folder)
    return (folder / "body").read_bytes()


@pytest.mark.parametrize("body", [*BODIES, b"\xff\xfe{".decode("utf-8", errors="surrogateescape")])
def test_curl_sends_the_same_bytes(body: str, tmp_path: Path) -> None:
    sent = run_in_shell(curl(request(body), TARGET), tmp_path)
    assert sent == body.encode("utf-8", errors="surrogateescape")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(max_size=40))
def test_curl_sends_any_text(body: str, tmp_path: Path) -> None:
    expected = body.encode("utf-8", errors="surrogatepass")
    assert run_in_shell(curl(request(body), TARGET), tmp_path) == expected


@pytest.mark.parametrize(("text", "is_pattern"), [("a[]=1", True), ("a={x}", True), ("a=%zz&&", False)])
def test_curl_takes_no_query_for_a_pattern(text: str, *, is_pattern: bool) -> None:
    command = curl(request(query_text=text), TARGET)
    assert f"/api/calls?{text}'" in command
    assert (" -g " in command) is is_pattern


def test_curl_takes_the_key_from_the_environment(tmp_path: Path) -> None:
    command = curl(request(), TARGET)
    run_in_shell(command, tmp_path)
    assert "X-API-Key: mine" in (tmp_path / "arguments").read_text()
    assert "s3cret" not in command


@pytest.mark.parametrize(("key", "shown"), [("own", "$API_KEY"), ("invalid", "not-a-real-key")])
def test_the_key_is_the_kind_that_was_sent(key: str, shown: str) -> None:
    keys = Keys({"header X-Other-Key": WHOLE}, "API_KEY")
    assert shown in curl(request(key=key), TARGET, keys)
    assert "X-Other-Key" in httpx_program(request(key=key), TARGET, keys)


def test_several_credentials_go_where_each_belongs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forms = {"header Authorization": ["Bearer ", WHOLE], "query client": of_variable(WHOLE, "CLIENT")}
    monkeypatch.setenv("CLIENT", "theirs")
    command = curl(request(), TARGET, Keys(forms, "API_KEY"))
    run_in_shell(command.replace("$CLIENT", "theirs").replace("${CLIENT}", "theirs"), tmp_path)
    arguments = (tmp_path / "arguments").read_text().splitlines()
    assert "Authorization: Bearer mine" in arguments
    assert "client=theirs" in arguments
    program = httpx_program(request(), TARGET, Keys(forms, "API_KEY"))
    assert "'Authorization': ('Bearer ' + os.environ['API_KEY'])" in program
    assert "('client', os.environ['CLIENT'])" in program


def test_no_key_is_added_where_none_was_sent() -> None:
    assert "Key" not in curl(request(key="none"), TARGET)
    assert "environ" not in httpx_program(request(key="none"), TARGET)


@pytest.mark.parametrize("body", [*BODIES, b"\xff".decode("utf-8", errors="surrogateescape"), None])
def test_the_python_program_sends_the_same_bytes(body: str | None, tmp_path: Path) -> None:
    program = httpx_program(request(body, query=[["a", "b&c"], ["a", "ü"]]), TARGET)
    assert "s3cret" not in program
    stand_in = (
        "import json, sys\n"
        "def request(method, url, *, headers, timeout, content=b''):\n"
        "    json.dump([method, url, headers, content.hex()], sys.stderr)\n"
        "    return type('Answer', (), {'status_code': 201, 'text': ''})\n"
    )
    (tmp_path / "httpx.py").write_text(stand_in)
    (tmp_path / "program.py").write_text(program)
    environment = os.environ | {"API_KEY": "mine"}
    done = subprocess.run([sys.executable, "program.py"], cwd=tmp_path, env=environment, capture_output=True, check=True)
    method, url, headers, content = json.loads(done.stderr)
    assert (method, url) == ("POST", TARGET + "/api/calls?a=b%26c&a=%C3%BC")
    assert headers == {"Content-Type": "application/json", "X-API-Key": "mine"}
    assert bytes.fromhex(content) == (body or "").encode("utf-8", errors="surrogateescape")


def test_a_body_too_long_for_a_command_is_left_to_a_file() -> None:
    assert "@body.json" in curl(request("x" * 200_000), TARGET)


def test_the_pytest_line_names_the_rule_in_words_that_pytest_reads() -> None:
    made = Place("https://a b", record="out/run.jsonl").snippets(request(), rule="body.a.*.b.pattern", exchange=9)
    assert (
        made.pytest
        == "python -m pytest 'conformance/plugin/test_rules.py::test_rule[body.a.*.b.pattern]' --target 'https://a b'"
    )
    assert made.replay == "python -m conformance replay out/run.jsonl --exchange 9"


def test_a_url_has_its_query() -> None:
    assert url_of(request(query=[["x", "1 2"]]), "https://h/") == "https://h/api/calls?x=1+2"


FORMS = {"header Authorization": ["Bearer ", {"key": [0, -1]}], "query api_key": {"as": "upper", "of": {"key": [0, None]}}}


def test_curl_makes_of_the_key_what_the_case_made_of_it(tmp_path: Path) -> None:
    made = request(key="invalid", key_forms=FORMS, headers={"Authorization": "[...]"}, query=[["api_key", "[...]"], ["a", "b"]])
    command = curl(made, TARGET)
    assert "${API_KEY%?}" in command
    run_in_shell(command, tmp_path)
    arguments = (tmp_path / "arguments").read_text().splitlines()
    assert {"Authorization: Bearer min", "api_key=MINE", f"{TARGET}/api/calls?a=b"} <= set(arguments)
    assert not [each for each in arguments if "X-API-Key" in each or "[...]" in each]


def test_what_the_record_does_not_hold_is_reported_in_the_command() -> None:
    for command in (curl(request('{"a": "[redacted]"}'), TARGET), httpx_program(request('{"a": "[redacted]"}'), TARGET)):
        assert command.startswith("# The record holds no secrets: put yours in place of [redacted].\n")
    assert not curl(request(), TARGET).startswith("#")
