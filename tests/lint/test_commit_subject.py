"""A commit subject is short and says one thing."""

from __future__ import annotations

import pytest

from lint.commit_subject import problem


@pytest.mark.parametrize(
    ("message", "part"),
    [
        ("Read records of format 1\n\nThey have older names.", None),
        ("x" * 72, None),
        ("x" * 73, "73 characters"),
        ("Add a rule; remove a fault", "several changes"),
        ("Add a rule.", "period"),
        ("\n\nbody", "empty"),
        ("", "empty"),
    ],
)
def test_problem(message: str, part: str | None) -> None:
    found = problem(message)
    assert found is None if part is None else found is not None and part in found
