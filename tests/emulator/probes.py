"""Requests that together meet every planted fault, and what is seen of the answers to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from emulator.messages import Reply
from tests.emulator.client import KEY, PATH, Client

Body = dict[str, Any]
_DURATION_9 = "12.123456789s"


def _tool(**more: Any) -> Body:
    return {"temporaryTool": {"modelToolName": "look_up", "http": {}, **more}}


def _client_tool(**more: Any) -> Body:
    return {"temporaryTool": {"modelToolName": "draw", "client": {}, **more}}


def _secret(requirement: Any) -> Body:
    return _tool(requirements={"httpSecurityOptions": {"options": [{"requirements": {"one": requirement}}]}})


def _overriding(names: list[str], keys: list[str]) -> Body:
    tool = _tool(requirements={"requiredParameterOverrides": names})
    return {**tool, "parameterOverrides": dict.fromkeys(keys, 1)}


def _parameter(**more: Any) -> Body:
    return {"name": "city", "location": "PARAMETER_LOCATION_BODY", "schema": {"type": "string"}, **more}


def _nested(levels: int) -> Any:
    return {"in": _nested(levels - 1)} if levels else 1


_MESSAGES = [
    {
        "duration": f"{30 - index}.5s",
        "message": f"Still there? {index % 5}",
        "endBehavior": "END_BEHAVIOR_HANG_UP_SOFT",
    }
    for index in range(20)
]
_TROUBLE = (
    " padded  with   blanks \r\n", "e\u0301 and \u212b and \ufb01", "<b>bold</b> & co",
    'say "hi"', "\U0001f600",
    "\U00010348", "日本", "a\0b", "a\x01b", "zero\u200bwidth", "joined \U0001f468\u200d\U0001f469",
    "back\\slash",
    "\u202eright to left", "\ufffe", "it's", "100%", "{{name}}", "ß", "ı", "\u2028", "\u00a0", "\x7f", "a+b",
    "line\nbreak", "https://example.com", "x" * 256, "x" * 300, "x" * 2000, "ü" * 5000, "x" * 70_000,
)  # fmt: skip

# Bodies of one field, or of few that belong together; good and bad, which the sound endpoint tells apart.
_SELECTED: dict[str, list[Any]] = {
    "tools": [
        [{"toolId": "a", "toolName": "b"}], [{}], [{"toolName": "b"}], [{"toolId": "a", **_tool()}],
        [_tool(client={})], [{"temporaryTool": {"modelToolName": "a"}}], [_tool(), {}], [_tool(), _tool()],
        [_tool(), {**_client_tool(), "nameOverride": "look_up"}],
        [_tool(), _client_tool(), {"toolName": "draw"}], [{**_tool(), "nameOverride": "9 lives"}],
        [{**_tool(), "nameOverride": "9_lives"}], [{**_tool(), "nameOverride": "x" * 65}],
        [_tool(modelToolName="x" * 64)], [_tool(modelToolName="a!")], [_tool(modelToolName="")],
        [_tool(modelToolName="a.b")], [_tool(modelToolName="a-b")],
        [_tool(), _tool(modelToolName="Look_Up")],
        [{"toolName": f"tool{index}"} for index in range(25)], [],
        [_tool(dynamicParameters=[_parameter(location="BODY")])],
        [_tool(dynamicParameters=[_parameter(required="yes")])],
        [_tool(dynamicParameters=[_parameter(), _parameter(location=[])])],
        [_tool(staticParameters=[{"name": "a", "location": "PARAMETER_LOCATION_HEADER", "value": 1}])],
        [_tool(automaticParameters=[
            {"name": "a", "location": "PARAMETER_LOCATION_BODY",
            "knownValue": "KNOWN_PARAM_OUTPUT_SAMPLE_RATE"}
        ])],
        [_client_tool(dynamicParameters=[_parameter()])],
        [_client_tool(dynamicParameters=[_parameter(location="PARAMETER_LOCATION_QUERY")])],
        [_client_tool(staticParameters=[{"name": "a", "location": "PARAMETER_LOCATION_PATH", "value": 1}])],
        [_tool(defaultReaction="AGENT_REACTION_SPEAKS_ONCE")],
        [_tool(defaultReaction="AGENT_REACTION_SINGS")],
        [_tool(timeout="999999999999s")], [_overriding(["a"], [])], [_overriding(["a", "b"], ["a"])],
        [_overriding(["a"], ["a", "b"])], [{"toolId": "a", "authTokens": {"a": 1}}], [_secret({})],
        [_secret({"queryApiKey": {"name": "a"}, "headerApiKey": {"name": "b"}})],
        [_secret({"headerApiKey": {"name": 1}})], [_secret({"headerApiKey": {"name": []}})],
        [_tool(requirements={
            "httpSecurityOptions": {"options": [{"ultravoxCallTokenRequirement": {"scopes": [1]}}]}
        })],
    ],
    "messages": [
        [], [{"role": "MESSAGE_ROLE_USER", "text": "hi"}] * 40, [{"text": "hi"}] * 120,
        [{"role": "MESSAGE_ROLE_TOOL_RESULT"}], [{"medium": "VOICE"}], [{"callState": []}],
        [{"timespan": {"start": "0s", "end": "soon"}}], [{"callStageMessageIndex": 0}],
        [{"errorDetails": "x"}],
        [{"text": "a"}, {"text": []}],
    ],
    "inactivity": [
        _MESSAGES, _MESSAGES[:1], _MESSAGES[:3], [*_MESSAGES[:2], _MESSAGES[0]], _MESSAGES[0],
        [{"endBehavior": "BEHAVE"}], [{"endBehavior": "END_BEHAVIOR_HANG_UP_STRICT"}],
    ],
}  # fmt: skip

_FIELDS: dict[str, list[Any]] = {
    "systemPrompt": ["", *_TROUBLE, ["a"], 1],
    "temperature": [0, 1, 1.0, 0.123456789, 1.005, -0.5, 2, "0.5", [], 1e-40],
    "model": ["Fixie-AI/Ultravox"],
    "voice": ["Mark"],
    "languageHint": ["de-DE"],
    "joinTimeout": [_DURATION_9, "30", "5000000000s", "0s", "x"],
    "maxDuration": [_DURATION_9, "3600s", "1h", "100000s"],
    "timeExceededMessage": ["", "x" * 100],
    "recordingEnabled": [True, False, [], "yes"],
    "firstSpeaker": [
        "FIRST_SPEAKER_USER", "FIRST_SPEAKER_AGENT", "FIRST_SPEAKER_UNSPECIFIED", "first_speaker_user",
        "NOBODY"
    ],
    "transcriptOptional": [True, False],
    "initialOutputMedium": ["MESSAGE_MEDIUM_TEXT", "MESSAGE_MEDIUM_VOICE"],
    "firstSpeakerSettings": [
        {}, {"user": {}}, {"agent": {}}, {"user": {}, "agent": {}}, {"user": {"fallback": {"delay": "soon"}}},
        {"user": {"fallback": {"delay": "5s", "text": "Hi"}}},
        {"agent": {"uninterruptible": True, "text": "a\nb"}},
    ],
    "externalVoice": [
        {}, {"lmnt": {}}, {"cartesia": {}, "lmnt": {}}, {"cartesia": {}, "lmnt": {}, "playHt": {}},
    ],
    "medium": [
        {}, {"webRtc": {}}, {"exotel": {}}, {"twilio": {}, "plivo": {}}, {"webRtc": {}, "plivo": {}},
        {"serverWebSocket": {}},
    ],
    "vadSettings": [
        {"frameActivationThreshold": 0.1}, {"frameActivationThreshold": 0.05},
        {"frameActivationThreshold": 0.1234},
        {"minimumTurnDuration": "0s"}, {"minimumInterruptionDuration": _DURATION_9},
        {"turnEndpointDelay": "in 1s or so"},
        {"turnEndpointDelay": "0.5s"},
    ],
    "metadata": [
        {}, {"a": ""}, {"a": 1}, {"A b": "c"}, {" a ": "x" * 600}, {"ultravox.x": "y"}, {"ultravox.X": "y"},
        {"ultravoxen": "y"}, {"k" * 50: "y"}, {str(index): "v" for index in range(60)}, {"a.b": "c"},
        {"__proto__": "a"},
        {"one": "1", "two": "2"}, {"url": "https://example.com"},
    ],
    "initialState": [
        {}, {"a": None}, {"aB": 1}, {"": 1}, {"a": [[1], [2]]}, {"a": {}, "b": []}, _nested(12), _nested(30),
        {"n": 12345678.9}, {"n": 2**60}, {"n": 1e-40},
    ],
    "experimentalSettings": [{"a": 1}],
    "inactivityMessages": _SELECTED["inactivity"],
    "initialMessages": _SELECTED["messages"],
    "selectedTools": _SELECTED["tools"],
}  # fmt: skip

_SPEEDS = {
    "elevenLabs": (1.2, 1.25), "cartesia": (-0.5, -2), "playHt": (0, 9), "lmnt": (0.3, 0.2),
}  # fmt: skip

_WEB_SOCKET = (
    {"inputSampleRate": 8000},
    {"inputSampleRate": 200_000, "outputSampleRate": 16_000, "clientBufferSizeMs": 70_000},
    {"inputSampleRate": 8000, "outputSampleRate": 2**31},
    {"inputSampleRate": 8000, "clientBufferSizeMs": 60.5},
)  # fmt: skip

_TOGETHER: tuple[Any, ...] = (
    {}, [], 1, "text", {"recordingEnabled": True, "languageHint": "en"}, {"voice": "a",
    "externalVoice": {"lmnt": {}}},
    {
        "firstSpeakerSettings": {"user": {"fallback": {"delay": "5s"}}},
        "vadSettings": {"frameActivationThreshold": 0.5},
    },
    {"initialOutputMedium": "MESSAGE_MEDIUM_TEXT", "transcriptOptional": False},
    {"medium": {"serverWebSocket": {"inputSampleRate": 8000}}, "firstSpeaker": "FIRST_SPEAKER_USER"},
    {"experimentalSettings": {"a": 1}, "initialState": {"a": 1}},
    {"medium": {"telnyx": {}}, "recordingEnabled": True},
    {"temperature": 0.25, "externalVoice": {"playHt": {"temperature": 0.75}}},
    {"firstSpeaker": "FIRST_SPEAKER_USER", "firstSpeakerSettings": {"agent": {}}},
    {"firstSpeaker": "FIRST_SPEAKER_AGENT", "firstSpeakerSettings": {"user": {}}},
    {"firstSpeaker": "FIRST_SPEAKER_AGENT", "firstSpeakerSettings": {"agent": {}}},
    {"externalVoice": {"elevenLabs": {"pronunciationDictionaries": [{"versionId": ""},
    {"dictionaryId": "a"}]}}},
    *({"externalVoice": {name: {"speed": speed}}} for name, speeds in _SPEEDS.items() for speed in speeds),
    *({"medium": {"serverWebSocket": each}} for each in _WEB_SOCKET),
)  # fmt: skip


def bodies() -> Iterator[Any]:
    """Every body to try by itself."""
    yield from ({field: value} for field, values in _FIELDS.items() for value in values)
    yield from _TOGETHER


FULL: Body = {
    "systemPrompt": "Be kind. " * 20,
    "temperature": 0.5,
    "model": "another",
    "voice": "Mark",
    "maxDuration": "60s",
    "metadata": {"kept": "1"},
    "initialState": {"kept": 1},
    "vadSettings": {"turnEndpointDelay": "1s"},
    "inactivityMessages": _MESSAGES[:2],
    "transcriptOptional": False,
    "recordingEnabled": False,
    "timeExceededMessage": "",
    "initialMessages": [{"role": "MESSAGE_ROLE_USER", "text": "hi"}],
}
_OVERRIDES: Body = {
    "systemPrompt": "Be brief.",
    "temperature": 0,
    "metadata": {"new": "2"},
    "initialState": {"new": 2},
    "inactivityMessages": _MESSAGES[2:3],
}


class DifferentError(Exception):
    """Something else was seen than expected."""


class Observer:
    """Sends requests and keeps what is seen of the answers, with other ids and times than they had.

    DifferentError at the first sight that is not the expected one, if there are `expected` ones.
    """

    def __init__(self, client: Client, expected: Sequence[object] | None = None) -> None:
        self.client = client
        self.seen: list[object] = []
        self._expected = expected
        self._ids: dict[str, str] = {}

    def see(self, reply: Reply) -> str:
        """Keeps an answer; gives the id in it."""
        text = reply.body.decode("utf-8", "backslashreplace")
        found = re.findall(r'"(?:callId|call_id)":"([^"]*)"', text)
        self.keep((reply.status, reply.headers, self._plain(text)))
        return found[0] if found else "none"

    def keep(self, sight: object) -> None:
        """Keeps something that was seen."""
        if self._expected is not None and sight != self._expected[len(self.seen)]:
            raise DifferentError(sight)
        self.seen.append(sight)

    def _plain(self, text: str) -> str:
        text = re.sub(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", self._numbered, text)
        today = datetime.now(UTC).date().isoformat()
        return re.sub(today + r"T\d\d:\d\d:\d\d\.\d{6}Z", "NOW", text)

    def _numbered(self, match: re.Match[str]) -> str:
        if set(match[0]) == {"0", "-"}:
            return match[0]
        return self._ids.setdefault(match[0], f"ID{len(self._ids)}")


Probe = Callable[[Observer], None]


def every_body(observer: Observer) -> None:
    """Each body by itself."""
    for body in bodies():
        observer.see(observer.client.create(body))


def raw_bodies(observer: Observer) -> None:
    """Bodies that are no JSON, and other things that are wrong with a request."""
    spelled = (b'{\r\n "temperature" : 5.0E-1 }', b'{"\\u0074emperature":0.5}')
    for raw in (b"", b"{", b"{}x", b"\xff", b'{"temperature":NaN}', *spelled):
        observer.see(observer.client.create(raw))
    observer.see(observer.client.send(body={}, headers={"content-type": "text/plain"}))
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


def priors(observer: Observer) -> None:
    """Calls are made from other calls."""
    first = observer.see(observer.client.create(FULL))
    observer.see(observer.client.create({"voice": "Other", "systemPrompt": "Other"}))
    body: Body
    for body in (
        {},
        _OVERRIDES,
        {"voice": "Jessica"},
        {"externalVoice": {"lmnt": {}}},
        {"vadSettings": {"minimumTurnDuration": "1s"}},
        {"initialMessages": [{}]},
    ):
        observer.see(observer.client.create(body, f"priorCallId={first}"))
        observer.see(observer.client.read(first))
    other = observer.see(observer.client.create({"externalVoice": {"lmnt": {}}}))
    observer.see(observer.client.create({"voice": "Jessica"}, f"priorCallId={other}"))
    child = observer.see(observer.client.create({"languageHint": "en"}, f"priorCallId={first}"))
    observer.see(observer.client.create({}, f"priorCallId={child}"))
    observer.see(observer.client.create({}, f"priorCallId={first}&enableGreetingPrompt=true"))


def queries(observer: Observer) -> None:
    """Spellings of the query."""
    queries = (
        "enableGreetingPrompt=true", "enableGreetingPrompt=false", "enableGreetingPrompt=maybe",
        "enableGreetingPrompt=1", "enableGreetingPrompt=truth",
        "enableGreetingPrompt=", "enableGreetingPrompt=true&enableGreetingPrompt=false", "unknown=1",
        "unknown=1&enableGreetingPrompt=maybe", "priorCallId=x",
        "priorCallId=3c90c3cc-0d44-4b50-8888-8dd25736052b",
        "priorCallId=3c90c3cc-0d44-4b50-8888-8dd25736052bx", "enableGreetingPrompt=" + "x" * 2000,
    )  # fmt: skip
    for query in queries:
        observer.see(observer.client.create({"systemPrompt": "Hi"}, query))


def keys(observer: Observer) -> None:
    """Keys that are missing, wrong, nearly right, or elsewhere; to create, read and delete."""
    shown: tuple[dict[str, str | None], ...] = (
        {"x-api-key": None}, {"x-api-key": ""}, {"x-api-key": "wrong"}, {"x-api-key": "x" * 41},
        {"x-api-key": "ABCDefgh.9876543210ABCDEFGHIJklmnopQRSTUV"}, {"x-api-key": KEY[:20]},
        {"x-api-key": KEY + "x"},
        {"x-api-key": KEY[:9] + "x" * 31}, {"x-api-key": KEY.swapcase()}, {"x-api-key": f'"{KEY}"'},
        {"x-api-key": KEY[:-1] + "w"}, {"x-api-key": f"{KEY[:20]}-{KEY[21:]}"}, {"x-api-key": f"a,{KEY}"},
        {"x-api-key": None, "authorization": f"Bearer {KEY}"},
        {"x-api-key": None, "cookie": f"X-API-Key={KEY}"},
    )  # fmt: skip
    identifier = observer.see(observer.client.create())
    for headers in shown:
        observer.see(observer.client.send(body={}, headers=headers))
        for method in ("GET", "DELETE"):
            observer.see(observer.client.send(method, f"{PATH}/{identifier}", headers=headers))
    observer.see(observer.client.send(body={"systemPrompt": "Hi"}, headers={"x-api-key": None}))
    observer.see(observer.client.send(body={}, query=f"api_key={KEY}", headers={"x-api-key": None}))


def again_and_again(observer: Observer) -> None:
    """The same request many times."""
    for _ in range(310):
        observer.see(observer.client.create({"systemPrompt": "Hi", "metadata": {"a": "b"}}))


PROBES: tuple[Probe, ...] = (life, priors, queries, keys, raw_bodies, every_body, again_and_again)
