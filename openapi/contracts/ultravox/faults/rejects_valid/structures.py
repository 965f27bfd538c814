"""Faults that refuse bodies for the members that they have or lack."""

from __future__ import annotations

from emulator.fault import Fault
from emulator.faults.dsl.editing import having, with_rule, without_property
from emulator.faults.dsl.places import strings, value, values

from .family import TOOL, refusing, strictly

FAULTS: tuple[Fault, ...] = (
    refusing(
        "null-override-refused",
        "a parameter cannot be overridden by null",
        lambda body: None in values(body, "selectedTools.*.parameterOverrides.*"),
        "body.selectedTools.*.parameterOverrides.type",
        "body.selectedTools.*.parameterOverrides.propertyNames",
    ),
    refusing(
        "empty-body-refused",
        "a body without a field is refused",
        lambda body: not body,
        "status.created",
        "body.*",
    ),
    strictly(
        "no-messages-refused",
        "an empty list of messages is refused",
        "initialMessages",
        having(minItems=1),
        "status.created",
    ),
    strictly(
        "no-metadata-refused",
        "empty metadata is refused",
        "metadata",
        having(minProperties=1),
        "status.created",
    ),
    strictly("exotel-refused", "one medium is unknown", "medium", without_property("exotel"), "body.medium.exotel*"),
    strictly(
        "error-details-unknown",
        "one field of messages is unknown",
        "initialMessages.*",
        without_property("errorDetails"),
        "body.initialMessages.*.errorDetails.*",
    ),
    strictly(
        "client-tool-without-parameters-only",
        "a client tool must not have any dynamic parameter",
        TOOL,
        with_rule(
            "client-tools-take-body-parameters-only",
            having(not_={"required": ["client", "dynamicParameters"]}),
        ),
        f"body.{TOOL}.client-tools-take-body-parameters-only",
    ),
    refusing(
        "extra-override-refused",
        "overriding a parameter that need not be is refused",
        lambda body: any(
            set(value(tool, "parameterOverrides") or ())
            - set(value(tool, "temporaryTool.requirements.requiredParameterOverrides") or ())
            for tool in values(body, "selectedTools.*")
        ),
        "body.selectedTools.*.parameterOverrides.*",
        "body.selectedTools.*.x-covers",
        "status.created",
    ),
    refusing(
        "matching-speaker-refused",
        "a first speaker beside settings that match it is refused",
        lambda body: {"firstSpeaker", "firstSpeakerSettings"} <= body.keys(),
        "body.first-speaker-matches-settings",
        "status.created",
    ),
    refusing(
        "names-compared-without-case",
        "tool names that differ in case alone are refused as equal",
        lambda body: _differ_in_case_alone(values(body, f"{TOOL}.modelToolName")),
        "body.selectedTools.x-unique-by",
        "body.selectedTools.*",
    ),
    refusing(
        "null-in-state-refused",
        "null in the initial state is refused",
        lambda body: None in values(body, "initialState.*"),
        "body.initialState.*",
        "status.created",
    ),
    refusing(
        "long-key-refused",
        "metadata keys of more than 40 characters are refused",
        lambda body: any(len(key) > 40 for key in body.get("metadata") or ()),
        "body.metadata.*",
        "status.created",
    ),
    refusing(
        "urls-refused",
        "a body with a URL in its metadata is refused",
        lambda body: any("://" in text for text in strings(body.get("metadata"))),
        "body.metadata.*",
        "status.created",
    ),
)


def _differ_in_case_alone(names: list[str]) -> bool:
    return len({name.lower() for name in names}) < len(set(names))
