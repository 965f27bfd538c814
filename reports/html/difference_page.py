"""The difference between two descriptions as a page."""

from __future__ import annotations

from reports.difference.difference import DescriptionChange
from reports.difference.formats import headline
from reports.html.environment import page

_STYLES = ["tokens.css", "page.css", "failures.css", "comparison.css", "print.css"]


def difference_page(changes: list[DescriptionChange], old: str, new: str) -> bytes:
    """Return the difference as a page in UTF-8; it loads nothing, like the report."""
    sections = {
        "Callers": [each for each in changes if "callers" in each.breaks],
        "Readers": [each for each in changes if "readers" in each.breaks and "callers" not in each.breaks],
        "Compatible": [each for each in changes if not each.breaks],
    }
    return page(
        "difference.html",
        styles=_STYLES,
        scripts=["theme.js"],
        headline=headline(changes),
        rule_status="FAIL" if any(each.breaks for each in changes) else "PASS",
        sections={title: found for title, found in sections.items() if found},
        titles=_TITLES,
        old=old,
        new=new,
    )


_TITLES = {
    "Callers": "May break callers",
    "Readers": "May break readers of responses",
    "Compatible": "Break nobody",
}
