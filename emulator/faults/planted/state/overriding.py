"""Faults of what a body sets beside a prior call: it does not override, or something of the prior call stays."""

from __future__ import annotations

from dataclasses import replace

from emulator.fault import Body, Fault
from emulator.faults.planted.state.family import FAMILY, INHERITED, inheriting, of_prior
from emulator.messages import Exchange, Reply, refusal


def _keeps(field: str) -> Fault:
    def inherited(exchange: Exchange, merged: Body) -> Body:
        prior = of_prior(exchange)
        return {**merged, field: prior[field]} if field in prior else merged

    return inheriting(f"{field}-not-overridden", f"a prior call's {field} cannot be overridden", inherited)


_DEFAULTS = {"joinTimeout": "30s", "maxDuration": "3600s", "model": "fixie-ai/ultravox"}


def _defaults_are_nothing(exchange: Exchange, merged: Body) -> Body:
    prior = of_prior(exchange)
    unset = {name for name, default in _DEFAULTS.items() if name in prior and exchange.body.get(name) == default}
    return {**merged, **{name: prior[name] for name in unset}}


def _true_overrides_only(exchange: Exchange, merged: Body) -> Body:
    prior = of_prior(exchange)
    return {**merged, **{name: each for name, each in prior.items() if name in merged and not merged[name]}}


def _objects_merged(exchange: Exchange, merged: Body) -> Body:
    prior = of_prior(exchange)
    together = {
        name: {**prior[name], **each}
        for name, each in merged.items()
        if name in ("metadata", "initialState") and isinstance(prior.get(name), dict)
    }
    return {**merged, **together}


def _parts_merged(exchange: Exchange, merged: Body) -> Body:
    prior = of_prior(exchange)
    if "vadSettings" not in exchange.body or "vadSettings" not in prior:
        return merged
    return {**merged, "vadSettings": {**prior["vadSettings"], **merged["vadSettings"]}}


def _external_voice_kept(exchange: Exchange, merged: Body) -> Body:
    prior = of_prior(exchange)
    kept = "voice" in exchange.body and "externalVoice" in prior
    return {**merged, "externalVoice": prior["externalVoice"]} if kept else merged


def _lists_joined(exchange: Exchange, merged: Body) -> Body:
    prior = of_prior(exchange)
    if "inactivityMessages" not in exchange.body or "inactivityMessages" not in prior:
        return merged
    return {**merged, "inactivityMessages": prior["inactivityMessages"] + merged["inactivityMessages"]}


def _tools_clash(exchange: Exchange, verdict: Reply | None) -> Reply | None:
    """Tools are added to those of the prior call, and so come twice."""
    clash = exchange.prior is not None and "selectedTools" in exchange.body and "selectedTools" in exchange.prior.properties()
    return refusal(400, "Tool names must be unique.") if verdict is None and clash else verdict


def _by_index(exchange: Exchange, merged: Body) -> Body:
    """Lists are overridden element by element, and the rest of the prior call's stays."""
    prior = of_prior(exchange)
    own, before = exchange.body.get("inactivityMessages"), prior.get("inactivityMessages")
    return {**merged, "inactivityMessages": own + before[len(own) :]} if own and before else merged


def _old_medium(exchange: Exchange, answer: Body) -> Body:
    prior = of_prior(exchange)
    return (
        {**answer, "medium": {**prior["medium"], **answer["medium"]}}
        if "medium" in prior and "medium" in exchange.body
        else answer
    )


def _side_kept(exchange: Exchange, merged: Body) -> Body:
    prior = of_prior(exchange)
    before, own = prior.get("firstSpeakerSettings"), exchange.body.get("firstSpeakerSettings")
    return {**merged, "firstSpeakerSettings": before} if before and own and before.keys() != own.keys() else merged


def _speaker_kept(exchange: Exchange, merged: Body) -> Body:
    """The side that speaks first is what the settings of the prior call say, where the body names another side alone."""
    prior, own = of_prior(exchange), exchange.body
    if not prior.get("firstSpeakerSettings") or "firstSpeaker" not in own or "firstSpeakerSettings" in own:
        return merged
    rest = {name: each for name, each in merged.items() if name != "firstSpeaker"}
    before = {name: each for name, each in prior.items() if name in ("firstSpeaker", "firstSpeakerSettings")}
    return {**rest, **before}


def _merged_below(exchange: Exchange, merged: Body) -> Body:
    """The initial state is replaced, but objects under a key that both have are merged."""
    prior = exchange.prior.properties().get("initialState") if exchange.prior else None
    own = exchange.body.get("initialState")
    if not isinstance(prior, dict) or not isinstance(own, dict):
        return merged
    both = {key for key in own.keys() & prior.keys() if isinstance(own[key], dict) and isinstance(prior[key], dict)}
    return {**merged, "initialState": {**own, **{key: {**prior[key], **own[key]} for key in both}}}


FAULTS: tuple[Fault, ...] = (
    inheriting("state-merged-below", "objects in the initial state are merged with the prior call's", _merged_below),
    *map(_keeps, ("systemPrompt", "metadata", "temperature")),
    inheriting("false-does-not-override", "false, 0 and empty texts do not override", _true_overrides_only),
    inheriting("defaults-do-not-override", "what is set to its default does not override", _defaults_are_nothing),
    inheriting("objects-merged", "metadata and state are merged with the prior call's", _objects_merged),
    inheriting("settings-merged", "the members of settings are merged with the prior call's", _parts_merged),
    replace(
        inheriting("external-voice-kept", "a prior call's external voice stays beside a voice", _external_voice_kept),
        expects=("state.prior-exclusive",),
    ),
    inheriting("lists-joined", "inactivity messages are added to the prior call's", _lists_joined),
    inheriting("lists-overridden-by-index", "of a longer list of a prior call the rest stays", _by_index),
    inheriting("side-not-overridden", "the side that speaks first cannot be changed", _side_kept),
    inheriting("speaker-not-overridden", "a first speaker gives way to settings of the prior call", _speaker_kept),
    Fault(
        name="medium-beside-prior-one",
        family=FAMILY,
        summary="the medium of a prior call is shown beside another one",
        expects=(*INHERITED, "answer.medium.*"),
        answer=_old_medium,
    ),
    Fault(
        name="tools-clash-with-priors",
        family=FAMILY,
        summary="tools are refused beside a prior call that has some",
        expects=("status.created", *INHERITED),
        accepted=_tools_clash,
    ),
)
