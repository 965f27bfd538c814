"""A server of a small description, with that description published beside it; either may move."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from emulator import Variant, create_app
from emulator.messages import Request
from tests.conformance.servers import KEY, Received, Reply, serving
from tests.openapi.synthetic import description, loaded

PASSWORD, SIGNATURE = "pass-the-salt-please", "sig-0123456789abcdef"


def things(most: int = 10, *, title: str = "Things", **members: Any) -> dict[str, Any]:
    """Return a description of objects with a `size` up to `most`, and other members."""
    properties = {"size": {"type": "integer", "maximum": most}, **members}
    shape = {"type": "object", "properties": properties}
    served = {"type": "object", "properties": {"id": {"type": "string"}, **properties}, "required": ["id"]}
    made = description(shape, served)
    return {**made, "info": {"title": title, "version": str(most)}}


@dataclass
class World:
    """A server and the description that is published beside it; either may move."""

    document: dict[str, Any]
    behaviour: dict[str, Any]
    url: str = ""
    suffix: str = ""
    _apps: dict[str, Any] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        """Return how many requests the server has received."""
        return sum(each.requests for each in self._apps.values())

    def response(self, received: Received) -> Reply:
        """Return what the emulator of the behaviour responds; below /description it is the document."""
        if received.path == "/description":
            return Reply(200, json.dumps({**self.document, "x-fetched": received.query}).encode())
        key = json.dumps(self.behaviour)
        if key not in self._apps:
            self._apps[key] = create_app(loaded(self.behaviour), keys=frozenset({KEY}), variant=Variant()).endpoint
        headers = {name.encode(): value.encode("latin-1") for name, value in received.headers.items()}
        request = Request(received.method, received.path, received.query.encode(), headers, received.body)
        reply = self._apps[key].handle(request)
        return Reply(reply.status, reply.body, {name.decode().title(): value.decode() for name, value in reply.headers})

    @property
    def location(self) -> str:
        """Return the URL of the description, with credentials in both places that may hold one."""
        return f"{self.url.replace('//', f'//reader:{PASSWORD}@')}/description?signature={SIGNATURE}"


@contextmanager
def world_of(document: dict[str, Any]) -> Iterator[World]:
    """Serve a world in which server and description agree."""
    world = World(document, document)
    with serving(world.response) as url:
        world.url = url
        yield world
