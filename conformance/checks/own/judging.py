"""Apply checks of one's own to an exchange. One that raises says nothing about the server: its rule becomes an error."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path as File

from conformance.checks.finding import CheckResult, Finding
from conformance.http.exchange import NOT_JSON, Exchange
from openapi.catalogue import Catalogue
from openapi.own_checks import About, Observed, OwnCheck
from strategies.case import NO_BODY, Side

SIDE = "check"


def apply(catalogue: Catalogue, exchange: Exchange, check_result: CheckResult) -> None:
    """Add to the result what the user's checks say of an exchange that got a response."""
    for check in catalogue.own:
        if not _is_on(check, catalogue, exchange):
            continue
        observed = observed_of(exchange)  # anew for each: a check may change what it gets
        rule = check.rule
        try:
            if check.when is not None and not check.when(observed):
                continue
            problems = check(observed)
        except (Exception, SystemExit) as error:
            check_result.raised[rule.id] = raised_at(error, check.file)
            continue
        for each in problems:
            check_result.findings.append(Finding(rule.id, SIDE, each.expected or rule.requirement, each.actual, each.path))
        if not problems:
            check_result.held.add((rule.id, SIDE))


def _is_on(check: OwnCheck, catalogue: Catalogue, exchange: Exchange) -> bool:
    if check.about is About.ANY:
        return True
    if check.about is About.REFUSED:
        return 400 <= exchange.status < 500
    # An object that an invalid body has created promises nothing.
    is_valid = exchange.case.side is not Side.REJECTS
    return is_valid and catalogue.contract.is_created(exchange.status) and isinstance(exchange.json, dict)


def observed_of(exchange: Exchange) -> Observed:
    """Return an exchange as checks of one's own see it, with values that are nobody else's."""
    body = None if exchange.case.body is NO_BODY else deepcopy(exchange.case.body)
    shown = None if exchange.json is NOT_JSON else deepcopy(exchange.json)
    headers = _Headers(exchange.headers)
    return Observed(body=body, status=exchange.status, json=shown, query=exchange.case.query, headers=headers)


class _Headers(dict[str, str]):
    """Headers by name in lower case, found by a name in any."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__(headers)

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name.lower() if isinstance(name, str) else name)

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """Return the header of this name, or the default."""
        return super().get(name.lower(), default)


def raised_at(error: BaseException, file: str) -> str:
    """Return where in the user's file an error was raised, and which: `my_checks.py:12: KeyError: 'link'`."""
    lines = [each.lineno for each in traceback.extract_tb(error.__traceback__) if file and File(each.filename) == File(file)]
    what = f"{type(error).__name__}: {error}".rstrip(": ")
    return f"{File(file).name}:{lines[-1]}: {what}" if lines else f"{File(file).name}: {what}"
