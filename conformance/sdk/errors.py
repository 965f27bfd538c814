"""Responses that are no success: refusals in the shapes that frameworks give, and violated ones (`errors.yaml`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import yaml

from conformance.sdk.response_case import MARKER, Expectation, ResponseCase
from emulator.testing.script import ScriptedResponse, json_response
from openapi.catalogue import Catalogue
from openapi.json_types import Json

_TABLE = Path(__file__).with_name("errors.yaml")
_WAIT = 1  # second that a refusal asks for


def errors(catalogue: Catalogue) -> Iterator[ResponseCase]:
    """Yield each response that a client must surface as an error."""
    for entry in _entries():
        status, body = entry.get("status", catalogue.contract.status), _body(entry)
        headers = {"content-type": "application/json", **entry.get("headers", {})}
        kept = tuple((name.encode(), value.encode()) for name, value in headers.items() if value and status != 204)
        response = ScriptedResponse(status=status, body=body, headers=kept, cut=entry.get("cut", False))
        label = str(entry["label"])
        yield ResponseCase(
            "error",
            label,
            Expectation(entry.get("expect", Expectation.ERROR)),
            response,
            detail=entry.get("detail", False),
            group=f"status {status // 100}XX" if status >= 400 else label,
            rule=entry.get("rule", ""),
        )


def waits() -> Iterator[ResponseCase]:
    """Yield refusals that name the time after which the same request is accepted."""
    for status in (429, 503):
        for form, label in (("seconds", "in seconds"), ("date", "until a date")):
            refusal = json_response(status, {"detail": f"Try again later: {MARKER}"})
            response = replace(refusal, retry_after=_WAIT, retry_after_form=form)
            group = f"status {status}"
            yield ResponseCase("wait", f"{status} {label}", Expectation.WAITED, response, wait=_WAIT, group=group)


@cache
def _entries() -> list[dict[str, Json]]:
    read: dict[str, list[dict[str, Json]]] = yaml.load(_TABLE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return read["errors"]


def _body(entry: dict[str, Json]) -> bytes:
    """Return the bytes of an entry, MARKER in place of `{marker}`."""
    if "bytes" in entry:
        return bytes.fromhex(str(entry["bytes"]))
    text = json.dumps(entry["json"]) if "json" in entry else str(entry.get("text", ""))
    return text.replace("{marker}", MARKER).encode()
