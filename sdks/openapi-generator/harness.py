"""Harness for the Python client that openapi-generator generates from our description."""

import sys
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "shared"), str(HERE.parent / ".environments" / HERE.name / "generated")]

import loopback  # noqa: F401 - before anything that could open a connection

# isort: split
from lines import Message, raised, serve
from openapi_client import ApiClient, CallsApi, Configuration, UltravoxV1StartCallRequest

QUERY = {"enableGreetingPrompt": ("enable_greeting_prompt", bool), "priorCallId": ("prior_call_id", UUID)}


def connect(start: Message):
    api = CallsApi(ApiClient(Configuration(host=start["url"], api_key={"apiKeyAuth": start["key"]})))

    def create(call: Message) -> Message:
        query = {QUERY[name][0]: QUERY[name][1](value) for name, value in call["query"].items()}
        body = UltravoxV1StartCallRequest.from_dict(call["body"]) if call["body"] else None
        try:
            made = api.calls_create(ultravox_v1_start_call_request=body, **query)
        except Exception as error:
            return raised(error, getattr(error, "status", None), str(getattr(error, "body", "") or ""))
        # Its own `to_dict` leaves read-only members out, which a caller sees as attributes.
        return {"outcome": "returned", "value": made.model_dump(mode="json", by_alias=True, exclude_unset=True)}

    return create


serve({"client": "openapi-generator", "version": version("openapi-generator-cli")}, connect)
