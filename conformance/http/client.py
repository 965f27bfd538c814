"""The client: one attempt to send a case over HTTP, on a connection that is kept alive."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar

import httpx

from conformance.http.exchange import Exchange
from conformance.http.redaction import redacted, spellings
from conformance.http.response_body import ACCEPTED, body_of
from openapi.contract import ApiKey, Contract
from strategies.case import Case, Key

QueryValue = str | int | float | bool | None  # what httpx takes for the value of a query parameter
USER_AGENT = "ultravox-conformance/0.1"
# How a server that has closed an idle connection shows, when the next request is written to it.
_STALE = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError, httpx.CloseError)


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where requests go: `url` without a trailing slash; `key` is never shown. Times in seconds, `rate` per second.

    `proxy` is the URL of the proxy on the way, which may hold a password.
    """

    url: str
    key: str = field(repr=False)
    concurrency: int = 8
    rate: float | None = None
    timeout: float = 30.0
    retries: int = 3
    proxy: str | None = field(default=None, repr=False)


class _NoCookies(CookieJar):
    """Takes none: no request is let in because of a cookie that another one got. A policy that says so takes longer."""

    def extract_cookies(self, response: object, request: object) -> None:
        """Leave all where they are."""


class Connection:
    """One connection. `is_used` says that it has carried an exchange, so that the server may have closed it since."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.is_used = False


class Client:
    """Sends cases to a target, each in one attempt. `transport` replaces the network."""

    def __init__(self, target: Target, contract: Contract, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.target, self.contract = target, contract
        self.started = time.monotonic()
        self._transport = transport
        self._url = httpx.URL(target.url + contract.path)  # parsed once
        # One context for all: each takes longer to make than the requests of a small run, and http needs none.
        self._context = httpx.create_ssl_context() if target.url.startswith("https:") else False
        self._idle: list[Connection] = []

    @property
    def elapsed(self) -> float:
        """Seconds since the client was made."""
        return time.monotonic() - self.started

    async def aclose(self) -> None:
        """Close all connections."""
        while self._idle:
            await self._idle.pop().client.aclose()

    async def attempt(self, case: Case, number: int, *, fresh: bool = False) -> Exchange:
        """Return the exchange of a case, one that has an `error` where no whole response came.

        A connection that was kept alive may be closed by the server at any moment. A request that meets such a moment is sent
        once more at once, on a connection of its own. With `fresh` it is sent on a new connection in the first place.
        """
        connection = self._connection(fresh=fresh)
        try:
            begun = time.monotonic()
            try:
                status, headers, content = await self._sent(connection, case)
                error = None
            except TimeoutError:
                status, headers, content, error = 0, {}, b"", f"no whole response within {self.target.timeout:g} s"
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError) as problem:
                status, headers, content, error = 0, {}, b"", self._reported(problem)
            now = time.monotonic()
            return Exchange(
                case=case,
                number=number,
                status=status,
                headers=headers,
                content=content,
                seconds=now - begun,
                at=begun - self.started,
                error=error,
            )
        finally:
            await self._give_back(connection, fresh=fresh)

    async def _sent(self, connection: Connection, case: Case) -> tuple[int, dict[str, str], bytes]:
        async with asyncio.timeout(self.target.timeout):
            try:
                received = await self._received(connection, case)
            except _STALE:
                if not connection.is_used:
                    raise
                received = await self._received(connection, case)  # httpx has dropped the stale one
            connection.is_used = True
            return received

    async def _received(self, connection: Connection, case: Case) -> tuple[int, dict[str, str], bytes]:
        response = await connection.client.send(self.request(case, connection.client), stream=True)
        connection.is_used = False  # a response that is cut off was under way: it is no stale connection that fails
        content = await body_of(response)
        return response.status_code, dict(response.headers.items()), content

    def _connection(self, *, fresh: bool) -> Connection:
        # httpx is at its quickest with one connection a client: its pool is searched at every request.
        if self._idle and not fresh:
            return self._idle.pop()
        client = httpx.AsyncClient(
            transport=self._transport,
            verify=self._context,
            timeout=None,  # noqa: S113 - there is one for the whole exchange
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
            follow_redirects=False,
            trust_env=False,
            proxy=None if self._transport else self.target.proxy,
            headers={"user-agent": USER_AGENT, "accept": "application/json", "accept-encoding": ACCEPTED},
            cookies=_NoCookies(),
        )
        return Connection(client)

    async def _give_back(self, connection: Connection, *, fresh: bool) -> None:
        if not fresh:
            self._idle.append(connection)
        elif self._transport is None:  # another transport serves all connections
            with suppress(httpx.HTTPError):
                await connection.client.aclose()

    def _reported(self, problem: Exception) -> str:
        """Return the problem in words, which may quote a header that was sent."""
        return redacted(f"{type(problem).__name__}: {problem}".removesuffix(": "), spellings(self.target.key))

    def request(self, case: Case, client: httpx.AsyncClient) -> httpx.Request:
        """Return the HTTP request of a case."""
        content = case.content
        headers = [(name, value) for name, value in case.headers]
        if content is not None and not any(name.lower() == "content-type" for name, _ in headers):
            headers.append(("Content-Type", self.contract.media_type))
        query: list[tuple[str, QueryValue]] = list(case.query)
        if case.key is Key.RIGHT:
            for key in self.contract.keys[:1]:
                _add_key(key, self.target.key, headers, query)
        request = client.build_request(
            case.method or self.contract.method,
            self._url if case.path is None else self.target.url + case.path,
            params=query or None,
            headers=[(name.encode(), value.encode()) for name, value in headers],
            content=content,
        )
        if case.query_text is not None:
            with_key = str(httpx.QueryParams(query[len(case.query) :]))
            spell_query(request, "&".join(filter(None, (case.query_text, with_key))))
        return request


def _add_key(key: ApiKey, value: str, headers: list[tuple[str, str]], query: list[tuple[str, QueryValue]]) -> None:
    if key.location == "header":
        headers.append((key.name, value))
    elif key.location == "query":
        query.append((key.name, value))
    else:
        headers.append(("Cookie", f"{key.name}={value}"))


def spell_query(request: httpx.Request, text: str) -> None:
    """Spell the request's query like this: httpx has one spelling of its own, so it goes past it, as HTTP's target."""
    request.extensions["target"] = request.url.raw_path.partition(b"?")[0] + b"?" + text.encode()
