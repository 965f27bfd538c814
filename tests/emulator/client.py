"""A client of the endpoint without HTTP, and what tests say to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson

from emulator import Variant, create_app
from emulator.endpoint import Endpoint
from emulator.fault import Fault
from emulator.messages import Reply, Request
from openapi import Contract, load_contract

KEY = "abcdEFGH.0123456789abcdefghijKLMNOPqrstuv"
PATH = "/api/calls"


@cache
def contract() -> Contract:
    """Our own description with our own overlay."""
    return load_contract()


def endpoint(variant: Variant | None = None, faults: Sequence[Fault] = (), described: Contract | None = None) -> Endpoint:
    """An endpoint that admits KEY."""
    app = create_app(described or contract(), keys=frozenset({KEY}), variant=variant or Variant(), faults=faults)
    return app.endpoint


class Client:
    """Talks to one endpoint; `headers` are those of a valid request, in which tests replace or drop some."""

    def __init__(self, variant: Variant | None = None, faults: Sequence[Fault] = (), described: Contract | None = None) -> None:
        self.endpoint = endpoint(variant, faults, described)

    def send(
        self,
        method: str = "POST",
        path: str = PATH,
        *,
        body: Any = b"",
        query: str = "",
        headers: dict[str, str | None] | None = None,
    ) -> Reply:
        """Sends bytes as they are and anything else as JSON; a header of None is left out."""
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        named = {"x-api-key": KEY, "content-type": "application/json", **(headers or {})}
        sent = {name.encode(): value.encode() for name, value in named.items() if value is not None}
        return self.endpoint.handle(Request(method, path, query.encode(), sent, raw))

    def create(self, body: Any = None, query: str = "") -> Reply:
        """Creates a call, from an empty body by default."""
        return self.send(body={} if body is None else body, query=query)

    def created(self, body: Any = None, query: str = "") -> dict[str, Any]:
        """The response to a call that can be created."""
        reply = self.create(body, query)
        assert reply.status == 201, reply.body
        response: dict[str, Any] = orjson.loads(reply.body)
        return response

    def refused(self, body: Any = None, query: str = "") -> str:
        """The detail of the refusal of a body."""
        reply = self.create(body, query)
        assert reply.status == 400, reply
        return str(orjson.loads(reply.body)["detail"])

    def read(self, identifier: str) -> Reply:
        """Reads a call."""
        return self.send("GET", f"{PATH}/{identifier}")

    def delete(self, identifier: str) -> Reply:
        """Deletes a call."""
        return self.send("DELETE", f"{PATH}/{identifier}")
