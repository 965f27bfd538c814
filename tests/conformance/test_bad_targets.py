"""Targets that are violated, gone, or something else: one clear line, the right exit status, and a report all the same."""

from __future__ import annotations

import base64
import itertools
import json
import re
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.run import PHASES, Ending
from emulator import create_app
from emulator.serving import running
from reports.record.entries import Outcome
from tests.conformance.conftest import Command, Ran, whole
from tests.conformance.servers import KEY, Received, Reply, Response, always, catalogue, conforming, serving
from tests.conformance.sessions import ending_with

REPORTS = ("run.jsonl", "report.html", "summary.json", "junit.xml")
FEW = ("--select", "body.temperature.*", "--select", "robustness.server-error", "--select", "status.*")
SOME_RULES = ("status.*", "body.temperature.*", "robustness.*")


def checker(ran: Ran, status: int, *reported: str) -> None:
    """Holds of every run that had begun: status, reports, reason, no traceback, and no key anywhere."""
    assert ran.exit == status, (ran.stdout, ran.stderr)
    assert ran.footer()["exit"] == ran.summary["exit"] == status
    for name in REPORTS:
        assert (ran.out / name).stat().st_size > 0, name
    assert "Traceback" not in ran.stdout + ran.stderr
    for text in reported:
        assert text in ran.stdout, ran.stdout
        assert text in str(ran.footer()["reason"])
    no_key_in(ran)


def no_key_in(ran: Ran) -> None:
    """Neither the key, nor one character less, nor an encoded form stands in any file or in the output."""
    reporting = {KEY, KEY[1:], KEY[:-1], KEY[::-1], KEY.partition(".")[2], KEY.swapcase(), KEY.upper()}
    reporting.add(base64.b64encode(f"{KEY}:".encode()).decode())
    texts = {str(path): whole(path) for path in ran.out.rglob("*") if path.is_file()}
    texts |= {"stdout": ran.stdout.encode(), "stderr": ran.stderr.encode()}
    found = [(name, form) for name, text in texts.items() for form in reporting if form.encode() in text]
    assert not found


def test_nobody_listens(test_of: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        ran = test_of(url, *FEW)
    checker(ran, 3, f"{url} does not respond: ConnectError")
    assert {each["outcome"] for each in ran.verdicts().values()} <= {"ERROR", "SKIP"}


HTML = b"<!doctype html><title>Hello</title><h1>It works!</h1>"


def test_a_page_for_people(test_of: Command) -> None:
    with serving(always(200, HTML, Content_Type="text/html")) as url:
        ran = test_of(url, *FEW)
    checker(ran, 3, "does not look like this API: an empty body got no JSON (200, text/html)")
    assert ran.summary["outcome"] == "unjudged"
    assert ran.summary["failed"] == []
    assert ran.summary["passed"] == 0


def test_rate_limited_throughout(test_of: Command) -> None:
    with serving(always(429, Retry_After="0")) as url:
        ran = test_of(url, *FEW)
    checker(ran, 3, "responds with 429: the rate or number")


def test_a_response_that_breaks_off(test_of: Command) -> None:
    with serving(lambda _received: Reply(201, b'{"callId": "', length=4000)) as url:
        ran = test_of(url, *FEW)
    checker(ran, 3, "does not respond: RemoteProtocolError")


@pytest.mark.parametrize(
    ("response", "reported"),
    [
        pytest.param(always(404, {"detail": "Not found"}), "does not look like this API", id="404"),
        pytest.param(always(404, HTML, Content_Type="text/html"), "does not look like this API", id="html404"),
        pytest.param(always(403, {"detail": "Invalid key"}), "refuses the API key (403)", id="wrong key"),
        pytest.param(always(401, {"detail": "No"}), "refuses the API key (401)", id="unauthorized"),
        pytest.param(always(402, {"detail": "Pay"}), "the account has no minutes", id="no minutes"),
        pytest.param(always(429, Retry_After="3600"), "responds with 429: the rate", id="429 for an hour"),
        pytest.param(always(503, Retry_After="0"), "responds with 503: there is no capacity", id="no capacity"),
        pytest.param(always(301, Location="https://elsewhere.test/"), "redirects to https://else", id="moved"),
        pytest.param(always(307, Location="/api/calls/"), "redirects to /api/calls/", id="slash"),
        pytest.param(lambda _received: None, "does not respond: RemoteProtocolError", id="hangs up"),
    ],
)
def test_nothing_can_be_judged(response: Response, reported: str) -> None:
    ending = ending_with(response)
    assert (ending.outcome, ending.exit) == ("unjudged", 3)
    assert reported in str(ending.reason)
    assert {each.outcome for each in ending.verdicts} <= {Outcome.ERROR, Outcome.SKIP}
    assert all(each.reason for each in ending.verdicts)


def test_a_server_that_hangs(test_of: Command) -> None:
    done = threading.Event()

    def wait(_received: Received) -> None:
        done.wait(60)

    with serving(wait) as url:
        try:
            ran = test_of(url, *FEW, "--timeout", "1")
        finally:
            done.set()
    checker(ran, 3, "does not respond: no whole response within 1 s")


def test_a_server_error_to_everything_is_a_failure(test_of: Command) -> None:
    with serving(always(500, {"detail": "Oops"})) as url:
        ran = test_of(url, *FEW)
    checker(ran, 1, 'no body is accepted: an empty one got 500: {"detail": "Oops"}')
    failed = set(ran.summary["failed"])
    assert failed == {"robustness.server-error", "status.created"}
    others = [each for rule, each in ran.verdicts().items() if rule not in failed]
    assert {each["outcome"] for each in others} <= {"SKIP", "ERROR"}
    assert all("no body is accepted" in each["reason"] for each in others)


def failed(ending: Ending) -> list[str]:
    """The rules that failed."""
    return [each.rule for each in ending.verdicts if each.outcome is Outcome.FAIL]


def test_a_server_that_refuses_everything_fails() -> None:
    ending = ending_with(always(400, {"detail": "No"}))
    assert ending.exit == 1
    assert failed(ending) == ["status.created"]


@pytest.mark.parametrize("body", [b"", b"[]", b'{"ok": true}'])
def test_a_server_that_accepts_everything_fails(body: bytes) -> None:
    ending = ending_with(always(201, body), select=("status.*", "body.temperature.*", "response.[cjt]*"))
    assert ending.exit == 1
    assert failed(ending)


@pytest.mark.parametrize("body", [b"", b"[]", b"null"])
def test_responses_that_cannot_be_read_are_no_reason_to_pass(body: bytes) -> None:
    response = conforming()

    def unread(received: Received) -> Reply | None:
        reply = response(received)
        return Reply(201, body) if reply is not None and reply.status == 201 else reply

    ending = ending_with(unread, {"bodies": PHASES["bodies"]}, select=("body.temperature.*", "body.joinTimeout.*"))
    assert (ending.exit, failed(ending)) == (3, [])
    reported = {each.rule: each.reason for each in ending.verdicts if each.outcome is Outcome.ERROR}
    assert "body.temperature.default" in reported
    assert "body.temperature.echo" in reported
    assert all("see response.json" in str(reason) for reason in reported.values())


def dying_after(number: int, then: Callable[[], Reply | None]) -> Response:
    """The conforming emulator, until it is not."""
    counter, response = itertools.count(1), conforming()
    return lambda received: response(received) if next(counter) <= number else then()


def test_a_server_that_dies_in_the_middle_is_not_judged(test_of: Command) -> None:
    with serving(dying_after(40, lambda: None)) as url:
        ran = test_of(url, "--select", "body.m*")
    checker(ran, 3, "has stopped responding: RemoteProtocolError")
    assert ran.summary["outcome"] == "unjudged"
    assert ran.summary["failed"] == []


@pytest.mark.parametrize("number", [1, 2, 7, 41])
def test_whenever_a_server_dies_it_is_not_judged(number: int) -> None:
    ending = ending_with(dying_after(number, lambda: None))
    assert (ending.exit, failed(ending)) == (3, [])
    assert "has stopped responding" in str(ending.reason)


@pytest.mark.parametrize(("number", "status"), [(2, 401), (41, 403), (300, 401)])
def test_a_key_that_is_refused_from_then_on_is_no_violation(number: int, status: int) -> None:
    received = itertools.count(1)
    then = Reply(status, b'{"detail": "Invalid API key"}')
    ending = ending_with(dying_after(number, lambda: then if next(received) else None))
    assert (ending.exit, failed(ending)) == (3, [])
    assert f"refuses the API key ({status}) since request " in str(ending.reason)
    assert next(received) < 60  # it is soon noticed


def test_a_key_that_is_refused_at_the_end_is_noticed_though_few_rules_are_selected() -> None:
    ending = ending_with(dying_after(30, lambda: Reply(401)), select=("body.temperature.*", "body.joinTimeout.*"))
    assert (ending.exit, failed(ending)) == (3, [])
    assert "refuses the API key (401) since request 31" in str(ending.reason)


def test_what_was_found_before_the_key_was_refused_counts() -> None:
    response = conforming()

    def crashing(received: Received) -> Reply | None:
        return Reply(500) if b'"temperature"' in received.body else response(received)

    ending = ending_with(lets_in_until(400, crashing))
    assert ending.exit == 1
    assert {failure.response.status for each in ending.verdicts for failure in each.failures if failure.response} == {500}


def lets_in_until(number: int, response: Response) -> Response:
    """A server that refuses the key from some request on."""
    counter = itertools.count(1)
    return lambda received: response(received) if next(counter) <= number else Reply(403)


def test_refusals_of_some_bodies_that_look_like_those_of_a_key_are_violations() -> None:
    response = conforming()
    refusing = lambda received: Reply(403) if b'"temperature"' in received.body else response(received)  # noqa: E731
    ending = ending_with(refusing, select=("body.voice*", "body.t*", "auth.*"))
    assert ending.exit == 1
    assert any(rule.startswith("body.temperature") for rule in failed(ending)), failed(ending)


@pytest.mark.parametrize("number", [1, 40])
def test_a_server_that_is_rate_limited_from_then_on(number: int) -> None:
    then = Reply(429, headers={"Retry-After": "0"})
    ending = ending_with(dying_after(number, lambda: then), select=("body.temperature.*", "auth.*"))
    assert (ending.exit, failed(ending)) == (3, [])


def test_a_server_that_asks_for_a_day_of_backoff_is_left_alone() -> None:
    sent = itertools.count()
    ending = ending_with(dying_after(40, lambda: Reply(429, headers={"Retry-After": str(86_400 + next(sent))})))
    assert (ending.exit, failed(ending)) == (3, [])
    assert "Retry-After: 864" in str(ending.reason)
    assert next(sent) < 100


@pytest.mark.parametrize("number", [1, 30])
def test_a_server_that_breaks_in_the_middle_fails(number: int) -> None:
    ending = ending_with(dying_after(number, lambda: Reply(500, b"Oops")), select=SOME_RULES)
    assert ending.exit == 1
    assert "robustness.server-error" in failed(ending)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_key_in_a_file(test_of: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    monkeypatch.delenv("ULTRAVOX_API_KEY")
    (tmp_path / "key").write_text(KEY + "\n", encoding=encoding)
    with serving(conforming()) as url:
        ran = test_of(url, "--key-file", str(tmp_path / "key"), "--select", "auth.near-miss")
    checker(ran, 0)
    assert ran.verdicts()["auth.near-miss"]["outcome"] == "PASS"


@pytest.mark.parametrize("key", ["12345678", "x", 'ab"cd\\ef'])
def test_a_key_that_stands_in_ordinary_values_accuses_nobody(
    test_of: Command, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("ULTRAVOX_API_KEY", key)
    app = create_app(catalogue().contract, keys=frozenset({key}))
    with running(app) as url:
        ran = test_of(url, "--select", "body.joinTimeout.*", "--select", "response.json", "--select", "auth.*")
    assert ran.exit == 0, ran.stdout
    written = json.loads("[" + ",".join((ran.out / "run.jsonl").read_text().splitlines()) + "]")
    bodies = [each["request"]["body"] or "" for each in written if each["type"] == "exchange"]
    # A short key is redacted as a whole word alone: a key of one letter stands in nearly every word.
    shown = re.compile(rf"(?<![^\W_]){re.escape(key)}(?![^\W_])")
    texts = [text for body in bodies for text in texts_in(body)]
    assert texts
    assert not [text for text in texts if shown.search(text)]


def texts_in(body: str) -> list[str]:
    """Return the strings of a JSON text with escapes undone, or the text where it is none."""
    found: list[str] = []
    try:
        json.loads(body, object_pairs_hook=lambda pairs: found.extend(v for _, v in pairs if isinstance(v, str)))
    except ValueError:
        return [body]
    return found


def test_a_server_that_shows_keys(test_of: Command) -> None:
    response = conforming()

    def reporting(received: Received) -> Reply | None:
        reply = response(received)
        if reply is None or reply.status == 201:
            return Reply(500, f"No call for {received.headers.get('x-api-key')}".encode())
        shown = f'{{"detail": "{received.headers} {received.query}"}}'.encode()
        return Reply(reply.status, shown, {"Location": received.headers.get("x-api-key", "")})

    counter = itertools.count()
    with serving(lambda received: response(received) if next(counter) < 1 else reporting(received)) as url:
        ran = test_of(url, "--select", "auth.*", "--select", "robustness.server-error")
    checker(ran, 1)
