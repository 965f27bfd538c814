"""The client: sends cases over HTTP, many at a time against one shared rate limit, and hands back exchanges in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http.cookiejar import CookieJar

import httpx

from conformance.http.exchange import Exchange
from conformance.http.key_watch import REFUSED
from conformance.http.rate_limit import RETRIED, RateLimit, wait_before_retry
from conformance.http.redaction import redacted, spellings
from conformance.http.reordering import Ahead, Body, InOrder
from conformance.http.response_body import ACCEPTED, body_of
from openapi.contract import ApiKey, Contract
from strategies.case import Case, Key

QueryValue = str | int | float | bool | None  # what httpx takes for the value of a query parameter
USER_AGENT = "ultravox-conformance/0.1"
_URGENT = RETRIED | REFUSED  # statuses of answers after which nothing more may be sent
_GRACE = 5.0  # seconds for what is in flight when the run is interrupted: what it creates is to be known, and deleted


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
        """Leaves all where they are."""


class Client:
    """Sends cases to a target. A context manager; one event loop and its connections live as long as it does."""

    def __init__(self, target: Target, contract: Contract, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.target, self.contract = target, contract
        self.sent = 0
        self.started = time.monotonic()
        # What to send right behind an exchange, if anything: a created call is deleted before it takes up a slot.
        self.follow_up: Callable[[Exchange], Case | None] = lambda _exchange: None
        self.followed: Callable[[Exchange], None] = lambda _exchange: None
        self._transport = transport
        self._url = httpx.URL(target.url + contract.path)  # parsed once
        self._rate_limit = RateLimit(target.rate)
        self._runner = asyncio.Runner()
        self._clients: list[httpx.AsyncClient] = []
        self._answered: InOrder
        self._cases: Ahead
        self._ending = False

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            for client in self._clients:
                self._runner.run(client.aclose())
        finally:
            self._runner.close()

    @property
    def elapsed(self) -> float:
        """Seconds since the client was made."""
        return time.monotonic() - self.started

    def send(self, case: Case) -> Exchange:
        """The exchange of one case."""
        return next(iter(self.send_all([case])))

    def send_all(self, cases: Iterable[Case], handle: Callable[[Exchange], None] | None = None) -> list[Exchange]:
        """The exchanges of many cases, in the order of the cases, whatever the order of the answers.

        With `handle`, each is handed over as soon as those before it are, and nothing is kept or returned.
        """
        kept: list[Exchange] = []
        try:
            self._runner.run(self._send_all(iter(cases), handle or kept.append))
        except KeyboardInterrupt:
            self._abandon()
            raise
        return kept

    def _abandon(self) -> None:
        """Ends what is in flight: an interruption may come between two steps of the event loop."""
        loop = self._runner.get_loop()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))

    async def _send_all(self, cases: Iterator[Case], handle: Callable[[Exchange], None]) -> None:
        tasks: list[asyncio.Task[None]] = []

        def end() -> None:
            for task in tasks:
                task.cancel()

        self._answered = InOrder(handle, self.sent + 1, end)
        self._cases = Ahead(cases)
        self._ending = False
        tasks += [asyncio.ensure_future(self._work(client)) for client in self._connections()]
        try:
            # Unlike gathering, waiting ends what is waited for neither at an error nor at an interruption.
            await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
            await asyncio.gather(*tasks)
        except BaseException as problem:
            if isinstance(problem, asyncio.CancelledError) and self._answered.failure is None:
                self._ending = True
                await asyncio.wait(tasks, timeout=_GRACE)
            end()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._answered.hand_over_rest()  # whatever came, what was answered is seen
            if self._answered.failure is not None:
                raise self._answered.failure from None
            raise
        finally:
            self._answered.close()

    async def _work(self, client: httpx.AsyncClient) -> None:
        """Sends one case after the other. Where it is alone, an answer is handed over while the next request is under way."""
        answered = self._answered
        for case in self._cases:
            self.sent += 1
            exchange = await self._exchange(client, case, self.sent)
            if self._is_alone:
                answered.hand_over()
            answered.add(exchange)
            following = None if self._ending else self.follow_up(exchange)
            if following is not None:
                self.followed(await self._exchange(client, following, 0))
            if exchange.error is not None or exchange.status in _URGENT:
                answered.hand_over()  # this may be the last that is sent
            elif not self._is_alone:
                answered.hand_over_soon()
            if self._ending or answered.failure is not None:
                return
        answered.hand_over()

    def _connections(self) -> list[httpx.AsyncClient]:
        # httpx is at its quickest with one connection a client: its pool is searched at every request.
        if self._clients:
            return self._clients
        # One context for all: each takes longer to make than the requests of a small run, and http needs none.
        context = httpx.create_ssl_context() if self.target.url.startswith("https:") else False
        while len(self._clients) < self.target.concurrency:
            self._clients.append(
                httpx.AsyncClient(
                    transport=self._transport,
                    verify=context,
                    timeout=None,  # noqa: S113 - there is one for the whole exchange
                    limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
                    follow_redirects=False,
                    trust_env=False,
                    proxy=None if self._transport else self.target.proxy,
                    headers={"user-agent": USER_AGENT, "accept": "application/json", "accept-encoding": ACCEPTED},
                    cookies=_NoCookies(),
                )
            )
        return self._clients

    async def _exchange(self, client: httpx.AsyncClient, case: Case, number: int) -> Exchange:
        attempts: list[int] = []
        while True:
            if self._rate_limit.gap:
                self._answered.hand_over()  # there is time for it
                await self._rate_limit.turn()
            if self._ending:
                raise asyncio.CancelledError
            begun = time.monotonic()
            exchange = await self._once(client, case, number, begun, tuple(attempts))
            wait = wait_before_retry(exchange, len(attempts), self.target.retries)
            if wait is None:
                return exchange
            attempts.append(exchange.status)
            self._rate_limit.hold(wait)
            await asyncio.sleep(wait)

    async def _once(
        self, client: httpx.AsyncClient, case: Case, number: int, begun: float, attempts: tuple[int, ...]
    ) -> Exchange:
        try:
            async with asyncio.timeout(self.target.timeout):
                request = self.request(case, client)
                request.stream = Body(request.content, self._meanwhile)
                response = await client.send(request, stream=True)
                content = await body_of(response)
            status, headers, error = response.status_code, dict(response.headers.items()), None
        except TimeoutError:
            content, status, headers, error = b"", 0, {}, f"no whole answer within {self.target.timeout:g} s"
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError) as problem:
            content, status, headers, error = b"", 0, {}, self._reported(problem)
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
            attempts=attempts,
        )

    @property
    def _is_alone(self) -> bool:
        """Whether nothing else is under way beside a request: then there is time while it is."""
        return self.target.concurrency == 1

    def _meanwhile(self) -> None:
        """What is to be done while a request is under way: the answers before it, and then the case after it."""
        if self._is_alone:
            self._answered.hand_over()
        if self._answered.failure is None and not self._ending:
            self._cases.prepare()

    def _reported(self, problem: Exception) -> str:
        """The problem in words, which may quote a header that was sent."""
        return redacted(f"{type(problem).__name__}: {problem}".removesuffix(": "), spellings(self.target.key))

    def request(self, case: Case, client: httpx.AsyncClient) -> httpx.Request:
        """The HTTP request of a case."""
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
    """Has the request's query spelled like this: httpx has one spelling of its own, so it goes past it, as HTTP's target."""
    request.extensions["target"] = request.url.raw_path.partition(b"?")[0] + b"?" + text.encode()
