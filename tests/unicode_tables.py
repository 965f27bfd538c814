"""The tables of characters that Hypothesis makes anew in each folder where a process of the tests begins."""

from __future__ import annotations

import shutil
from pathlib import Path

from hypothesis.internal.charmap import charmap, charmap_file, intervals_from_codec


def give_tables(folder: Path) -> None:
    """Give a process that runs in the folder the tables that this one has: to make them takes seconds."""
    charmap()
    intervals_from_codec("utf-8")
    made = charmap_file().parent
    shutil.copytree(made, folder / ".hypothesis" / "unicode_data" / made.name, dirs_exist_ok=True)
