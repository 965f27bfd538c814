"""Draws of our strategies with a fixed seed, as golden files have them for the version of Hypothesis that is locked."""

from __future__ import annotations

import pytest

from tests.strategies.golden.draw_texts import VERSION
from tests.strategies.golden.files import DRAWS, difference, path_of


@pytest.mark.parametrize("name", DRAWS)
def test_nothing_has_changed(name: str) -> None:
    written = path_of(name).read_text(encoding="utf-8").splitlines()[0]
    if written != VERSION:
        pytest.skip(f"written with {written}; {VERSION} draws otherwise")
    if text := difference(name):
        pytest.fail(text, pytrace=False)
