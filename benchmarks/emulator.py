"""The emulator against bare endpoints on the same server, and against Prism mocking the same description."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import count, islice

from benchmarks.clients import LARGE, PROMPT, SMALL
from benchmarks.descriptions import catalogue
from benchmarks.findings import Findings, Ratio, Table
from benchmarks.load import Load, post_all, request_bytes
from benchmarks.peers import prism, prism_command
from benchmarks.serving import server
from benchmarks.sessions import our_plan
from benchmarks.size import Size
from benchmarks.timing import interleaved
from conformance.embedded import EMULATOR_KEY
from openapi.json_types import Json
from strategies.fuzzing.body_strategies import Bodies
from strategies.plan.plan import Plan
from strategies.values.sampling import take

SHORT, LONG = "small bodies, all distinct", "bodies with a prompt and tools, all distinct"
DISTINCT = "drawn bodies, all distinct"
_ORDINARY = (SHORT, LONG)  # what clients send: bounds hold for these, and drawn bodies are as full as bodies get
_CONNECTIONS = 16
_ROUNDS = 8  # what else the machine does shows in each, the more the longer it is
_BARE_ONES = {"bare endpoint": None, "bare endpoint in Starlette": 0.5, "the least that there can be": None}
_ABOUT_BARE = """\
The bare endpoint is written by hand, reads with the standard library's `json` and writes its object with it. The one in
Starlette is what people write: `await request.json()` and `JSONResponse`. The least that there can be reads with orjson and
sends bytes that were made once."""
_ABOUT_LOAD = """\
The load generator writes prepared bytes to raw sockets and does not sleep while it waits: waking it would be the server's work,
and more of a quick server's than of a slow one's. What it can send at most shows in the least that there can be."""
_ABOUT_DISTINCT = """No two bodies are the same, for no two have the same prompt."""
_ABOUT_REFUSED = "It takes an empty list for one that `contains` something. No server was sent these."
_NO_PRISM = "Prism was not available: `npm install --no-save @stoplight/prism-cli` puts it into the checkout."


def measure(size: Size) -> Findings:
    """Posts to each server in turns."""
    drawn = _bodies(our_plan(size.properties), min(size.bodies, 100))
    command = prism_command()
    with ExitStack() as stack:
        servers = {kind: stack.enter_context(server(kind)) for kind in ("emulator", *_BARE_ONES)}
        if command is not None:
            servers["Prism"] = stack.enter_context(prism(command))
        bodies = [body for body in drawn if command is None or _created(_load(servers["Prism"], [body]))]
        sent = {
            SHORT: _serialised([json.dumps(body).encode() for body in SMALL]),
            LONG: _serialised([json.dumps(body).encode() for body in LARGE], PROMPT),
            DISTINCT: _serialised(bodies),
        }
        measures: dict[str, Callable[[], float]] = {}
        for kind, url in servers.items():
            amount = size.peer_requests if kind == "Prism" else size.requests
            for name, each in sent.items():
                measures[f"{kind}, {name}"] = partial(_rate, url, each, amount)
        for warm_up in measures.values():
            warm_up()
        rates = interleaved(measures, _ROUNDS * size.rounds)
    mean = sum(len(body) for body in bodies) / len(bodies)
    wrongly = f"Of {len(drawn)} drawn bodies Prism refused {len(drawn) - len(bodies)}, wrongly. {_ABOUT_REFUSED}"
    notes = (
        _ABOUT_BARE,
        f"Small bodies have about a hundred bytes, those with a prompt and tools two thousand, drawn ones {mean:.0f}.",
        _ABOUT_DISTINCT,
        f"{_CONNECTIONS} connections, kept alive.",
        _ABOUT_LOAD,
        _NO_PRISM if command is None else wrongly,
    )
    table = Table("Servers", ("server and bodies", "requests/s"), tuple(rates.items()))
    return Findings((table,), tuple(_ratios(rates)), notes)


def _bodies(plan: Plan, number: int) -> list[bytes]:
    """Drawn bodies to which a text can be added that makes each of them another."""
    found = [body for body in take(Bodies(plan).valid(), number) if plan.oracle.is_valid({**body, "systemPrompt": "1"})]
    return [json.dumps(body).encode() for body in found]


def _serialised(bodies: list[bytes], prompt: str = "") -> Iterator[bytes]:
    """Yield bodies of which no two are the same, since no two prompts are."""
    for number in count():
        body: Json = json.loads(bodies[number % len(bodies)])
        yield json.dumps({**body, "systemPrompt": f"{prompt}You are assistant {number}."}).encode()


def _rate(url: str, bodies: Iterator[bytes], amount: int) -> float:
    """Return responses a second; every one of them must show of a created call."""
    load = _load(url, islice(bodies, amount))
    if not _created(load):
        raise RuntimeError(f"{url} was to create calls and answered {load.statuses}")
    return load.rate


def _created(load: Load) -> bool:
    return set(load.statuses) == {catalogue().contract.status}


def _load(url: str, bodies: Iterable[bytes]) -> Load:
    target = url + catalogue().contract.path
    return post_all(target, [request_bytes(target, body, EMULATOR_KEY) for body in bodies], _CONNECTIONS)


def _ratios(rates: dict[str, float]) -> Iterator[Ratio]:
    for bodies in (SHORT, LONG, DISTINCT):
        ours = rates[f"emulator, {bodies}"]
        for kind, bound in _BARE_ONES.items():
            least = bound if bodies in _ORDINARY else None
            yield Ratio(what=f"emulator / {kind}, {bodies}", value=ours / rates[f"{kind}, {bodies}"], at_least=least)
        if f"Prism, {bodies}" in rates:
            prisms = rates[f"Prism, {bodies}"]
            least = 3 if bodies in _ORDINARY else None
            yield Ratio(what=f"emulator / Prism, {bodies}", value=ours / prisms, at_least=least)
            yield Ratio(what=f"bare endpoint / Prism, {bodies}", value=rates[f"bare endpoint, {bodies}"] / prisms)
