"""The rules, fields and requirements of a made-up run, derived from its table of fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reports.record.entries import FieldEntry, RequirementEntry, RuleEntry
from tests.reports.synthetic.places import BODY, RESPONSE, walk

SOURCE = "ultravox.openapi.yaml#/components/schemas/"
_AREAS = {"enum": "enum", "default": "default", "required": "shape", "type": "constraint"}
_SENTENCES = {
    "type": "{place} MUST be of type {value}.",
    "minimum": "{place} MUST NOT be below {value}.",
    "maximum": "{place} MUST NOT be above {value}.",
    "enum": "{place} MUST be one of its {count} members.",
    "pattern": "{place} MUST match {value}.",
    "maxLength": "{place} MUST NOT be longer than {value} characters.",
    "format": "{place} MUST have the format {value}.",
    "default": "{place} MUST be {value} in the response where the request leaves it out.",
    "required": "{place} MUST be present.",
    "propertyNames": "The keys of {place} MUST NOT start with ultravox.",
}
_QUOTES = {
    "temperature": "The model temperature, between 0 and 1. Defaults to 0.",
    "joinTimeout": "A timeout for joining the call. Defaults to 30 seconds.",
    "voice": "The ID (or name) of the voice the agent should use for this call.",
    "metadata": "Optional metadata key-value pairs to associate with the call. All values must be strings.",
}
_OTHERS = [
    (
        "body.voice.exclusive",
        "cross-field",
        "MUST",
        "voice",
        "At most one of voice and externalVoice MUST be set.",
    ),
    ("body.medium.exclusive", "cross-field", "MUST", "medium", "At most one medium MUST be set."),
    (
        "body.selectedTools.*.exclusive",
        "cross-field",
        "MUST",
        "selectedTools.*",
        "Exactly one of toolId, toolName and temporaryTool MUST be set.",
    ),
    (
        "body.selectedTools.*.temporaryTool.exclusive",
        "cross-field",
        "MUST",
        "selectedTools.*.temporaryTool",
        "Exactly one of http and client MUST be set.",
    ),
    (
        "query.priorCallId.initialMessages",
        "query",
        "MUST",
        "initialMessages",
        "priorCallId and initialMessages MUST NOT be set together.",
    ),
    ("query.priorCallId.format", "query", "MUST", "", "priorCallId MUST be a UUID."),
    ("query.enableGreetingPrompt.type", "query", "MUST", "", "enableGreetingPrompt MUST be true or false."),
    ("query.unknown", "query", "SHOULD", "", "An unknown query parameter SHOULD be ignored."),
    ("auth.missing-key", "auth", "MUST", "", "A request without a key MUST be refused with 401 or 403."),
    ("auth.wrong-key", "auth", "MUST", "", "A request with a wrong key MUST be refused with 403."),
    ("auth.key-in-query", "auth", "MUST", "", "A key in the query MUST NOT be taken."),
    ("status.created", "status", "MUST", "", "A valid request MUST be answered with 201."),
    ("status.refused", "status", "MUST", "", "An invalid body MUST be answered with 400 or 422."),
    ("protocol.method.put", "protocol", "MUST", "", "PUT MUST be answered with 405."),
    ("protocol.content-type.xml", "protocol", "SHOULD", "", "XML SHOULD be refused with 415."),
    ("protocol.malformed-json", "protocol", "MUST", "", "A body that is no JSON MUST be refused with 400."),
    (
        "robustness.deep-nesting",
        "robustness",
        "MUST",
        "",
        "A deeply nested body MUST NOT be answered with 5xx.",
    ),
    ("robustness.huge-number", "robustness", "MUST", "", "A huge number MUST NOT be answered with 5xx."),
    (
        "robustness.lone-surrogate",
        "robustness",
        "MUST",
        "",
        "A lone surrogate MUST NOT be answered with 5xx.",
    ),
    ("schemathesis.not_a_server_error", "robustness", "MUST", "", "schemathesis: no answer is a 5xx."),
    (
        "schemathesis.response_schema_conformance",
        "shape",
        "MUST",
        "",
        "schemathesis: answers match the schema.",
    ),
]
_PROBES = {
    "probe.unknown-key": "400 Message type has no field named",
    "probe.snake-case-key": "201, taken as the camelCase field",
    "probe.null-field": "201, taken as not set",
    "probe.enum-as-number": "201",
    "probe.number-as-text": "201, comes back as a number",
    "probe.empty-medium": "400",
    "probe.negative-duration": "201",
    "probe.duplicate-key": "201, the last one counts",
    "probe.bom": "400",
    "probe.trailing-comma": "400",
    "probe.unknown-prior-call": "404",
    "probe.http-tool-url": "400 Tools must use one of the following protocols: {'https'}",
}


def rules() -> list[RuleEntry]:
    """About 350 rules, in the order of a catalogue."""
    found = [*_field_rules("body", BODY), *_state_rules(), *_field_rules("response", RESPONSE)]
    found += [_rule(*each) for each in _OTHERS]
    return found + [
        _rule(name, "protocol", "MAY", "", "What happens is not documented.", basis="undocumented") for name in _PROBES
    ]


def observed(rule_id: str) -> str | None:
    """Return what the made-up server does where nothing is documented."""
    return _PROBES.get(rule_id)


def fields(catalogue: list[RuleEntry]) -> list[FieldEntry]:
    return [
        FieldEntry(
            side=side,
            place=place,
            types=_types(keywords),
            keywords={key: value for key, value in keywords.items() if key not in {"type", "required"}},
            rules=[rule.id for rule in catalogue if rule.id.startswith(f"{side}.{place}.") and rule.place == place],
            description=_QUOTES.get(place, ""),
        )
        for side, properties in (("body", BODY), ("response", RESPONSE))
        for place, keywords in walk(properties)
    ]


def requirements(catalogue: list[RuleEntry]) -> list[RequirementEntry]:
    tested = [
        RequirementEntry(
            id=f"R{number:03}",
            section="Request body" if rule.id.startswith("body.") else "Answer and protocol",
            sentence=rule.quote or rule.requirement,
            rules=[rule.id],
        )
        for number, rule in enumerate(catalogue, 1)
        if rule.basis == "documented" and number % 3 == 1
    ]
    untested = [
        RequirementEntry(
            id="R900",
            section="Request body",
            sentence="The prompt given to the model during generations.",
            rules=[],
            reason="Says what the model does with the text, which no answer of this endpoint shows.",
        ),
        RequirementEntry(
            id="R901",
            section="Request body",
            sentence="Whether the call should be recorded.",
            rules=[],
            reason="A recording exists only after a call was joined.",
        ),
    ]
    return tested + untested


def _field_rules(side: str, properties: dict[str, Any]) -> Iterator[RuleEntry]:
    for place, keywords in walk(properties):
        for keyword, value in keywords.items():
            rule_id = f"{side}.{place}.{keyword}"
            if keyword not in _SENTENCES or (keyword == "type" and value in ("object", "array")):
                continue
            sentence = _SENTENCES[keyword].format(place=place, value=value, count=len(value) if isinstance(value, list) else 0)
            implied = keyword == "format" and side == "body"
            area = "shape" if side == "response" and keyword in {"type", "format", "enum"} else None
            yield _rule(
                rule_id,
                area or _AREAS.get(keyword, "constraint"),
                "SHOULD" if implied else "MUST",
                place,
                sentence,
                basis="implied" if implied else "documented",
            )


def _state_rules() -> Iterator[RuleEntry]:
    for name in BODY:
        if name != "initialMessages":
            sentence = f"{name} MUST be taken from the parent call where the body leaves it out."
            yield _rule(f"state.{name}.inherited", "state", "MUST", name, sentence)
            yield _rule(f"body.{name}.echo", "echo", "MUST", name, f"{name} MUST come back as it was sent.")


def _rule(rule_id: str, area: str, level: str, place: str, requirement: str, basis: str = "documented") -> RuleEntry:
    return RuleEntry(
        id=rule_id,
        area=area,
        level=level,
        basis=basis,
        requirement=requirement,
        quote=_QUOTES.get(place.split(".", maxsplit=1)[0]) if basis == "documented" else None,
        source=f"{SOURCE}StartCallRequest/properties/{place.replace('.', '/')}" if place else "behaviour",
        place=place,
    )


def _types(keywords: dict[str, Any]) -> list[str]:
    kind = keywords["type"]
    return list(kind) if isinstance(kind, list) else [kind]
