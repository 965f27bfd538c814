"""Deleting what an earlier run has left, by the ids of its journal: nothing of the run itself is needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

import httpx

from conformance.http.client import USER_AGENT
from conformance.http.journal import Head
from conformance.http.retry import retry_after
from conformance.http.target import Target

_ATTEMPTS = 6
_FIRST_WAIT = 0.25  # seconds; each further one is twice as long
_LONGEST_WAIT = 30.0
_GONE = frozenset({404, 410})


def deleted(
    head: Head, target: Target, identities: Iterable[str], sleep: Callable[[float], None] = time.sleep
) -> Iterator[tuple[str, str | None]]:
    """Delete objects one after the other; yield each id with the reason why it is still there, None where it is gone."""
    with httpx.Client(trust_env=False, proxy=target.proxy, timeout=target.timeout, headers=_headers(head, target)) as client:
        for identity in identities:
            yield identity, _problem(client, _request(client, head, target, identity), sleep)


def _headers(head: Head, target: Target) -> list[tuple[str, str]]:
    headers = [("user-agent", USER_AGENT), *target.headers]
    name, location = head.key or ("", "")
    return [*headers, *{"header": [(name, target.key)], "cookie": [("Cookie", f"{name}={target.key}")]}.get(location, [])]


def _request(client: httpx.Client, head: Head, target: Target, identity: str) -> httpx.Request:
    front, _, rest = (head.delete or "").partition("{")
    url = target.url + front + quote(identity, safe="") + rest.partition("}")[2]
    in_query = {head.key[0]: target.key} if head.key is not None and head.key[1] == "query" else None
    return client.build_request("DELETE", url, params=in_query)


def _problem(client: httpx.Client, request: httpx.Request, sleep: Callable[[float], None]) -> str | None:
    problem, wait = "", 0.0
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
            return None
        problem = f"status {response.status_code}"
        wait = retry_after(response.headers.get("retry-after")) or wait
    return problem
