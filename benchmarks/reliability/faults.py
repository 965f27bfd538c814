"""The faults of a network, a gateway and an account, and plans that choose among them by seed and number."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from email.utils import formatdate
from itertools import count
from random import Random

from benchmarks.reliability.ledger import CREATE
from benchmarks.reliability.proxy import Fault, Hop, Plan
from benchmarks.reliability.wire import Headers, response

_LONGEST_DELAY = 0.5  # seconds


async def reset_before(hop: Hop) -> bool:
    """Reset the connection before the emulator sees the request."""
    return hop.reset()


async def reset_after(hop: Hop) -> bool:
    """Reset the connection once the emulator has carried out the request."""
    await hop.forward()
    return hop.reset()


async def delay(hop: Hop) -> bool:
    """Delay the response."""
    await asyncio.sleep(hop.draw.uniform(0, _LONGEST_DELAY))
    return await hop.reply(await hop.forward())


async def cut(hop: Hop) -> bool:
    """Close the connection in the middle of the response."""
    response = await hop.forward()
    whole = response.head + response.framed
    await hop.send(whole[: hop.draw.randrange(1, len(whole))])
    return False


async def stale(hop: Hop) -> bool:
    """Close a kept connection just when the suite uses it again; a new one is left alone."""
    return False if hop.is_reused else await hop.reply(await hop.forward())


def status_before(*statuses: int) -> Fault:
    """Return a fault that responses for the emulator, with both forms of `Retry-After` and without it."""

    async def fault(hop: Hop) -> bool:
        status, headers = hop.draw.choice(statuses), retry_after(hop.draw)
        return await hop.reply(response(status, json.dumps({"detail": f"Fault {status}"}).encode(), headers))

    return fault


def status_after(*statuses: int) -> Fault:
    """Return a fault of a gateway that loses the emulator's response and responds with a page of its own."""

    async def fault(hop: Hop) -> bool:
        await hop.forward()
        return await hop.reply(response(hop.draw.choice(statuses), b"<h1>Gateway</h1>", media_type="text/html"))

    return fault


def retry_after(draw: Random) -> Headers:
    """Return one of: seconds, an HTTP date, no header. Most ask for no wait, so that a run of many refusals ends."""
    seconds = draw.choices((0, 1), (20, 1))[0]
    forms: Sequence[Headers] = (
        (("retry-after", str(seconds)),),
        (("retry-after", formatdate(time.time() + seconds, usegmt=True)),),
        (),
    )
    return draw.choices(forms, (10, 10, 1))[0]


async def refused_deletion(hop: Hop) -> bool:
    """Refuse to delete."""
    return await hop.reply(response(403, b'{"detail": "Deletion is not allowed"}'))


TRANSPORT: Mapping[str, Fault] = {"reset before": reset_before, "reset after": reset_after, "delay": delay, "cut": cut}
REFUSALS: Mapping[str, Fault] = {"refusal": status_before(429, 503, 402)}
GATEWAY: Mapping[str, Fault] = {
    "gateway before": status_before(408, 425, 502, 504),
    "gateway after": status_after(502, 504),
}
STALE: Mapping[str, Fault] = {"stale": stale}


def shared(faults: Mapping[str, Fault], share: float) -> Plan:
    """Return a plan that injects one of the faults in a share of the exchanges."""

    def plan(hop: Hop) -> tuple[str, Fault] | None:
        if hop.draw.random() >= share:
            return None
        name = hop.draw.choice(sorted(faults))
        return name, faults[name]

    return plan


def at_creations(is_chosen: Callable[[int], bool], name: str, fault: Fault) -> Plan:
    """Return a plan that injects a fault into those requests to create a call whose number among them is chosen."""
    numbers = count(1)

    def plan(hop: Hop) -> tuple[str, Fault] | None:
        is_creation = hop.request.method == "POST" and hop.request.path == CREATE
        return (name, fault) if is_creation and is_chosen(next(numbers)) else None

    return plan


def methods(method: str, name: str, fault: Fault) -> Plan:
    """Return a plan that injects a fault into each request of a method."""
    return lambda hop: (name, fault) if hop.request.method == method else None
