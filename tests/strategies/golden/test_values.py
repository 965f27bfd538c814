"""The values of small schemas, as golden files have them."""

from __future__ import annotations

import pytest

from tests.strategies.golden.files import VALUES, difference


@pytest.mark.parametrize("name", VALUES)
def test_nothing_has_changed(name: str) -> None:
    if text := difference(name):
        pytest.fail(text, pytrace=False)
