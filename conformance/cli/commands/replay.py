"""`replay`: send one exchange of a record again, and show both responses."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from dataclasses import replace

import httpx

from conformance.cli.command_error import CommandError
from conformance.cli.options import embedded_again, key_from, target_from
from conformance.embedded import EMULATOR_KEY
from conformance.http.client import spell_query
from conformance.http.redaction import redacted, spellings
from openapi.network import proxy_for
from reports.body_lines import printable
from reports.record.entries import Exchange, Header, Request, Response
from reports.record.key_forms import value_of
from reports.record.reader import RecordError, exchanges_of, header_of
from reports.redaction import REDACTED, is_secret
from reports.reproduce import MADE_UP_KEY


def main(options: argparse.Namespace) -> int:
    """Send the request of the exchange again; 0 if the status is the same, 1 if it is another, 3 without a response."""
    try:
        header = header_of(options.record)
        exchange = next((each for each in exchanges_of(options.record) if each.number == options.exchange), None)
    except RecordError as error:
        raise CommandError(str(error)) from error
    if exchange is None:
        raise CommandError(f"{options.record} holds no exchange {options.exchange}")
    with ExitStack() as stack:
        url, key = _where(options, header, stack)
        return _send(exchange, url, header.key_header, key)


def _where(options: argparse.Namespace, header: Header, stack: ExitStack) -> tuple[str, str]:
    if options.target is None and header.embedded:
        return stack.enter_context(embedded_again(header)), EMULATOR_KEY
    path = header.operation.partition(" ")[2]
    return target_from(options.target or header.target, path), key_from(options.key_file, header.key_variable)


def _send(exchange: Exchange, url: str, key_header: str, key: str) -> int:
    request = exchange.request
    if request.body is not None and request.body.endswith(" characters)") and "… (" in request.body[-40:]:
        raise CommandError(f"exchange {exchange.number}: its body was too long to be kept in the record")
    request = _with_key(request, key_header, key)
    try:
        with httpx.Client(timeout=30, trust_env=False, proxy=proxy_for(url)) as client:
            again = client.build_request(
                request.method,
                url + request.path,
                params=[(name, value) for name, value in request.query] or None,
                headers=[(name.encode(), value.encode()) for name, value in request.headers.items()],
                content=request.body.encode("utf-8", "surrogateescape") if request.body is not None else None,
            )
            if request.query_text is not None:
                spell_query(again, request.query_text)
            response = client.send(again)
    except httpx.HTTPError as error:
        print(f"no response from {url}: {redacted(str(error), spellings(key))}")
        return 3
    print(f"{request.method} {request.path}\n{printable(exchange.request.body or '')}\n")
    shown = printable(redacted(response.text, spellings(key)))
    print(f"then: {_reported(exchange.response)}\nnow:  {response.status_code} {shown}")
    return 0 if exchange.response is not None and exchange.response.status == response.status_code else 1


def _with_key(request: Request, key_header: str, key: str) -> Request:
    """Return the request with the key, or what the case makes of it, where the record holds neither."""
    headers = {name: value for name, value in request.headers.items() if not is_secret(name)}
    if request.key_forms:
        made = {where: value_of(form, key) for where, form in request.key_forms.items()}
        headers |= {where.removeprefix("header "): value for where, value in made.items() if where.startswith("header ")}
        query = [[name, made.get(f"query {name}", value)] for name, value in request.query]
        return replace(request, headers=headers, query=query)
    if request.key != "none":
        # Of an older record: what a case made of the key was not kept; a key that opens nothing stands for it.
        headers[key_header] = key if request.key == "own" else MADE_UP_KEY
    return replace(request, headers=headers, body=None if request.body is None else request.body.replace(REDACTED, key))


def _reported(response: Response | None) -> str:
    return "no response" if response is None else f"{response.status} {printable(response.body)}"
