"""Faults of the echo: what was sent comes back as something else."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from emulator.fault import Fault
from emulator.faults.making import AnswerHook, echoed
from emulator.faults.places import everywhere
from openapi.json_types import Json

FAMILY = "echo"
_ADDRESSED = ("callId", "created", "joinUrl")


def _echoing(name: str, summary: str, place: str, change: Callable[[Any], Json], *more: str) -> Fault:
    """`place` comes back changed."""
    top = place.split(".")[0]
    return Fault(
        name=name,
        family=FAMILY,
        summary=summary,
        expects=(f"body.{top}.echo", f"body.{place}.echo", f"body.{top}.*echo", *more),
        answer=echoed(place, change),
    )


def _texts(name: str, summary: str, change: Callable[[str], str]) -> Fault:
    """Every text of every field that was sent comes back changed."""
    return Fault(name=name, family=FAMILY, summary=summary, expects=("body.*.echo",), answer=_all_texts(change))


def _all_texts(change: Callable[[str], str]) -> AnswerHook:
    return lambda exchange, answer: {
        field: everywhere(each, change) if field in exchange.merged and field not in _ADDRESSED else each
        for field, each in answer.items()
    }


def _without_tags(text: str) -> str:
    before, opening, rest = text.partition("<")
    inside, closing, after = rest.partition(">")
    return before + _without_tags(after) if opening and closing and inside else text


def _as_texts(each: Json) -> Json:
    if isinstance(each, dict):
        return {key: _as_texts(inner) for key, inner in each.items()}
    if isinstance(each, list):
        return [_as_texts(inner) for inner in each]
    return str(each) if isinstance(each, int | float) and not isinstance(each, bool) else each


def _snake_case(each: dict[str, Json]) -> dict[str, Json]:
    return {"".join("_" + c.lower() if c.isupper() else c for c in key): inner for key, inner in each.items()}


def _without_nulls(each: Json) -> Json:
    if isinstance(each, dict):
        return {key: _without_nulls(inner) for key, inner in each.items() if inner is not None}
    return each


def _flattened(each: Json) -> Json:
    if isinstance(each, dict):
        return {key: _flattened(inner) for key, inner in each.items()}
    if isinstance(each, list):
        return [leaf for inner in each for leaf in (inner if isinstance(inner, list) else [inner])]
    return each


_TEXTS = (
    _echoing("prompt-cut-at-255", "prompts are cut at 255 characters", "systemPrompt", lambda text: text[:255]),
    _echoing("prompt-cut-at-1000", "prompts are cut at 1000 characters", "systemPrompt", lambda text: text[:1000]),
    _echoing(
        "exceeded-message-cut-at-64-bytes",
        "the message at the time limit is cut at 64 bytes",
        "timeExceededMessage",
        lambda text: text.encode()[:64].decode(errors="ignore"),
    ),
    _echoing("prompt-trimmed", "blanks around a prompt are lost", "systemPrompt", str.strip),
    _echoing(
        "prompt-blanks-collapsed",
        "runs of white space in a prompt become one blank",
        "systemPrompt",
        lambda text: " ".join(text.split()),
    ),
    _echoing("model-lower-case", "the model comes back in lower case", "model", str.lower),
    _echoing(
        "language-without-region",
        "a language comes back without its region",
        "languageHint",
        lambda tag: tag.split("-")[0],
    ),
    _echoing("language-upper-case", "a language comes back in upper case", "languageHint", str.upper),
    _texts(
        "texts-normalised",
        "texts come back in Unicode's form C",
        lambda text: unicodedata.normalize("NFC", text),
    ),
    _texts(
        "texts-compatibility-normalised",
        "texts come back in Unicode's form KC",
        lambda text: unicodedata.normalize("NFKC", text),
    ),
    _texts("texts-escaped", "texts come back escaped for HTML", lambda text: html.escape(text, quote=False)),
    _texts("quotes-escaped", "quotes in texts come back escaped", lambda text: text.replace('"', "&quot;")),
    _texts(
        "astral-characters-lost",
        "characters beyond the BMP are lost",
        lambda text: "".join(each for each in text if ord(each) <= 0xFFFF),
    ),
    _texts(
        "non-latin-replaced",
        "characters beyond Latin-1 become question marks",
        lambda text: text.encode("latin-1", "replace").decode("latin-1"),
    ),
    _texts("newlines-turned", "CR LF comes back as LF", lambda text: text.replace("\r\n", "\n")),
    _texts("cut-at-nul", "texts end at U+0000", lambda text: text.split("\0")[0]),
    _texts("tags-stripped", "what looks like a tag is lost", _without_tags),
    _texts(
        "zero-width-stripped",
        "zero-width characters are lost",
        lambda text: text.translate(dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff"))),
    ),
    _texts("backslashes-lost", "backslashes are lost", lambda text: text.replace("\\", "")),
)

_NUMBERS = (
    _echoing(
        "temperature-rounded",
        "the temperature is rounded to two decimals",
        "temperature",
        lambda each: round(each, 2),
    ),
    _echoing(
        "threshold-rounded",
        "the activation threshold is rounded to one decimal",
        "vadSettings.frameActivationThreshold",
        lambda each: round(each, 1),
    ),
    _echoing("temperature-truncated", "the temperature loses its decimals", "temperature", int),
    _echoing("temperature-percent", "the temperature comes back in percent", "temperature", lambda each: each * 100),
    _echoing(
        "voice-speed-absolute",
        "negative speeds of a Cartesia voice lose their sign",
        "externalVoice.cartesia.speed",
        abs,
    ),
    _echoing(
        "state-numbers-as-texts",
        "numbers in the initial state come back as texts",
        "initialState",
        _as_texts,
    ),
    _echoing(
        "input-rate-as-text",
        "the input sample rate comes back as text",
        "medium.serverWebSocket.inputSampleRate",
        str,
        "answer.medium.*",
    ),
    _echoing(
        "buffer-size-in-16-bits",
        "the buffer size comes back in 16 bits",
        "medium.serverWebSocket.clientBufferSizeMs",
        lambda each: each & 0xFFFF,
    ),
    _echoing(
        "recording-inverted",
        "recordingEnabled comes back inverted",
        "recordingEnabled",
        lambda each: not each,
    ),
    _echoing(
        "transcript-always",
        "transcriptOptional comes back true when false was sent",
        "transcriptOptional",
        lambda _: True,
    ),
)

_DURATIONS = (
    _echoing("max-duration-as-float", "the maximum duration is a float and an s", "maxDuration", lambda t: f"{float(t[:-1])}s"),
    _echoing(
        "join-timeout-zeros-lost",
        "zeros behind the point of the join timeout are lost",
        "joinTimeout",
        lambda text: re.sub(r"\.0+(?=[1-9])", ".", text),
    ),
    _echoing(
        "join-timeout-whole",
        "the join timeout loses its decimals",
        "joinTimeout",
        lambda text: text.split(".")[0].rstrip("s") + "s",
    ),
    _echoing(
        "join-timeout-milliseconds",
        "the join timeout loses what is below a millisecond",
        "joinTimeout",
        lambda text: f"{int(float(text[:-1]) * 1000) / 1000:.3f}s",
    ),
    _echoing(
        "max-duration-capped",
        "the maximum duration is never more than a day",
        "maxDuration",
        lambda text: text if float(text[:-1]) < 86400 else "86400s",
    ),
    _echoing(
        "endpoint-delay-in-frames",
        "the turn endpoint delay comes back as a multiple of 32 ms",
        "vadSettings.turnEndpointDelay",
        lambda text: f"{int(float(text[:-1]) / 0.032) * 0.032:.3f}s",
    ),
    _echoing(
        "durations-swapped",
        "the join timeout comes back in minutes",
        "joinTimeout",
        lambda text: f"{float(text[:-1]) / 60:.9f}s",
    ),
)

_STRUCTURES = (
    _echoing(
        "messages-reversed",
        "inactivity messages come back in reverse",
        "inactivityMessages",
        lambda each: each[::-1],
    ),
    _echoing(
        "messages-sorted",
        "inactivity messages come back by their text",
        "inactivityMessages",
        lambda each: sorted(each, key=lambda message: str(message.get("message"))),
    ),
    _echoing(
        "messages-last-lost",
        "of several inactivity messages the last is lost",
        "inactivityMessages",
        lambda each: each[:-1] or each,
    ),
    _echoing(
        "messages-without-duplicates",
        "equal inactivity messages come back once",
        "inactivityMessages",
        lambda each: [one for index, one in enumerate(each) if one not in each[:index]],
    ),
    _echoing(
        "metadata-keys-lower-case",
        "keys of metadata come back in lower case",
        "metadata",
        lambda each: {k.lower(): v for k, v in each.items()},
    ),
    _echoing(
        "metadata-keys-trimmed",
        "blanks around keys of metadata are lost",
        "metadata",
        lambda each: {k.strip(): v for k, v in each.items()},
    ),
    _echoing(
        "metadata-empty-values-lost",
        "empty values of metadata are lost",
        "metadata",
        lambda each: {k: v for k, v in each.items() if v},
    ),
    _echoing(
        "metadata-one-lost",
        "of several members of metadata the last is lost",
        "metadata",
        lambda each: dict(list(each.items())[: max(1, len(each) - 1)]),
    ),
    _echoing("metadata-lost", "metadata comes back empty", "metadata", lambda _: {}),
    _echoing(
        "state-keys-snake-case",
        "keys of the initial state come back in snake_case",
        "initialState",
        _snake_case,
    ),
    _echoing(
        "state-nulls-lost",
        "members of the initial state that are null are lost",
        "initialState",
        _without_nulls,
    ),
    _echoing(
        "state-lists-flattened",
        "lists in lists of the initial state are flattened",
        "initialState",
        _flattened,
    ),
    _echoing(
        "state-empty-lost",
        "empty objects and lists in the initial state are lost",
        "initialState",
        lambda each: {k: v for k, v in each.items() if v not in ({}, [])},
    ),
    _echoing("settings-lost", "experimental settings come back as null", "experimentalSettings", lambda _: None),
    _echoing("medium-lost", "the medium comes back as webRtc", "medium", lambda _: {"webRtc": {}}),
    _echoing(
        "dictionaries-first-only",
        "of pronunciation dictionaries only the first comes back",
        "externalVoice.elevenLabs.pronunciationDictionaries",
        lambda each: each[:1],
    ),
    _echoing(
        "greeting-text-lost",
        "the fallback's text is lost",
        "firstSpeakerSettings.user.fallback",
        lambda each: {k: v for k, v in each.items() if k != "text"},
    ),
    _echoing(
        "uninterruptible-lost",
        "whether the agent can be interrupted is lost",
        "firstSpeakerSettings.agent",
        lambda each: {k: v for k, v in each.items() if k != "uninterruptible"},
    ),
)


FAULTS: tuple[Fault, ...] = (*_TEXTS, *_NUMBERS, *_DURATIONS, *_STRUCTURES)
