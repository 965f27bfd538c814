"""Faults of what a call takes over from a parent call: it is lost, or comes from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import orjson

from emulator.fault import Body, Fault
from emulator.faults.dsl.making import creates
from emulator.faults.dsl.places import rewritten
from emulator.messages import Exchange, Reply, refusal
from emulator.store import Call

from .family import FAMILY, INHERITED, inheriting, replying


def _forgets(field: str) -> Fault:
    def inherited(exchange: Exchange, merged: Body) -> Body:
        return {name: each for name, each in merged.items() if name != field or name in exchange.body}

    return inheriting(f"{field}-not-inherited", f"{field} is not taken over from a parent call", inherited)


def _drops(overridden: str, field: str) -> Fault:
    def inherited(exchange: Exchange, merged: Body) -> Body:
        lost = overridden in exchange.body
        return {name: each for name, each in merged.items() if not lost or name != field or name in exchange.body}

    summary = f"{field} is not taken over where {overridden} is overridden"
    return inheriting(f"{field}-lost-with-{overridden}", summary, inherited)


def _nothing(exchange: Exchange, _merged: Body) -> Body:
    return exchange.body


def _not_false(exchange: Exchange, merged: Body) -> Body:
    return {name: each for name, each in merged.items() if each or name in exchange.body}


def _scalars_only(exchange: Exchange, merged: Body) -> Body:
    return {n: each for n, each in merged.items() if n in exchange.body or not isinstance(each, dict | list)}


def _not_if_body(exchange: Exchange, merged: Body) -> Body:
    return exchange.body if exchange.body else merged


def _of_latest(exchange: Exchange, merged: Body) -> Body:
    latest = exchange.memory.get("latest")
    return {**latest.properties(), **exchange.body} if isinstance(latest, Call) else merged


def _remembering(change: Callable[[Exchange, Body], Body]) -> Fault:
    """Return a fault that needs to know the call made last."""

    def reply(exchange: Exchange, given: Reply) -> Reply:
        if creates(exchange, given):
            exchange.memory["latest"] = exchange.call
        return given

    fault = inheriting("latest-inherited", "the latest call is taken for the prior one", change)
    return replace(fault, reply=reply)


def _one_generation(exchange: Exchange, reply: Reply) -> Reply:
    if creates(exchange, reply) and exchange.call:
        exchange.store.put(exchange.call._replace(body=orjson.dumps(exchange.body)))
    return reply


def _without_fallback(exchange: Exchange, merged: Body) -> Body:
    taken = "firstSpeakerSettings" not in exchange.body
    return rewritten(merged, "firstSpeakerSettings.user", lambda _: {}) if taken else merged


def _agents_settings(exchange: Exchange, response: Body) -> Body:
    """Return what follows from the side that a parent call named is not written anew."""
    taken = exchange.parent is not None and "firstSpeaker" in exchange.parent.properties()
    return (
        {**response, "firstSpeakerSettings": {"agent": {}}}
        if taken and "firstSpeakerSettings" not in exchange.merged
        else response
    )


def _remembers_parent(exchange: Exchange, reply: Reply) -> Reply:
    if creates(exchange, reply) and exchange.parent and exchange.call:
        exchange.memory.setdefault("priors", {})[exchange.call.id] = exchange.parent.id
    return reply


def _orphans_refused(exchange: Exchange, verdict: Reply | None) -> Reply | None:
    parent = exchange.memory.get("priors", {}).get(exchange.parent.id) if exchange.parent else None
    is_orphan = parent is not None and exchange.store.get(parent) is None
    return refusal(404, "Parent call does not exist.") if verdict is None and is_orphan else verdict


def _of_first(exchange: Exchange, merged: Body) -> Body:
    """Return what is not set comes from the call with which the line began."""
    known = exchange.memory.setdefault("first", {})
    first = known.get(exchange.parent.id, exchange.parent.properties()) if exchange.parent else {}
    exchange.memory["line"] = first
    return {**merged, **{name: first[name] for name in first if name in merged and name not in exchange.body}}


def _note_line(exchange: Exchange, reply: Reply) -> Reply:
    if creates(exchange, reply) and exchange.call and exchange.parent:
        exchange.memory["first"][exchange.call.id] = exchange.memory["line"]
    return reply


def _eight(exchange: Exchange, merged: Body) -> Body:
    known = merged.get("metadata")
    if "metadata" in exchange.body or not isinstance(known, dict):
        return merged
    return {**merged, "metadata": dict(list(known.items())[:8])}


def _not_alongside_tools(exchange: Exchange, merged: Body) -> Body:
    return dict(exchange.body) if "selectedTools" in exchange.body else merged


def _only_if_first(exchange: Exchange, merged: Body) -> Body:
    return merged if exchange.request.query_string.startswith(b"priorCallId") else dict(exchange.body)


FAULTS: tuple[Fault, ...] = (
    replace(inheriting("line-of-the-first", "what is not set comes from the first of a line", _of_first), reply=_note_line),
    inheriting("eight-metadata-inherited", "of metadata eight entries are taken over", _eight),
    inheriting("nothing-inherited-beside-tools", "nothing is taken over where the body has tools", _not_alongside_tools),
    inheriting("prior-first-in-query", "the parent call counts only as the first parameter", _only_if_first),
    *map(_forgets, ("systemPrompt", "temperature", "voice", "metadata", "vadSettings", "maxDuration", "model")),
    _drops("voice", "languageHint"),
    _drops("model", "temperature"),
    _drops("metadata", "recordingEnabled"),
    _drops("maxDuration", "timeExceededMessage"),
    inheriting("nothing-inherited", "nothing is taken over from a parent call", _nothing),
    inheriting("false-not-inherited", "false, 0 and empty texts are not taken over", _not_false),
    inheriting("scalars-inherited-only", "objects and lists are not taken over", _scalars_only),
    inheriting("inherited-by-empty-bodies", "a body with any field takes over nothing", _not_if_body),
    _remembering(_of_latest),
    inheriting("fallback-not-inherited", "the fallback of a user who speaks first is not taken over", _without_fallback),
    Fault(
        name="side-not-inherited",
        family=FAMILY,
        summary="settings that follow from the side that a parent call named are the agent's",
        expects=INHERITED,
        response=_agents_settings,
    ),
    Fault(
        name="orphans-refused",
        family=FAMILY,
        summary="a call whose own parent call was deleted cannot be one itself",
        expects=INHERITED,
        reply=_remembers_parent,
        accepted=_orphans_refused,
    ),
    replying(
        "one-generation",
        "what a parent call took over from another is not taken over",
        _one_generation,
        "state.parent-chain",
        *INHERITED,
    ),
)
