"""The names of what is drawn from a record."""

from __future__ import annotations

FILES = ("summary.json", "junit.xml", "summary.md", "badge.json", "report.html", "exchanges.har")
