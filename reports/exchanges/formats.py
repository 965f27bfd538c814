"""The comparison of two targets on a terminal and in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.body_lines import printable, shown_body
from reports.exchanges.causes import STATUS, Group
from reports.exchanges.comparison import TwoTargets
from reports.quantities import plural

_MOST = 40  # groups
_LONGEST = 1_500  # characters of a body


def text(compared: TwoTargets) -> str:
    """Return the comparison for a terminal."""
    return printable("\n".join(_lines(compared)))


def _lines(compared: TwoTargets) -> Iterator[str]:
    for group in compared.groups[:_MOST]:
        yield f"{group.title()}  ({plural(len(group.differences), 'exchange')})"
        yield from (f"    {line}" for line in summary(group))
        yield from (f"      {line}" for line in body_of(group).splitlines())
    if len(compared.groups) > _MOST:
        yield f"… and {plural(len(compared.groups) - _MOST, 'more cause')}, all of them with `--html`"
    yield from compared.remarks()
    yield f"first:  {target(compared, 0)}"
    yield f"second: {target(compared, 1)}"
    yield compared.headline()


def summary(group: Group) -> list[str]:
    """Return how both targets responded to the smallest request, and which request that is."""
    smallest, (one, other) = group.smallest, group.smallest.exchanges
    what = "" if group.what == STATUS else f"{group.what} "
    return [
        f"first:  {what}{smallest.before}",
        f"second: {what}{smallest.after}",
        f"smallest request: exchange {one.number} and {other.number}, {one.request.method} {one.request.path}, {one.label}",
    ]


def body_of(group: Group) -> str:
    """Return the smallest body that shows a cause, cut where it is long; empty for none."""
    body = shown_body(group.body or group.smallest.exchanges[0].request.body or "")
    return body if len(body) <= _LONGEST else f"{body[:_LONGEST]}…"


def target(compared: TwoTargets, side: int) -> str:
    """Return the target of one of both runs."""
    header = (compared.old, compared.new)[side].header
    return "embedded emulator" if header.embedded else header.target


def markdown(compared: TwoTargets) -> str:
    """Return the comparison as Markdown."""
    parts = [f"## {compared.headline()}", f"First {_code(target(compared, 0))}, second {_code(target(compared, 1))}."]
    if compared.groups:
        rows = (
            f"| {_code(group.title())} | {len(group.differences)} | {_code(group.smallest.before)} | "
            f"{_code(group.smallest.after)} | {_code(_one_line(group))} |"
            for group in compared.groups[:_MOST]
        )
        head = "| cause | exchanges | first | second | smallest request |\n|---|---:|---|---|---|"
        parts.append("\n".join([head, *rows]))
    return "\n\n".join([*parts, *compared.remarks()]) + "\n"


def _one_line(group: Group) -> str:
    request = group.smallest.exchanges[0].request
    return f"{request.method} {request.path} {(group.body or request.body or '')[:200]}".strip()


def _code(value: str) -> str:
    shown = printable(" ".join(value.split())).replace("|", "\\|")
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    return f"{fence} {shown} {fence}" if "`" in shown else f"`{shown}`"
