"""`compare`: the changes between two runs, or the exchanges in which two targets differ."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from conformance.cli.command_error import CommandError
from conformance.cli.commands.report import record_at
from reports.body_lines import printable
from reports.exchanges.comparison import OtherPlan, compare_exchanges
from reports.exchanges.formats import markdown, text
from reports.formats.markdown_text import plain
from reports.html.comparison import Kept, comparison_page
from reports.html.two_targets import two_targets_page
from reports.record.atomic_file import write_whole
from reports.record.reader import RecordError, read_run
from reports.record.recorded_run import Run
from reports.status import EXITS
from reports.trend.comparison import Comparison, compare
from reports.trend.comparison_json import comparison_json
from reports.trend.comparison_markdown import comparison_markdown
from reports.trend.pairs import Pair, pairs_of, spoken_before_and_now


def main(options: argparse.Namespace) -> int:
    """Print the comparison; return 1 if a rule fails that did not before or an exchange differs, 3 if nothing was judged."""
    records = record_at(options.old), record_at(options.new)
    if options.exchanges:
        if options.json:
            raise CommandError("--json is for the verdicts of two runs; --exchanges writes --markdown and --html")
        return _exchanges(options, records)
    try:
        runs = [read_run(each) for each in records]
    except RecordError as error:
        raise CommandError(str(error)) from error
    pairs = pairs_of(*runs)
    comparisons = [compare(pair.old, pair.new) for pair in pairs]
    if options.json:
        data = [comparison_json(comparison, pair.name) for pair, comparison in zip(pairs, comparisons, strict=True)]
        print(json.dumps(data, indent=1, ensure_ascii=False))
    else:
        _print(options, runs, pairs, comparisons)
    if options.markdown is not None:
        parts = (
            "".join((f"# Under {plain(pair.name)}\n\n" if pair.name else "", comparison_markdown(comparison)))
            for pair, comparison in zip(pairs, comparisons, strict=True)
        )
        _write(options.markdown, "\n".join(parts).encode("utf-8", errors="replace"), "--markdown")
    for index, (pair, comparison) in enumerate(zip(pairs, comparisons, strict=True) if options.html is not None else ()):
        page = options.html if not index else options.html.with_stem(f"{options.html.stem}-{_OTHER}")
        old, new = (_kept(record.parent / name, record, page) for record, name in zip(records, pair.reports, strict=True))
        _write(page, comparison_page(comparison, (old, new)), "--html")
    outcomes = [each.outcome for each in comparisons]
    return EXITS[next(each for each in ("fails", "conforms", "unjudged") if each in outcomes)]


def _print(options: argparse.Namespace, runs: Sequence[Run], pairs: Sequence[Pair], comparisons: Sequence[Comparison]) -> None:
    """Print the comparisons for a terminal, and which description the server spoke before and now."""
    print("\n\n".join(_under(pair, comparison, str(options.new)) for pair, comparison in zip(pairs, comparisons, strict=True)))
    if (spoken := spoken_before_and_now(*runs)) is not None:
        print(f"\nBefore: {spoken[0]}\nNow: {spoken[1]}")


_OTHER = "other-description"  # ends the name of the page about the description that the server does not speak


def _under(pair: Pair, comparison: Comparison, new: str) -> str:
    """Return a comparison for a terminal, under the name of its description where there are two."""
    text = comparison.text(new)
    return f"Under {printable(pair.name)}:\n{text}" if pair.name else text


def _exchanges(options: argparse.Namespace, records: tuple[Path, Path]) -> int:
    """Print in which exchanges two targets differ; return 1 if one differs, 3 if none could be compared."""
    try:
        compared = compare_exchanges(*records)
    except (RecordError, OtherPlan) as error:
        raise CommandError(str(error)) from error
    print(text(compared))
    if options.markdown is not None:
        _write(options.markdown, markdown(compared).encode("utf-8", errors="replace"), "--markdown")
    if options.html is not None:
        _write(options.html, two_targets_page(compared), "--html")
    return compared.exit


def _write(path: Path, content: bytes, option: str) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        raise CommandError(f"{option} {path}: {error.strerror or error}") from error


def _kept(report: Path, record: Path, page: Path) -> Kept:
    """Return the place of a run, with the address of the report beside its record as the page links to it."""
    return Kept(str(record), quote(Path(os.path.relpath(report, page.parent)).as_posix()) if report.is_file() else None)
