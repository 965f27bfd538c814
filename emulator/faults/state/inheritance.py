"""Faults of what a call takes over from a prior one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import orjson

from emulator.fault import Body, Fault
from emulator.faults.making import creates
from emulator.faults.places import rewritten
from emulator.faults.state.family import FAMILY, replying
from emulator.messages import Exchange, Reply, refusal
from emulator.store import Call

# What overrides and does not come back as it was sent may be told as an echo.
_INHERITED = ("state.*", "query.*", "body.*.echo")


def _inheriting(name: str, summary: str, inherited: Callable[[Exchange, Body], Body]) -> Fault:
    return Fault(name=name, family=FAMILY, summary=summary, expects=_INHERITED, inherited=inherited)


def _forgets(field: str) -> Fault:
    def inherited(exchange: Exchange, merged: Body) -> Body:
        return {name: each for name, each in merged.items() if name != field or name in exchange.body}

    return _inheriting(f"{field}-not-inherited", f"{field} is not taken over from a prior call", inherited)


def _keeps(field: str) -> Fault:
    def inherited(exchange: Exchange, merged: Body) -> Body:
        prior = exchange.prior.properties() if exchange.prior else {}
        return {**merged, field: prior[field]} if field in prior else merged

    return _inheriting(f"{field}-not-overridden", f"a prior call's {field} cannot be overridden", inherited)


def _drops(overridden: str, field: str) -> Fault:
    def inherited(exchange: Exchange, merged: Body) -> Body:
        lost = overridden in exchange.body
        return {name: each for name, each in merged.items() if not lost or name != field or name in exchange.body}

    summary = f"{field} is not taken over where {overridden} is overridden"
    return _inheriting(f"{field}-lost-with-{overridden}", summary, inherited)


_DEFAULTS = {"joinTimeout": "30s", "maxDuration": "3600s", "model": "fixie-ai/ultravox"}


def _defaults_are_nothing(exchange: Exchange, merged: Body) -> Body:
    prior = exchange.prior.properties() if exchange.prior else {}
    unset = {name for name, default in _DEFAULTS.items() if name in prior and exchange.body.get(name) == default}
    return {**merged, **{name: prior[name] for name in unset}}


_SHARED = ("systemPrompt", "temperature", "languageHint", "maxDuration", "recordingEnabled", "metadata")


def _siblings(exchange: Exchange, merged: Body) -> Body:
    """What calls made from the same one have set is kept with that."""
    if exchange.prior is None:
        return merged
    kept: Body = exchange.memory.setdefault("siblings", {}).setdefault(exchange.prior.id, {})
    found = {**merged, **{name: each for name, each in kept.items() if name not in exchange.body}}
    kept.update({name: exchange.body[name] for name in _SHARED if name in exchange.body})
    return found


def _nothing(exchange: Exchange, _merged: Body) -> Body:
    return exchange.body


def _not_false(exchange: Exchange, merged: Body) -> Body:
    return {name: each for name, each in merged.items() if each or name in exchange.body}


def _scalars_only(exchange: Exchange, merged: Body) -> Body:
    return {n: each for n, each in merged.items() if n in exchange.body or not isinstance(each, dict | list)}


def _not_if_body(exchange: Exchange, merged: Body) -> Body:
    return exchange.body if exchange.body else merged


def _true_overrides_only(exchange: Exchange, merged: Body) -> Body:
    prior = exchange.prior.properties() if exchange.prior else {}
    return {**merged, **{name: each for name, each in prior.items() if name in merged and not merged[name]}}


def _objects_merged(exchange: Exchange, merged: Body) -> Body:
    prior = exchange.prior.properties() if exchange.prior else {}
    together = {
        name: {**prior[name], **each}
        for name, each in merged.items()
        if name in ("metadata", "initialState") and isinstance(prior.get(name), dict)
    }
    return {**merged, **together}


def _parts_merged(exchange: Exchange, merged: Body) -> Body:
    prior = exchange.prior.properties() if exchange.prior else {}
    if "vadSettings" not in exchange.body or "vadSettings" not in prior:
        return merged
    return {**merged, "vadSettings": {**prior["vadSettings"], **merged["vadSettings"]}}


def _external_voice_kept(exchange: Exchange, merged: Body) -> Body:
    prior = exchange.prior.properties() if exchange.prior else {}
    kept = "voice" in exchange.body and "externalVoice" in prior
    return {**merged, "externalVoice": prior["externalVoice"]} if kept else merged


def _lists_joined(exchange: Exchange, merged: Body) -> Body:
    prior = exchange.prior.properties() if exchange.prior else {}
    if "inactivityMessages" not in exchange.body or "inactivityMessages" not in prior:
        return merged
    return {**merged, "inactivityMessages": prior["inactivityMessages"] + merged["inactivityMessages"]}


def _of_latest(exchange: Exchange, merged: Body) -> Body:
    latest = exchange.memory.get("latest")
    return {**latest.properties(), **exchange.body} if isinstance(latest, Call) else merged


def _remembering(change: Callable[[Exchange, Body], Body]) -> Fault:
    """A fault that needs to know the call made last."""

    def reply(exchange: Exchange, given: Reply) -> Reply:
        if creates(exchange, given):
            exchange.memory["latest"] = exchange.call
        return given

    fault = _inheriting("latest-inherited", "the latest call is taken for the prior one", change)
    return replace(fault, reply=reply)


def _write_back(exchange: Exchange, merged: Body) -> Body:
    """The prior call takes over the new one's properties, as if both were one object."""
    if exchange.prior:
        shown = orjson.loads(exchange.prior.answer)
        changed = {**shown, **{name: each for name, each in exchange.body.items() if name in shown}}
        exchange.store.put(exchange.prior._replace(body=orjson.dumps(merged), answer=orjson.dumps(changed)))
    return merged


def _shared(field: str) -> Callable[[Exchange, Body], Body]:
    """A new call's object gets into the prior call's, which keeps what it has."""

    def inherited(exchange: Exchange, merged: Body) -> Body:
        if exchange.prior and field in exchange.body:
            shown = orjson.loads(exchange.prior.answer)
            shown[field] = {**(shown.get(field) or {}), **exchange.body[field]}
            exchange.store.put(exchange.prior._replace(answer=orjson.dumps(shown)))
        return merged

    return inherited


def _one_generation(exchange: Exchange, reply: Reply) -> Reply:
    if creates(exchange, reply) and exchange.call:
        exchange.store.put(exchange.call._replace(body=orjson.dumps(exchange.body)))
    return reply


def _without_fallback(exchange: Exchange, merged: Body) -> Body:
    taken = "firstSpeakerSettings" not in exchange.body
    return rewritten(merged, "firstSpeakerSettings.user", lambda _: {}) if taken else merged


def _agents_settings(exchange: Exchange, answer: Body) -> Body:
    """What follows from the side that a prior call named is not written anew."""
    taken = exchange.prior is not None and "firstSpeaker" in exchange.prior.properties()
    return (
        {**answer, "firstSpeakerSettings": {"agent": {}}} if taken and "firstSpeakerSettings" not in exchange.merged else answer
    )


def _tools_clash(exchange: Exchange, verdict: Reply | None) -> Reply | None:
    """Tools are added to those of the prior call, and so come twice."""
    clash = exchange.prior is not None and "selectedTools" in exchange.body and "selectedTools" in exchange.prior.properties()
    return refusal(400, "Tool names must be unique.") if verdict is None and clash else verdict


def _by_index(exchange: Exchange, merged: Body) -> Body:
    """Lists are overridden element by element, and the rest of the prior call's stays."""
    prior = exchange.prior.properties() if exchange.prior else {}
    own, before = exchange.body.get("inactivityMessages"), prior.get("inactivityMessages")
    return {**merged, "inactivityMessages": own + before[len(own) :]} if own and before else merged


def _old_medium(exchange: Exchange, answer: Body) -> Body:
    prior = exchange.prior.properties() if exchange.prior else {}
    return (
        {**answer, "medium": {**prior["medium"], **answer["medium"]}}
        if "medium" in prior and "medium" in exchange.body
        else answer
    )


def _side_kept(exchange: Exchange, merged: Body) -> Body:
    prior = exchange.prior.properties() if exchange.prior else {}
    before, own = prior.get("firstSpeakerSettings"), exchange.body.get("firstSpeakerSettings")
    return {**merged, "firstSpeakerSettings": before} if before and own and before.keys() != own.keys() else merged


def _remembers_prior(exchange: Exchange, reply: Reply) -> Reply:
    if creates(exchange, reply) and exchange.prior and exchange.call:
        exchange.memory.setdefault("priors", {})[exchange.call.id] = exchange.prior.id
    return reply


def _orphans_refused(exchange: Exchange, verdict: Reply | None) -> Reply | None:
    prior = exchange.memory.get("priors", {}).get(exchange.prior.id) if exchange.prior else None
    is_orphan = prior is not None and exchange.store.get(prior) is None
    return refusal(404, "Prior call does not exist.") if verdict is None and is_orphan else verdict


def _merged_below(exchange: Exchange, merged: Body) -> Body:
    """The initial state is replaced, but objects under a key that both have are merged."""
    prior = exchange.prior.properties().get("initialState") if exchange.prior else None
    own = exchange.body.get("initialState")
    if not isinstance(prior, dict) or not isinstance(own, dict):
        return merged
    both = {key for key in own.keys() & prior.keys() if isinstance(own[key], dict) and isinstance(prior[key], dict)}
    return {**merged, "initialState": {**own, **{key: {**prior[key], **own[key]} for key in both}}}


def _of_first(exchange: Exchange, merged: Body) -> Body:
    """What is not set comes from the call with which the line began."""
    known = exchange.memory.setdefault("first", {})
    first = known.get(exchange.prior.id, exchange.prior.properties()) if exchange.prior else {}
    exchange.memory["line"] = first
    return {**merged, **{name: first[name] for name in first if name in merged and name not in exchange.body}}


def _note_line(exchange: Exchange, reply: Reply) -> Reply:
    if creates(exchange, reply) and exchange.call and exchange.prior:
        exchange.memory["first"][exchange.call.id] = exchange.memory["line"]
    return reply


def _eight(exchange: Exchange, merged: Body) -> Body:
    known = merged.get("metadata")
    if "metadata" in exchange.body or not isinstance(known, dict):
        return merged
    return {**merged, "metadata": dict(list(known.items())[:8])}


def _not_beside_tools(exchange: Exchange, merged: Body) -> Body:
    return dict(exchange.body) if "selectedTools" in exchange.body else merged


def _only_if_first(exchange: Exchange, merged: Body) -> Body:
    return merged if exchange.request.query_string.startswith(b"priorCallId") else dict(exchange.body)


FAULTS: tuple[Fault, ...] = (
    _inheriting("siblings-share", "a call takes over what another one made from the same prior call has set", _siblings),
    _inheriting("state-merged-below", "objects in the initial state are merged with the prior call's", _merged_below),
    replace(_inheriting("line-of-the-first", "what is not set comes from the first of a line", _of_first), reply=_note_line),
    _inheriting("eight-metadata-inherited", "of metadata eight entries are taken over", _eight),
    _inheriting("nothing-inherited-beside-tools", "nothing is taken over where the body has tools", _not_beside_tools),
    _inheriting("prior-first-in-query", "the prior call counts only as the first parameter", _only_if_first),
    *map(_forgets, ("systemPrompt", "temperature", "voice", "metadata", "vadSettings", "maxDuration", "model")),
    *map(_keeps, ("systemPrompt", "metadata", "temperature")),
    _drops("voice", "languageHint"),
    _drops("model", "temperature"),
    _drops("metadata", "recordingEnabled"),
    _drops("maxDuration", "timeExceededMessage"),
    _inheriting("nothing-inherited", "nothing is taken over from a prior call", _nothing),
    _inheriting("false-not-inherited", "false, 0 and empty texts are not taken over", _not_false),
    _inheriting("scalars-inherited-only", "objects and lists are not taken over", _scalars_only),
    _inheriting("inherited-by-empty-bodies", "a body with any field takes over nothing", _not_if_body),
    _inheriting("false-does-not-override", "false, 0 and empty texts do not override", _true_overrides_only),
    _inheriting("defaults-do-not-override", "what is set to its default does not override", _defaults_are_nothing),
    _inheriting("objects-merged", "metadata and state are merged with the prior call's", _objects_merged),
    _inheriting("settings-merged", "the members of settings are merged with the prior call's", _parts_merged),
    replace(
        _inheriting("external-voice-kept", "a prior call's external voice stays beside a voice", _external_voice_kept),
        expects=("state.prior-exclusive",),
    ),
    _inheriting("lists-joined", "inactivity messages are added to the prior call's", _lists_joined),
    _remembering(_of_latest),
    _inheriting("prior-overwritten", "what overrides a prior call's properties overwrites them there", _write_back),
    _inheriting("prior-metadata-shared", "a new call's metadata get into the prior call's", _shared("metadata")),
    _inheriting("prior-state-shared", "a new call's state gets into the prior call's", _shared("initialState")),
    _inheriting("lists-overridden-by-index", "of a longer list of a prior call the rest stays", _by_index),
    _inheriting("side-not-overridden", "the side that speaks first cannot be changed", _side_kept),
    Fault(
        name="medium-beside-prior-one",
        family=FAMILY,
        summary="the medium of a prior call is shown beside another one",
        expects=(*_INHERITED, "answer.medium.*"),
        answer=_old_medium,
    ),
    _inheriting("fallback-not-inherited", "the fallback of a user who speaks first is not taken over", _without_fallback),
    Fault(
        name="side-not-inherited",
        family=FAMILY,
        summary="settings that follow from the side that a prior call named are the agent's",
        expects=_INHERITED,
        answer=_agents_settings,
    ),
    Fault(
        name="tools-clash-with-priors",
        family=FAMILY,
        summary="tools are refused beside a prior call that has some",
        expects=("status.created", *_INHERITED),
        accepted=_tools_clash,
    ),
    Fault(
        name="orphans-refused",
        family=FAMILY,
        summary="a call whose own prior call was deleted cannot be one itself",
        expects=_INHERITED,
        reply=_remembers_prior,
        accepted=_orphans_refused,
    ),
    replying(
        "one-generation",
        "what a prior call took over from another is not taken over",
        _one_generation,
        "state.prior-chain",
        *_INHERITED,
    ),
)
