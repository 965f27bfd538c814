"""Asks every parser again and writes the table of lenient values."""

from __future__ import annotations

import sys

from strategies.leniency import TABLE
from tests.parsers.known import PARSERS
from tests.parsers.table import write


def main() -> int:
    """Write the table; 2 if a parser is not installed."""
    absent = [f"{parser.title}: {problem}" for parser in PARSERS.values() if (problem := parser.missing()) is not None]
    if absent:
        print("\n".join(absent), file=sys.stderr)
        return 2
    write()
    print(f"{TABLE.name} is written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
