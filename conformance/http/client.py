"""The client: one attempt to send a case over HTTP, on a connection that is kept alive."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

import httpx
from sniffio import current_async_library_cvar

from conformance.http.carried import carried
from conformance.http.exchange import HELD_BACK, LARGE, Exchange
from conformance.http.json_bounds import check_bounds
from conformance.http.keys import sent_with
from conformance.http.redaction import Redaction
from conformance.http.response_body import ACCEPTED, body_of
from conformance.http.run_tag import RunTag
from conformance.http.target import Target
from conformance.http.tls import verification
from openapi.contract import Contract
from openapi.hazards import built_in, found_in, names_in
from openapi.json_types import Json, tokens
from openapi.network import without_credentials
from reports.record.key_forms import Form, value_of
from strategies.case import Case, Key

QueryValue = str | int | float | bool | None  # what httpx takes for the value of a query parameter
USER_AGENT = "ultravox-conformance/0.1"
_ASK_AGAIN = 30.0  # seconds between two questions for another key
# How a server that has closed an idle connection shows, when the next request is written to it.
_STALE = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError, httpx.CloseError)


# What goes along with each request that does not set it itself, in this order.
_ALWAYS = (
    ("Connection", "keep-alive"),
    ("user-agent", USER_AGENT),
    ("accept", "application/json"),
    ("accept-encoding", ACCEPTED),
)


class Connection:
    """One connection: a transport by itself. A client of httpx would add cookies, redirects and a third of the time.

    `is_used` says that it has carried an exchange, so that the server may have closed it since.

    `was_stale` says that it was found closed, and the latest request sent again: the server may have carried it out before.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self.transport = transport
        self.is_used = False
        self.was_stale = False


class Client:
    """Sends cases to a target, each in one attempt. `transport` replaces the network."""

    def __init__(self, target: Target, contract: Contract, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.target, self.contract = target, contract
        self.started = time.monotonic()
        self._transport = transport
        self._url = httpx.URL(target.url + contract.path)  # parsed once
        self._context = verification(target)  # one for all connections: each takes longer to make than a small run
        self.run = secrets.token_hex(4)  # distinguishes the requests of one run from those of others, in the server's own log
        self.tag: RunTag | None = None
        self._key, self._asked = target.key, -_ASK_AGAIN
        self.redaction = Redaction.of_values(self._secrets(), secret_members(contract))
        self._hazards = {**built_in(), **names_in(contract.request)}
        self._idle: list[Connection] = []

    def join(self, other: Client) -> None:
        """Take part in the run of another client: its begin, and what distinguishes its requests."""
        self.started, self.run = other.started, other.run

    @property
    def elapsed(self) -> float:
        """Return the seconds since the client was made."""
        return time.monotonic() - self.started

    async def aclose(self) -> None:
        """Close all connections."""
        while self._idle:
            await self._idle.pop().transport.aclose()

    async def attempt(self, case: Case, number: int, *, fresh: bool = False) -> Exchange:
        """Return the exchange of a case, one that has an `error` where no whole response came.

        A connection that was kept alive may be closed by the server at any moment. A request that meets such a moment is sent
        once more at once, on a connection of its own. With `fresh` it is sent on a new connection in the first place.
        """
        hazard = await self._hazard(case.content) if case.content else None
        if hazard is not None:
            return self.held_back(case, number, hazard)
        exchange = await self._attempt(case, number, fresh=fresh)
        if exchange.status == httpx.codes.UNAUTHORIZED and case.key is Key.RIGHT and await self._has_fresh_key():
            return await self._attempt(case, number, fresh=fresh)
        return exchange

    async def _hazard(self, content: bytes) -> str | None:
        if len(content) > LARGE:
            return await asyncio.to_thread(found_in, content, self._hazards)
        return found_in(content, self._hazards)

    def held_back(self, case: Case, number: int, why: str) -> Exchange:
        """Return the exchange of a case that is not sent."""
        return self._exchange(case, number, time.monotonic(), error=f"{HELD_BACK}: {why}")

    async def _attempt(self, case: Case, number: int, *, fresh: bool) -> Exchange:
        connection = self._connection(fresh=fresh)
        try:
            begun = time.monotonic()
            try:
                status, headers, content = await self._sent(connection, case, number)
                error = None
            except TimeoutError:
                status, headers, content, error = 0, {}, b"", f"no whole response within {self.target.timeout:g} s"
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError) as problem:
                status, headers, content, error = 0, {}, b"", self._reported(problem)
            exchange = self._exchange(case, number, begun, status, headers, content, error)
            if exchange.is_large:
                await asyncio.to_thread(exchange.look_through)
            return replace(exchange, attempts=(0,)) if connection.was_stale else exchange
        finally:
            await self._give_back(connection, fresh=fresh)

    def _exchange(
        self,
        case: Case,
        number: int,
        begun: float,
        status: int = 0,
        headers: dict[str, str] | None = None,
        content: bytes = b"",
        error: str | None = None,
    ) -> Exchange:
        return Exchange(
            case=case,
            number=number,
            status=status,
            headers=headers or {},
            content=content,
            seconds=time.monotonic() - begun,
            at=begun - self.started,
            error=error,
            redaction=self.redaction.during(case),
            tag=self.tag,
            tagged=self.tagged(case),
        )

    def untagged(self, body: Json) -> Json:
        """Return a body as it is without the run tag."""
        return body if self.tag is None else self.tag.without(body)

    def tagged(self, case: Case) -> bytes | None:
        """Return the bytes of a case with the run tag; None where it is sent as it is."""
        return None if self.tag is None else self.tag.content(case, self.contract)

    async def _has_fresh_key(self) -> bool:
        """Return whether the source of the key has another one by now, which it is asked for seldom."""
        if self.target.fresh_key is None or time.monotonic() - self._asked < _ASK_AGAIN:
            return False
        self._asked = time.monotonic()
        key = await asyncio.to_thread(self.target.fresh_key)
        if key == self._key:
            return False
        self._key = key
        self.redaction = Redaction.of_values(self._secrets(), self.redaction.members)
        return True

    def _secrets(self) -> Iterator[str]:
        """Yield the values that nothing may show, the first credential first, and passwords without their users."""
        has_passwords = any(each.is_basic for alternative in self.contract.security for each in alternative)
        for key in (self.target.key, self._key, *self.target.more_keys.values()):
            yield key
            if has_passwords:
                yield key.partition(":")[2]
        yield from self.target.secrets

    async def _sent(self, connection: Connection, case: Case, number: int) -> tuple[int, dict[str, str], bytes]:
        connection.was_stale = False
        current_async_library_cvar.set("asyncio")  # or httpx finds it out at every step of a request, some fifty times
        async with asyncio.timeout(self.target.timeout):
            try:
                received = await self._received(connection, case, number)
            except _STALE:
                if not connection.is_used:
                    raise
                connection.was_stale = True
                received = await self._received(connection, case, number)  # httpx has dropped the stale one
            connection.is_used = True
            return received

    async def _received(self, connection: Connection, case: Case, number: int) -> tuple[int, dict[str, str], bytes]:
        response = await connection.transport.handle_async_request(self.request(case, number))
        connection.is_used = False  # a response that is cut off was under way: it is no stale connection that fails
        content = await body_of(response)
        await asyncio.to_thread(check_bounds, content) if len(content) > LARGE else check_bounds(content)
        return response.status_code, dict(response.headers.items()), content

    def _connection(self, *, fresh: bool) -> Connection:
        # httpx is at its quickest with one connection a transport: its pool is searched at every request.
        if self._idle and not fresh:
            return self._idle.pop()
        # It has no timeout: there is one for the whole exchange.
        made = self._transport or httpx.AsyncHTTPTransport(
            verify=self._context,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
            trust_env=False,
            proxy=self.target.proxy,
        )
        return Connection(made)

    async def _give_back(self, connection: Connection, *, fresh: bool) -> None:
        if not fresh:
            self._idle.append(connection)
        elif self._transport is None:  # another transport serves all connections
            with suppress(httpx.HTTPError):
                await connection.transport.aclose()

    def _reported(self, problem: Exception) -> str:
        """Return the problem in words, which may quote a header that was sent."""
        return self.redaction.text(f"{type(problem).__name__}: {without_credentials(str(problem))}".removesuffix(": "))

    def request(self, case: Case, number: int = 0) -> httpx.Request:
        """Return the HTTP request of a case, which is numbered where the target wants that."""
        content = self.tagged(case) or case.content
        added_headers, added_query = carried(self.contract, case)
        headers = list(case.headers)
        for name, value in (*self.target.headers, *added_headers):
            if name.lower() not in {each.lower() for each, _ in headers}:
                headers.append((name, value))
        if self.target.correlation:
            headers.append((self.target.correlation, f"{self.run}-{number}"))
        if content is not None and not any(name.lower() == "content-type" for name, _ in headers):
            headers.append(("Content-Type", self.contract.media_type))
        query: list[tuple[str, QueryValue]] = [*case.query, *added_query]
        _add_keys(sent_with(self.contract, case), (self._key, self.target.more_keys), headers, query)
        named = {name.lower() for name, _ in headers}
        headers = [*(each for each in _ALWAYS if each[0].lower() not in named), *headers]
        request = httpx.Request(
            case.method or self.contract.method,
            self._url if case.path is None else self.target.url + case.path,
            params=query or None,
            headers=[(name.encode(), value.encode()) for name, value in headers],
            content=content,
        )
        if "transfer-encoding" in request.headers:  # RFC 9112, 6.2: no length beside it
            del request.headers["content-length"]
        if case.query_text is not None:
            with_key = str(httpx.QueryParams(query[len(case.query) :]))
            spell_query(request, "&".join(filter(None, (case.query_text, with_key))))
        return request


def secret_members(contract: Contract) -> tuple[str, ...]:
    """Return the names of the members of responses whose values are secret."""
    return tuple(tokens(each)[-1] for each in contract.data.created.secret)


def _add_keys(
    forms: Mapping[str, Form],
    keys: tuple[str, Mapping[str, str]],
    headers: list[tuple[str, str]],
    query: list[tuple[str, QueryValue]],
) -> None:
    """Add credentials. Cookies join those that are there: RFC 6265, 5.4, wants one header of them."""
    for where, form in forms.items():
        place, _, name = where.partition(" ")
        value = value_of(form, *keys)
        if place == "query":
            query.append((name, value))
            continue
        at = next((index for index, each in enumerate(headers) if name == each[0] == "Cookie"), None)
        if at is None:
            headers.append((name, value))
        else:
            headers[at] = (name, f"{headers[at][1]}; {value}")


def spell_query(request: httpx.Request, text: str) -> None:
    """Spell the request's query like this: httpx has one spelling of its own, so it goes past it, as HTTP's target."""
    request.extensions["target"] = request.url.raw_path.partition(b"?")[0] + b"?" + text.encode()
