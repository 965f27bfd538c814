"""`replay`: send one exchange of a record again, and say what is different now."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import httpx

from conformance.cli.command_error import CommandError
from conformance.cli.credentials import key_from, keys_in
from conformance.cli.options import contract_again, embedded_again, target_from
from conformance.embedded import EMULATOR_KEY
from conformance.http.client import secret_members, spell_query
from conformance.http.redaction import Redaction
from openapi.network import proxy_for
from reports.exit_status import ExitStatus
from reports.record.entries import Exchange, Failure, Header, Request, Response
from reports.record.key_forms import Keys, value_of
from reports.record.reader import RecordError, exchanges_of, header_of, read_run
from reports.redaction import REDACTED, is_secret
from reports.replayed import replayed
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
        hidden = Redaction.of_values([keys[0], *keys[1].values()], secret_members(contract_again(header)))
        now = _send(exchange, url, header.credentials, keys, hidden)
    if now is None:
        return ExitStatus.UNJUDGED
    failures = _failures(options.record, exchange.number)
    print(*replayed(exchange, now, failures), sep="\n")
    return ExitStatus.DONE if exchange.response and exchange.response.status == now.status else ExitStatus.FAILS


def _failures(record: Path, number: int) -> dict[str, Failure]:
    """Return the failures that an exchange shows, by rule."""
    try:
        verdicts = read_run(record).verdicts
    except RecordError as error:
        raise CommandError(str(error)) from error
    return {rule: each for rule, verdict in verdicts.items() for each in verdict.failures if each.exchange == number}


def _where(options: argparse.Namespace, header: Header, stack: ExitStack) -> tuple[str, _Keys]:
    """Return the URL of the target with its credentials: the first one, and the others by variable."""
    if options.target is None and header.embedded:
        url, keys = stack.enter_context(embedded_again(header))
        return url, (keys.get(header.key_variable, EMULATOR_KEY), keys)
    path = header.operation.partition(" ")[2]
    key = key_from(options.key_file, header.key_variable)
    return target_from(options.target or header.target, path), (key, keys_in(header.credentials.forms))


def _send(exchange: Exchange, url: str, credentials: Keys, keys: _Keys, hidden: Redaction) -> Response | None:
    """Return the response to the same request, without secrets; None, and a line on why, where none came."""
    request = exchange.request
    if request.body is not None and request.body.endswith(" characters)") and "… (" in request.body[-40:]:
        raise CommandError(f"exchange {exchange.number}: its body was too long to be kept in the record")
    request = _with_keys(request, credentials, keys)
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
        print(f"no response from {url}: {hidden.text(str(error))}")
        return None
    return Response(status=response.status_code, body=hidden.text(response.text, hidden.values_in(response.content)))


def _with_keys(request: Request, credentials: Keys, keys: _Keys) -> Request:
    """Return the request with its credentials, or what the case makes of them, which the record does not hold."""
    made = {where: value_of(form, *keys) for where, form in forms_of(request, credentials).items()}
    headers = {name: value for name, value in request.headers.items() if not is_secret(name)}
    headers |= {where.removeprefix("header "): value for where, value in made.items() if where.startswith("header ")}
    query = [[name, made.pop(f"query {name}", value)] for name, value in request.query]
    query += [[where.removeprefix("query "), value] for where, value in made.items() if where.startswith("query ")]
    body = None if request.body is None else request.body.replace(REDACTED, keys[0])
    return replace(request, headers=headers, query=query, body=body)
