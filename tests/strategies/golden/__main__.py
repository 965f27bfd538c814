"""Write the golden files anew: `python -m tests.strategies.golden [--check] [NAME ...]`.

With `--check` none is written, and the exit status is 1 if one differs.
"""

from __future__ import annotations

import argparse
import sys

from tests.strategies.golden.files import FOLDER, TEXTS, difference, path_of, text_of


def main() -> int:
    """Write or check the files; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.strategies.golden")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a file by its name (default: all)")
    parser.add_argument("--check", action="store_true", help="write none; print differences")
    options = parser.parse_args()
    names = options.names or list(TEXTS)
    if unknown := [name for name in names if name not in TEXTS]:
        parser.error(f"there is no golden file {unknown[0]!r}, only: {', '.join(TEXTS)}")
    if options.check:
        found = [text for name in names if (text := difference(name))]
        print(*found, sep="\n\n", end="\n" if found else "")
        return 1 if found else 0
    for name in names:
        path_of(name).write_text(text_of(name), encoding="utf-8")
    for old in {*FOLDER.iterdir()} - {*map(path_of, TEXTS)}:
        old.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
