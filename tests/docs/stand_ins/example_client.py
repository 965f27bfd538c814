"""The client that the harness of docs/harness-protocol.md tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx

__version__ = "1.0"


class ClientError(Exception):
    """A response that is no success."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"{response.status_code}: {response.text}")
        self.status = response.status_code


@dataclass(frozen=True)
class Call:
    """A created call."""

    members: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        return self.members


@dataclass(frozen=True)
class Client:
    """A client of one server."""

    base_url: str
    path: str
    api_key: str

    def create_call(self, body: dict[str, Any], **query: Any) -> Call:
        """Return the created call. ClientError with the status and body of any other response."""
        parameters = {name: json.dumps(value) for name, value in query.items()}
        response = httpx.post(
            self.base_url + self.path, json=body, params=parameters, headers={"X-API-Key": self.api_key}, trust_env=False
        )
        if response.status_code != 201 or not isinstance(members := response.json(), dict):
            raise ClientError(response)
        return Call(members)
