"""Runs that the tests of the reports share; each is made once a session."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.record.reader import read_run
from reports.record.recorded_run import Run
from tests.reports.synthetic.runs import failing_record, write_record


@pytest.fixture(scope="session")
def conforming_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_record(tmp_path_factory.mktemp("conforming") / "run.jsonl", count=120)


@pytest.fixture(scope="session")
def failed_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return failing_record(tmp_path_factory.mktemp("failed") / "run.jsonl", count=120)


@pytest.fixture(scope="session")
def conforming_run(conforming_record: Path) -> Run:
    return read_run(conforming_record)


@pytest.fixture(scope="session")
def failed_run(failed_record: Path) -> Run:
    return read_run(failed_record)
