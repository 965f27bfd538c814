"""Faults of the query: spellings, repetition, parent calls, and what the query does to the body."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from emulator.fault import Body, Fault
from emulator.faults.dsl.editing import Change, Edit, extension, having, parameter, without
from emulator.faults.dsl.making import SERVER_ERROR
from emulator.messages import Exchange, Reply, Request, refusal

FAMILY = "query"
_GREETING, _PARENT = "enableGreetingPrompt", "priorCallId"
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def _reading(name: str, summary: str, parameter_name: str, change: Change, *more: str) -> Fault:
    edit: Edit = parameter(parameter_name, change)
    expects = (f"query.{parameter_name}.*", *more)
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, contract=edit)


Pairs = list[tuple[str, str]]


def _pairs(request: Request) -> Pairs:
    return parse_qsl(request.query_string.decode("latin-1"), keep_blank_values=True)


def _rewriting(name: str, summary: str, change: Callable[[Exchange, Pairs], Pairs], *expects: str) -> Fault:
    def incoming(exchange: Exchange, request: Request) -> Request:
        return request._replace(query_string=urlencode(change(exchange, _pairs(request))).encode())

    return _receiving(name, summary, incoming, *expects)


def _receiving(name: str, summary: str, incoming: Callable[[Exchange, Request], Request], *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, incoming=incoming)


def _crashing(name: str, summary: str, when: Callable[[Pairs], bool], *more: str) -> Fault:
    def accepted(exchange: Exchange, verdict: Reply | None) -> Reply | None:
        return SERVER_ERROR if when(_pairs(exchange.request)) else verdict

    expects = ("robustness.server-error", *more)
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, accepted=accepted)


def _refusing(name: str, summary: str, when: Callable[[Exchange], bool], *expects: str) -> Fault:
    def accepted(exchange: Exchange, verdict: Reply | None) -> Reply | None:
        return verdict or (refusal(400, "Invalid query.") if when(exchange) else None)

    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, accepted=accepted)


def _responding(name: str, summary: str, response: Callable[[Exchange, Body], Body], *expects: str) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=expects, response=response)


def _without_unknown(exchange: Exchange, pairs: Pairs) -> Pairs:
    is_empty = exchange.request.body.strip() in (b"", b"{}")
    known = [
        pair for pair in pairs if pair[0] != _PARENT or not _UUID.fullmatch(pair[1]) or exchange.store.get(pair[1].lower())
    ]
    return pairs if is_empty else known


def _without_encoded(_exchange: Exchange, request: Request) -> Request:
    kept = [each for each in request.query_string.split(b"&") if b"%" not in each.partition(b"=")[0]]
    return request._replace(query_string=b"&".join(kept))


def _has(pairs: Pairs, name: str) -> list[str]:
    return [value for key, value in pairs if key == name]


def _required(contract_name: str) -> Edit:
    return lambda contract: replace(
        contract,
        parameters=tuple(replace(p, required=p.required or p.name == contract_name) for p in contract.parameters),
    )


_SPELLINGS = (
    _reading("boolean-unchecked", "enableGreetingPrompt may be anything", _GREETING, without("type")),
    _reading(
        "boolean-may-be-a-word",
        "enableGreetingPrompt may be true, false or any word that begins like them",
        _GREETING,
        having(type="string", pattern="^[tf]"),
    ),
    _reading(
        "false-refused",
        "enableGreetingPrompt must not be false",
        _GREETING,
        having(enum=[True]),
        "status.created",
    ),
    _reading(
        "true-refused",
        "enableGreetingPrompt must not be true",
        _GREETING,
        having(enum=[False]),
        "status.created",
    ),
    Fault(
        name="boolean-required",
        family=FAMILY,
        summary="enableGreetingPrompt must be there",
        expects=("query.unset", "status.created"),
        contract=_required(_GREETING),
    ),
    _crashing("repeated-parameter", "a repeated parameter makes the server fail", lambda p: len(dict(p)) < len(p)),
    _crashing(
        "empty-parameter",
        "an empty parameter makes the server fail",
        lambda pairs: "" in dict(pairs).values(),
    ),
    _crashing(
        "unknown-parameter",
        "an unknown parameter makes the server fail",
        lambda pairs: bool(dict(pairs).keys() - {_GREETING, _PARENT}),
    ),
    _crashing("nameless-parameter", "a parameter without a name makes the server fail", lambda pairs: "" in dict(pairs)),
    _crashing(
        "undecodable-parameter",
        "a parameter that percent-decodes to no UTF-8 makes the server fail",
        lambda pairs: any("\ufffd" in value for _, value in pairs),
    ),
    _receiving(
        "percent-encoded-names-unknown",
        "parameters whose names are percent-encoded are ignored",
        _without_encoded,
        "query.*",
        "state.*",
    ),
    _crashing(
        "long-parameter",
        "a parameter of more than 1000 characters makes the server fail",
        lambda pairs: any(len(value) > 1000 for _, value in pairs),
    ),
)

_PARENTS = (
    _rewriting(
        "malformed-prior-ignored",
        "a parent call that is no UUID is ignored",
        lambda _, pairs: [pair for pair in pairs if pair[0] != _PARENT or _UUID.fullmatch(pair[1])],
        f"query.{_PARENT}.format",
    ),
    _rewriting(
        "short-prior-ignored",
        "a parent call shorter than a UUID is ignored",
        lambda _, pairs: [pair for pair in pairs if pair[0] != _PARENT or len(pair[1]) >= 36],
        f"query.{_PARENT}.format",
    ),
    _rewriting(
        "unknown-prior-ignored",
        "a parent call that does not exist is ignored",
        lambda exchange, pairs: [
            pair for pair in pairs if pair[0] != _PARENT or not _UUID.fullmatch(pair[1]) or exchange.store.get(pair[1].lower())
        ],
        "query.parent-unknown",
    ),
    _rewriting(
        "unknown-prior-ignored-beside-a-body",
        "a parent call that does not exist is ignored where the body is not empty",
        _without_unknown,
        "query.parent-unknown",
    ),
    _rewriting(
        "prior-ignored",
        "a parent call is ignored",
        lambda _, pairs: [pair for pair in pairs if pair[0] != _PARENT],
        "query.*",
        "state.*",
    ),
    _crashing(
        "malformed-prior-crash",
        "a parent call that is no UUID makes the server fail",
        lambda pairs: any(not _UUID.fullmatch(value) for value in _has(pairs, _PARENT)),
        f"query.{_PARENT}.format",
    ),
    Fault(
        name="prior-with-messages",
        family=FAMILY,
        summary="a parent call and initial messages are accepted together",
        expects=("query.prior-call-without-initial-messages",),
        contract=extension("x-request-rules", lambda _: []),
    ),
    _refusing(
        "prior-with-overrides-refused",
        "a parent call and a body that overrides something are refused together",
        lambda exchange: exchange.parent is not None and bool(exchange.body),
        "state.*",
        "query.*",
        "status.created",
    ),
    _refusing(
        "prior-with-greeting-refused",
        "a parent call and enableGreetingPrompt are refused together",
        lambda exchange: {_PARENT, _GREETING} <= exchange.query.keys(),
        "query.*",
        "status.created",
    ),
)


def _both_voices(exchange: Exchange, verdict: Reply | None) -> Reply | None:
    sent = exchange.sent if isinstance(exchange.sent, dict) else {}
    is_let = exchange.query.get(_GREETING) == "true" and {"voice", "externalVoice"} <= sent.keys()
    return None if is_let else verdict


_INTERPLAY = (
    Fault(
        name="greeting-hides-two-voices",
        family=FAMILY,
        summary="a voice and an external voice are accepted together beside enableGreetingPrompt=true",
        expects=("body.voice-or-external-voice",),
        accepted=_both_voices,
    ),
    _responding(
        "greeting-changes-speaker",
        "without a greeting prompt the user speaks first",
        lambda exchange, response: (
            {**response, "firstSpeaker": "FIRST_SPEAKER_USER"} if exchange.query.get(_GREETING) == "false" else response
        ),
        "response.default-first-speaker",
        "body.firstSpeaker.*",
        "query.*",
        "response.*",
    ),
    _responding(
        "greeting-loses-prompt",
        "without a greeting prompt the system prompt is lost",
        lambda exchange, response: {**response, "systemPrompt": None} if exchange.query.get(_GREETING) == "false" else response,
        "body.systemPrompt.echo",
        "query.*",
    ),
    _responding(
        "greeting-shown-in-metadata",
        "enableGreetingPrompt gets into the metadata",
        lambda exchange, response: (
            {**response, "metadata": {**response["metadata"], **exchange.query}} if exchange.query else response
        ),
        "body.metadata.echo",
        "query.*",
        "state.*",
    ),
    _rewriting(
        "first-of-several",
        "an unknown parameter before it hides enableGreetingPrompt's check",
        lambda _, pairs: pairs[:1] if pairs and pairs[0][0] not in (_GREETING, _PARENT) else pairs,
        f"query.{_GREETING}.*",
        "query.*",
    ),
)

FAULTS: tuple[Fault, ...] = (*_SPELLINGS, *_PARENTS, *_INTERPLAY)
