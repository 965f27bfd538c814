"""Our checks and cases in Schemathesis: `SCHEMATHESIS_HOOKS=ultravox_conformance.schemathesis_hooks schemathesis run …`.

Each group of rules is a check of its own, such as `conformance_default`. The phase of examples gains the suite's bodies: those
that must be accepted, and for each rule one that violates it alone. The contract, and checks of one's own, are those of the
settings (`conformance.toml`, or variables such as ULTRAVOX_CONFORMANCE_OPENAPI).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response

from conformance.checks.finding import CheckResult, Finding
from conformance.checks.observed import Checks
from conformance.cli.options import catalogue_from
from conformance.cli.programmatic import options_of
from openapi.catalogue import Catalogue
from openapi.json_types import Json
from openapi.own_checks import Observed
from strategies.plan.budget import LIKELIEST
from strategies.plan.cache import cached_plan, default_folder, store

# Findings of these sides are one check; the name of the check, and what it is about.
_GROUPS = {
    "default": "documented defaults",
    "echo": "values that are shown as they were sent",
    "shape": "the response, and how it follows from the request",
    "rejects": "invalid bodies, each refused for a known cause",
    "accepts": "the suite's valid bodies are accepted",
    "check": "checks of one's own",
}


@cache
def _catalogue() -> Catalogue:
    return catalogue_from(options_of("run", {}))


@cache
def _checks() -> Checks:
    return Checks(_catalogue())


@cache
def _bodies() -> tuple[frozenset[str], frozenset[str]]:
    """Return the suite's bodies as JSON: the valid ones, and one for each documented rule that violates it alone."""
    plan = cached_plan(_catalogue(), LIKELIEST, default_folder())
    valid = frozenset(_text(case.body) for case in plan.accepts())
    documented = _catalogue().is_documented
    invalid = frozenset(_text(found[0].body) for rule, found in plan.violations.items() if found and documented(rule))
    store(plan, default_folder())
    return valid, invalid


def _text(body: Json) -> str:
    return json.dumps(body, sort_keys=True)


@schemathesis.hook
def before_add_examples(context: HookContext, examples: list[Case[Any]]) -> None:
    """Add the suite's bodies to the examples of the operation that creates something."""
    operation = context.operation
    if operation is None or not _creates(operation):
        return
    media_type = _catalogue().contract.media_type
    bodies = [{}, *(json.loads(text) for kind in _bodies() for text in sorted(kind))]
    examples += [operation.Case(body=body, media_type=media_type) for body in bodies]


def _creates(operation: Any) -> bool:
    contract = _catalogue().contract
    return bool(operation.method.upper() == contract.method and operation.path == contract.template)


_latest = threading.local()  # what was judged last, since each group of rules asks about the same exchange


def _result(response: Response, case: Case[Any]) -> CheckResult | None:
    """Return what the suite says of an exchange; None of one that is about something else."""
    found: tuple[Response, Case[Any], CheckResult | None] | None = getattr(_latest, "found", None)
    if found is None or found[0] is not response or found[1] is not case:
        _latest.found = found = response, case, _judged(response, case)
    return found[2]


def _judged(response: Response, case: Case[Any]) -> CheckResult | None:
    if not _creates(case.operation) or case.method.upper() != _catalogue().contract.method:
        return None
    try:
        text = _text(case.body)
    except TypeError:  # no body, or none of JSON
        return None
    headers = {name.lower(): values[-1] for name, values in response.headers.items() if values}
    query = tuple((name, str(value)) for name, value in (case.query or {}).items())
    try:
        shown = response.json()
    except ValueError:
        shown = None
    observed = Observed(body=json.loads(text), status=response.status_code, json=shown, query=query, headers=headers)
    result = _checks().result(observed)
    # A refusal says something of our bodies alone: of others, the key or the media type may be what was refused.
    ours = any(text in kind for kind in _bodies())
    result.findings = [each for each in result.findings if ours or not _is_of_refusal(each)]
    result.findings = [each for each in result.findings if not each.rule or _catalogue().is_documented(each.rule)]
    return result


def _is_of_refusal(finding: Finding) -> bool:
    return finding.side == "accepts" or finding.rule == "status.refused"


def _problems(findings: list[Finding]) -> Iterator[str]:
    for each in findings:
        rule = _catalogue().rules.get(each.rule)
        sentence = f"{rule.requirement} " if rule else ""
        yield f"{each.rule or 'a valid body'}: {sentence}Expected: {each.expected}. Actual: {each.actual}"


def _check(side: str, what: str) -> Callable[[CheckContext, Response, Case[Any]], None]:
    def judge(ctx: CheckContext, response: Response, case: Case[Any]) -> None:  # noqa: ARG001 - the form of a check
        result = _result(response, case)
        if result is None:
            return
        if side == "check" and result.raised:
            raise RuntimeError("; ".join(f"{rule}: the check raised an error at {at}" for rule, at in result.raised.items()))
        found = [each for each in result.findings if each.side == side]
        if found:
            raise AssertionError("\n".join(_problems(found)))

    judge.__name__ = f"conformance_{side}"
    judge.__doc__ = f"Check {what}."
    return judge


for _side, _what in _GROUPS.items():
    schemathesis.check(_check(_side, _what))
