"""A draw depends on the seed alone, and on no module that somebody has imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from hypothesis import strategies as st

from strategies.values.sampling import take
from tests.openapi.synthetic import ROOT
from tests.unicode_tables import give_tables

DRAWING = """
import sys
sys.path.insert(0, sys.argv[1])
if sys.argv[2:]:
    import others
import hypothesis.strategies as st
from strategies.values.sampling import take
print(take(st.lists(st.integers() | st.text() | st.floats(allow_nan=False)), 200, 5))
"""
OTHERS = "NAMES = ['zebra-one', 'zebra-two', 'zebra-three', 987654, 1.25, -77777]\n"


def drawn(folder: Path, *more: str) -> str:
    (folder / "others.py").write_text(OTHERS, encoding="utf-8")
    (folder / "drawing.py").write_text(DRAWING, encoding="utf-8")
    command = [sys.executable, "drawing.py", str(ROOT), *more]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def test_what_others_have_imported_does_not_matter(tmp_path: Path) -> None:
    give_tables(tmp_path)
    alone = drawn(tmp_path)
    assert len(alone) > 1000
    assert alone == drawn(tmp_path, "with others")


def test_a_test_of_others_draws_constants_as_ever() -> None:
    """Hypothesis' own find needs its constants for this string, which nothing else would make."""
    from hypothesis import find, settings

    take(st.text(), 3)
    many = settings(max_examples=20_000, database=None)
    assert find(st.text(min_size=9), lambda text: text == "Scunthorpe", settings=many) == "Scunthorpe"
