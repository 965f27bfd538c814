"""Response cases: what a server may send, and what a client must make of it.

An edge is a successful response that differs from an ordinary one in one place. A fault is a response that the client must
surface as an error. A wait is a refusal that ends by itself if the client waits as long as it says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from functools import partial

import jsonschema_rs

from conformance.sdk.recording import Scripted
from openapi.catalogue import Catalogue
from openapi.json_types import Json, Path, down
from openapi.schema.nodes import Node
from openapi.schema.oracle import Oracle
from openapi.schema.paths import with_value, without
from strategies.values.hostile import trouble
from strategies.values.valid import accepted

MARKER = "detail-4f7a1c"  # what the detail of an error must still hold when it reaches the caller
_WAIT = 1  # second that a refusal asks for
_LATE = 2.0  # seconds of a slow response
_LARGE = 10_000  # members of a large response
_FEW = 4  # boundary values of one number
_NEW = "NEW_IN_A_LATER_VERSION"


class Expectation(StrEnum):
    """The required effect of a response on the client."""

    READ = "read"  # returned as it was sent
    ACCEPTED = "accepted"  # returned in any form: it holds what the client does not know
    ERROR = "error"  # surfaced as an error
    WAITED = "waited"  # sent again after the time that it names, and returned then


@dataclass(frozen=True)
class ResponseCase:
    """A scripted response, what must come of it, and the member that is special about it.

    `make` gives the responses when the case is run, since some name a moment; after them the server responds as usual.
    `detail` is whether the caller must see MARKER; `wait` is the number of seconds that the response asks for. Cases that
    are about no member are reported by their `group`.
    """

    kind: str
    label: str
    expectation: Expectation
    make: Callable[[], list[Scripted]]
    member: str = ""
    path: Path = ()
    detail: bool = False
    wait: float = 0
    group: str = ""

    @property
    def subject(self) -> str:
        """The member that the case is about, or the group of responses that it stands for."""
        return self.member or self.group

    @property
    def id(self) -> str:
        """A name for people and for `--select`."""
        slug = re.sub(r"[^A-Za-z0-9.]+", "-", self.label).strip("-").lower()
        return f"response/{self.kind}/{slug}" if not self.member else f"response/{self.kind}/{self.member}/{slug}"


def response_cases(catalogue: Catalogue, template: Mapping[str, Json]) -> Iterator[ResponseCase]:
    """Yield all response cases; `template` is an ordinary response."""
    yield from _edges(catalogue, dict(template))
    yield from _transfers(catalogue, dict(template))
    yield from _unknown(catalogue, dict(template))
    yield from _errors()
    yield from _waits()


def _scripted(status: int, body: Json, **headers: str) -> list[Scripted]:
    names = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return [Scripted(status, json.dumps(body).encode(), (("content-type", "application/json"), *names))]


def _edges(catalogue: Catalogue, template: dict[str, Json]) -> Iterator[ResponseCase]:
    """Yield each valid response that differs from the template in one member."""
    oracle, status = Oracle(catalogue.contract.response, "response", catalogue.response), catalogue.contract.status
    stated = _exchange_rules(catalogue)
    for node in catalogue.response.walk():
        if not node.place or "*" in node.place:
            continue
        for label, body in _edge_bodies(node, template):
            if oracle.is_valid(body) and all(rule.is_valid({"query": {}, "body": {}, "response": body}) for rule in stated):
                make = _constant(status, body)
                yield ResponseCase("edge", label, Expectation.READ, make, node.path, node.place)


def _exchange_rules(catalogue: Catalogue) -> list[jsonschema_rs.Validator]:
    """Return the rules between request and response that every response must satisfy.

    Rules that a member is null so far are left out: the same type of response shows the call later on.
    """
    rules = [each["then"] for each in catalogue.contract.extensions.get("x-exchange-rules", ()) if not each.get("when")]
    return [jsonschema_rs.Draft202012Validator(then) for then in rules if "'null'" not in str(then)]


def _constant(status: int, body: Json) -> Callable[[], list[Scripted]]:
    return lambda: _scripted(status, body)


def _edge_bodies(node: Node, template: dict[str, Json]) -> Iterator[tuple[str, Json]]:
    try:
        present = down(template, node.place)
    except (LookupError, TypeError):
        if len(node.place) > 1:
            return
        present = None
    else:
        if not node.demanded:
            yield "absent", without(template, node.place)
    if node.admits_null and not node.is_free:
        yield "null", with_value(template, node.place, None)
    for label, value in _edge_values(node, present):
        yield label, with_value(template, node.place, value)


def _edge_values(node: Node, present: Json) -> Iterator[tuple[str, Json]]:
    if node.get("enum") is not None:
        yield from ((f"member {member}", member) for member in node.get("enum") if member is not None)
    elif node.get("format") == "date-time":
        yield from MOMENTS.items()
    elif isinstance(present, str) and _DURATION.fullmatch(present):
        yield from DURATIONS.items()
    elif node.types & {"integer", "number"}:
        yield from ((each.label, each.value) for each in accepted(node)[:_FEW])
    elif node.is_map or node.is_open or node.is_free:
        yield from _contents(node)
    elif node.is_array:
        yield "empty", []
    elif node.types == {"string"}:
        yield from {"empty": "", "text in all scripts": trouble()["texts"]["everything"]}.items()


def _contents(node: Node) -> Iterator[tuple[str, Json]]:
    yield "empty", {}
    yield "many keys", dict.fromkeys(trouble()["keys"], "value")
    if not node.is_map:
        yield from ((f"free content {label}", value) for label, value in trouble()["free"].items())


MOMENTS = {
    "whole second": "2025-04-01T12:00:00Z",
    "nanoseconds": "2025-04-01T12:00:00.123456789Z",
    "microseconds": "2025-04-01T12:00:00.000001Z",
    "offset": "2025-04-01T12:00:00.5+05:30",
    "negative offset": "2025-03-31T23:59:59-08:00",
    "leap second": "2016-12-31T23:59:60Z",
    "leap day": "2024-02-29T00:00:00Z",
    "far future": "9999-12-31T23:59:59Z",
}
DURATIONS = {"zero": "0s", "nanosecond": "0.000000001s", "longest": "315576000000s", "three digits": "1.500s"}
_DURATION = re.compile(r"-?\d+(\.\d+)?s", re.ASCII)


def _transfers(catalogue: Catalogue, template: dict[str, Json]) -> Iterator[ResponseCase]:
    """Yield ordinary responses that are sent in an unusual way: late, large, with another spelling of the media type."""
    status, body = catalogue.contract.status, json.dumps(template).encode()
    name = next((name for name, node in catalogue.response.properties.items() if node.is_map or node.is_open), None)
    large = {**template, name: {f"key{index}": "x" * 100 for index in range(_LARGE)}} if name else template
    for label, scripted in {
        "late": Scripted(status, body, delay=_LATE),
        "large": _scripted(status, large)[0],
        "charset": Scripted(status, body, (("content-type", "application/json; charset=utf-8"),)),
        "upper-case media type": Scripted(status, body, (("content-type", "Application/JSON"),)),
        "indented": Scripted(status, json.dumps(template, indent=2).encode()),
    }.items():
        yield ResponseCase("transfer", label, Expectation.READ, partial(list, (scripted,)), group=label)


def _unknown(catalogue: Catalogue, template: dict[str, Json]) -> Iterator[ResponseCase]:
    """Yield responses of a later version: members and enum members that the description does not name."""
    status = catalogue.contract.status
    for label, value in (("a string", "x"), ("an object", {"a": [1, None]}), ("null", None)):
        make = _constant(status, {**template, "memberOfALaterVersion": value})
        yield ResponseCase("unknown", f"member with {label}", Expectation.ACCEPTED, make, group="an unknown member")
    for name, node in catalogue.response.properties.items():
        if node.is_object and isinstance(template.get(name), dict):
            make = _constant(status, {**template, name: {**template[name], "memberOfALaterVersion": "x"}})
            yield ResponseCase("unknown", "nested member", Expectation.ACCEPTED, make, name, (name,))
        if node.get("enum") is not None:
            make = _constant(status, {**template, name: _NEW})
            yield ResponseCase("unknown", "enum member", Expectation.ACCEPTED, make, name, (name,))


def _errors() -> Iterator[ResponseCase]:
    """Yield responses that are no success, in the shapes that frameworks and gateways give."""
    detail = {"detail": f"Not accepted: {MARKER}"}
    for status in (400, 401, 402, 403, 404, 409, 413, 422, 500):
        yield _error(f"status {status}", Scripted(status, json.dumps(detail).encode()), detail=True)
    shapes: dict[str, Json] = {
        "object of arrays": {"member": [f"Not accepted: {MARKER}"]},
        "array": [f"Not accepted: {MARKER}"],
        "list of problems": {"detail": [{"loc": ["body", "member"], "msg": MARKER, "type": "value_error"}]},
        "problem details": {"type": "about:blank", "title": "Bad Request", "status": 400, "detail": MARKER},
    }
    for label, shape in shapes.items():
        yield _error(f"status 400, {label}", Scripted(400, json.dumps(shape).encode()), detail=True)
    page = f"<html><body>Bad Gateway {MARKER}</body></html>".encode()
    html = (("content-type", "text/html"),)
    yield _error("status 502, a page", Scripted(502, page, html), detail=True)
    yield _error("status 400, no body", Scripted(400, b"", ()))
    yield _error("status 400, not JSON", Scripted(400, f"{{{MARKER}".encode()))
    yield _error("success, no body", Scripted(201, b"", ()))
    yield _error("success, a page", Scripted(201, page, html))
    yield _error("success, not JSON", Scripted(201, b'{"a": '))
    yield _error("success, an array", Scripted(201, b"[]"))
    yield _error("success, cut", Scripted(201, b'{"a": 1', cut=True))


def _error(label: str, response: Scripted, *, detail: bool = False) -> ResponseCase:
    group = f"status {response.status // 100}XX" if response.status >= 400 else label
    return ResponseCase("error", label, Expectation.ERROR, lambda: [response], detail=detail, group=group)


def _waits() -> Iterator[ResponseCase]:
    """Yield refusals that name the time after which the same request is accepted."""
    for status in (429, 503):
        refusal = {"detail": f"Try again later: {MARKER}"}
        make = _refused_once(status, refusal, lambda: str(_WAIT))
        yield ResponseCase("wait", f"{status} in seconds", Expectation.WAITED, make, wait=_WAIT, group=f"status {status}")
        make = _refused_once(status, refusal, lambda: format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True))
        yield ResponseCase("wait", f"{status} until a date", Expectation.WAITED, make, wait=_WAIT, group=f"status {status}")


def _refused_once(status: int, body: Json, retry_after: Callable[[], str]) -> Callable[[], list[Scripted]]:
    return lambda: _scripted(status, body, retry_after=retry_after())
