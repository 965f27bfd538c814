"""Harness for pipecat-ai: its realtime service creates a one-shot call when a pipeline starts."""

import asyncio
import re
import sys
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "shared"))

import loopback  # noqa: F401 - before anything that could open a connection

# isort: split
import aiohttp
from lines import Message, serve, unsupported
from pipecat.services.ultravox.llm import OneShotInputParams, UltravoxRealtimeLLMService

VENDOR = "https://api.ultravox.ai"
ARGUMENTS = {"systemPrompt": "system_prompt", "temperature": "temperature", "model": "model", "voice": "voice"}
ARGUMENTS |= {"metadata": "metadata", "maxDuration": "max_duration", "initialOutputMedium": "output_medium"}
MEDIA = {"MESSAGE_MEDIUM_VOICE": "voice", "MESSAGE_MEDIUM_TEXT": "text"}
DURATION = re.compile(r"(-?\d+(?:\.\d{1,6})?)s")  # what a timedelta holds


def redirect(url: str) -> None:
    """Lead requests for the vendor's host to the emulator: the client has the URL in its code."""
    original = aiohttp.ClientSession._request

    async def request(self, method, target, **options):
        return await original(self, method, str(target).replace(VENDOR, url, 1), **options)

    aiohttp.ClientSession._request = request


def arguments_of(body: Message) -> Message:
    """Return the members as arguments of the client; LookupError names one that they cannot express."""
    arguments: Message = {"extra": {}}
    for name, value in body.items():
        if name == "maxDuration":
            found = DURATION.fullmatch(value)
            if found is None:
                raise LookupError(name)
            value = timedelta(seconds=float(found[1]))
        elif name == "initialOutputMedium":
            if value not in MEDIA:
                raise LookupError(name)
            value = MEDIA[value]
        # All other members go where its documentation wants them.
        holder, key = (arguments, ARGUMENTS[name]) if name in ARGUMENTS else (arguments["extra"], name)
        holder[key] = value
    return arguments


def connect(start: Message):
    redirect(start["url"])
    runner = asyncio.Runner()

    def create(call: Message) -> Message:
        if call["query"]:
            return unsupported([f"?{name}" for name in call["query"]], "OneShotInputParams has no query parameters")
        try:
            arguments = arguments_of(call["body"])
        except LookupError as error:
            return unsupported([error.args[0]], "OneShotInputParams has no such value")
        return runner.run(join(OneShotInputParams(api_key=start["key"], **arguments), call["linger"]))

    async def join(params: OneShotInputParams, linger: float) -> Message:
        url = await UltravoxRealtimeLLMService(params=params)._start_one_shot_call(params)
        await asyncio.sleep(linger)
        return {"outcome": "returned", "value": {"joinUrl": url}}

    return create


serve({"client": "pipecat-ai", "version": version("pipecat-ai"), "responseMembers": ["joinUrl"]}, connect)
