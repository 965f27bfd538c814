"""A draw that nobody waits for ends at its next example."""

from __future__ import annotations

from contextvars import copy_context

import pytest
from hypothesis import strategies as st

from strategies.values.abandoned import Abandoned, is_abandoned
from strategies.values.sampling import draw, take


def test_an_abandoned_draw_hands_on_no_further_example() -> None:
    found: list[int] = []

    def drawn() -> None:
        is_abandoned.set(lambda: len(found) >= 3)
        with pytest.raises(Abandoned):
            draw(st.integers(), 50, 0, found.append)

    copy_context().run(drawn)
    assert len(found) == 3


def test_a_draw_goes_on_where_nobody_says_otherwise() -> None:
    assert len(take(st.integers(), 50)) == 50
