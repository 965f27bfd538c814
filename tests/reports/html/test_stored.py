"""A block of a page unpacks to the value that was packed, and ends no script element."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reports.html.stored import packed, unpacked

TEXTS = st.text() | st.sampled_from(["</script>", "<!--", "\u2028", "]]>", "{{7*7}}"])


def page_with(**blocks: object) -> bytes:
    elements = (f'<script type="application/gzip" id="{name}">{packed(value)}</script>' for name, value in blocks.items())
    return f"<p>{''.join(elements)}</p>".encode()


@given(st.dictionaries(TEXTS, TEXTS), TEXTS)
def test_what_was_packed_comes_back(value: dict[str, str], other: str) -> None:
    assert unpacked(page_with(first=value, second=other)) == {"first": value, "second": other}


@given(TEXTS)
def test_no_content_leaves_its_element(value: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", packed(value))


def test_one_record_makes_one_page() -> None:
    assert packed({"a": "b"}) == packed({"a": "b"})


def test_a_lone_surrogate_is_replaced() -> None:
    assert unpacked(page_with(first="\ud800")) == {"first": "?"}


def test_another_page_holds_nothing() -> None:
    assert unpacked(b"\xff<p>no block</p>") == {}
