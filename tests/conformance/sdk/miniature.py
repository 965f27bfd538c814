"""A miniature client with its harness, in the standard library alone, that misbehaves in one way on purpose.

`python miniature.py [MISBEHAVIOUR]` speaks the protocol of docs/harness-protocol.md.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

Message = dict[str, Any]
KNOWN = {"id", "created", "name", "count", "ratio", "enabled", "wait", "labels", "nested", "state", "note"}
STATES = ("new", "done")


class ClientError(Exception):
    """The miniature client's own error."""

    status = 0


class Client:
    """Creates things; `how` names its misbehaviour, and is empty for a client that does all well."""

    def __init__(self, url: str, path: str, key: str, how: str) -> None:
        self.host, self.path, self.key, self.how = urlsplit(url).netloc, path, key, how

    def create(self, body: Message, query: Message) -> Any:
        """Send one call; wait if the server asks for it."""
        for _ in range(2):
            status, text, retry_after = self._send(*_SENT.get(self.how, _as_it_is)(body, query))
            if status not in (429, 503) or self.how == "impatient":
                break
            if retry_after:
                time.sleep(0.2 if self.how == "too-early" else 1.0 if retry_after.isdecimal() else 2.0)
        if self.how == "twice":
            self._send(body, query)
        if status != 201:
            return self._failed(status, text)
        return self._read(text)

    def _failed(self, status: int, text: str) -> Any:
        if self.how == "swallows-errors":
            return {}
        error = ClientError("it failed" if self.how == "loses-detail" else text)
        error.status = 0 if self.how == "loses-status" else status
        raise error

    def _read(self, text: str) -> Any:
        value = json.loads(text)
        if not isinstance(value, dict) or "id" not in value:
            raise ClientError(f"no thing: {text[:100]}")
        if self.how == "strict-members" and set(value) - KNOWN:
            raise ClientError(f"unknown members {set(value) - KNOWN}")
        if self.how == "strict-enum" and value.get("state") not in (None, *STATES):
            raise ClientError(f"unknown state {value['state']}")
        if self.how == "no-leap-second" and ":60" in value["created"]:
            raise ClientError("second must be in 0..59")
        return _READ[self.how](value) if self.how in _READ else value

    def _send(self, body: Message, query: Message) -> tuple[int, str, str | None]:
        connection = http.client.HTTPConnection(self.host)
        path = self.path + ("?" + urlencode({name: _text(value) for name, value in query.items()}) if query else "")
        headers = {"Content-Type": "application/json", **({} if self.how == "no-key" else {"X-API-Key": self.key})}
        connection.request("POST", path, json.dumps(body), headers)
        response = connection.getresponse()
        try:
            return response.status, response.read().decode(), response.getheader("Retry-After")
        finally:
            connection.close()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _as_it_is(body: Message, query: Message) -> tuple[Message, Message]:
    return body, query


def _without_proto(body: Message) -> Message:
    labels = {key: value for key, value in body.get("labels", {}).items() if key != "__proto__"}
    return {**body, "labels": labels} if "labels" in body else body


# What becomes of body and query before they are sent.
_SENT: dict[str, Callable[[Message, Message], tuple[Message, Message]]] = {
    "drops-falsy": lambda body, query: ({name: value for name, value in body.items() if value}, query),
    "numbers-as-text": lambda body, query: (
        {name: str(value) if type(value) in (int, float) else value for name, value in body.items()},
        query,
    ),
    "durations-as-numbers": lambda body, query: (
        {name: float(value[:-1]) if name == "wait" else value for name, value in body.items()},
        query,
    ),
    "invents": lambda body, query: ({"name": "invented", **body}, query),
    "sends-null": lambda body, query: ({"name": None, **body}, query),
    "query-in-body": lambda body, query: ({**body, **query}, {}),
    "python-booleans": lambda body, query: (body, {name: str(value) for name, value in query.items()}),
    "drops-proto": lambda body, query: (_without_proto(body), query),
}
# What becomes of a response before it is returned.
_READ: dict[str, Callable[[Message], Any]] = {
    "returns-nothing": lambda _value: None,
    "drops-response": lambda value: {name: each for name, each in value.items() if name != "created"},
    "mangles-response": lambda value: {**value, "created": value["created"][:10]},
    "truncates-digits": lambda value: {**value, "created": _six_digits(value["created"])},
    "invents-response": lambda value: {**value, "note": value.get("note") or "invented"},
    "other-spelling": lambda value: {**value, "created": value["created"].replace("Z", "+00:00")},
}


def _six_digits(moment: str) -> str:
    front, dot, rest = moment.partition(".")
    digits = rest.rstrip("Z")
    return f"{front}.{digits[:6]}Z" if dot and digits.isdecimal() else moment


def result(client: Client, message: Message) -> Message:
    """Return the result of one call."""
    if client.how == "unsupported" and "labels" in message["body"]:
        return {"outcome": "unsupported", "members": ["labels"], "reason": "no such argument"}
    if client.how == "refuses" and message["body"].get("count") == 0:
        return {"outcome": "raised", "error": "ValueError", "detail": "count must be positive"}
    try:
        value = client.create(message["body"], message["query"])
    except ClientError as error:
        return {"outcome": "raised", "error": "ClientError", "detail": str(error), "status": error.status or None}
    except (ValueError, http.client.HTTPException, OSError) as error:
        return {"outcome": "raised", "error": type(error).__name__, "detail": str(error)}
    if message["linger"] and client.how == "repeats-later":
        time.sleep(0.2)
        client.create(message["body"], message["query"])
    if client.how == "partial":
        value = {"id": value["id"]}
    return {"outcome": "returned", "value": value}


def hello(how: str) -> Message:
    """Return the hello of the miniature client."""
    protocol = 2 if how == "other-protocol" else 1
    reply: Message = {"type": "hello", "protocol": protocol, "client": "miniature", "version": "1"}
    if how == "partial":
        reply["responseMembers"] = ["id"]
    if how == "documents-wrongly":
        reply["documented"] = {"examples": {"wait": ["30m"], "name": ["x"]}, "defaults": {"enabled": True, "verbose": True}}
    return reply


def main(how: str) -> None:
    """Speak the protocol."""
    client = None
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "bye":
            print('{"type": "bye"}', flush=True)
            return
        if message["type"] == "start":
            client = Client(message["url"], message["path"], message["key"], how)
            reply = hello(how)
        else:
            assert client is not None
            _misbehave(how, message)
            reply = {"type": "result", "id": message["id"], **result(client, message)}
            reply["id"] = "another" if how == "other-id" else reply["id"]
            reply["outcome"] = "perhaps" if how == "other-outcome" else reply["outcome"]
        print(json.dumps(reply), flush=True)


def _misbehave(how: str, message: Message) -> None:
    if how == "exits" or (how == "exits-once" and message["body"].get("enabled") is False):
        print("no more", file=sys.stderr, flush=True)
        os._exit(7)
    if how == "hangs":
        time.sleep(60)
    if how == "chatters":
        print("creating a call", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
