"""`replay`: send one exchange of a record again, and show both responses."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import TypeAlias

import httpx

from conformance.cli.command_error import CommandError
from conformance.cli.credentials import key_from, keys_in
from conformance.cli.options import embedded_again, target_from
from conformance.embedded import EMULATOR_KEY
from conformance.http.client import spell_query
from conformance.http.redaction import Secret, redacted, spellings
from openapi.network import proxy_for
from reports.body_lines import printable
from reports.exit_status import ExitStatus
from reports.record.entries import Exchange, Header, Request, Response
from reports.record.key_forms import Keys, value_of
from reports.record.reader import RecordError, exchanges_of, header_of
from reports.redaction import REDACTED, is_secret
from reports.reproduce import forms_of

_Keys: TypeAlias = tuple[str, Mapping[str, str]]


def main(options: argparse.Namespace) -> int:
    """Send the request of the exchange again; return 0 if the status is the same, 1 if another, 3 without a response."""
    try:
        header = header_of(options.record)
        exchange = next((each for each in exchanges_of(options.record) if each.number == options.exchange), None)
    except RecordError as error:
        raise CommandError(str(error)) from error
    if exchange is None:
        raise CommandError(f"{options.record} holds no exchange {options.exchange}")
    with ExitStack() as stack:
        url, keys = _where(options, header, stack)
        return _send(exchange, url, header.credentials, keys)


def _where(options: argparse.Namespace, header: Header, stack: ExitStack) -> tuple[str, _Keys]:
    """Return the URL of the target with its credentials: the first one, and the others by variable."""
    if options.target is None and header.embedded:
        url, keys = stack.enter_context(embedded_again(header))
        return url, (keys.get(header.key_variable, EMULATOR_KEY), keys)
    path = header.operation.partition(" ")[2]
    key = key_from(options.key_file, header.key_variable)
    return target_from(options.target or header.target, path), (key, keys_in(header.credentials.forms))


def _send(exchange: Exchange, url: str, credentials: Keys, keys: _Keys) -> int:
    request = exchange.request
    if request.body is not None and request.body.endswith(" characters)") and "… (" in request.body[-40:]:
        raise CommandError(f"exchange {exchange.number}: its body was too long to be kept in the record")
    request, secrets = _with_keys(request, credentials, keys), _spellings(keys)
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
        print(f"no response from {url}: {redacted(str(error), secrets)}")
        return ExitStatus.UNJUDGED
    print(f"{request.method} {request.path}\n{printable(exchange.request.body or '')}\n")
    shown = printable(redacted(response.text, secrets))
    print(f"then: {_reported(exchange.response)}\nnow:  {response.status_code} {shown}")
    is_same = exchange.response is not None and exchange.response.status == response.status_code
    return ExitStatus.DONE if is_same else ExitStatus.FAILS


def _with_keys(request: Request, credentials: Keys, keys: _Keys) -> Request:
    """Return the request with its credentials, or what the case makes of them, which the record does not hold."""
    made = {where: value_of(form, *keys) for where, form in forms_of(request, credentials).items()}
    headers = {name: value for name, value in request.headers.items() if not is_secret(name)}
    headers |= {where.removeprefix("header "): value for where, value in made.items() if where.startswith("header ")}
    query = [[name, made.pop(f"query {name}", value)] for name, value in request.query]
    query += [[where.removeprefix("query "), value] for where, value in made.items() if where.startswith("query ")]
    body = None if request.body is None else request.body.replace(REDACTED, keys[0])
    return replace(request, headers=headers, query=query, body=body)


def _spellings(keys: _Keys) -> tuple[Secret, ...]:
    return tuple(each for key in (keys[0], *keys[1].values()) for each in spellings(key))


def _reported(response: Response | None) -> str:
    return "no response" if response is None else f"{response.status} {printable(response.body)}"
