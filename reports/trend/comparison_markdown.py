"""A comparison of two runs as Markdown, for the page of a CI job."""

from __future__ import annotations

from collections.abc import Iterator

from reports.formats.markdown_text import code, plain
from reports.trend.changes import Change
from reports.trend.comparison import Comparison, sections

_OPEN = frozenset({"Broke", "Fail, not judged before", "Repaired"})
_MOST = 25  # rules of a section; a summary is cut off after a mebibyte


def comparison_markdown(comparison: Comparison) -> str:
    """Return the comparison in GitHub's Markdown: what broke and was repaired in the open, the rest to be unfolded."""
    mark = {"conforms": "✅", "fails": "❌"}.get(comparison.outcome, "⚠️")
    parts = [f"## {mark} {plain(comparison.headline())}"]
    for title, changes in sections(comparison).items():
        rows = "\n".join(line for change in changes[:_MOST] for line in _change(change))
        left = len(changes) - _MOST
        rows += f"\n- … and {left} more" if left > 0 else ""
        count = f"{title} ({len(changes)})"
        is_open = title in _OPEN
        parts.append(f"### {count}\n\n{rows}" if is_open else f"<details><summary>{count}</summary>\n\n{rows}\n\n</details>")
    parts += [f"- Latency of {plain(str(shift))}" for shift in comparison.latency]
    return "\n\n".join(parts) + "\n"


def _change(change: Change) -> Iterator[str]:
    yield f"- {code(change.rule.id)}: {plain(change.rule.requirement)}"
    if change.before != change.after:
        yield f"  - before: {plain(change.before)}"
        yield f"  - now: {plain(change.after)}"
