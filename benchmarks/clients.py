"""Bodies that clients send, from the least that makes a call to what a product sends with each."""

from __future__ import annotations

from openapi.json_types import Json

_Body = dict[str, Json]

PROMPT = (
    "You are Anna, the friendly voice of a dental practice. Greet the caller, find out what they need, and help them to book, "
    "move or cancel an appointment. Never give medical advice. The practice is open from Monday to Friday, eight to six. Ask "
    "for the full name and the date of birth before you look anything up, and read every date back before you confirm it. "
) * 3


def _tool(name: str, *parameters: str) -> _Body:
    """Return a tool that is reached over HTTP."""
    described = [
        {
            "name": each,
            "location": "PARAMETER_LOCATION_BODY",
            "schema": {"type": "string", "description": f"The {each} that the caller gave"},
            "required": True,
        }
        for each in parameters
    ]
    return {
        "temporaryTool": {
            "modelToolName": name,
            "description": f"Use this to {name} an appointment, once the caller has said who they are.",
            "dynamicParameters": described,
            "http": {"baseUrlPattern": f"https://practice.example/appointments/{name}", "httpMethod": "POST"},
        }
    }


# A voice, who speaks first, a tool.
SMALL: list[_Body] = [
    {"model": "fixie-ai/ultravox", "voice": "Mark", "temperature": 0.3},
    {"voice": "Mark", "firstSpeakerSettings": {"agent": {"text": "Hello, how can I help?"}}, "maxDuration": "600s"},
    {"selectedTools": [{"toolName": "hangUp"}], "medium": {"webRtc": {}}, "metadata": {"customer": "4711"}},
    {"recordingEnabled": True, "languageHint": "en", "vadSettings": {"turnEndpointDelay": "0.384s"}, "temperature": 0},
]
# To be sent with a prompt.
LARGE: list[_Body] = [
    {
        "model": "fixie-ai/ultravox",
        "voice": "Jessica",
        "temperature": 0.3,
        "firstSpeakerSettings": {"agent": {"text": "Hello, how can I help?"}},
        "selectedTools": [{"toolName": "hangUp"}, _tool("book", "name", "date", "time"), _tool("cancel", "name", "date")],
        "metadata": {"tenant": "practice", "campaign": "4711"},
    },
    {
        "voice": "Mark",
        "languageHint": "en",
        "recordingEnabled": True,
        "maxDuration": "1800s",
        "medium": {"twilio": {}},
        "firstSpeaker": "FIRST_SPEAKER_USER",
        "selectedTools": [
            {"toolName": "queryCorpus", "parameterOverrides": {"corpus_id": "c-1"}},
            _tool("move", "name", "date"),
        ],
        "inactivityMessages": [
            {"duration": "30s", "message": "Are you still there?"},
            {"duration": "15s", "message": "Goodbye.", "endBehavior": "END_BEHAVIOR_HANG_UP_SOFT"},
        ],
        "metadata": {"customer": "17"},
    },
    {
        "voice": "Mark",
        "medium": {"serverWebSocket": {"inputSampleRate": 16000, "outputSampleRate": 16000}},
        "vadSettings": {"turnEndpointDelay": "0.384s", "minimumTurnDuration": "0.096s"},
        "initialMessages": [{"role": "MESSAGE_ROLE_USER", "text": "Hello"}, {"role": "MESSAGE_ROLE_AGENT", "text": "Hello!"}],
        "selectedTools": [_tool("find", "name", "birthday")],
        "initialState": {"step": 1},
    },
]
