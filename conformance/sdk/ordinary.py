"""The ordinary response: what the emulator sends for a body in which nothing is set, the same on every machine."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import urlencode

from conformance.embedded import emulator_key, emulator_keys
from conformance.http.keys import Credentials, forms_of
from emulator.app import create_app
from emulator.messages import Request
from openapi.catalogue import Catalogue
from openapi.json_types import Json
from openapi.schema.oracle import Oracle
from strategies.bodies.builder import Builder

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z")
_FIXED_ID = "0a1b2c3d-4e5f-4a6b-8c7d-{:012x}"
_FIXED_MOMENT = "2025-04-01T12:00:00.123456Z"


def least_body(catalogue: Catalogue) -> Json:
    """Return the seed of the contract, else the least valid body; None if there is none."""
    oracle = Oracle(catalogue.contract.request, "body", catalogue.body)
    seed = catalogue.contract.data.seed
    return seed if seed is not None and oracle.is_valid(seed) else Builder(oracle).complete({})


def ordinary_response(catalogue: Catalogue) -> dict[str, Json] | None:
    """Return the ordinary response, ids and moments in it replaced by fixed ones; None if the emulator refuses the body."""
    found = responder(catalogue)(least_body(catalogue))
    return None if found is None else dict(json.loads(_fixed(json.dumps(found))))


def responder(catalogue: Catalogue) -> Callable[[Json], dict[str, Json] | None]:
    """Return a function that gives the emulator's response to a body, None if that is no object or a refusal."""
    contract = catalogue.contract
    keys = emulator_keys(contract)
    found = Credentials(contract, emulator_key(contract), keys).pairs(forms_of(contract, contract.keys))
    headers = {name.lower().encode(): value.encode() for name, value in found[0]}
    query = urlencode(found[1]).encode()
    endpoint = create_app(contract, keys=frozenset(keys.values())).endpoint

    def respond(body: Json) -> dict[str, Json] | None:
        reply = endpoint.handle(Request(contract.method, contract.path, query, headers, json.dumps(body).encode()))
        found = json.loads(reply.body) if reply.status == contract.status else None
        return found if isinstance(found, dict) else None

    return respond


def _fixed(text: str) -> str:
    """Return JSON text with one moment for all, and with its ids numbered, which a server makes anew each time."""
    known: dict[str, str] = {}

    def numbered(match: re.Match[str]) -> str:
        return known.setdefault(match[0], _FIXED_ID.format(len(known) + 1))

    return _MOMENT.sub(_FIXED_MOMENT, _ID.sub(numbered, text))
