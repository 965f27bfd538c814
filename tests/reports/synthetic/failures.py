"""The ways in which a made-up run fails, one for each kind of failure that a report must show well."""

from __future__ import annotations

import json
from dataclasses import replace

from reports.record.entries import Failure, Outcome, Request, Response, Verdict
from tests.reports.synthetic.traffic import HEADERS, RESPONSE_HEADERS, created


def _failure(
    side: str, body: str | None, response: Response, expected: str, actual: str, offending_fields: list[str], cause: str
) -> Failure:
    request = Request(method="POST", path="/api/calls", headers=HEADERS, body=body)
    return Failure(
        side=side,
        request=request,
        response=response,
        expected=expected,
        actual=actual,
        offending_fields=offending_fields,
        cause=cause,
        exchange=7,
        occurrences=3,
    )


_TEMPERATURE = _failure(
    "rejects",
    json.dumps({"temperature": 1.5}),
    created('{"temperature": 1.5}', 7),
    "a refusal with 400 or 422, since temperature: 1.5 is above maximum 1",
    "201 Created, temperature: 1.5",
    ["/temperature"],
    "body.temperature.maximum",
)
_DEFAULT = _failure(
    "default",
    "{}",
    created('{"joinTimeout": "60s"}', 8),
    'joinTimeout: "30s"',
    'joinTimeout: "60s"',
    ["/joinTimeout"],
    "response.joinTimeout.default",
)
_TOOL_BODY = json.dumps(
    {"selectedTools": [{"temporaryTool": {"modelToolName": "get_weather", "timeout": "0.000000001s", "client": {}}}]}
)
_TIMEOUT = _failure(
    "accepts",
    _TOOL_BODY,
    Response(
        status=400,
        headers=RESPONSE_HEADERS,
        body='{"detail": "selectedTools.0.temporaryTool.timeout: not a duration"}',
    ),
    "201 Created: every field obeys the description",
    "400 selectedTools.0.temporaryTool.timeout: not a duration",
    ["/selectedTools/0/temporaryTool/timeout"],
    "body.selectedTools.*.temporaryTool.timeout.pattern",
)
_SERVER = _failure(
    "rejects",
    json.dumps({"metadata": {"a": "\ud800"}}),
    Response(status=500, headers={"content-type": "text/html"}, body="<h1>Server Error (500)</h1>"),
    "any answer below 500",
    "500 <h1>Server Error (500)</h1>",
    ["/metadata/a"],
    "robustness.lone-surrogate",
)
_SOCKET = _failure(
    "rejects",
    json.dumps({"medium": {"serverWebSocket": {"outputSampleRate": 16000}}}),
    created('{"medium": {"serverWebSocket": {"outputSampleRate": 16000}}}', 9),
    "a refusal with 400 or 422, since medium.serverWebSocket.inputSampleRate is required",
    "201 Created",
    ["/medium/serverWebSocket/inputSampleRate"],
    "body.medium.serverWebSocket.inputSampleRate.type",
)

FAILING: dict[str, list[Failure]] = {
    "body.temperature.maximum": [_TEMPERATURE],
    "body.temperature.type": [replace(_TEMPERATURE, side="echo", intermittent=True)],
    "response.joinTimeout.default": [_DEFAULT],
    "body.selectedTools.*.temporaryTool.timeout.pattern": [
        _TIMEOUT,
        replace(_TIMEOUT, side="echo", expected='timeout: "0.000000001s"', actual='timeout: "0s"'),
    ],
    "robustness.lone-surrogate": [_SERVER],
    "body.medium.serverWebSocket.inputSampleRate.type": [_SOCKET],
}
UNJUDGED = {
    "state.medium.inherited": "429 Too Many Requests on all 5 attempts",
    "query.priorCallId.format": "the connection was closed before an answer came",
}
SKIPPED = {
    "body.medium.twilio.outgoing": "would dial a real phone; never sent to a live server",
    "schemathesis.not_a_server_error": "schemathesis found no operation to test",
}


def failed(rule_id: str, verdict: Verdict) -> Verdict:
    """The verdict on a rule in a failing run, made from the one it has in a conforming run."""
    if rule_id in FAILING:
        failures = FAILING[rule_id]
        sides = verdict.sides | {failure.side: Outcome.FAIL for failure in failures}
        return replace(verdict, outcome=Outcome.FAIL, sides=sides, failures=failures)
    for outcome, reasons in ((Outcome.ERROR, UNJUDGED), (Outcome.SKIP, SKIPPED)):
        if rule_id in reasons:
            sides = dict.fromkeys(verdict.sides, outcome)
            return replace(verdict, outcome=outcome, sides=sides, reason=reasons[rule_id])
    return verdict
