"""The report of a trial for people, as Markdown: findings with one request each, and the support matrix."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Iterator, Sequence

from conformance.sdk.findings import NO_VALUE, Carriage
from conformance.sdk.results import Finding, Results, verdict
from openapi.json_types import Json
from reports.program import program
from reports.quantities import plural

_LONGEST = 400  # characters of one value


def report(results: Results, command: Sequence[str]) -> str:
    """Return the whole report of one client."""
    return "\n".join([*_header(results), *_findings(results, command), *_matrix(results)]) + "\n"


def summary(results: Results) -> str:
    """Return one line on how a client does."""
    shoulds = len(results.findings) - len(results.failures)
    deviations = f"{len(results.failures)} MUST and {shoulds} SHOULD deviations"
    return f"{results.client} {results.version}: {results.cases} cases, {deviations}"


def terminal(results: Results) -> str:
    """Return the findings as lines for a terminal."""
    lines = [line for each in results.findings for line in _lines(each)]
    words = Counter(verdict(counts) for counts in results.members.values())
    if words:
        others = "".join(f", {count} {word}" for word, count in sorted(words.items()) if word != Carriage.CARRIED)
        lines.append(f"{words[Carriage.CARRIED]} of {plural(words.total(), 'member')} carried{others}")
    return "\n".join([*lines, summary(results)])


def _lines(each: Finding) -> Iterator[str]:
    yield f"{each.level:6}  {each.kind}: {subject(each)}"
    for name, text in (("expected", each.expected), ("actual", each.actual), ("case", each.case)):
        yield f"        {name:9} {' '.join(text.split())[:200]}"


def subject(each: Finding) -> str:
    """Return what a finding is about: a member, what is special about a response, or else the case."""
    special = f"{each.edge} in " if each.edge else ""
    return f"{special}{each.member}" if each.member else each.label


def _header(results: Results) -> list[str]:
    return [
        f"# {results.client} {results.version}",
        "",
        f"{summary(results)}. Suite {results.suite}, description `{results.description[:12]}`.",
        "",
    ]


def _findings(results: Results, command: Sequence[str]) -> Iterator[str]:
    yield from ("## Deviations", "")
    if not results.findings:
        yield from ("None.", "")
    for each in results.findings:
        yield from finding(each, command)


def finding(each: Finding, command: Sequence[str]) -> Iterator[str]:
    """Yield one deviation with the request that reproduces it."""
    yield f"### {each.kind}: {subject(each)}"
    yield from ("", f"{each.level}. {each.sentence} Seen in {each.cases} {'case' if each.cases == 1 else 'cases'}.", "")
    if each.at:
        yield f"- at: {_code(each.at)}"
    yield f"- expected: {_value(each.expected)}"
    yield f"- actual: {_value(each.actual)}"
    yield f"- intended: {_code(_json(each.call))}"
    if each.request is not None:
        yield f"- arrived: query {_code(_json(each.request['query']))}, body {_code(each.request['body'])}"
    if each.response is not None:
        special = (
            each.response["body"] if "body" in each.response else f"an ordinary one but for {_json(each.response['member'])}"
        )
        yield f"- response: status {each.response['status']}, {_code(special)}"
    yield from ("", f"    {one_case(each, command)}", "")


def one_case(each: Finding, command: Sequence[str]) -> str:
    """Return the command that tries the one case of a finding again."""
    return f"{program()} sdk --select {shlex.quote(each.case)} -- {shlex.join(command)}"


def _matrix(results: Results) -> Iterator[str]:
    yield from ("## Request members", "", "| member | verdict | cases |", "|---|---|---|")
    for member, counts in results.members.items():
        fates = ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))
        yield f"| `{member}` | {verdict(counts)} | {fates} |"
    yield from ("", "## Response members", "", "| member | verdict |", "|---|---|")
    for member, word in results.responses.items():
        yield f"| `{member}` | {word} |"


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _value(text: str) -> str:
    """Return a value as code, and the word for none as a word."""
    return text if text == NO_VALUE else _code(text)


def _code(text: str) -> str:
    """Return a text as inline code of one line, shortened; backquotes inside need a longer fence."""
    text = " ".join(text.split())
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    fence = "``" if "`" in text else "`"
    return f"{fence} {text} {fence}" if fence == "``" else f"`{text}`" if text else "(nothing)"
