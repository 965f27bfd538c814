"""Bodies that together meet every planted fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Body = dict[str, Any]
_DURATION_9 = "12.123456789s"


def _tool(**more: Any) -> Body:
    return {"temporaryTool": {"modelToolName": "look_up", "http": {}, **more}}


def _client_tool(**more: Any) -> Body:
    return {"temporaryTool": {"modelToolName": "draw", "client": {}, **more}}


def _secret(requirement: Any) -> Body:
    return _tool(requirements={"httpSecurityOptions": {"options": [{"requirements": {"one": requirement}}]}})


def _secrets(second: Any) -> Body:
    """Return a body with a tool that needs two secrets, the second as given."""
    needed = {"a": {"queryApiKey": {"name": "a"}}, "b": second}
    tool = _tool(requirements={"httpSecurityOptions": {"options": [{"requirements": needed}]}})
    return {"selectedTools": [{**tool, "authTokens": {"a": "x", "b": "y"}}]}


def _either_secret(*given: str) -> Body:
    """Return a tool with two security options, and a token for each name that is given."""
    options = [{"requirements": {name: {"queryApiKey": {"name": name}}}} for name in ("a", "b")]
    tool = _tool(requirements={"httpSecurityOptions": {"options": options}})
    return {**tool, "authTokens": dict.fromkeys(given, "x")}


def _overriding(names: list[str], keys: list[str]) -> Body:
    tool = _tool(requirements={"requiredParameterOverrides": names})
    return {**tool, "parameterOverrides": dict.fromkeys(keys, 1)}


def _parameter(**more: Any) -> Body:
    return {"name": "city", "location": "PARAMETER_LOCATION_BODY", "schema": {"type": "string"}, **more}


def _nested(levels: int) -> Any:
    return {"in": _nested(levels - 1)} if levels else 1


MESSAGES = [
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
    "  ", '"quoted"', "\ufeffa", "Σίσυφος", "\U0001f1e9\U0001f1ea", "me@example.com",
    "+1 (555) 010-9999", "a\u3000b", "**bold**",
    "\u202eright to left", "\ufffe", "it's", "100%", "{{name}}", "ß", "ı", "\u2028", "\u00a0", "\x7f", "a+b",
    "“soft\u00adhyphen” €",
    "line\nbreak", "a\n\nb", "https://example.com", "x" * 256, "x" * 300, "x" * 2000, "ü" * 5000, "x" * 70_000,
)  # fmt: skip

# Bodies of one field, or of few that belong together; valid and invalid, which the conforming endpoint distinguishes.
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
        [_tool(staticParameters=[{"name": "a", "location": "PARAMETER_LOCATION_COOKIE", "value": 1}])],
        [_tool(defaultReaction="AGENT_REACTION_SPEAKS_ONCE")],
        [_tool(defaultReaction="AGENT_REACTION_SINGS")],
        [_tool(timeout="999999999999s")], [_overriding(["a"], [])], [_overriding(["a", "b"], ["a"])],
        [_overriding(["a"], ["a", "b"])], [{"toolId": "a", "authTokens": {"a": 1}}], [_secret({})],
        [_secret({"queryApiKey": {"name": "a"}, "headerApiKey": {"name": "b"}})],
        [_secret({"queryApiKey": {"name": "a"}, "headerApiKey": {"name": "b"}, "httpAuth": {"scheme": "Basic"}})],
        [{"toolId": "a", "toolName": "b", **_tool()}], [_tool(precomputable=True, http={"httpMethod": "POST"})],
        [_tool(staticParameters=[{"name": "a", "location": "PARAMETER_LOCATION_HEADER", "value": {}}])],
        [_tool(dynamicParameters=[_parameter()], http={"httpMethod": "POST"})],
        [{**_overriding(["a"], []), "parameterOverrides": {"a": False}}],
        [{**_overriding(["a"], []), "parameterOverrides": {"a": None}}], [_either_secret("a")], [_either_secret("b")],
        [{**_overriding(["a"], []), "authTokens": {"a": "x"}}],
        [_tool(requirements={"requiredParameterOverrides": ["city"]}, dynamicParameters=[_parameter()])],
        [_secret({"headerApiKey": {"name": 1}})], [_secret({"headerApiKey": {"name": []}})],
        [_tool(requirements={
            "httpSecurityOptions": {"options": [{"ultravoxCallTokenRequirement": {"scopes": [1]}}]}
        })],
    ],
    "messages": [
        [{"role": "MESSAGE_ROLE_AGENT", "medium": "MESSAGE_MEDIUM_TEXT"}],
        [{"role": "USER", "text": "x"}],
        [{"role": "MESSAGE_ROLE_TOOL_RESULT", "medium": "MESSAGE_MEDIUM_AUDIO"}],
        [], [{"role": "MESSAGE_ROLE_USER", "text": "hi"}] * 40, [{"text": "hi"}] * 120,
        [{"role": "MESSAGE_ROLE_TOOL_RESULT"}], [{"role": "MESSAGE_ROLE_SYSTEM", "text": "hi"}],
        [{"medium": "VOICE"}], [{"callState": []}],
        [{"timespan": {"start": "0s", "end": "soon"}}], [{"callStageMessageIndex": 0}],
        [{"errorDetails": "x"}],
        [{"text": "a"}, {"text": []}],
        [{"role": "MESSAGE_ROLE_USER", "text": "hi", "invocationId": "a"}] * 2,
        [{"role": "MESSAGE_ROLE_USER", "text": "hi"}, {"role": "MESSAGE_ROLE_TOOL_RESULT", "text": "1"}],
    ],
    "inactivity": [
        MESSAGES, MESSAGES[:1], MESSAGES[:3], [*MESSAGES[:2], MESSAGES[0]], MESSAGES[0],
        [MESSAGES[0], {"duration": "5s", "message": "Bye"}],
        [{"endBehavior": "BEHAVE"}], [{"endBehavior": "END_BEHAVIOR_HANG_UP_STRICT"}],
    ],
}  # fmt: skip

_FIELDS: dict[str, list[Any]] = {
    "systemPrompt": ["", *_TROUBLE, ["a"], 1],
    "temperature": [0, 1, 1.0, 0.123456789, 1.005, -0.5, 2, "0.5", [], 1e-40, None],
    "model": ["Fixie-AI/Ultravox"],
    "voice": ["Mark"],
    "languageHint": ["de-DE"],
    "joinTimeout": [_DURATION_9, "1.05s", "30", "5000000000s", "0s", "x"],
    "maxDuration": [_DURATION_9, "3600s", "1h", "100000s", 60],
    "timeExceededMessage": ["", "x" * 100, "%41", "2024-01-02T03:04:05Z", "=1+1"],
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
        {"agent": {"uninterruptible": True, "text": "a\nb"}}, {"user": None},
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
        {"turnEndpointDelay": "0.5s"}, {"minimumTurnDuration": "1s", "minimumInterruptionDuration": "2s"},
    ],
    "metadata": [
        {}, {"a": ""}, {"a": 1}, {"A b": "c"}, {" a ": "x" * 600}, {"ultravox.x": "y"}, {"ultravox.X": "y"},
        {"ultravoxen": "y"}, {"k" * 50: "y"}, {str(index): "v" for index in range(60)}, {"a.b": "c"},
        {"__proto__": "a"}, {"a": "b", "ultravox.x": "y"}, {"id": "1"}, {"password": "a"}, {"ultravox.x": ""},
        {"one": "1", "two": "2"}, {"url": "https://example.com"}, {"k" * 300: "y"},
    ],
    "initialState": [
        {}, {"a": None}, {"aB": 1}, {"": 1}, {"a": [[1], [2]]}, {"a": {}, "b": []}, _nested(12), _nested(30),
        {"type": 1}, {"a": {"b": " c "}},
        {"n": 12345678.9}, {"n": 2**60}, {"n": 1e-40}, {"a": "true"}, {"a": {"0": "a", "1": "b"}}, {"a": "x" * 20_000},
        {"a": "\0"},
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
    {"firstSpeakerSettings": {"user": {"fallback": {"delay": "5s"}}, "agent": {}}},
    {"firstSpeakerSettings": {"user": {"fallback": {"delay": "5s"}}, "agent": {"text": "Hi"}}},
    {"temperature": 1.5, "model": "a"}, {"temperature": 2, "metadata": {"a": 1}}, {"initialState": {"a": 0.1 + 0.2}},
    {"externalVoice": {"cartesia": {"speed": -2, "emotion": "joy"}}}, {"externalVoice": {"elevenLabs": {"speed": 0}}},
    {"initialState": {"a": 1}}, {"initialState": {"a": True}},
    {"systemPrompt": "aB"}, {"systemPrompt": "ab"}, {"systemPrompt": "ba"},
    {"voice": "a", "externalVoice": {"lmnt": {"voiceId": "a"}}},
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
    {"inactivityMessages": [{"duration": "1s", "message": "a"}, {"duration": "500ms", "message": "b"}]},
    _secrets({"headerApiKey": {"name": "b"}}),
    _secrets({"headerApiKey": {"name": "b"}, "httpAuth": {"scheme": "c"}}),
    {"systemPrompt": "é" * 600},
    {"timeExceededMessage": "\U00020000" * 200},
    {"metadata": {"ultravox." + "x" * 40: "1"}},
    {"selectedTools": [{"toolName": "hangUp"}, {"toolName": "hangUp", "toolId": "3c90c3cc-0000-4b50-8888-8dd25736052a"}]},
    {"selectedTools": [{"toolName": "hangUp"}, _tool(timeout="100000000000s")]},
    {"selectedTools": [{"toolName": "hangUp"}, _tool(), {"toolName": 1}]},
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
    "inactivityMessages": MESSAGES[:2],
    "transcriptOptional": False,
    "recordingEnabled": False,
    "timeExceededMessage": "",
    "initialMessages": [{"role": "MESSAGE_ROLE_USER", "text": "hi"}],
}
HANDED_ON: Body = {"languageHint": "en", "recordingEnabled": True, "timeExceededMessage": "Bye"}
OVERRIDES: Body = {
    "systemPrompt": "Be brief.",
    "temperature": 0,
    "metadata": {"new": "2"},
    "initialState": {"new": 2},
    "inactivityMessages": MESSAGES[2:3],
}
