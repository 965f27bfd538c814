"""Zeros and empty values that are lost where they mean another thing than nothing."""

from __future__ import annotations

from collections.abc import Callable

from emulator.fault import Fault
from openapi.json_types import Json

from .family import echoing


def _without_zero(name: str) -> Callable[[Json], Json]:
    """Return a function that leaves out a member of an object where it is 0."""
    return lambda inside: {key: each for key, each in inside.items() if key != name or each != 0}


def _without_falsy(inside: Json) -> Json:
    """Return a value without the falsy members of its objects and the falsy items of its arrays."""
    if isinstance(inside, dict):
        return {key: _without_falsy(each) for key, each in inside.items() if each}
    return [_without_falsy(each) for each in inside if each] if isinstance(inside, list) else inside


def _nested_only(inside: Json) -> Json:
    return {key: _without_falsy(each) for key, each in inside.items()}


FAULTS: tuple[Fault, ...] = (
    echoing(
        "buffer-size-zero-lost",
        "a buffer size of 0 is left out, which reads as 60",
        "medium.serverWebSocket",
        _without_zero("clientBufferSizeMs"),
        "body.medium.serverWebSocket.clientBufferSizeMs.echo",
    ),
    echoing(
        "voice-speed-zero-lost",
        "a PlayHT speed of 0 is left out, which reads as 1",
        "externalVoice.playHt",
        _without_zero("speed"),
        "body.externalVoice.playHt.speed.echo",
    ),
    echoing("state-falsy-lost", "falsy values deep in the initial state are lost", "initialState", _nested_only),
    echoing(
        "state-false-as-null",
        "falsy values of the initial state come back as null",
        "initialState",
        lambda inside: {key: each or None for key, each in inside.items()},
    ),
)
