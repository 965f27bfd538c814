"""Descriptions are cut into sentences where a reader would cut them."""

from __future__ import annotations

import pytest

from openapi.prose.sentences import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("Exactly one\n of a or b\n must be set.", ["Exactly one of a or b must be set."]),
        ("Between 0.7 and 1.2. Defaults to 1.", ["Between 0.7 and 1.2.", "Defaults to 1."]),
        ("Takes a code, e.g. DE or FR. Required.", ["Takes a code, e.g. DE or FR.", "Required."]),
        ("First\n\nSecond", ["First", "Second"]),
        ('Keys may not start with "x.", which is reserved.', ['Keys may not start with "x.", which is reserved.']),
        ("", []),
    ],
)
def test_a_text_is_cut_at_the_ends_of_its_sentences(text: str, expected: list[str]) -> None:
    assert list(sentences(text)) == expected
