"""The report of a trial as one HTML page: the client, its deviations with one request each, and the support matrix."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conformance.sdk.findings import Carriage
from conformance.sdk.report import one_case, subject
from conformance.sdk.results import Finding, Results, verdict
from openapi.json_types import Json
from reports.html.environment import page
from reports.quantities import plural
from reports.status import RuleStatus

STYLES = ["tokens.css", "page.css", "failures.css", "client.css", "print.css"]
SCRIPTS = ["theme.js", "copy.js"]
_COLOURS: Mapping[str, RuleStatus] = {
    "MUST": RuleStatus.FAIL,
    "SHOULD": RuleStatus.ERROR,
    Carriage.CARRIED: RuleStatus.PASS,
    Carriage.DROPPED: RuleStatus.FAIL,
    Carriage.MANGLED: RuleStatus.FAIL,
    Carriage.REFUSED: RuleStatus.FAIL,
    Carriage.UNSUPPORTED: RuleStatus.SKIP,
    "not exposed": RuleStatus.SKIP,
}


@dataclass(frozen=True, slots=True)
class _Deviation:
    """A finding as the page shows it; JSON is indented, and None stands for what there is not."""

    finding: Finding
    subject: str
    status: RuleStatus
    intended: str
    query: str | None
    arrived: str | None
    response: str | None
    command: str


@dataclass(frozen=True, slots=True)
class _Member:
    """A row of a matrix: the verdict on a member, and how many cases had each fate."""

    name: str
    verdict: str
    status: RuleStatus
    counts: tuple[tuple[str, int], ...] = ()


def client_page(results: Results, command: Sequence[str]) -> bytes:
    """Return the report of one client as a page in UTF-8 that loads nothing; `command` is that of its harness."""
    members = [_member(name, counts) for name, counts in results.members.items()]
    must = len(results.failures)
    return page(
        "client.html",
        styles=STYLES,
        scripts=SCRIPTS,
        results=results,
        headline=_headline(results),
        lede=_kinds(results),
        rule_status=RuleStatus.FAIL if must else RuleStatus.PASS,
        facts=[
            ("Cases", f"{results.cases:,}", f"{results.skipped:,} skipped" if results.skipped else ""),
            ("MUST deviations", f"{must}", ""),
            ("SHOULD deviations", f"{len(results.findings) - must}", ""),
            ("Members carried", f"{sum(each.verdict == Carriage.CARRIED for each in members)}", f"of {len(members)}"),
        ],
        fates=list(Carriage),
        members=members,
        responses=[_Member(name, word, _colour(word)) for name, word in results.responses.items()],
        deviations=[_deviation(each, command) for each in results.findings],
    )


def _headline(results: Results) -> str:
    count = len(results.failures)
    return f"{results.client} {results.version}: {plural(count, 'MUST deviation') if count else 'no MUST deviation'}"


def _kinds(results: Results) -> str:
    """Return how many findings there are of each kind, as words."""
    counts = Counter(each.kind for each in results.findings)
    return ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "No deviation"


def _member(name: str, counts: Mapping[str, int]) -> _Member:
    word = verdict(counts)
    return _Member(name, word, _colour(word), tuple((str(each), counts.get(each, 0)) for each in Carriage))


def _colour(word: str) -> RuleStatus:
    """Return the status that lends its colours to a word; of several words with commas each is a failure."""
    return _COLOURS.get(word, RuleStatus.FAIL)


def _deviation(each: Finding, command: Sequence[str]) -> _Deviation:
    request = each.request
    return _Deviation(
        finding=each,
        subject=subject(each),
        status=_colour(each.level),
        intended=_json({name: value for name, value in each.call.items() if value}),
        query=_json(request["query"]) if request and request["query"] else None,
        arrived=None if request is None else _indented(str(request["body"])),
        response=None if each.response is None else _response(each.response),
        command=one_case(each, command),
    )


def _response(response: Mapping[str, Json]) -> str:
    """Return the whole body of a response, or the one member in which it differs from an ordinary one."""
    return _indented(str(response["body"])) if "body" in response else _json(response["member"])


def _indented(text: str) -> str:
    """Return a JSON text indented, and any other text as it is."""
    try:
        return _json(json.loads(text))
    except ValueError:
        return text


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
