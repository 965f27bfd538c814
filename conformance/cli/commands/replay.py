"""`replay`: send exchanges of a record again, and say whether their failures still are some."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TypeAlias

import httpx

from conformance.cli.command_error import CommandError
from conformance.cli.commands.report import record_at
from conformance.cli.credentials import key_from, keys_in
from conformance.cli.options import contract_again, embedded_again, target_from
from conformance.embedded import EMULATOR_KEY
from conformance.http.client import secret_members, spell_query
from conformance.http.redaction import Redaction
from openapi.network import proxy_for
from reports.exchanges.normal_form import NormalForm
from reports.exit_status import ExitStatus
from reports.reasons import reason_of
from reports.record.entries import Exchange, Failure, Header, Request, Response
from reports.record.key_forms import Keys, value_of
from reports.record.reader import RecordError, exchanges_of, read_run
from reports.record.recorded_run import Run
from reports.redaction import REDACTED, is_secret
from reports.replayed import exit_status, replayed
from reports.reproduce import forms_of
from reports.spoken import runs_by_description

_Keys: TypeAlias = tuple[str, Mapping[str, str]]
_MOST = 5  # exchanges of a rule that did not fail


def main(options: argparse.Namespace) -> int:
    """Send the exchanges again; return 1 if a failure is still one, 0 if none is, 3 if that is left to a run."""
    record = record_at(options.record)
    try:
        run = read_run(record)
        header = run.header
        failures = _failures(run)
        exchanges = _named(options, record, run)
        form = NormalForm.of(header, exchanges_of(record))
    except RecordError as error:
        raise CommandError(str(error)) from error
    statuses: list[int] = []
    with ExitStack() as stack:
        needs_key = any(forms_of(each.request, header.credentials) for each in exchanges)
        url, keys = _where(options, header, stack, needs_key=needs_key)
        for line in _servers(options, header, url):
            print(line)
        hidden = Redaction.of_values([keys[0], *keys[1].values()], secret_members(contract_again(header)))
        for exchange in exchanges:
            shown = failures.get(exchange.number, {})
            now = _send(exchange, url, header.credentials, keys, hidden)
            statuses.append(ExitStatus.UNJUDGED if now is None else exit_status(exchange, now, shown))
            if now is not None:
                print(f"exchange {exchange.number}", *replayed(exchange, now, shown, form), sep="\n")
    return next((each for each in (ExitStatus.FAILS, ExitStatus.UNJUDGED) if each in statuses), ExitStatus.DONE)


def _named(options: argparse.Namespace, record: Path, run: Run) -> list[Exchange]:
    """Return the exchange of this number, or those that show the verdict on the rule; without both, those of all failures.

    CommandError where there is none.
    """
    if options.rule is None and options.exchange is None:
        numbers = _failures(run).keys() & run.exchanges.keys()
        if not numbers:
            raise CommandError(f"{record}: no rule failed in this run; --rule RULE or --exchange N chooses what to send again")
        return [run.exchanges[number] for number in sorted(numbers)]
    if options.rule is None:
        found = [each for each in exchanges_of(record) if each.number == options.exchange]
        if not found:
            raise CommandError(f"{record} holds no exchange {options.exchange}")
        return found[:1]
    runs = runs_by_description(run).values()
    verdicts = [each.verdicts[options.rule] for each in runs if options.rule in each.verdicts]
    if not verdicts:
        near = get_close_matches(options.rule, {rule for each in runs for rule in each.verdicts}, n=3)
        raise CommandError(f"--rule {options.rule}: {record} has no such rule" + (f"; near: {', '.join(near)}" if near else ""))
    numbers = {failure.exchange for verdict in verdicts for failure in verdict.failures}
    numbers = numbers or {number for verdict in verdicts for number in verdict.exchanges[:_MOST]}
    if not numbers:
        raise CommandError(f"--rule {options.rule}: {record} names no exchange of it; {reason_of(verdicts[0])}")
    return [run.exchanges[number] for number in sorted(numbers & run.exchanges.keys())]


def _failures(run: Run) -> dict[int, dict[str, Failure]]:
    """Return the failures by the exchange that shows them, and by rule; of two descriptions with the name of each."""
    found: dict[int, dict[str, Failure]] = {}
    for name, judged in runs_by_description(run).items():
        for rule, verdict in judged.verdicts.items():
            for failure in verdict.failures:
                found.setdefault(failure.exchange, {})[f"{rule}, under {name}" if name else rule] = failure
    return found


def _servers(options: argparse.Namespace, header: Header, url: str) -> Iterator[str]:
    """Yield a line on the server, where it is not the one of the record."""
    if options.target is None and header.embedded:
        faults = "".join(f" --fault {each}" for each in header.options.get("fault") or [])
        yield f"the embedded emulator, started again{' with' + faults if faults else ''}"
    elif url.rstrip("/") != header.target.rstrip("/"):
        yield f"another server: {url}; the record is of {'the embedded emulator' if header.embedded else header.target}"


def _where(options: argparse.Namespace, header: Header, stack: ExitStack, *, needs_key: bool) -> tuple[str, _Keys]:
    """Return the URL of the target with its credentials: the first one, and the others by variable."""
    if options.target is None and header.embedded:
        url, keys = stack.enter_context(embedded_again(header))
        return url, (keys.get(header.key_variable, EMULATOR_KEY), keys)
    path = header.operation.partition(" ")[2]
    if not needs_key:
        return target_from(options.target or header.target, path), ("", {})
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
    return Response(
        status=response.status_code,
        headers={name: hidden.text(value) for name, value in response.headers.items() if name == "server"},
        body=hidden.text(response.text, hidden.values_in(response.content)),
    )


def _with_keys(request: Request, credentials: Keys, keys: _Keys) -> Request:
    """Return the request with its credentials, or what the case makes of them, which the record does not hold."""
    made = {where: value_of(form, *keys) for where, form in forms_of(request, credentials).items()}
    headers = {name: value for name, value in request.headers.items() if not is_secret(name)}
    headers |= {where.removeprefix("header "): value for where, value in made.items() if where.startswith("header ")}
    query = [[name, made.pop(f"query {name}", value)] for name, value in request.query]
    query += [[where.removeprefix("query "), value] for where, value in made.items() if where.startswith("query ")]
    body = None if request.body is None else request.body.replace(REDACTED, keys[0])
    return replace(request, headers=headers, query=query, body=body)
