"""The check of docs/checks.md."""

from __future__ import annotations

from collections.abc import Iterator

from ultravox_conformance import Observed, check


@check("acme.join-url", "MUST", "joinUrl MUST be a URL.")
def join_url(exchange: Observed) -> Iterator[str]:
    """Yield what is wrong with the joinUrl of a created call."""
    if ":" not in exchange.json["joinUrl"]:
        yield f"joinUrl is {exchange.json['joinUrl']}"
