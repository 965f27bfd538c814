"""Canaries at every place where a secret may come from, and bodies that would ring a phone."""

from __future__ import annotations

import json
from dataclasses import replace

from benchmarks.reliability.bed import Bed
from benchmarks.reliability.canaries import SECRETS
from benchmarks.reliability.echo import crashing, echoing
from benchmarks.reliability.proxy import Fault, Hop, Proxy, running
from benchmarks.reliability.scenario import Go, Scenario
from benchmarks.reliability.scope import NARROW, WHOLE, Scope
from benchmarks.reliability.seen import Bounds, Seen
from benchmarks.reliability.suite import How, options_of
from benchmarks.reliability.wire import Message, response

_LOOSE = Bounds(statuses=frozenset({0, 1, 3}), may_fail=True, same_verdicts=False)
_HEADER, _VARIABLE = "x-bed-secret", "BED_SECRET"
_CREDENTIAL = "selectedTools.*.authTokens.*"
_TEXT = {"type": "string"}
_CALL = {"type": "object", "required": ["callId"], "properties": {"callId": {"type": "string", "format": "uuid"}}}
_OUTGOING = {"type": "object", "properties": {"to": _TEXT, "from": _TEXT}, "required": ["to", "from"]}
_MEDIUM = {"type": "object", "properties": {"twilio": {"type": "object", "properties": {"outgoing": _OUTGOING}}}}
_BODY = {"type": "object", "properties": {"systemPrompt": _TEXT, "medium": _MEDIUM, "recordingEnabled": {"type": "boolean"}}}
_JSON = "application/json"
# A later description, with a member that dials, and without any word of ours about it.
DESCRIPTION = {
    "openapi": "3.1.0",
    "info": {"title": "Calls", "version": "1"},
    "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-API-Key"}}},
    "security": [{"key": []}],
    "paths": {
        "/api/calls": {
            "post": {
                "requestBody": {"content": {_JSON: {"schema": _BODY}}},
                "responses": {"201": {"description": "Created", "content": {_JSON: {"schema": _CALL}}}},
            }
        },
        "/api/calls/{call_id}": {
            "delete": {
                "parameters": [{"name": "call_id", "in": "path", "required": True, "schema": _TEXT}],
                "responses": {"204": {"description": "Deleted"}},
            }
        },
    },
}


def _echoed(bed: Bed, seed: int, concurrency: int) -> Seen:
    proxy = bed.proxy(seed)
    proxy.change, proxy.plan = echoing(), crashing
    return bed.trial(proxy, concurrency).seen(thorough=True)


def _described(bed: Bed, seed: int, concurrency: int) -> Seen:
    """Take the description from a URL with a password; count the bodies that would dial."""
    dialling: list[Message] = []

    def change(request: Message, response: Message) -> Message:
        if b'"outgoing"' in request.framed:
            dialling.append(request)
        return response

    proxy = bed.proxy(seed)
    proxy.change = change
    with running(Proxy(bed.emulator, plan=_describing)) as describing:
        url = f"http://user:{SECRETS['description URL']}@127.0.0.1:{describing.port}/openapi.json"
        extra = ["--openapi", url, "--no-overlay"]
        seen = bed.within(WHOLE).trial(proxy, concurrency, extra=extra).seen(thorough=True)
    note = f"{len(dialling)} bodies with `outgoing` sent"
    return replace(seen, note=note, absent=(*seen.absent, *(["dials"] if dialling else [])))


def _describing(_hop: Hop) -> tuple[str, Fault]:
    async def describe(hop: Hop) -> bool:
        return await hop.reply(response(200, json.dumps(DESCRIPTION).encode()))

    return "description", describe


def _through(url: str, no_proxy: str) -> Go:
    def go(bed: Bed, seed: int, concurrency: int) -> Seen:
        proxy = bed.proxy(seed)
        with running(Proxy(bed.emulator, seed=seed, ledger=proxy.ledger)) as between:  # one set of books for both ways
            filled = url.format(password=SECRETS["proxy URL"], port=between.port)
            how = How(variables={"HTTP_PROXY": filled, "http_proxy": filled, "NO_PROXY": no_proxy, "no_proxy": no_proxy})
            return bed.trial(proxy, concurrency, how=how).seen(thorough=True)

    return go


def _with_header(bed: Bed, seed: int, concurrency: int) -> Seen:
    if "--header" not in options_of("run"):
        return Seen(status=2, absent=("no --header",))
    arrived: list[str | None] = []

    def change(request: Message, response: Message) -> Message:
        arrived.append(request.header(_HEADER))
        return response

    proxy = bed.proxy(seed)
    proxy.change = change
    how = How(variables={_VARIABLE: SECRETS["request header"]})
    extra = ["--header", f"{_HEADER}=${_VARIABLE}"]
    seen = bed.trial(proxy, concurrency, how=how, extra=extra).seen(thorough=True)
    return seen if SECRETS["request header"] in arrived else replace(seen, absent=("the header does not arrive",))


def _with_known_value(bed: Bed, seed: int, concurrency: int) -> Seen:
    """Let the settings know a credential that goes along in bodies."""
    arrived: list[bool] = []

    def change(request: Message, response: Message) -> Message:
        arrived.append(SECRETS["known value"].encode() in request.framed)
        return response

    proxy = bed.proxy(seed)
    proxy.change = change
    settings = bed.new_folder() / "conformance.toml"
    settings.write_text(f'[known-values]\n"{_CREDENTIAL}" = ["{SECRETS["known value"]}"]\n', encoding="utf-8")
    extra = ["--config", str(settings), "--select", f"body.{_CREDENTIAL}.*"]
    seen = bed.trial(proxy, concurrency, extra=extra).seen(thorough=True)
    return seen if any(arrived) else replace(seen, absent=("the known value does not arrive",))


def _scenario(name: str, go: Go, bounds: Bounds = _LOOSE, *, tiny: bool = False, scope: Scope = NARROW) -> Scenario:
    return Scenario(name=name, group="secrets", bounds=bounds, go=go, seeds=(1,), concurrencies=(8,), tiny=tiny, scope=scope)


SCENARIOS = (
    _scenario("the server repeats key, cookies, URLs", _echoed, replace(_LOOSE, left=0), tiny=True, scope=WHOLE),
    _scenario("description from a URL with a password, no overlay", _described),
    _scenario("proxy URL with a password", _through("http://user:{password}@127.0.0.1:{port}", "")),
    _scenario(
        "unreadable proxy URL", _through("http://user:{password}@[::1", ""), replace(_LOOSE, statuses=None, reports=False)
    ),
    _scenario("NO_PROXY=[::1]", _through("http://127.0.0.1:{port}", "[::1]")),
    _scenario("secret header of a request", _with_header),
    _scenario("known value at the place of a credential", _with_known_value),
)
