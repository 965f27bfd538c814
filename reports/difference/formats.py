"""The difference between two descriptions in text and Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reports.body_lines import printable
from reports.difference.difference import Breaks, DescriptionChange
from reports.quantities import plural


def headline(changes: Iterable[DescriptionChange]) -> str:
    """Return the difference in one sentence."""
    found = list(changes)
    if not found:
        return "No rule differs."
    callers, readers = (sum(side in each.breaks for each in found) for side in (Breaks.CALLERS, Breaks.READERS))
    harmless = sum(not each.breaks for each in found)
    parts = [(callers, "may break callers"), (readers, "may break readers of responses"), (harmless, "break nobody")]
    counted = ", ".join(f"{count} {text}" for count, text in parts if count)
    return f"{plural(len(found), 'change')}: {counted}."


def text(changes: list[DescriptionChange]) -> str:
    """Return the difference for a terminal."""
    return printable("\n".join(_lines(changes)))


def _lines(changes: list[DescriptionChange]) -> Iterator[str]:
    for each in changes:
        yield f"{each.kind:9} {each.subject}{_broken(each)}"
        yield from (f"    {sign} {sentence}" for sign, sentence in (("-", each.old), ("+", each.new)) if sentence)
    yield headline(changes)


def _broken(change: DescriptionChange) -> str:
    return f"  (may break {' and '.join(sorted(change.breaks))})" if change.breaks else ""


def markdown(changes: list[DescriptionChange], old: str, new: str) -> str:
    """Return the difference as Markdown."""
    lines = [f"## {headline(changes)}", "", f"From `{_code(old)}` to `{_code(new)}`.", ""]
    return "\n".join([*lines, *([table(changes)] if changes else [])]) + "\n"


def table(changes: list[DescriptionChange]) -> str:
    """Return changes as a table in Markdown."""
    return "\n".join(["| change | what | before | now | may break |", "|---|---|---|---|---|", *map(_row, changes)])


def _row(change: DescriptionChange) -> str:
    broken = " and ".join(sorted(change.breaks))
    return f"| {change.kind} | `{_code(change.subject)}` | {_cell(change.old)} | {_cell(change.new)} | {broken} |"


def _code(value: str) -> str:
    return printable(value).replace("`", "'").replace("|", "\\|").replace("\n", " ")


def _cell(value: str) -> str:
    escaped = printable(value).replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|").replace("\n", " ")
    return escaped.replace("*", "\\*").replace("_", "\\_").replace("`", "\\`")
