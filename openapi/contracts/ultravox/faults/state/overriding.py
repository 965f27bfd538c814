"""Faults of what a body sets beside a parent call: it does not override, or something of the parent call stays."""

from __future__ import annotations

from dataclasses import replace

from emulator.fault import Body, Fault
from emulator.messages import Exchange, Reply, refusal

from .family import FAMILY, INHERITED, inheriting, of_parent


def _keeps(field: str) -> Fault:
    def inherited(exchange: Exchange, merged: Body) -> Body:
        parent = of_parent(exchange)
        return {**merged, field: parent[field]} if field in parent else merged

    return inheriting(f"{field}-not-overridden", f"a parent call's {field} cannot be overridden", inherited)


_DEFAULTS = {"joinTimeout": "30s", "maxDuration": "3600s", "model": "fixie-ai/ultravox"}


def _defaults_are_nothing(exchange: Exchange, merged: Body) -> Body:
    parent = of_parent(exchange)
    unset = {name for name, default in _DEFAULTS.items() if name in parent and exchange.body.get(name) == default}
    return {**merged, **{name: parent[name] for name in unset}}


def _true_overrides_only(exchange: Exchange, merged: Body) -> Body:
    parent = of_parent(exchange)
    return {**merged, **{name: each for name, each in parent.items() if name in merged and not merged[name]}}


def _objects_merged(exchange: Exchange, merged: Body) -> Body:
    parent = of_parent(exchange)
    together = {
        name: {**parent[name], **each}
        for name, each in merged.items()
        if name in ("metadata", "initialState") and isinstance(parent.get(name), dict)
    }
    return {**merged, **together}


def _parts_merged(exchange: Exchange, merged: Body) -> Body:
    parent = of_parent(exchange)
    if "vadSettings" not in exchange.body or "vadSettings" not in parent:
        return merged
    return {**merged, "vadSettings": {**parent["vadSettings"], **merged["vadSettings"]}}


def _external_voice_kept(exchange: Exchange, merged: Body) -> Body:
    parent = of_parent(exchange)
    kept = "voice" in exchange.body and "externalVoice" in parent
    return {**merged, "externalVoice": parent["externalVoice"]} if kept else merged


def _lists_joined(exchange: Exchange, merged: Body) -> Body:
    parent = of_parent(exchange)
    if "inactivityMessages" not in exchange.body or "inactivityMessages" not in parent:
        return merged
    return {**merged, "inactivityMessages": parent["inactivityMessages"] + merged["inactivityMessages"]}


def _tools_clash(exchange: Exchange, verdict: Reply | None) -> Reply | None:
    """Tools are added to those of the parent call, and so come twice."""
    clash = exchange.parent is not None and "selectedTools" in exchange.body and "selectedTools" in exchange.parent.properties()
    return refusal(400, "Tool names must be unique.") if verdict is None and clash else verdict


def _by_index(exchange: Exchange, merged: Body) -> Body:
    """List are overridden item by item, and the rest of the parent call's stays."""
    parent = of_parent(exchange)
    own, before = exchange.body.get("inactivityMessages"), parent.get("inactivityMessages")
    return {**merged, "inactivityMessages": own + before[len(own) :]} if own and before else merged


def _old_medium(exchange: Exchange, response: Body) -> Body:
    parent = of_parent(exchange)
    return (
        {**response, "medium": {**parent["medium"], **response["medium"]}}
        if "medium" in parent and "medium" in exchange.body
        else response
    )


def _side_kept(exchange: Exchange, merged: Body) -> Body:
    parent = of_parent(exchange)
    before, own = parent.get("firstSpeakerSettings"), exchange.body.get("firstSpeakerSettings")
    return {**merged, "firstSpeakerSettings": before} if before and own and before.keys() != own.keys() else merged


def _speaker_kept(exchange: Exchange, merged: Body) -> Body:
    """Let the side that the parent call's settings name speak first, where the body names only another side."""
    parent, own = of_parent(exchange), exchange.body
    if not parent.get("firstSpeakerSettings") or "firstSpeaker" not in own or "firstSpeakerSettings" in own:
        return merged
    rest = {name: each for name, each in merged.items() if name != "firstSpeaker"}
    before = {name: each for name, each in parent.items() if name in ("firstSpeaker", "firstSpeakerSettings")}
    return {**rest, **before}


def _web_socket_stays(exchange: Exchange, verdict: Reply | None) -> Reply | None:
    """Refuse another medium where the parent call is carried by a web socket."""
    before, own = (exchange.parent.properties() if exchange.parent else {}).get("medium") or {}, exchange.body.get("medium")
    changes = "serverWebSocket" in before and isinstance(own, dict) and own != {} and "serverWebSocket" not in own
    return refusal(400, "The medium of a call cannot be changed.") if verdict is None and changes else verdict


def _lmnt_stays(exchange: Exchange, response: Body) -> Body:
    before = of_parent(exchange).get("externalVoice") or {}
    kept = "lmnt" in before and exchange.body.get("externalVoice") is not None
    return {**response, "externalVoice": {"lmnt": before["lmnt"], **response["externalVoice"]}} if kept else response


def _settings_stay(exchange: Exchange, response: Body) -> Body:
    """Show the settings of the parent call beside a first speaker that they do not fit."""
    before = of_parent(exchange).get("firstSpeakerSettings")
    kept = before and "firstSpeaker" in exchange.body and "firstSpeakerSettings" not in exchange.body
    return {**response, "firstSpeakerSettings": before} if kept else response


def _merged_below(exchange: Exchange, merged: Body) -> Body:
    """Return the initial state is replaced, but objects under a key that both have are merged."""
    parent = exchange.parent.properties().get("initialState") if exchange.parent else None
    own = exchange.body.get("initialState")
    if not isinstance(parent, dict) or not isinstance(own, dict):
        return merged
    both = {key for key in own.keys() & parent.keys() if isinstance(own[key], dict) and isinstance(parent[key], dict)}
    return {**merged, "initialState": {**own, **{key: {**parent[key], **own[key]} for key in both}}}


def _duration_refused(exchange: Exchange, verdict: Reply | None) -> Reply | None:
    is_overridden = verdict is None and exchange.parent is not None and "maxDuration" in exchange.body
    return refusal(400, "maxDuration is that of the parent call.") if is_overridden else verdict


FAULTS: tuple[Fault, ...] = (
    Fault(
        name="web-socket-stays",
        family=FAMILY,
        summary="another medium than the parent call's web socket is refused",
        expects=("status.created", *INHERITED),
        accepted=_web_socket_stays,
    ),
    Fault(
        name="lmnt-voice-stays",
        family=FAMILY,
        summary="a parent call's LMNT voice is shown beside another external voice",
        expects=("response.externalVoice.*", *INHERITED),
        response=_lmnt_stays,
    ),
    Fault(
        name="settings-stay-beside-speaker",
        family=FAMILY,
        summary="a first speaker is shown beside settings of the parent call that contradict it",
        expects=("state.parent-exclusive",),
        response=_settings_stay,
    ),
    inheriting("state-merged-below", "objects in the initial state are merged with the parent call's", _merged_below),
    *map(_keeps, ("systemPrompt", "metadata", "temperature")),
    inheriting("false-does-not-override", "false, 0 and empty texts do not override", _true_overrides_only),
    inheriting("defaults-do-not-override", "what is set to its default does not override", _defaults_are_nothing),
    inheriting("objects-merged", "metadata and state are merged with the parent call's", _objects_merged),
    inheriting("settings-merged", "the members of settings are merged with the parent call's", _parts_merged),
    replace(
        inheriting("external-voice-kept", "a parent call's external voice stays beside a voice", _external_voice_kept),
        expects=("state.parent-exclusive",),
    ),
    inheriting("lists-joined", "inactivity messages are added to the parent call's", _lists_joined),
    inheriting("lists-overridden-by-index", "of a longer list of a parent call the rest stays", _by_index),
    inheriting("side-not-overridden", "the side that speaks first cannot be changed", _side_kept),
    inheriting("speaker-not-overridden", "a first speaker gives way to settings of the parent call", _speaker_kept),
    Fault(
        name="medium-beside-prior-one",
        family=FAMILY,
        summary="the medium of a parent call is shown beside another one",
        expects=(*INHERITED, "response.medium.*"),
        response=_old_medium,
    ),
    Fault(
        name="tools-clash-with-priors",
        family=FAMILY,
        summary="tools are refused beside a parent call that has some",
        expects=("status.created", *INHERITED),
        accepted=_tools_clash,
    ),
    Fault(
        name="duration-override-refused",
        family=FAMILY,
        summary="maxDuration is refused beside a parent call",
        expects=("state.maxDuration.overridden",),
        accepted=_duration_refused,
    ),
)
