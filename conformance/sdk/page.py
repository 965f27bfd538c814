"""A page on several clients: one support matrix for all of them, and the deviations of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from conformance.sdk.report import finding, subject
from conformance.sdk.results import Results, verdict

_LEGEND = (
    "`carried`: every value arrives as intended. `dropped`, `mangled`: some value does not. `refused`: the client refuses some "
    "valid value. `cannot express`: the client has no way to set the member."
)


def page(results: Sequence[Results], commands: Mapping[str, Sequence[str]], made_by: str) -> str:
    """Return the page; `commands` are those of the harnesses, by client, and `made_by` is the command that writes it."""
    lines = [
        "# Clients",
        "",
        f"What real clients do with intended calls, as `{made_by}` found it. The server is the emulator on this machine;",
        "no request reached the real API. None of these clients is written here.",
        "",
        *_overview(results),
        *_requests(results),
        *_responses(results),
    ]
    for each in results:
        lines += [f"## {each.client} {each.version}", "", *_short(each), *_details(each, commands[each.client])]
    return "\n".join(lines).rstrip() + "\n"


def _overview(results: Sequence[Results]) -> Iterator[str]:
    yield from (
        "| client | version | cases | MUST deviations | SHOULD deviations | members carried |",
        "|---|---|---|---|---|---|",
    )
    for each in results:
        words = [verdict(counts) for counts in each.members.values()]
        must = len(each.failures)
        yield (
            f"| {each.client} | {each.version} | {each.cases} | {must} | {len(each.findings) - must} "
            f"| {words.count('carried')} of {len(words)} |"
        )
    yield ""


def _requests(results: Sequence[Results]) -> Iterator[str]:
    yield from ("## Request members", "", _LEGEND, "", *_head("member", results))
    for member in dict.fromkeys(member for each in results for member in each.members):
        cells = (_cell(each.members.get(member, {})) for each in results)
        yield f"| `{member}` | {' | '.join(cells)} |"
    yield ""


def _cell(counts: Mapping[str, int]) -> str:
    """Return the verdict of a member, with the share of cases that are not carried, unless it is all."""
    if not counts:
        return "-"
    word, total = verdict(counts), sum(counts.values())
    return word if counts.get(word) == total else f"{word} {counts[word]}/{total}"


def _responses(results: Sequence[Results]) -> Iterator[str]:
    yield from ("## Response members", "", *_head("member", results))
    for member in dict.fromkeys(member for each in results for member in each.responses):
        yield f"| `{member}` | {' | '.join(each.responses.get(member, '-') for each in results)} |"
    yield ""


def _head(first: str, results: Sequence[Results]) -> Iterator[str]:
    yield f"| {first} | {' | '.join(each.client for each in results)} |"
    yield f"|---|{'---|' * len(results)}"


def _short(results: Results) -> Iterator[str]:
    yield from ("| level | deviation | where | cases | expected | actual |", "|---|---|---|---|---|---|")
    for each in results.findings:
        cells = (each.level, each.kind, _plain(subject(each)), str(each.cases))
        yield f"| {' | '.join(cells)} | {_plain(each.expected)} | {_plain(each.actual)} |"
    yield ""


def _plain(text: str, limit: int = 90) -> str:
    text = " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
    return text if len(text) <= limit else f"{text[:limit]}…"


def _details(results: Results, command: Sequence[str]) -> Iterator[str]:
    yield from (f"<details><summary>{results.client}: one request for each deviation</summary>", "")
    for each in results.findings:
        yield from finding(each, command)
    yield from ("</details>", "")
