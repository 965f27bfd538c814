"""The comparison of two targets as a page."""

from __future__ import annotations

from dataclasses import dataclass

from reports.exchanges.causes import Group
from reports.exchanges.comparison import TwoTargets
from reports.exchanges.formats import body_of, summary, target
from reports.html.differences import Piece, difference
from reports.html.environment import page
from reports.html.words import moment
from reports.reproduce import curl
from reports.status import RuleStatus

_STYLES = ["tokens.css", "page.css", "failures.css", "comparison.css", "print.css"]
_LONGEST = 4_000  # characters of a command


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with the differences between both responses marked, and the commands that send the smallest request."""

    title: str
    count: int
    before: list[Piece]
    after: list[Piece]
    request: str
    body: str
    commands: list[tuple[str, str]]


def two_targets_page(compared: TwoTargets) -> bytes:
    """Return the comparison as a page in UTF-8; it loads nothing, like the report."""
    return page(
        "two_targets.html",
        styles=_STYLES,
        scripts=["theme.js", "copy.js"],
        headline=compared.headline(),
        rule_status=RuleStatus.FAIL if compared.groups else RuleStatus.PASS if compared.pairs.compared else RuleStatus.ERROR,
        groups=[_view(compared, group) for group in compared.groups],
        remarks=list(compared.remarks()),
        runs=[("First", compared.old, target(compared, 0)), ("Second", compared.new, target(compared, 1))],
        moment=moment,
    )


def _view(compared: TwoTargets, group: Group) -> GroupView:
    before, after = difference(group.smallest.before, group.smallest.after)
    one, other = group.smallest.exchanges
    headers = compared.old.header, compared.new.header
    pairs = zip(("First", "Second"), (one, other), headers, strict=True)
    commands = [(name, curl(each.request, header.target, header.credentials)) for name, each, header in pairs]
    return GroupView(
        title=group.title(),
        count=len(group.differences),
        before=before,
        after=after,
        request=summary(group)[-1],
        body=body_of(group),
        commands=[(name, command) for name, command in commands if len(command) <= _LONGEST],
    )
