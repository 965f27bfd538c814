"""Our overlay: well formed, to the point, true to the letter, and meaning what its sentences say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import jsonpath
import jsonschema_rs
import pytest
import yaml

from openapi.catalogue import catalogue_of
from openapi.json_types import resolve
from openapi.loading import load_contract
from openapi.oracle import Oracle

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT.parent / "shared" / "reference"
Object: TypeAlias = dict[str, Any]

OVERLAY: Object = yaml.safe_load((ROOT / "openapi" / "ultravox.overlay.yaml").read_text(encoding="utf-8"))
ACTIONS: list[Object] = OVERLAY["actions"]
# Actions for versions of the description that came later; in ours there is nothing for them.
LATER = (
    "properties.outgoing",
    "properties.sip",
    "&& @.properties.dataConnection",
    "GoogleVoice",
    "GenericVoice",
    "DataConnection",
)
# Actions for what later versions no longer have.
GONE = ("PlayHtVoice", "&& !@.properties.dataConnection")


def published(name: str) -> Path:
    """A published file, or the reason to skip: they are not ours to redistribute."""
    path = REFERENCE / name
    if not path.exists():
        pytest.skip(f"{name} is kept in ../shared/reference, which this checkout has not")
    return path


def stated(extension: str) -> list[Object]:
    return [each for action in ACTIONS for each in action["update"].get(extension, ())]


def exchange_rule(identity: str) -> Object:
    return next(rule for rule in stated("x-exchange-rules") if rule["id"] == identity)


def idle_targets(path: Path) -> set[str]:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {action["target"] for action in ACTIONS if not jsonpath.findall(action["target"], document)}


def is_one_of(target: str, marks: tuple[str, ...]) -> bool:
    return any(mark in target for mark in marks)


def test_is_an_overlay() -> None:
    assert OVERLAY["overlay"] == "1.0.0"
    assert set(OVERLAY) == {"overlay", "info", "actions"}
    assert set(OVERLAY["info"]) == {"title", "version"}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: f"{action['target']} {'+'.join(action['update'])}")
def test_an_action_is_well_formed(action: Object) -> None:
    assert set(action) - {"x-basis", "x-level"} == {"target", "description", "update"}
    assert action["description"].strip()
    assert action.get("x-basis", "documented") in ("documented", "implied", "undocumented")
    assert action.get("x-level", "MUST") in ("MUST", "SHOULD", "MAY")
    jsonpath.compile(action["target"])


def test_every_action_finds_its_target_in_our_description() -> None:
    idle = idle_targets(ROOT / "openapi" / "ultravox.yaml")
    assert {target for target in idle if not is_one_of(target, LATER)} == set()
    assert {mark for mark in LATER if not any(mark in target for target in idle)} == set()


def test_every_action_finds_its_target_in_a_later_version() -> None:
    idle = idle_targets(published("vendor-openapi-2025-09-29.yaml"))
    assert {target for target in idle if not is_one_of(target, GONE)} == set()


def test_makes_the_same_rules_of_the_vendors_description_as_of_ours() -> None:
    theirs = catalogue_of(load_contract(str(published("vendor-openapi-2025-04-01.yaml"))))
    ours = catalogue_of(load_contract())
    assert set(theirs.rules) ^ set(ours.rules) == set()


def quotations() -> Iterator[str]:
    """Every sentence that a documented rule is said to be taken from."""
    for action in ACTIONS:
        if action.get("x-basis", "documented") == "documented" and "x-exchange-rules" not in action["update"]:
            yield action["description"]
    for extension in ("x-exchange-rules", "x-request-rules", "x-prior-call"):
        for action in ACTIONS:
            found = action["update"].get(extension, [])
            yield from (each["quote"] for each in (found if isinstance(found, list) else [found]))


@pytest.mark.parametrize("quote", sorted(set(quotations())))
def test_a_quotation_is_true_to_the_letter(quote: str) -> None:
    names = ("create-call-page.txt", "vendor-openapi-2025-04-01.yaml", "vendor-openapi-2025-09-29.yaml")
    texts = [" ".join(published(name).read_text(encoding="utf-8").split()) for name in names]
    # The page shows a description without its line breaks and without its marks for code.
    assert any(quote in text or quote in text.replace("`", "") for text in texts)


def test_rules_stated_in_full_are_complete() -> None:
    named = [member for action in ACTIONS for member in action["update"].get("allOf", ())]
    rules = [*stated("x-exchange-rules"), *stated("x-request-rules")]
    slugs = [*(member["x-rule"] for member in named), *(rule["id"] for rule in rules)]
    assert len(set(slugs)) == len(slugs)
    assert [slug for slug in slugs if not re.fullmatch(r"[a-z]+(?:-[a-z]+)*", slug)] == []
    sentences = [*(member["x-requirement"] for member in named), *(rule["requirement"] for rule in rules)]
    assert [sentence for sentence in sentences if " MUST " not in sentence or not sentence.endswith(".")] == []
    for rule in stated("x-exchange-rules"):
        assert ("then" in rule) != ("equal" in rule)
        assert all(jsonschema_rs.meta.is_valid(rule[key]) for key in ("when", "then") if key in rule)


TOOL = {"modelToolName": "look_up", "client": {}}
HTTP = {"baseUrlPattern": "https://example.com/tool", "httpMethod": "GET"}
TOKEN = {"requirements": {"key": {"httpAuth": {"scheme": "Bearer"}}}}


def tool(**members: Any) -> Object:
    return {"selectedTools": [{"temporaryTool": {**TOOL, **members}}]}


def http_tool(*options: Object, **selected: Any) -> Object:
    security = {"httpSecurityOptions": {"options": list(options)}}
    definition = {"modelToolName": "look_up", "http": HTTP, "requirements": security}
    return {"selectedTools": [{"temporaryTool": definition, **selected}]}


def parameter(location: str) -> Object:
    return {"name": "city", "location": f"PARAMETER_LOCATION_{location}", "value": 1, "schema": {}}


ONE_TOOL = "body.selectedTools.*"
BODIES: list[tuple[Object, str | None]] = [
    ({"temperature": 0}, None),
    ({"temperature": 1}, None),
    ({"temperature": 1.01}, "body.temperature.maximum"),
    ({"voice": "Mark", "externalVoice": {"lmnt": {"voiceId": "x"}}}, "body.voice-or-external-voice"),
    ({"externalVoice": {}}, "body.externalVoice.minProperties"),
    ({"externalVoice": {"lmnt": {"voiceId": "x", "speed": 2}}}, None),
    ({"externalVoice": {"lmnt": {"voiceId": "x", "speed": 2.1}}}, "body.externalVoice.lmnt.speed.maximum"),
    ({"medium": {"twilio": {}}}, None),
    ({"medium": {"twilio": {}, "plivo": {}}}, "body.medium.maxProperties"),
    ({"medium": {"serverWebSocket": {}}}, "body.medium.serverWebSocket.inputSampleRate.required"),
    ({"firstSpeakerSettings": {}}, "body.firstSpeakerSettings.oneOf"),
    ({"firstSpeakerSettings": {"user": {}, "agent": {}}}, "body.firstSpeakerSettings.oneOf"),
    ({"firstSpeaker": "FIRST_SPEAKER_USER", "firstSpeakerSettings": {"user": {}}}, None),
    ({"firstSpeaker": "FIRST_SPEAKER_UNSPECIFIED", "firstSpeakerSettings": {"user": {}}}, None),
    (
        {"firstSpeaker": "FIRST_SPEAKER_USER", "firstSpeakerSettings": {"agent": {}}},
        "body.first-speaker-matches-settings",
    ),
    (
        {"firstSpeaker": "FIRST_SPEAKER_AGENT", "firstSpeakerSettings": {"user": {}}},
        "body.first-speaker-matches-settings",
    ),
    ({"metadata": {"ultravoxish": "", "my.ultravox.": ""}}, None),
    ({"metadata": {"ultravox.": ""}}, "body.metadata.propertyNames"),
    ({"selectedTools": [{}]}, f"{ONE_TOOL}.oneOf"),
    ({"selectedTools": [{"toolId": "x", "toolName": "y"}]}, f"{ONE_TOOL}.oneOf"),
    ({"selectedTools": [{"toolName": "a", "nameOverride": "b"}, {"toolName": "a"}]}, None),
    (
        {"selectedTools": [{"toolName": "a", "nameOverride": "b"}, {"toolName": "b"}]},
        "body.selectedTools.x-unique-by",
    ),
    ({"selectedTools": [{"toolName": "a", "nameOverride": "a b"}]}, f"{ONE_TOOL}.nameOverride.pattern"),
    (tool(), None),
    (tool(modelToolName="x" * 64), None),
    (tool(modelToolName="x" * 65), f"{ONE_TOOL}.temporaryTool.modelToolName.pattern"),
    (tool(http=HTTP), f"{ONE_TOOL}.temporaryTool.oneOf"),
    (tool(staticParameters=[parameter("BODY")]), None),
    *(
        (
            tool(**{f"{kind}Parameters": [parameter("BODY") | extra, parameter("HEADER") | extra]}),
            f"{ONE_TOOL}.temporaryTool.client-tools-take-body-parameters-only",
        )
        for kind, extra in (
            ("static", {}),
            ("dynamic", {}),
            ("automatic", {"knownValue": "KNOWN_PARAM_CALL_ID"}),
        )
    ),
    (tool(requirements={"requiredParameterOverrides": ["city"]}), f"{ONE_TOOL}.x-covers"),
    (http_tool(TOKEN, authTokens={"key": "x"}), None),
    (
        http_tool({"requirements": {"key": {}}}, {}),
        f"{ONE_TOOL}.temporaryTool.requirements.httpSecurityOptions.options.*.requirements.*.oneOf",
    ),
]


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    return Oracle(load_contract().request, "body")


@pytest.mark.parametrize(("body", "rule"), BODIES)
def test_a_body_breaks_what_it_should_and_nothing_else(body: Object, rule: str | None, oracle: Oracle) -> None:
    assert list(oracle.broken(body)) == ([rule] if rule else [])


AGENT: Object = {"agent": {}}
USER: Object = {"user": {}}
# Rule, body, answer, and whether the answer is as the rule demands; None where the rule has nothing to say.
EXCHANGES: list[tuple[str, Object, Object, bool | None]] = [
    ("default-first-speaker", {}, {"firstSpeaker": "FIRST_SPEAKER_AGENT"}, True),
    ("default-first-speaker", {}, {"firstSpeaker": "FIRST_SPEAKER_USER"}, False),
    (
        "default-first-speaker",
        {"firstSpeaker": "FIRST_SPEAKER_UNSPECIFIED"},
        {"firstSpeaker": "FIRST_SPEAKER_USER"},
        False,
    ),
    ("default-first-speaker", {"firstSpeakerSettings": USER}, {"firstSpeaker": "FIRST_SPEAKER_USER"}, None),
    ("default-first-speaker-settings", {}, {"firstSpeakerSettings": AGENT}, True),
    ("default-first-speaker-settings", {}, {"firstSpeakerSettings": {"user": None, **AGENT}}, True),
    (
        "default-first-speaker-settings",
        {},
        {"firstSpeakerSettings": {"agent": {"uninterruptible": False}}},
        True,
    ),
    (
        "default-first-speaker-settings",
        {},
        {"firstSpeakerSettings": {"agent": {"delay": "0s", "text": ""}}},
        True,
    ),
    (
        "default-first-speaker-settings",
        {},
        {"firstSpeakerSettings": {"agent": {"uninterruptible": True}}},
        False,
    ),
    ("default-first-speaker-settings", {}, {"firstSpeakerSettings": USER}, False),
    ("default-first-speaker-settings", {}, {"firstSpeakerSettings": {}}, False),
    (
        "first-speaker-user-sets-settings",
        {"firstSpeaker": "FIRST_SPEAKER_USER"},
        {"firstSpeakerSettings": USER},
        True,
    ),
    (
        "first-speaker-user-sets-settings",
        {"firstSpeaker": "FIRST_SPEAKER_USER"},
        {"firstSpeakerSettings": AGENT},
        False,
    ),
    ("first-speaker-user-sets-settings", {}, {"firstSpeakerSettings": AGENT}, None),
    (
        "first-speaker-agent-sets-settings",
        {"firstSpeaker": "FIRST_SPEAKER_AGENT"},
        {"firstSpeakerSettings": USER},
        False,
    ),
    (
        "settings-user-set-first-speaker",
        {"firstSpeakerSettings": USER},
        {"firstSpeaker": "FIRST_SPEAKER_USER"},
        True,
    ),
    (
        "settings-user-set-first-speaker",
        {"firstSpeakerSettings": USER},
        {"firstSpeaker": "FIRST_SPEAKER_AGENT"},
        False,
    ),
    (
        "settings-agent-set-first-speaker",
        {"firstSpeakerSettings": AGENT},
        {"firstSpeaker": "FIRST_SPEAKER_USER"},
        False,
    ),
    ("default-medium", {}, {}, True),
    ("default-medium", {}, {"medium": None}, True),
    ("default-medium", {}, {"medium": {"webRtc": {}, "twilio": None}}, True),
    ("default-medium", {}, {"medium": {"twilio": {}}}, False),
    ("default-medium", {"medium": {"twilio": {}}}, {"medium": {"twilio": {}}}, None),
    ("new-call-has-no-errors", {}, {"errorCount": 1}, False),
    ("new-call-is-not-joined", {}, {"joined": "2025-04-01T00:00:00Z"}, False),
    ("new-call-is-not-ended", {}, {"ended": None}, True),
    ("new-call-has-no-end-reason", {}, {"endReason": "unjoined"}, False),
    ("new-call-can-be-joined", {}, {"joinUrl": None}, False),
    ("join-url-is-a-url", {}, {"joinUrl": None}, True),
    ("join-url-is-a-url", {}, {"joinUrl": "/calls/1"}, False),
    ("join-url-is-a-url", {}, {"joinUrl": ""}, False),
    ("join-url-is-a-url", {}, {"joinUrl": "wss://voice.example/my calls/1"}, False),
    ("join-url-is-a-url", {}, {"joinUrl": "wss:///calls/1"}, False),
    ("join-url-is-a-websocket", {}, {"joinUrl": "wss://voice.example.com/calls/1"}, True),
    ("join-url-is-a-websocket", {}, {"joinUrl": "https://voice.example.com/calls/1"}, False),
]


@pytest.mark.parametrize(("identity", "body", "answer", "expected"), EXCHANGES)
def test_an_exchange_rule_means_what_it_says(identity: str, body: Object, answer: Object, expected: bool | None) -> None:
    rule = exchange_rule(identity)
    exchange = {"query": {}, "body": body, "answer": answer}
    applies = jsonschema_rs.is_valid(rule["when"], exchange)
    assert (jsonschema_rs.is_valid(rule["then"], exchange) if applies else None) == expected


def test_defaults_are_not_for_calls_that_continue_another() -> None:
    exchange = {"query": {"priorCallId": "x"}, "body": {}, "answer": {"firstSpeaker": "FIRST_SPEAKER_USER"}}
    defaults = [rule for rule in stated("x-exchange-rules") if rule["area"] in ("default", "cross-field")]
    assert len(defaults) > 5
    assert [rule["id"] for rule in defaults if jsonschema_rs.is_valid(rule["when"], exchange)] == []


@pytest.mark.parametrize(
    ("sent", "answered", "applies"),
    [
        ({"inputSampleRate": 8000}, {"inputSampleRate": 8000, "outputSampleRate": 8000}, True),
        ({"inputSampleRate": 8000}, {"inputSampleRate": 8000, "outputSampleRate": None}, False),
        ({"inputSampleRate": 8000}, {"inputSampleRate": 8000}, False),
        ({"inputSampleRate": 8000, "outputSampleRate": 1}, {"outputSampleRate": 8000}, False),
    ],
)
def test_the_output_sample_rate_is_compared_where_it_is_a_default(sent: Object, answered: Object, applies: bool) -> None:
    rule = exchange_rule("default-output-sample-rate")
    request = {"query": {}, "body": {"medium": {"serverWebSocket": sent}}}
    answer = {"medium": {"serverWebSocket": answered}}
    assert jsonschema_rs.is_valid(rule["when"], {**request, "answer": answer}) is applies
    assert resolve(request, rule["equal"]["request"]) == 8000
    assert not applies or resolve(answer, rule["equal"]["answer"]) == 8000


@pytest.mark.parametrize(
    ("query", "body", "legal"),
    [
        ({}, {"initialMessages": [{}]}, True),
        ({"priorCallId": "x"}, {}, True),
        ({"priorCallId": "x"}, {"initialMessages": []}, True),
        ({"priorCallId": "x"}, {"initialMessages": [{}]}, False),
    ],
)
def test_a_prior_call_excludes_initial_messages(query: Object, body: Object, legal: bool) -> None:
    (rule,) = stated("x-request-rules")
    assert jsonschema_rs.is_valid(rule["schema"], {"query": query, "body": body}) is legal
