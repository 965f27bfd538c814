"""`doctor`: check whether a target can be tested, step by step, and print the plan; nothing is created."""

from __future__ import annotations

import argparse
import asyncio
import email.utils
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from conformance.cli.command_error import CommandError
from conformance.cli.consent import Intent, consented
from conformance.cli.options import catalogue_from
from conformance.cli.targets import key_source, target_of
from conformance.http.client import Client
from conformance.http.exchange import Exchange
from conformance.http.target import Target
from conformance.http.tls import context_of
from conformance.profiles import DEFAULT, PROFILES
from openapi.catalogue import Catalogue
from openapi.contract import Contract
from reports.exit_status import ExitStatus
from strategies.case import Case, Key, Side

_MOST_APART = 60.0  # seconds between the clocks of this machine and of the server
_SECONDS = 10.0
_DAYS = 14  # that a certificate should still be valid
_REFUSED = frozenset({401, 403})
# Headers in which servers state their limits: RFC 9331 drafts, and what is in use.
_LIMITS = tuple(
    "ratelimit ratelimit-policy ratelimit-limit ratelimit-remaining x-ratelimit-limit x-ratelimit-remaining retry-after".split()
)
# A body that no description allows: whoever is let in sees it refused, and nothing is created.
_BROKEN = b"{"


@dataclass(frozen=True, slots=True)
class Step:
    """The finding of one step: `is_fine` is None where nothing can be said."""

    name: str
    is_fine: bool | None
    said: str


_SIGNS = {True: "ok", False: "NO", None: "??"}


def main(options: argparse.Namespace) -> int:
    """Print each step and the plan; return 3 where a step says that nothing could be judged."""
    if options.target is None:
        raise CommandError("give --target, or a default-target in the settings")
    catalogue = catalogue_from(options)
    target = target_of(options, catalogue.contract)
    consented(target.url, live=options.live, what="send it a few requests that create nothing")
    steps = list(_steps(target, catalogue.contract))
    for step in steps:
        print(f"{_SIGNS[step.is_fine]}  {step.name:12} {step.said}")
    print("A run would do this:", *(f"  {line}" for line in _intent(target, catalogue, options).lines()), sep="\n")
    return ExitStatus.UNJUDGED if any(step.is_fine is False for step in steps) else ExitStatus.CONFORMS


def _intent(target: Target, catalogue: Catalogue, options: argparse.Namespace) -> Intent:
    settings = getattr(options, "settings", None)
    run = settings.run if settings is not None else None
    return Intent(
        url=target.url,
        catalogue=catalogue,
        profile=PROFILES.get((run.profile if run else None) or DEFAULT, PROFILES[DEFAULT]),
        select=(run.select if run else None) or (),
        rate=run.rate if run else None,
        concurrency=(run.concurrency if run else None) or 8,
        most_requests=run.max_requests if run else None,
        most_created=run.max_created if run else None,
        most_live=run.max_live_calls if run else None,
        most_seconds=run.max_time if run else None,
        keeps=bool(run and run.keep_calls),
        key=key_source(options),
    )


def _steps(target: Target, contract: Contract) -> Iterator[Step]:
    reached = _reached(target)
    yield reached
    if reached.is_fine is False:
        return
    if target.url.startswith("https:") and target.proxy is None:
        yield _certificate(target)
    malformed, without = _exchanges(target, contract)
    yield _responds(malformed, contract)
    if malformed.error is not None:
        return
    yield _key(malformed, without)
    yield _clock(malformed)
    yield _description(malformed, contract)
    limits = [f"{name}: {malformed.headers[name]}" for name in _LIMITS if name in malformed.headers]
    yield Step("limits", True if limits else None, "; ".join(limits) or "no response header has a rate limit")
    where = "this cannot be read anywhere; bound it with max-live-calls and max-created"
    yield Step("account", None, f"the limits on created {contract.data.created.noun}s: {where}")


def _reached(target: Target) -> Step:
    url = target.proxy or target.url
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    where = f"{parts.hostname}:{port}" + (", a proxy" if target.proxy else "")
    try:
        begun = time.monotonic()
        with socket.create_connection((parts.hostname or "", port), timeout=_SECONDS):
            return Step("reachable", True, f"{where} within {(time.monotonic() - begun) * 1000:.0f} ms")
    except OSError as error:
        return Step("reachable", False, f"{where}: {error.strerror or error}")


def _certificate(target: Target) -> Step:
    parts = urlsplit(target.url)
    context = context_of(target)
    try:
        with (
            socket.create_connection((parts.hostname or "", parts.port or 443), timeout=_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=parts.hostname) as secured,
        ):
            certificate = secured.getpeercert() or {}
            ends = ssl.cert_time_to_seconds(str(certificate["notAfter"]))
            days = (ends - time.time()) / 86_400
            return Step("TLS", days > _DAYS, f"{secured.version()}, the certificate is valid for {days:.0f} more days")
    except (OSError, KeyError) as error:
        return Step("TLS", False, str(error))


def _exchanges(target: Target, contract: Contract) -> tuple[Exchange, Exchange]:
    async def send() -> tuple[Exchange, Exchange]:
        client = Client(target, contract)
        malformed = Case(side=Side.PROBE, label="no JSON", raw=_BROKEN)
        try:
            with_key = await client.attempt(malformed, 1)
            return with_key, await client.attempt(Case(side=Side.PROBE, label="no JSON, no key", raw=_BROKEN, key=Key.NONE), 2)
        finally:
            await client.aclose()

    return asyncio.run(send())


def _responds(exchange: Exchange, contract: Contract) -> Step:
    if exchange.error is not None:
        return Step("responds", False, exchange.shown(exchange.error))
    is_fine = exchange.status not in (404, 405) and exchange.status < 500
    return Step("responds", is_fine, f"{contract.method} {contract.path} with a body that is no JSON: status {exchange.status}")


def _key(malformed: Exchange, without: Exchange) -> Step:
    if malformed.status in _REFUSED:
        return Step("key", False, f"the server refuses it (status {malformed.status})")
    if without.status in _REFUSED:
        return Step("key", True, f"the server takes it, and refuses requests without one (status {without.status})")
    return Step("key", None, "the server looks at the body before the key, so this shows nothing of the key")


def _clock(exchange: Exchange) -> Step:
    try:
        apart = email.utils.parsedate_to_datetime(exchange.headers["date"]).timestamp() - time.time()
    except (KeyError, ValueError):
        return Step("clock", None, "the response has no date")
    return Step("clock", abs(apart) <= _MOST_APART, f"{abs(apart):.0f} s {'ahead' if apart > 0 else 'behind'} of this machine")


def _description(exchange: Exchange, contract: Contract) -> Step:
    media = exchange.headers.get("content-type", "no content type").split(";")[0]
    described = f"{contract.description.name} ({contract.description.digest[:12]})"
    if exchange.status in (400, 415, 422):
        return Step("description", media == contract.media_type, f"{described}; the server refuses what is no JSON, in {media}")
    return Step("description", False if exchange.is_success else None, f"{described}; status {exchange.status}, {media}")
