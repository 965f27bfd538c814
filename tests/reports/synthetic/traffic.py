"""The exchanges of a made-up run: bodies from the table of fields, responses as a conforming server gives them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from reports.record.entries import Exchange, Request, Response, RuleEntry
from tests.reports.synthetic.places import BODY

HEADERS = {"Content-Type": "application/json", "User-Agent": "ultravox-conformance/0.1.0"}
RESPONSE_HEADERS = {
    "content-type": "application/json",
    "server": "uvicorn",
    "date": "Sun, 22 Nov 2026 20:00:00 GMT",
}
_TEXTS = [
    "",
    "a",
    "Grüße, 世界 👋",
    "You are a friendly assistant.",
    "x" * 200,
    "<b>not bold</b>",
    "line\nbreak",
]
_DURATIONS = ["0s", "30s", "3600s", "0.5s", "0.000000001s", "315576000000s"]
_NAMES = ["a", "get_weather", "A-1", "z" * 64]


def exchanges(catalogue: list[RuleEntry], count: int, seed: int) -> Iterator[Exchange]:
    """`count` exchanges over the rules in turn, each with a time of its own."""
    random = Random(seed)
    targets = [rule for rule in catalogue if rule.basis != "undocumented"]
    at = 0.0
    for number in range(1, count + 1):
        rule = targets[(number * 7) % len(targets)]
        seconds = random.lognormvariate(-4.4, 0.45) * (1.8 if number % 97 == 0 else 1)
        yield _exchange(number, rule, random, at, seconds)
        at += seconds / 2


def _exchange(number: int, rule: RuleEntry, random: Random, at: float, seconds: float) -> Exchange:
    rejects = rule.area in {"constraint", "enum", "cross-field", "auth", "query", "protocol"} and number % 2 == 0
    body = json.dumps(some_body(random), ensure_ascii=False)
    request = Request(
        method="POST",
        path="/api/calls",
        query=[["enableGreetingPrompt", "false"]] if number % 5 == 0 else [],
        headers=HEADERS,
        body=_violated(body, rule) if rejects else body,
        key="none" if rule.id == "auth.missing-key" else "own",
    )
    return Exchange(
        number=number,
        case=f"{rule.id}/{'rejects' if rejects else 'accepts'}/{number}",
        aims=[rule.id],
        side="rejects" if rejects else "accepts",
        label=f"{rule.place or rule.id}: {rule.id.rpartition('.')[2]} {'broken' if rejects else 'reached'}",
        phase="drawn" if number % 4 == 0 else "planned",
        request=request,
        response=refusal(rule) if rejects else created(body, number),
        at=round(at, 6),
        seconds=round(seconds, 6),
    )


def created(body: str, number: int) -> Response:
    sent = json.loads(body)
    values = {
        "callId": f"3c90c3cc-0d44-4b50-8888-{number:012d}",
        "clientVersion": None,
        "created": "2026-11-22T20:00:00.000000Z",
        "joined": None,
        "ended": None,
        "endReason": None,
        "errorCount": 0,
        "shortSummary": None,
        "summary": None,
        "joinUrl": f"wss://voice.example/calls/{number:012d}",
        "joinTimeout": "30s",
        "maxDuration": "3600s",
        "temperature": 0,
        **{key: value for key, value in sent.items() if key not in {"initialMessages", "selectedTools"}},
    }
    return Response(status=201, headers=RESPONSE_HEADERS, body=json.dumps(values, ensure_ascii=False))


def refusal(rule: RuleEntry) -> Response:
    status = {"auth": 403, "protocol": 415}.get(rule.area, 400)
    detail = "Invalid API key" if rule.area == "auth" else f"{rule.place or 'The request'}: {rule.requirement}"
    return Response(status=status, headers=RESPONSE_HEADERS, body=json.dumps({"detail": detail}))


def some_body(random: Random) -> dict[str, Any]:
    """A body with a random choice of fields."""
    chosen = {name: shape for name, shape in BODY.items() if random.random() < 0.35}
    chosen.pop("externalVoice" if "voice" in chosen else "voice", None)
    return {name: _value(shape, random) for name, shape in chosen.items()}


def _value(shape: Any, random: Random) -> Any:
    if isinstance(shape, list):
        return [_value(shape[0], random) for _ in range(random.choice([0, 1, 1, 2]))]
    kind = shape.get("type")
    if not isinstance(kind, str):
        names = [name for name in shape if random.random() < 0.6]
        return {name: _value(shape[name], random) for name in names}
    return _SCALARS[kind](shape, random)


def _text(shape: dict[str, Any], random: Random) -> str:
    if "enum" in shape:
        return str(random.choice(shape["enum"]))
    if "pattern" in shape:
        return random.choice(_DURATIONS if shape["pattern"].endswith("s$") else _NAMES)
    return random.choice(_TEXTS)[: shape.get("maxLength")]


def _number(shape: dict[str, Any], random: Random) -> float:
    low, high = shape.get("minimum", -10), shape.get("maximum", 10)
    return random.choice([float(low), float(high), round(random.uniform(low, high), 3)])


def _object(_shape: dict[str, Any], random: Random) -> dict[str, str]:
    return {f"key{number}": "value" for number in range(random.choice([0, 1, 3]))}


_SCALARS: dict[str, Any] = {
    "string": _text,
    "number": _number,
    "integer": lambda _shape, random: random.choice([0, 1, 8000, 16000, 48000, 2**31 - 1]),
    "boolean": lambda _shape, random: random.random() < 0.5,
    "object": _object,
}


def _violated(body: str, rule: RuleEntry) -> str:
    """The body with one field out of its bounds."""
    value = json.loads(body)
    name, _, rest = rule.place.partition(".")
    if name and not rest:
        value[name] = {"maximum": 1.5, "minimum": -0.5, "enum": "NO_SUCH_MEMBER"}.get(
            rule.id.rpartition(".")[2], ["not", "a", "scalar"]
        )
    return json.dumps(value, ensure_ascii=False)
