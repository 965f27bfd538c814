"""The results as text: printed as they come, and as a Markdown page with versions and machine."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.findings import Cell, Findings, Ratio, Table, shown
from benchmarks.peers import prism_version

_PACKAGES = ("hypothesis", "schemathesis", "hypothesis-jsonschema", "httpx", "uvicorn", "jsonschema-rs")
_INTRODUCTION = """\
# Results

Written by `python -m benchmarks`; what is compared was measured in turns in one run. Figures depend on the machine, ratios
hardly do."""


def page(findings: Mapping[str, Findings], seconds: float) -> str:
    """Return the page of a whole run."""
    parts = [_INTRODUCTION, *_about(seconds)]
    for title, found in findings.items():
        parts += [f"## {title}", *section(found)]
    return "\n\n".join(parts) + "\n"


def section(found: Findings) -> Iterator[str]:
    """Yield what one benchmark found, a block of Markdown at a time."""
    if found.ratios:
        yield _table(Table("", ("ratio", "value", "bound", ""), tuple(map(_row, found.ratios))))
    for table in found.tables:
        yield f"{table.title}:"
        yield _table(table)
    yield from found.notes


def _row(ratio: Ratio) -> tuple[Cell, ...]:
    return ratio.what, ratio.value, ratio.bound, "" if not ratio.bound else "kept" if ratio.holds else "**missed**"


def _table(table: Table) -> str:
    cells = [[shown(cell) for cell in row] for row in (table.columns, *table.rows)]
    widths = [max(len(row[index]) for row in cells) for index in range(len(table.columns))]
    numeric = [any(isinstance(row[index], int | float) for row in table.rows) for index in range(len(widths))]
    lines = [_line(row, widths, numeric) for row in cells]
    ruler = [
        f"{'-' * (max(width, 3) - 1)}:" if right else "-" * max(width, 3) for width, right in zip(widths, numeric, strict=True)
    ]
    return "\n".join([lines[0], f"| {' | '.join(ruler)} |", *lines[1:]])


def _line(row: list[str], widths: list[int], numeric: list[bool]) -> str:
    aligned = [
        text.rjust(max(width, 3)) if right else text.ljust(max(width, 3))
        for text, width, right in zip(row, widths, numeric, strict=True)
    ]
    return f"| {' | '.join(aligned)} |"


def _about(seconds: float) -> Iterator[str]:
    versions = {"Python": platform.python_version()} | {name: importlib.metadata.version(name) for name in _PACKAGES}
    versions["Prism"] = prism_version()
    yield "Versions: " + ", ".join(f"{name} {version}" for name, version in versions.items()) + "."
    machine = f"{os.cpu_count()} cores, {_processor()}, {platform.system()} on {platform.machine()}"
    yield f"Machine: {machine}. The whole took {seconds / 60:.1f} minutes."


def _processor() -> str:
    """Return the model of the CPU."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or "unknown CPU"
