"""The endpoint without HTTP: it authenticates, parses, validates, inherits, stores and responds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from emulator.authentication import Doorkeeper
from emulator.fault import Fault
from emulator.inheritance import Inheritance
from emulator.listing import Listing
from emulator.messages import JSON_HEADERS, Exchange, Headers, Reply, Request, refusal
from emulator.parsing import Malformed, json_of, reader
from emulator.path_template import PathTemplate
from emulator.query import InvalidQuery, QueryReader
from emulator.response_writer import ResponseWriter
from emulator.store import Call, Store
from emulator.validation import Enforcer, as_documented
from emulator.value_kinds import shape_of
from emulator.variants import Variant
from openapi.contract import Contract, PathOperation
from openapi.media_types import JSON, json_choice

_NOT_FOUND = refusal(404, "Not found.")


class Refused(Exception):
    """The request is refused with `reply`, and nothing is created."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply)
        self.reply = reply


class Endpoint:
    """A stand-in for the operation of a contract, and for reading and deleting what it created.

    `handle` is all there is to it; it keeps created calls in `store` and what faults remember in `memory`.
    """

    def __init__(
        self, contract: Contract, keys: frozenset[str] | Mapping[str, str], variant: Variant, faults: Sequence[Fault]
    ) -> None:
        own = _own_keys(contract, keys)  # a fault may take a scheme away, and another one would be the first
        for fault in faults:
            contract = fault.contract(contract) if fault.contract else contract
            variant = fault.variant(variant) if fault.variant else variant
        if variant.enforces == "stated":
            contract = replace(contract, request=as_documented(contract.request))
        self.contract, self.variant = contract, variant
        self.store = Store()
        self.memory: dict[str, Any] = {}
        self.requests = 0
        self._seams = Seams(faults)
        every = frozenset(keys.values()) if isinstance(keys, Mapping) else keys
        self.doorkeeper = Doorkeeper(contract.security, every, variant, own)
        self._queries = QueryReader(contract.parameters)
        self._read = reader(shape_of(contract.request), variant)
        self._enforcer = Enforcer(contract)
        self._inheritance = Inheritance(contract, self._enforcer)
        self._writer = ResponseWriter(contract, variant)
        self._objects = _Objects(contract)
        self._listing = Listing(contract)
        self.creates_at = PathTemplate(contract.path).matches
        self._media_type, self._status = _type_of(contract.media_type.encode()), contract.status
        self._headers = _of_type(contract, _HEADERS if variant.server_headers else JSON_HEADERS)

    def handle(self, request: Request) -> Reply:
        """Return the reply to a request."""
        self.requests += 1
        exchange = Exchange(self.requests, request, self.store, self.memory, self.doorkeeper.keys)
        for rewrite in self._seams.incoming:
            exchange.request = rewrite(exchange, exchange.request)
        try:
            reply = self._routed(exchange, exchange.request)
        except Refused as refused:
            reply = refused.reply
        for change in self._seams.reply:
            reply = change(exchange, reply)
        return reply

    def _routed(self, exchange: Exchange, request: Request) -> Reply:
        if self.creates_at(request.path):
            is_listed = request.path == self._listing.path and self.variant.serves_objects
            if request.method == "GET" and is_listed:
                self._admit(exchange)
                return Reply(self._listing.status, self._listing.page(self.store, request.query_string), self._headers)
            if request.method != self.contract.method:
                return _not_allowed(*(["GET"] if is_listed else []), self.contract.method)
            if self.variant.body_before_key:
                self._check_syntax(request)
            self._admit(exchange)
            return self._create(exchange)
        if request.path == self.contract.data.served_at:
            return Reply(200, orjson.dumps(self.contract.document)) if request.method == "GET" else _not_allowed("GET")
        found = self._objects.at(request.path)
        if not found or not self.variant.serves_objects:
            return _NOT_FOUND
        if request.method not in found:
            return _not_allowed(*found)
        self._admit(exchange)
        return self._on_object(exchange, request.method, found[request.method].lower())

    def _admit(self, exchange: Exchange) -> None:
        reply = self.doorkeeper.refuses(exchange.request)
        for overrule in self._seams.admitted:
            reply = overrule(exchange, reply)
        if reply is not None:
            raise Refused(reply)

    def _on_object(self, exchange: Exchange, method: str, identifier: str) -> Reply:
        operation = self._objects.operations[method]
        call = exchange.call = self.store.get(identifier)
        if call is None:
            return _NOT_FOUND
        if method == "GET":
            return Reply(operation.status, call.response, self._headers)
        self.store.remove(identifier)
        return Reply(operation.status, b"", ())

    def _create(self, exchange: Exchange) -> Reply:
        reply = self._refused_body(exchange)
        for overrule in self._seams.accepted:
            reply = overrule(exchange, reply)
        if reply is not None:
            return reply
        body = self._inherit(exchange)
        # A body that nothing has changed need not be serialized again.
        kept = (exchange.request.body if body is exchange.sent else orjson.dumps(body)) or b"{}"
        identifier, response = self._writer.response(self._without_parent(exchange.query), body)
        call = exchange.call = self._changed(exchange, Call(identifier.lower(), kept, response))
        return self._created(call)

    def _changed(self, exchange: Exchange, call: Call) -> Call:
        """Return the call with its response as the faults change it."""
        if not self._seams.response:
            return call
        response = orjson.loads(call.response)
        for change in self._seams.response:
            response = change(exchange, response)
        identifier = self._writer.identifier.of(response) if self._writer.identifier else call.id
        return Call(identifier.lower(), call.body, self._writer.dumps(response))

    def _created(self, call: Call) -> Reply:
        """Store a call and return the reply that shows it."""
        self.store.put(call)
        return Reply(self._status, call.response, self._headers)

    def _refused_body(self, exchange: Exchange) -> Reply | None:
        """Parse and validate query and body; return the refusal, or None if both are valid."""
        try:
            self._check_envelope(exchange.request)
            exchange.query = self._queries.read(exchange.request.query_string)
            exchange.sent = self._json(exchange.request.body)
            exchange.body = exchange.merged = self._writer.settled(self._canonical(exchange))
            exchange.parent = self._inheritance.parent(exchange.query, self.store)
        except Refused as refused:
            return refused.reply
        except (Malformed, InvalidQuery) as error:
            return refusal(self.variant.invalid_body_status, str(error))
        except LookupError as error:
            return refusal(self.variant.unknown_parent_status, f"Parent call {error.args[0]} does not exist")
        return self._refused_conflict(exchange)

    def _refused_conflict(self, exchange: Exchange) -> Reply | None:
        """Return the refusal of a body that conflicts with its parent call, if this variant refuses such bodies."""
        if exchange.parent is None or self.variant.parent_conflict == "gives-way":
            return None
        conflicts = self._inheritance.conflicts(exchange.parent, exchange.body)
        return refusal(self.variant.invalid_body_status, "The body conflicts with its parent call.") if conflicts else None

    def _json(self, raw: bytes) -> Any:
        if not raw and not self.contract.request_required:
            return {}
        return json_of(raw)

    def _check_syntax(self, request: Request) -> None:
        try:
            self._json(request.body)
        except Malformed as error:
            raise Refused(refusal(self.variant.invalid_body_status, str(error))) from error

    def _canonical(self, exchange: Exchange) -> dict[str, Any]:
        plain = self._enforcer.is_plain(exchange.sent)
        body: Any = exchange.sent if plain else self._read(exchange.sent)
        # A contract may state no type for the body; other values than objects have no members.
        members: dict[str, Any] = body if isinstance(body, dict) else {}
        problem = self._enforcer.problem(exchange.query, members, plain=plain)
        if problem is not None:
            raise Refused(refusal(self.variant.invalid_body_status, problem))
        return members

    def _check_envelope(self, request: Request) -> None:
        if len(request.body) > self.variant.largest_body:
            raise Refused(refusal(413, "Request body is too large."))
        stated = request.headers.get(b"content-type")
        if stated is not None and not self._is_json(stated):
            raise Refused(refusal(415, f'Unsupported media type "{stated.decode("latin-1")}" in request.'))

    def _is_json(self, stated: bytes) -> bool:
        return stated == self._media_type or _type_of(stated) == self._media_type

    def _inherit(self, exchange: Exchange) -> dict[str, Any]:
        if exchange.parent is not None:
            body = exchange.body
            if self.variant.parent_objects == "merged":
                body = self._inheritance.in_depth(exchange.parent, body)
            exchange.merged = self._inheritance.merged(exchange.parent, body)
            for change in self._seams.inherited:
                exchange.merged = change(exchange, exchange.merged)
        return exchange.merged

    def _without_parent(self, query: dict[str, str]) -> dict[str, str]:
        """Return the query without the parent call, whose properties are in the body by now."""
        return {name: value for name, value in query.items() if name != self._inheritance.parameter} if query else query


def _own_keys(contract: Contract, keys: frozenset[str] | Mapping[str, str]) -> dict[str, str]:
    """Return the schemes that only one key is for, where the keys stand by the variables that hold them."""
    if not isinstance(keys, Mapping):
        return {}
    schemes = {each for alternative in contract.security for each in alternative}
    return {each.scheme: keys[contract.variable_of(each)] for each in schemes if contract.variable_of(each) in keys}


class Seams:
    """The functions of all faults, by the seam at which they are called."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.incoming = [fault.incoming for fault in faults if fault.incoming]
        self.admitted = [fault.admitted for fault in faults if fault.admitted]
        self.accepted = [fault.accepted for fault in faults if fault.accepted]
        self.inherited = [fault.inherited for fault in faults if fault.inherited]
        self.response = [fault.response for fault in faults if fault.response]
        self.reply = [fault.reply for fault in faults if fault.reply]


class _Objects:
    """The operations on one created object by method, each with the template of its path."""

    def __init__(self, contract: Contract) -> None:
        described = {"DELETE": contract.delete, "GET": contract.read}
        self.operations: dict[str, PathOperation] = {method: each for method, each in described.items() if each}
        self._templates = {method: PathTemplate(each.path) for method, each in self.operations.items()}

    def at(self, path: str) -> dict[str, str]:
        """Return the id in a path by each method that the path has; empty if it is that of no object."""
        found = {method: template.last_variable(path) for method, template in self._templates.items()}
        return {method: identifier for method, identifier in found.items() if identifier is not None}


_HEADERS: Headers = (
    (b"content-type", b"application/json; charset=utf-8"),
    (b"vary", b"Accept, Cookie"),
    (b"allow", b"GET, POST, HEAD, OPTIONS"),
)


def _type_of(media_type: bytes) -> bytes:
    """Return a media type without its parameters, in lower case (RFC 9110, 8.3.1)."""
    return media_type.partition(b";")[0].strip().lower()


def _of_type(contract: Contract, headers: Headers) -> Headers:
    """Return headers with the described content type, JSON's where none is described or a range that it is in."""
    if contract.is_described(JSON):
        return headers
    media_type = json_choice(contract.response_media_type or "") or JSON
    return ((b"content-type", media_type.encode()), *(each for each in headers if each[0] != b"content-type"))


def _not_allowed(*methods: str) -> Reply:
    return refusal(405, "Method not allowed.", (b"allow", ", ".join(methods).encode()))
