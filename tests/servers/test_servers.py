"""The suite against servers that nobody here wrote: it accuses none that conforms, and finds what deviates."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from fnmatch import fnmatchcase
from http.client import HTTPResponse
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
import yaml

from tests.servers.calibration import Outcome, main, run
from tests.servers.deviations import DEVIATIONS, VARIANTS, VARIANTS_OF_EXPRESS
from tests.servers.launching import SERVERS, Running, last_words, missing, serving
from tests.servers.new_calls import inherited
from tests.servers.sentences import violation

ACCUSED: dict[str, list[dict[str, str]]] = yaml.load(
    (Path(__file__).parent / "accused.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
)
# What every server is asked without the whole of smoke, which `.ci/run` has: some rules of each phase.
SOME = ("status.*", "auth.*", "protocol.*", "robustness.*", "state.delete*", "body.temperature.*")
# Deviations that do not hide each other, and for each the rules of which one must fail.
FOUND = {
    "django": {
        "bounds-temperature": "body.temperature.*",
        "two-voices": "body.voice-or-external-voice",
        "reserved-metadata": "body.metadata.*",
    },
    "fastapi": {
        "default-joinTimeout": "body.joinTimeout.default",
        "echo-systemPrompt": "body.systemPrompt.echo",
        "no-inheritance": "state.temperature.inherited",
    },
    "express": {
        "any-key": "auth.*",
        "required-overrides": "body.selectedTools.*.x-covers",
        "keeps-deleted": "state.delete",
    },
}
ALONE = [(name, deviation, rules) for name, found in FOUND.items() for deviation, rules in found.items()]

# Variants that do not exclude each other: a server that serves no reading reads nothing late. The rules are those that a
# variant bears on: what created calls show, how long bodies are, which tools, members and types are taken.
OF_SIZE = ("body.systemPrompt.*", "body.metadata*")
OF_PARENTS = ("state.medium.*", "state.parent-chain", "state.own-values", "state.delete*")
TOGETHER = [
    ("fastapi", ("post-only", "small-bodies"), (*OF_SIZE, "protocol.*", "robustness.*", "state.delete*")),
    ("fastapi", ("no-stored-tools", "merged-members", "late-reads"), (*OF_PARENTS, "body.selectedTools.*.toolName.type")),
    ("express", VARIANTS_OF_EXPRESS, ("body.temperature.*", "body.metadata*", "body.firstSpeakerSettings.*.text.*")),
]


def skip_if_missing(name: str) -> None:
    """Skip the test if the machine lacks what the server needs."""
    if (needs := missing(name)) is not None:
        pytest.skip(f"needs {needs}")


def smoke(name: str, tmp_path: Path, *deviations: str, rules: Sequence[str] = ()) -> Outcome:
    """Return the outcome of a smoke run on some rules, or all of them, against a server with deviations."""
    skip_if_missing(name)
    with serving(name, deviations) as server:
        return smoke_on(name, server, tmp_path, rules)


def smoke_on(name: str, server: Running, tmp_path: Path, rules: Sequence[str]) -> Outcome:
    """Return the outcome of a smoke run against a server that is ready."""
    return run(name, server, "smoke", 0, tmp_path, [part for each in rules for part in ("--select", each)])


def unexpected(outcome: Outcome) -> list[str]:
    """Return the failed rules that are not listed."""
    known = [each["rules"] for each in ACCUSED.get(outcome.server, [])]
    return [rule for rule in outcome.failed if not any(fnmatchcase(rule, each) for each in known)]


@pytest.mark.slow
@pytest.mark.parametrize("name", SERVERS)
def test_a_conforming_server_is_not_accused(name: str, one_of_each: dict[str, Running], tmp_path: Path) -> None:
    """Smoke fails none of some rules on a conforming server, but for those that are listed with a reason."""
    skip_if_missing(name)
    outcome = smoke_on(name, one_of_each[name], tmp_path, SOME)
    assert outcome.status in (0, 1), outcome.output
    assert outcome.requests > 100
    assert not unexpected(outcome), outcome.output


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("name", SERVERS)
def test_a_conforming_server_is_accused_by_no_rule(name: str, tmp_path: Path) -> None:
    """Smoke fails no rule on a conforming server, but for those that are listed with a reason and still accuse it."""
    outcome = smoke(name, tmp_path)
    assert outcome.status in (0, 1), outcome.output
    assert not unexpected(outcome), outcome.output
    stale = [each for each in ACCUSED.get(name, []) if not any(fnmatchcase(rule, each["rules"]) for rule in outcome.failed)]
    assert not stale, "these rules accuse nobody any more: remove them from accused.yaml"


@pytest.mark.slow
@pytest.mark.parametrize("name", FOUND)
def test_deviations_are_found(name: str, tmp_path: Path) -> None:
    """A server that deviates on purpose fails a rule that names each deviation."""
    failed = unexpected(smoke(name, tmp_path, *FOUND[name], rules=[*FOUND[name].values()]))
    missed = [each for each, rules in FOUND[name].items() if not any(fnmatchcase(rule, rules) for rule in failed)]
    assert not missed, failed


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize(("name", "deviation", "rules"), ALONE)
def test_a_deviation_alone_is_found_by_the_whole_run(name: str, deviation: str, rules: str, tmp_path: Path) -> None:
    """No other rule hides a deviation."""
    failed = unexpected(smoke(name, tmp_path, deviation))
    assert any(fnmatchcase(rule, rules) for rule in failed), failed


@pytest.mark.slow
@pytest.mark.parametrize(("name", "variants", "rules"), TOGETHER)
@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.thorough)], ids=["some rules", "every rule"])
def test_variants_are_not_accused(
    name: str, variants: tuple[str, ...], rules: tuple[str, ...], every: bool, tmp_path: Path
) -> None:
    """Smoke fails no further rule where the documentation leaves open what the server does."""
    outcome = smoke(name, tmp_path, *variants, rules=() if every else rules)
    assert outcome.requests > 30
    assert not unexpected(outcome)


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_alone_is_not_accused(variant: str, tmp_path: Path) -> None:
    """None of the variants hides what another one shows."""
    assert not unexpected(smoke("fastapi", tmp_path, variant))


def test_the_variants_together_are_all_of_them() -> None:
    """Each variant is in a run by default."""
    assert sorted(each for _, variants, _ in TOGETHER for each in variants) == sorted((*VARIANTS, *VARIANTS_OF_EXPRESS))


def send(server: Running, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """Return the status code and the decoded body of a response."""
    request = urllib.request.Request(server.url + path, method=method, headers={"X-API-Key": server.key})
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    try:
        response: HTTPResponse = urllib.request.urlopen(request, timeout=30)
    except urllib.request.HTTPError as error:
        with error:
            return error.code, None
    with response:
        text = response.read()
        return response.status, json.loads(text) if text else None


@pytest.mark.slow
@pytest.mark.parametrize("name", SERVERS)
def test_a_server_serves(name: str, one_of_each: dict[str, Running]) -> None:
    """A call is created, inherits from its parent, is read and deleted; invalid bodies and invalid keys are refused."""
    skip_if_missing(name)
    server = one_of_each[name]
    status, call = send(server, "POST", "/api/calls", {"temperature": 0.5, "voice": "Mark"})
    assert (status, call["temperature"], call["voice"], call["joinTimeout"]) == (201, 0.5, "Mark", "30s")
    status, derived = send(
        server, "POST", f"/api/calls?priorCallId={call['callId']}", {"externalVoice": {"lmnt": {"voiceId": "a"}}}
    )
    assert (status, derived["temperature"], derived["voice"]) == (201, 0.5, None)
    assert send(server, "GET", f"/api/calls/{call['callId']}") == (200, call)
    assert send(server, "POST", "/api/calls", {"temperature": 2})[0] in (400, 422)
    assert send(server, "POST", "/api/calls", {"voice": []})[0] in (400, 422)
    assert send(Running(server.url, "wrong"), "POST", "/api/calls", {})[0] in (401, 403)
    assert send(server, "DELETE", f"/api/calls/{call['callId']}")[0] == 204
    assert send(server, "GET", f"/api/calls/{call['callId']}")[0] == 404


@pytest.mark.slow
@pytest.mark.parametrize("name", SERVERS)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"temperature": NaN}', id="NaN"),
        pytest.param('{"initialState": {"a": 1e400}}', id="beyond all floats"),
        pytest.param('{"systemPrompt": "\\ud800"}', id="unpaired surrogate"),
        pytest.param('{"initialState": ' + '{"a":' * 50_000 + "1" + "}" * 50_001, id="deep"),
        pytest.param('{"initialState": ' + '{"a":' * 400 + "1" + "}" * 401, id="less deep"),
        pytest.param('{"initialState": ' + '{"a":' * 8_000 + "1" + "}" * 8_001, id="fairly deep"),
    ],
)
def test_no_framework_errs(name: str, text: str, one_of_each: dict[str, Running]) -> None:
    """Show that requests to which these frameworks alone respond with 500 are handled; see docs/findings.md."""
    skip_if_missing(name)
    server = one_of_each[name]
    request = urllib.request.Request(
        f"{server.url}/api/calls", text.encode(), {"X-API-Key": server.key, "Content-Type": "application/json"}, method="POST"
    )
    try:
        status = urllib.request.urlopen(request, timeout=30).status
    except urllib.request.HTTPError as error:
        with error:
            status = error.code
    assert status < 500


@pytest.fixture(scope="module")
def one_of_each() -> Iterator[dict[str, Running]]:
    """Yield every server that this machine can run."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(serving(name)) for name in SERVERS if missing(name) is None}


def test_no_server_shares_code_with_what_it_calibrates() -> None:
    """A server that imports the suite or its emulator would repeat their errors."""
    folder = Path(__file__).parent
    # What runs the suite against the servers is no part of them.
    servers = [path for path in folder.glob("*.py") if not path.name.startswith(("test_", "calibration"))]
    modules = [*servers, folder.parent / "parsers" / "protobuf_messages.py"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in modules)
    imported = set(re.findall(r"^\s*(?:from|import) (\w+)", text, re.MULTILINE))
    assert {"django", "fastapi", "google", "openapi"} <= imported
    assert not imported & {"conformance", "emulator", "reports", "strategies"}


def test_a_server_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show that what the server wrote is in the error."""
    monkeypatch.setitem(SERVERS, "broken", "no_such_module")
    with pytest.raises(RuntimeError, match="no_such_module"), serving("broken"):
        pass


def test_a_deviation_has_a_known_name() -> None:
    """A misspelt name is an error, since the server would ignore it."""
    with (
        pytest.raises(ValueError, match="express does not understand these deviations: two-voices"),
        serving("express", ["two-voices"]),
    ):
        pass


def test_the_table_has_a_line_for_each_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit status is 1 where any rule failed."""
    outcome = Outcome("django", "smoke", 3, 1, 7, ("body.a.type",), ('{"a": 1}',), "")
    monkeypatch.setattr("tests.servers.calibration.outcomes", lambda *_: iter([outcome]))
    assert main(["--bodies"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["django", "smoke", "3", "7", "1", "body.a.type"]
    assert lines[2].strip() == 'body.a.type: {"a": 1}'


def test_bodies_without_a_violation_pass() -> None:
    """No rule refuses an empty body, nor one that sets several members."""
    assert violation({}, None) is None
    assert violation({"medium": {"serverWebSocket": {"inputSampleRate": 1}}, "joinTimeout": "1.5s"}, {}) is None


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"temperature": 1.5}, "bounds-temperature"),
        ({"medium": {"webRtc": {}, "plivo": {}}}, "one-medium"),
        ({"selectedTools": [{}]}, "one-tool"),
        ({"selectedTools": [{"toolName": "a"}, {"toolName": "a"}]}, "unique-names"),
        ({"selectedTools": [{"toolName": "a", "nameOverride": "b c"}]}, "name-override"),
        ({"firstSpeaker": "FIRST_SPEAKER_USER", "firstSpeakerSettings": {"agent": {}}}, "first-speakers-match"),
        ({"joinTimeout": "-1s"}, "positive-timeouts"),
    ],
)
def test_a_violation_is_named(monkeypatch: pytest.MonkeyPatch, body: dict[str, Any], name: str) -> None:
    """Each rule can be switched off."""
    assert violation(body, None) == name
    assert name in DEVIATIONS
    monkeypatch.setenv("DEVIATIONS", name)
    assert violation(body, None) is None


def test_a_body_replaces_what_excludes_it() -> None:
    """A call shows one voice: that of its own body rather than that of its parent call."""
    assert inherited({"voice": "a"}, {"externalVoice": {}, "model": "b"}) == {"voice": "a", "model": "b"}


def test_every_deviation_is_listed_for_the_selfcheck() -> None:
    """The selfcheck reads names and expected rules from a file."""
    listed = yaml.load((Path(__file__).parent / "faults.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    names = [each["name"] for kind in ("faults", "variants") for each in listed[kind]]
    assert sorted(names) == sorted((*DEVIATIONS, *VARIANTS))
    assert all(each["expects"] for each in listed["faults"])


def test_a_server_that_has_ended_is_known_with_its_last_words() -> None:
    with (
        TemporaryFile() as said,
        subprocess.Popen([sys.executable, "-c", "import sys; sys.exit('bye')"], stderr=said) as ending,
    ):
        ending.wait()
        words = last_words(ending, said)
    assert words is not None
    assert "status 1" in words
    assert "bye" in words
