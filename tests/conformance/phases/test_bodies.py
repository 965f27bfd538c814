"""The phase of bodies: what it stops sending once a server has shown enough."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.phases import bodies
from conformance.session import Session
from tests.conformance.servers import Received, Reply, conforming
from tests.conformance.sessions import ending_with


@pytest.mark.parametrize(
    ("limit", "sent"), [(10_000, [5_000]), (950, [5_000, 1_000, 900]), (10, [5_000, 1_000, 900, 500, 300, 250])]
)
def test_nesting_becomes_less_deep_until_it_is_accepted(limit: int, sent: list[int]) -> None:
    depths, usual = list[int](), conforming()

    def response(received: Received) -> Reply | None:
        depth = 2 + received.body.count(b'{"in":')  # the value itself and the object at its end
        if depth > 200:
            depths.append(depth)
            return Reply(400) if depth > limit else usual(replace(received, body=b"{}"))
        return usual(received)

    async def phase(session: Session) -> None:
        await bodies.nesting(session)

    ending_with(response, {"bodies": phase})
    assert depths == sent
