"""Harness for the client that openapi-python-client generates from our description."""

import json
import sys
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "shared"), str(HERE.parent / ".environments" / HERE.name)]

import loopback  # noqa: F401 - before anything that could open a connection

# isort: split
from generated import AuthenticatedClient
from generated.api.calls import calls_create
from generated.models import Call, UltravoxV1StartCallRequest
from lines import Message, raised, serve

QUERY = {"enableGreetingPrompt": ("enable_greeting_prompt", bool), "priorCallId": ("prior_call_id", UUID)}


def connect(start: Message):
    client = AuthenticatedClient(
        start["url"], start["key"], prefix="", auth_header_name="X-API-Key", raise_on_unexpected_status=True
    )

    def create(call: Message) -> Message:
        query = {QUERY[name][0]: QUERY[name][1](value) for name, value in call["query"].items()}
        body = {"body": UltravoxV1StartCallRequest.from_dict(call["body"])} if call["body"] else {}
        try:
            made = calls_create.sync(client=client, **body, **query)
        except Exception as error:
            return raised(error, getattr(error, "status_code", None), getattr(error, "content", b"").decode(errors="replace"))
        if made is not None and not isinstance(made, Call):  # it returns the body of an error, with no status
            return {"outcome": "raised", "error": type(made).__name__, "detail": json.dumps(made)}
        return {"outcome": "returned", "value": made and made.to_dict()}

    return create


serve({"client": "openapi-python-client", "version": version("openapi-python-client")}, connect)
