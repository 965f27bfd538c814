"""Refuse a commit subject that is too long or lists several changes: `python -m lint.commit_subject FILE`."""

from __future__ import annotations

import sys
from pathlib import Path

LONGEST = 72  # characters: what `git log --oneline` shows in a terminal of 80 columns


def problem(message: str) -> str | None:
    """Return why the subject of a commit message is refused, None if it is not."""
    subject = message.splitlines()[0] if message else ""
    if not subject.strip():
        return "the subject is empty"
    if len(subject) > LONGEST:
        return f"the subject has {len(subject)} characters; {LONGEST} are the most"
    if "; " in subject:
        return "the subject lists several changes; make a commit of each"
    if subject.endswith("."):
        return "the subject ends in a period"
    return None


def main(arguments: list[str]) -> int:
    """Print the problem of the message in a file; return 1 if there is one."""
    found = problem(Path(arguments[0]).read_text(encoding="utf-8"))
    if found:
        print(f"commit subject: {found}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
