"""Requests that together meet every planted fault, and what is seen of the responses to them."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

import orjson

from tests.emulator.bodies import FULL, HANDED_ON, MESSAGES, OVERRIDES, Body, bodies
from tests.emulator.client import KEY, PATH
from tests.emulator.observing import Observer

Probe = Callable[[Observer], None]


def every_body(observer: Observer) -> None:
    """Each body by itself."""
    for body in bodies():
        observer.see(observer.client.create(body))


def raw_bodies(observer: Observer) -> None:
    """Bodies that are no JSON, and other things for which a request is invalid."""
    spelled = (b'{\r\n "temperature" : 5.0E-1 }', b'{"\\u0074emperature":0.5}')
    lenient = (b'{"temperature":0.5,}', b"{'temperature':0.5}")
    deep = b'{"initialState":' + b'{"a":' * 410 + b"{}" + b"}" * 411
    large = b'{"initialState":{"a":18446744073709551616}}'
    for raw in (b"", b"{", b"{}x", b"\xff", b'{"temperature":NaN}', deep, large, *spelled, *lenient):
        observer.see(observer.client.create(raw))
    observer.see(observer.client.send(body={}, headers={"content-type": "text/plain"}))
    observer.see(observer.client.send(body={"temperature": 2}, headers={"content-type": "application/json; charset=utf-8"}))
    observer.see(observer.client.create({"systemPrompt": "Refused", "temperature": 2}))
    observer.see(observer.client.create({"languageHint": "fr", "metadata": {"refused": "1"}, "temperature": 2}))
    observer.see(observer.client.create({**FULL, "languageHint": "fr", "recordingEnabled": True, "temperature": 2}))
    observer.see(observer.client.create({"metadata": {"a": "1", "ultravox.x": "2", "b": "3"}}))
    observer.see(observer.client.create({}))
    observer.see(observer.client.send("PUT", body={}))
    observer.see(observer.client.send("GET", PATH + "/none"))


def life(observer: Observer) -> None:
    """Two calls are created, read, and one of them deleted."""
    first = observer.see(observer.client.create(FULL))
    second = observer.see(observer.client.create({"metadata": {"second": "1"}}))
    for identifier in (first, second, first, "3c90c3cc-0000-4b50-8888-8dd25736052a"):
        observer.see(observer.client.read(identifier))
    observer.keep(observer.client.read(first) == observer.client.read(first))
    observer.see(observer.client.delete(first))
    for identifier in (first, second):
        observer.see(observer.client.read(identifier))
    observer.see(observer.client.create({}, f"priorCallId={first}"))
    observer.see(observer.client.create({}))
    replies = [observer.client.create({}, query) for query in ("", "", f"priorCallId={second}")]
    times = [re.findall(rb'"created":"([^"]*)"', reply.body) for reply in (*replies, observer.client.read(second))]
    observer.keep([times.count(each) for each in times])


def derived_calls(observer: Observer) -> None:
    """A call goes from which another was made; a refused body names a parent call, and so does none."""
    first = observer.see(observer.client.create(FULL))
    derived_call = observer.see(observer.client.create({}, f"priorCallId={first}"))
    observer.see(observer.client.create({"systemPrompt": "Refused", "temperature": 2}, f"priorCallId={first}"))
    observer.see(observer.client.read(first))
    observer.see(observer.client.create({"maxDuration": "3600s", "joinTimeout": "30s"}, f"priorCallId={first}"))
    observer.see(observer.client.create(b"", f"priorCallId={first}"))
    observer.see(observer.client.delete(first))
    observer.see(observer.client.read(derived_call))


def kinds(observer: Observer) -> None:
    """Calls of other kinds than the usual one are read, handed on, and met by a query."""
    tools: Body = {"selectedTools": [{"toolName": "hangUp"}]}
    speaks: Body = {"firstSpeakerSettings": {"user": {"fallback": {"delay": "5s", "text": "Hi"}}}, "initialState": {"n": 0.5}}
    side: Body = {"firstSpeaker": "FIRST_SPEAKER_USER"}
    changed: Body = {"firstSpeakerSettings": {"agent": {}}, "medium": {"twilio": {}}, "inactivityMessages": MESSAGES[:1]}
    kinds_of_calls: list[Body] = [speaks, {"medium": {"exotel": {}}, "inactivityMessages": MESSAGES}, side, tools]
    for body in kinds_of_calls:
        observer.see(observer.client.create(body, "enableGreetingPrompt=false"))
        made = observer.see(observer.client.create(body))
        observer.see(observer.client.read(made))
        derived_call = observer.see(observer.client.create({}, f"priorCallId={made}"))
        observer.see(observer.client.create(tools, f"priorCallId={made}"))
        observer.see(observer.client.create(changed, f"priorCallId={made}"))
        observer.see(observer.client.delete(made))
        observer.see(observer.client.create({}, f"priorCallId={derived_call}"))


def parents(observer: Observer) -> None:
    """Calls are made from other calls."""
    first = observer.see(observer.client.create(FULL))
    observer.see(observer.client.create({"voice": "Other", "systemPrompt": "Other"}))
    body: Body
    for body in (
        {},
        OVERRIDES,
        {"voice": "Jessica"},
        {"externalVoice": {"lmnt": {}}},
        {"vadSettings": {"minimumTurnDuration": "1s"}},
        {"initialMessages": [{}]},
    ):
        observer.see(observer.client.create(body, f"priorCallId={first}"))
        observer.see(observer.client.read(first))
    other = observer.see(observer.client.create({"externalVoice": {"lmnt": {}}}))
    observer.see(observer.client.create({"voice": "Jessica"}, f"priorCallId={other}"))
    child = observer.see(observer.client.create(HANDED_ON, f"priorCallId={first}"))
    for body in ({}, {"voice": "Jessica"}, {"model": "one"}, {"metadata": {}}, {"maxDuration": "9s"}):
        observer.see(observer.client.create(body, f"priorCallId={child}"))
    observer.see(observer.client.read(child))
    observer.see(observer.client.create({}, f"priorCallId={first}&enableGreetingPrompt=true"))
    observer.see(observer.client.create({}, f"enableGreetingPrompt=true&priorCallId={first}"))
    observer.see(observer.client.create({"selectedTools": [{"toolName": "hangUp"}]}, f"priorCallId={first}"))
    observer.see(observer.client.create({"externalVoice": {"playHt": {}}}, f"priorCallId={other}"))
    other = observer.see(observer.client.create({"medium": {"serverWebSocket": {"inputSampleRate": 8000}}}))
    observer.see(observer.client.create({"medium": {"webRtc": {}}}, f"priorCallId={other}"))
    other = observer.see(observer.client.create({"firstSpeakerSettings": {"agent": {}}}))
    observer.see(observer.client.create({"firstSpeaker": "FIRST_SPEAKER_USER"}, f"priorCallId={other}"))
    deep = observer.see(
        observer.client.create({"initialState": {"a": {"b": 1}}, "metadata": dict.fromkeys("abcdefghijk", "x")})
    )
    observer.see(observer.client.create({}, f"priorCallId={deep}"))
    other = observer.see(observer.client.create({"initialState": {"a": {"c": 1}}}, f"priorCallId={deep}"))
    second_derived = observer.see(observer.client.create({}, f"priorCallId={other}"))
    observer.see(observer.client.create({"systemPrompt": "Last"}, f"priorCallId={second_derived}"))
    observer.see(observer.client.read(deep))
    observer.see(observer.client.create({"metadata": {"late": "1"}}, f"priorCallId={deep}"))
    observer.see(observer.client.read(other))


def queries(observer: Observer) -> None:
    """Spellings of the query."""
    queries = (
        "enableGreetingPrompt=true", "enableGreetingPrompt=false", "enableGreetingPrompt=maybe",
        "enableGreetingPrompt=1", "enableGreetingPrompt=truth", "=a", "a=%ff", "enableGreeting%50rompt=maybe",
        "enableGreetingPrompt=", "enableGreetingPrompt=true&enableGreetingPrompt=false", "unknown=1",
        "unknown=1&enableGreetingPrompt=maybe", "priorCallId=x",
        "priorCallId=3c90c3cc-0d44-4b50-8888-8dd25736052b",
        "priorCallId=3c90c3cc-0d44-4b50-8888-8dd25736052bx", "enableGreetingPrompt=" + "x" * 2000,
    )  # fmt: skip
    for query in queries:
        observer.see(observer.client.create({"systemPrompt": "Hi"}, query))


def keys(observer: Observer) -> None:
    """Keys that are missing, invalid, nearly valid, or elsewhere; to create, read and delete."""
    observer.see(observer.client.send(body=b"{", headers={"x-api-key": None}))
    shown: tuple[dict[str, str | None], ...] = (
        {"x-api-key": None}, {"x-api-key": ""}, {"x-api-key": "invalid"}, {"x-api-key": "x" * 41},
        {"x-api-key": "ABCDefgh.9876543210ABCDEFGHIJklmnopQRSTUV"}, {"x-api-key": KEY[:20]},
        {"x-api-key": KEY + "x"}, {"x-api-key": KEY + "é"}, {"x-api-key": "x" * 300},
        {"x-api-key": KEY[:9] + "x" * 31}, {"x-api-key": KEY.swapcase()}, {"x-api-key": f'"{KEY}"'},
        {"x-api-key": KEY[:-1] + "w"}, {"x-api-key": f"{KEY[:20]}-{KEY[21:]}"}, {"x-api-key": f"a,{KEY}"},
        {"x-api-key": None, "authorization": f"Bearer {KEY}"},
        {"x-api-key": None, "authorization": f"Token {KEY}"},
        {"x-api-key": None, "cookie": f"X-API-Key={KEY}"},
        {"x-api-key": "%"}, {"x-api-key": f"Bearer {KEY}"}, {"x-api-key": KEY[:9] + "x"},
        {"x-api-key": None, "x-forwarded-for": "127.0.0.1"},
        {"x-api-key": "invalid", "authorization": f"Bearer {KEY}"},
        {"x-api-key": KEY.replace(".", "x")}, {"x-api-key": None, "x-access-token": KEY},
    )  # fmt: skip
    identifier = observer.see(observer.client.create())
    for headers in shown:
        observer.see(observer.client.send(body={}, headers=headers))
        for method in ("GET", "DELETE"):
            observer.see(observer.client.send(method, f"{PATH}/{identifier}", headers=headers))
    observer.see(observer.client.send(headers={"x-api-key": None}))
    observer.see(observer.client.send(path=f"{PATH}/", body={}, headers={"x-api-key": None}))
    for text in ("Hi", "x" * 17_000):
        observer.see(observer.client.send(body={"systemPrompt": text}, headers={"x-api-key": None}))
    parent = observer.see(observer.client.create())
    observer.see(observer.client.send(body={}, query=f"priorCallId={parent}", headers={"x-api-key": "invalid"}))
    for query in (f"api_key={KEY}", f"access_token={KEY}", "enableGreetingPrompt=false"):
        observer.see(observer.client.send(body={}, query=query, headers={"x-api-key": None}))
    observer.see(observer.client.send("GET", f"{PATH}/{identifier}", query=f"api_key={KEY}", headers={"x-api-key": None}))


def again_and_again(observer: Observer) -> None:
    """The same request many times."""
    for _ in range(310):
        observer.see(observer.client.create({"systemPrompt": "Hi", "metadata": {"a": "b"}}))


def at_length(observer: Observer) -> None:
    """A violation after 1,500 other requests."""
    for _ in range(1_500):
        observer.client.create({})
    observer.see(observer.client.create({"metadata": {"ultravox.x": "1"}}))
    observer.see(observer.client.create({"initialOutputMedium": "x"}))
    observer.see(observer.client.create({"languageHint": "de-Latn-DE-x-abc"}))
    observer.see(observer.client.create({"languageHint": "de-Latn-DE-x-abcd"}))


def hot_greeting(observer: Observer) -> None:
    """A body beyond its bounds beside a query parameter."""
    observer.see(observer.client.create({"temperature": 2}, "enableGreetingPrompt=true"))
    observer.see(observer.client.create({"n" * 450: 1}))
    observer.see(observer.client.create({"voice": "a", "externalVoice": {"lmnt": {}}}, "enableGreetingPrompt=true"))


def spelled_otherwise(observer: Observer) -> None:
    """Ids in other spellings, headers that HTTP allows on any request, and values that are falsy."""
    made = observer.see(observer.client.create({"systemPrompt": "Hi"}))
    for text in (made.upper(), made.replace("-", ""), f"%7B{made}%7D", f"%20{made}%20"):
        observer.keep(observer.client.create({}, f"priorCallId={text}").status)
        observer.keep(observer.client.read(unquote(text)).status)
    inherited = orjson.loads(observer.client.create({}, f"priorCallId={made.upper()}").body)
    observer.keep(inherited.get("systemPrompt"))
    headers = (
        ("content-encoding", "gzip"),
        ("transfer-encoding", "chunked"),
        ("expect", "100-continue"),
        ("accept", "*/*;q=0.1"),
    )
    types = ('application/json; charset="utf-8"', "Application/JSON")
    for name, value in (*headers, *(("content-type", each) for each in types)):
        observer.keep(observer.client.send(body={}, headers={name: value}).status)
    observer.see(observer.client.create({"medium": {"serverWebSocket": {"inputSampleRate": 1, "clientBufferSizeMs": 0}}}))
    observer.see(observer.client.create({"externalVoice": {"playHt": {"voiceId": "a", "speed": 0}}}))
    observer.see(observer.client.create({"externalVoice": {"elevenLabs": {"voiceId": "a", "speed": 1}}}))
    observer.see(observer.client.create({"joinTimeout": None}))
    deep: Body = {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}
    observer.see(observer.client.create({"initialState": {"zero": 0, "in": {"no": False}, " key ": "ﬁ", "deep": deep}}))


PROBES: tuple[Probe, ...] = (
    life,
    spelled_otherwise,
    derived_calls,
    kinds,
    parents,
    queries,
    keys,
    raw_bodies,
    every_body,
    hot_greeting,
    again_and_again,
    at_length,
)
