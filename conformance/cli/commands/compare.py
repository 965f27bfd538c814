"""`compare`: the changes between two runs, or the exchanges in which two targets differ."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from urllib.parse import quote

from conformance.cli.command_error import CommandError
from conformance.cli.commands.report import record_at
from reports.exchanges.comparison import OtherPlan, compare_exchanges
from reports.exchanges.formats import markdown, text
from reports.html.comparison import Kept, comparison_page
from reports.html.two_targets import two_targets_page
from reports.record.atomic_file import write_whole
from reports.record.reader import RecordError, read_run
from reports.status import EXITS
from reports.trend.comparison import compare
from reports.trend.comparison_markdown import comparison_markdown


def main(options: argparse.Namespace) -> int:
    """Print the comparison; return 1 if a rule fails that did not before or an exchange differs, 3 if nothing was judged."""
    records = record_at(options.old), record_at(options.new)
    if options.exchanges:
        return _exchanges(options, records)
    try:
        comparison = compare(*map(read_run, records))
    except RecordError as error:
        raise CommandError(str(error)) from error
    print(comparison.text())
    if options.markdown is not None:
        _write(options.markdown, comparison_markdown(comparison).encode("utf-8", errors="replace"), "--markdown")
    if options.html is not None:
        old, new = (_kept(each, options.html) for each in records)
        _write(options.html, comparison_page(comparison, (old, new)), "--html")
    return EXITS[comparison.outcome]


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


def _kept(record: Path, page: Path) -> Kept:
    """Return the place of a run, with the address by which the page links to the report beside its record."""
    report = record.parent / "report.html"
    return Kept(str(record), quote(Path(os.path.relpath(report, page.parent)).as_posix()) if report.is_file() else None)
