"""A server on Django REST framework that parses bodies with protobuf, the stack that the real server most likely has.

`python -m tests.servers.django_protobuf PORT` listens on the loopback interface; the key is in ULTRAVOX_API_KEY.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import django
import uvicorn
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import path
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.json_format import Error, MessageToDict
from google.protobuf.message import Message

from tests.parsers.protobuf_messages import request_type
from tests.servers.calls import Calls, Refused, admits

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    APPEND_SLASH=False,
    USE_TZ=True,
    DATA_UPLOAD_MAX_MEMORY_SIZE=None,
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "UNAUTHENTICATED_USER": None,
    },
)
django.setup()

from rest_framework.exceptions import ParseError  # noqa: E402
from rest_framework.negotiation import DefaultContentNegotiation  # noqa: E402
from rest_framework.parsers import JSONParser  # noqa: E402
from rest_framework.permissions import BasePermission  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

CALLS = Calls()
REQUEST = request_type()


class HasKey(BasePermission):
    """Admits requests with the key of the account."""

    def has_permission(self, request: Request, _: APIView) -> bool:
        """Return true if the request may pass."""
        return admits(request.headers.get("X-API-Key"))


class AlwaysJson(DefaultContentNegotiation):
    """Responds with JSON whatever the client prefers."""

    def select_renderer(self, _: Request, renderers: Any, __: Any = None) -> Any:
        """Return the first renderer."""
        return renderers[0], renderers[0].media_type


class BodyParser(JSONParser):
    """Refuses bodies that are nested too deeply for the decoder, to which Django REST framework responds with 500."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """Return the decoded body. Raises ParseError."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("the body cannot be decoded") from error


class Endpoint(APIView):
    """An endpoint that speaks nothing but JSON."""

    permission_classes = (HasKey,)
    # Form bodies are read as well unless their parsers are switched off.
    parser_classes = (BodyParser,)
    content_negotiation_class = AlwaysJson

    def handle_exception(self, error: Exception) -> Response:
        """Return the response to an error."""
        if isinstance(error, Refused):
            return Response({"detail": error.detail.encode("utf-8", "replace").decode()}, status=error.status)
        return super().handle_exception(error)


class Create(Endpoint):
    """Creates calls."""

    def post(self, request: Request) -> Response:
        """Return the response to a request that creates a call."""
        message = REQUEST.parse(request.data)
        if isinstance(message, Error):
            raise Refused(400, str(message))
        if (broken := next(undefined(message), None)) is not None:
            raise Refused(400, f"{broken} has no defined value")
        return Response(CALLS.create(MessageToDict(message), request.query_params), status=201)


class One(Endpoint):
    """Reads and deletes calls."""

    def get(self, _: Request, identifier: str) -> Response:
        """Return a call."""
        return Response(CALLS.read(identifier))

    def delete(self, _: Request, identifier: str) -> Response:
        """Delete a call."""
        CALLS.delete(identifier)
        return Response(status=204)


def undefined(message: Message) -> Iterator[str]:
    """Yield the fields that hold a number without a name in their enum, or no finite number: protobuf reads both."""
    for field, value in message.ListFields():
        each = _values(field, value)
        if field.message_type:
            own = [nested for nested in each if isinstance(nested, Message) and not _is_well_known(nested)]
            yield from (name for nested in own for name in undefined(nested))
        elif not all(map(_is_defined(field), each)):
            yield field.json_name


def _values(field: FieldDescriptor, value: Any) -> list[Any]:
    """Return the values of a field as a list, whether it is a map, repeated or neither."""
    if field.message_type and field.message_type.GetOptions().map_entry:
        return list(value.values())
    return list(value) if field.is_repeated else [value]


def _is_well_known(message: Message) -> bool:
    return message.DESCRIPTOR.full_name.startswith("google.protobuf.")


def _is_defined(field: FieldDescriptor) -> Callable[[Any], bool]:
    if field.enum_type:
        return field.enum_type.values_by_number.__contains__
    return math.isfinite if field.type == FieldDescriptor.TYPE_FLOAT else lambda _: True


urlpatterns = [path("api/calls", Create.as_view()), path("api/calls/<str:identifier>", One.as_view())]

if __name__ == "__main__":
    uvicorn.run(get_asgi_application(), host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
