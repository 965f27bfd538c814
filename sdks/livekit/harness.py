"""Harness for livekit-plugins-ultravox: its realtime model creates a call when a session starts."""

import asyncio
import re
import sys
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "shared"))

import loopback  # noqa: F401 - before anything that could open a connection

# isort: split
import aiohttp
from lines import Message, raised, serve, unsupported
from livekit.plugins.ultravox.realtime import RealtimeModel

PACKAGE = "livekit-plugins-ultravox"
ARGUMENTS = {"systemPrompt": "system_prompt", "model": "model", "voice": "voice", "externalVoice": "external_voice"}
ARGUMENTS |= {"temperature": "temperature", "languageHint": "language_hint", "maxDuration": "max_duration"}
ARGUMENTS |= {"timeExceededMessage": "time_exceeded_message", "firstSpeaker": "first_speaker"}
ARGUMENTS |= {"enableGreetingPrompt": "enable_greeting_prompt"}
RATES = {"inputSampleRate": "input_sample_rate", "outputSampleRate": "output_sample_rate"}


def documented() -> Message:
    """Return the examples and defaults in the docstring of the model, by the names on the wire."""
    text = RealtimeModel.__init__.__doc__ or ""
    found: Message = {"examples": {}, "defaults": {}}
    for member, argument in ARGUMENTS.items():
        about = re.search(rf"^ *{argument} : .*\n(.*)", text, re.MULTILINE)
        examples = re.search(r"e\.g\., ((?:'[^']*'(?:, )?)+)", about[1]) if about else None
        default = re.search(r"Default (True|False)", about[1]) if about else None
        found["examples"] |= {member: re.findall(r"'([^']*)'", examples[1])} if examples else {}
        found["defaults"] |= {member: default[1] == "True"} if default else {}
    return found


def connect(start: Message):
    base = start["url"] + start["path"].removesuffix("/calls")
    runner = asyncio.Runner()

    def create(call: Message) -> Message:
        intended = {**call["query"], **call["body"]}
        socket = intended.pop("medium", {"serverWebSocket": {}})
        rates = socket.get("serverWebSocket")
        others = [name for name in intended if name not in ARGUMENTS]
        if others or rates is None or len(socket) > 1 or set(rates) - set(RATES):
            return unsupported(others or ["medium"], "RealtimeModel has no such argument")
        arguments = {ARGUMENTS[name]: value for name, value in intended.items()}
        arguments |= {RATES[name]: value for name, value in rates.items()}
        return runner.run(join(arguments, call["linger"]))

    async def join(arguments: Message, linger: float) -> Message:
        result = asyncio.get_running_loop().create_future()
        trace = aiohttp.TraceConfig()

        async def on_request(_session, _context, request) -> None:
            if request.method == "GET" and not result.done():  # it joins the call that it was given
                result.set_result({"outcome": "returned", "value": {"joinUrl": str(request.url)}})

        trace.on_request_start.append(on_request)
        async with aiohttp.ClientSession(trace_configs=[trace]) as http:
            session = RealtimeModel(api_key=start["key"], base_url=base, http_session=http, **arguments).session()
            session.on("error", lambda event: result.done() or result.set_result(raised(event.error)))
            outcome = await result
            await asyncio.sleep(linger)
            await session.aclose()
        return outcome

    return create


serve({"client": PACKAGE, "version": version(PACKAGE), "responseMembers": ["joinUrl"], "documented": documented()}, connect)
