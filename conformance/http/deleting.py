"""Deleting what an earlier run has left, by the ids of its journal: nothing of the run itself is needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

import httpx

from conformance.http.client import USER_AGENT
from conformance.http.journal import Head
from conformance.http.json_body import json_of
from conformance.http.retry import retry_after
from conformance.http.target import Target
from conformance.http.tls import verification
from reports.record.key_forms import value_of

_ATTEMPTS = 6
_FIRST_WAIT = 0.25  # seconds; each further one is twice as long
_LONGEST_WAIT = 30.0
_GONE = frozenset({404, 410})


def deleted(
    head: Head, target: Target, identities: Iterable[str], sleep: Callable[[float], None] = time.sleep
) -> Iterator[tuple[str, str | None]]:
    """Delete objects one after the other; yield each id with the reason why it is still there, None where it is gone."""
    with _client(head, target) as client:
        for identity in identities:
            yield identity, _problem(client, _request(client, head, target, identity), sleep)


def lost(head: Head, target: Target, sleep: Callable[[float], None] = time.sleep) -> list[str] | None:
    """Return the ids of the objects with the tag of the run; None where nothing lists them."""
    if head.find is None:
        return None
    pages = head.find.pages()
    query, is_listed = next(pages), False
    with _client(head, target) as client:
        while True:
            request = client.build_request(
                "GET", target.url + head.find.path, params=[*query, *_credentials(head, target, "query")]
            )
            response, _ = _response(client, request, sleep)
            is_listed = is_listed or (response is not None and response.is_success)
            try:
                query = pages.send(json_of(response.content) if response is not None and response.is_success else None)
            except StopIteration as end:
                return list(end.value) if is_listed else None


def _client(head: Head, target: Target) -> httpx.Client:
    headers = [("user-agent", USER_AGENT), *target.headers, *_credentials(head, target, "header")]
    return httpx.Client(
        trust_env=False, proxy=target.proxy, verify=verification(target), timeout=target.timeout, headers=headers
    )


def _credentials(head: Head, target: Target, wanted: str) -> list[tuple[str, str]]:
    places = ((*where.partition(" ")[::2], form) for where, form in head.keys.items())
    return [(name, value_of(form, target.key, target.more_keys)) for place, name, form in places if place == wanted]


def _request(client: httpx.Client, head: Head, target: Target, identity: str) -> httpx.Request:
    front, _, rest = (head.delete or "").partition("{")
    url = target.url + front + quote(identity, safe="") + rest.partition("}")[2]
    return client.build_request("DELETE", url, params=tuple(_credentials(head, target, "query")) or None)


def _problem(client: httpx.Client, request: httpx.Request, sleep: Callable[[float], None]) -> str | None:
    return _response(client, request, sleep)[1]


def _response(
    client: httpx.Client, request: httpx.Request, sleep: Callable[[float], None]
) -> tuple[httpx.Response | None, str | None]:
    """Return the response that settles a request, sent again while none does, or None; and the problem with it."""
    response, problem, wait = None, None, 0.0
    for attempt in range(_ATTEMPTS):
        if attempt:
            sleep(min(wait, _LONGEST_WAIT))
        wait = _FIRST_WAIT * 2**attempt
        try:
            response = client.send(request)
        except httpx.HTTPError as error:
            problem = type(error).__name__
            continue
        if response.is_success or response.status_code in _GONE:
            return response, None
        problem = f"status {response.status_code}"
        wait = retry_after(response.headers.get("retry-after")) or wait
    return response, problem
