"""Objects and lists come back changed."""

from __future__ import annotations

from collections.abc import Callable
from unicodedata import normalize

from emulator.fault import Fault
from emulator.faults.dsl.places import everywhere
from openapi.json_types import Json

from .family import echoing


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


def _cut_below(inside: Json, levels: int) -> Json:
    if isinstance(inside, dict):
        return {key: _cut_below(each, levels - 1) for key, each in inside.items()} if levels else {}
    return inside


def _without_key(key: str) -> Callable[[Json], Json]:
    return lambda members: {name: each for name, each in members.items() if name != key}


def _masked(members: Json) -> Json:
    return {name: "***" if "password" in name else each for name, each in members.items()}


def _trimmed_below(members: Json) -> Json:
    return {name: each if isinstance(each, str) else everywhere(each, str.strip) for name, each in members.items()}


def _carried(messages: Json) -> Json:
    """As a loop does that does not forget."""
    found: list[Json] = []
    for each in messages:
        before = {key: value for key, value in (found[-1].items() if found else ()) if key == "endBehavior"}
        found.append({**before, **each})
    return found


FAULTS: tuple[Fault, ...] = (
    echoing(
        "messages-reversed",
        "inactivity messages come back in reverse",
        "inactivityMessages",
        lambda each: each[::-1],
    ),
    echoing(
        "messages-sorted",
        "inactivity messages come back by their text",
        "inactivityMessages",
        lambda each: sorted(each, key=lambda message: str(message.get("message"))),
    ),
    echoing(
        "messages-last-lost",
        "of several inactivity messages the last is lost",
        "inactivityMessages",
        lambda each: each[:-1] or each,
    ),
    echoing(
        "messages-without-duplicates",
        "equal inactivity messages come back once",
        "inactivityMessages",
        lambda each: [one for index, one in enumerate(each) if one not in each[:index]],
    ),
    echoing(
        "metadata-keys-lower-case",
        "keys of metadata come back in lower case",
        "metadata",
        lambda each: {k.lower(): v for k, v in each.items()},
    ),
    echoing(
        "metadata-keys-trimmed",
        "blanks around keys of metadata are lost",
        "metadata",
        lambda each: {k.strip(): v for k, v in each.items()},
    ),
    echoing(
        "metadata-empty-values-lost",
        "empty values of metadata are lost",
        "metadata",
        lambda each: {k: v for k, v in each.items() if v},
    ),
    echoing(
        "metadata-one-lost",
        "of several members of metadata the last is lost",
        "metadata",
        lambda each: dict(list(each.items())[: max(1, len(each) - 1)]),
    ),
    echoing("metadata-lost", "metadata comes back empty", "metadata", lambda _: {}),
    echoing(
        "state-keys-snake-case",
        "keys of the initial state come back in snake_case",
        "initialState",
        _snake_case,
    ),
    echoing(
        "state-nulls-lost",
        "members of the initial state that are null are lost",
        "initialState",
        _without_nulls,
    ),
    echoing(
        "state-cut-below-five-levels",
        "objects of the initial state come back empty below the fifth level",
        "initialState",
        lambda each: _cut_below(each, 5),
    ),
    echoing(
        "state-compatibility-forms",
        "texts of the initial state come back in the compatibility form NFKC",
        "initialState",
        lambda each: everywhere(each, lambda text: normalize("NFKC", text)),
    ),
    echoing(
        "state-keys-trimmed",
        "blanks around keys of the initial state are lost",
        "initialState",
        lambda each: {key.strip(): inner for key, inner in each.items()},
    ),
    echoing(
        "state-lists-flattened",
        "lists in lists of the initial state are flattened",
        "initialState",
        _flattened,
    ),
    echoing(
        "state-empty-lost",
        "empty objects and lists in the initial state are lost",
        "initialState",
        lambda each: {k: v for k, v in each.items() if v not in ({}, [])},
    ),
    echoing(
        "state-words-typed",
        "texts of the initial state that say true or false become such values",
        "initialState",
        lambda each: {k: {"true": True, "false": False}.get(v, v) if isinstance(v, str) else v for k, v in each.items()},
    ),
    echoing(
        "state-numbered-as-lists",
        "objects of the initial state whose keys are numbers become lists",
        "initialState",
        lambda each: {k: list(v.values()) if isinstance(v, dict) and "0" in v and "1" in v else v for k, v in each.items()},
    ),
    echoing("metadata-id-lost", "a key of metadata that is id is lost", "metadata", _without_key("id")),
    echoing("state-type-lost", "a key of the initial state that is type is lost", "initialState", _without_key("type")),
    echoing("metadata-password-masked", "passwords in metadata are masked", "metadata", _masked),
    echoing("state-deep-trimmed", "blanks around texts deep in the initial state are lost", "initialState", _trimmed_below),
    echoing("end-behavior-carried", "an inactivity message takes its end from the one before", "inactivityMessages", _carried),
    echoing("settings-lost", "experimental settings come back as null", "experimentalSettings", lambda _: None),
    echoing("medium-lost", "the medium comes back as webRtc", "medium", lambda _: {"webRtc": {}}),
    echoing(
        "dictionaries-first-only",
        "of pronunciation dictionaries only the first comes back",
        "externalVoice.elevenLabs.pronunciationDictionaries",
        lambda each: each[:1],
    ),
    echoing(
        "greeting-text-lost",
        "the fallback's text is lost",
        "firstSpeakerSettings.user.fallback",
        lambda each: {k: v for k, v in each.items() if k != "text"},
    ),
    echoing(
        "uninterruptible-lost",
        "whether the agent can be interrupted is lost",
        "firstSpeakerSettings.agent",
        lambda each: {k: v for k, v in each.items() if k != "uninterruptible"},
    ),
)
