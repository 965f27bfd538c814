"""A Chromium for the tests, and the pages they open; without a browser they are skipped, except in CI."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from conformance.sdk.client_page import client_page as page_of_client
from reports.artifacts import write_all
from reports.expected_failures.entries import Deviation, ExpectedFailures
from reports.html.comparison import comparison_page as page_of
from reports.record.reader import read_run
from reports.record.writer import RecordWriter
from reports.trend.comparison import compare
from tests.conformance.sdk.made_up import made_up_results
from tests.reports.synthetic.injections import PAYLOAD, injected
from tests.reports.synthetic.nights import write_history
from tests.reports.synthetic.runs import bulk_record, failing_record, few_rules, many_rules, write_record

TOOL_RULE = "body.selectedTools.*.temporaryTool.timeout.pattern"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
KNOWN = ExpectedFailures(
    "known.toml",
    (
        Deviation(rule="robustness.lone-surrogate", reason="next release", expires=date(2027, 1, 31)),
        Deviation(rule="status.created", reason="was broken", expires=date(2027, 1, 31)),
    ),
)


# A page opens in a real browser, and nothing that it shows breaks out of it; all other tests take a minute of Chromium.
QUICK = frozenset({"test_a_page_opens_without_a_word[failing_page]", "test_no_recorded_text_is_more_than_text"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = f"{Path(__file__).parent}{os.sep}"
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker("browser")
            if item.name not in QUICK:
                item.add_marker("slow")


def chromium() -> str | None:
    """The browser to use: the one that CHROMIUM names, or one that is installed."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium. It runs an event loop in this thread, so that no test of another package may come upon it."""
    path = chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium was found, and CI needs one: install it, or name it in CHROMIUM")
        pytest.skip("no Chromium was found; install it, or name it in CHROMIUM")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


@dataclass
class Opened:
    """A page with what went wrong on it: console messages, errors, requests for anything but itself."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


Opener = Callable[..., Opened]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opener]:
    """Opens a file in a context of its own; afterwards nothing may have been complained of or requested."""
    contexts: list[BrowserContext] = []
    all_opened: list[Opened] = []

    def open_file(path: Path, fragment: str = "", **options: object) -> Opened:
        size = {"width": 1440, "height": 900}
        context = browser.new_context(**({"viewport": size} | options))  # type: ignore[arg-type]
        contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(30_000)
        made = Opened(context.new_page())
        made.page.on("console", lambda message: made.complaints.append(message.text))
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        made.page.on("request", lambda request: made.requests.append(request.url))
        made.page.goto(path.as_uri() + fragment)
        all_opened.append(made)
        return made

    yield open_file
    for each in all_opened:
        assert each.complaints == []
        assert [url for url in each.requests if not url.startswith(("file:", "data:"))] == []
        assert len({url for url in each.requests if url.startswith("file:")}) <= 1
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="session")
def conforming_page(folder: Path) -> Path:
    return write_all(write_record(folder / "conforming.jsonl"), folder / "conforming").files["report.html"]


@pytest.fixture(scope="session")
def failing_page(folder: Path) -> Path:
    return write_all(failing_record(folder / "failing.jsonl"), folder / "failing").files["report.html"]


@pytest.fixture(scope="session")
def trend_page(folder: Path) -> Path:
    record = failing_record(folder / "trend.jsonl")
    write_history(folder / "history", record)
    written = write_all(record, folder / "trend", known=KNOWN, history=folder / "history")
    return written.files["report.html"]


@pytest.fixture(scope="session")
def few_record(folder: Path) -> Path:
    """The record of a few rules, with some of everything."""
    return failing_record(folder / "few.jsonl", count=60, catalogue=few_rules())


@pytest.fixture(scope="session")
def few_page(folder: Path, few_record: Path) -> Path:
    """A page with some of everything, small enough for a tool that looks at every item."""
    write_history(folder / "nights", few_record, 12)
    return write_all(few_record, folder / "few", known=KNOWN, history=folder / "nights").files["report.html"]


@pytest.fixture(scope="session")
def comparison_page(folder: Path) -> Path:
    old, new = write_record(folder / "old.jsonl"), failing_record(folder / "new.jsonl")
    compared = compare(read_run(old), read_run(new))
    page = folder / "comparison.html"
    page.write_bytes(page_of(compared))
    return page


@pytest.fixture(scope="session")
def client_page(folder: Path) -> Path:
    page = folder / "client.html"
    page.write_bytes(page_of_client(made_up_results(), ["python", "harness.py"]))
    return page


@pytest.fixture(scope="session")
def hostile_page(folder: Path) -> Path:
    with RecordWriter(folder / "hostile.jsonl") as writer:
        for entry in injected(PAYLOAD):
            writer.write(entry)
    return write_all(folder / "hostile.jsonl", folder / "hostile").files["report.html"]


@pytest.fixture(scope="session")
def large_page(folder: Path, request: pytest.FixtureRequest) -> Path:
    """A page of 1,000 rules and as many exchanges as the test asks for."""
    record = bulk_record(folder / "large.jsonl", count=request.param, catalogue=many_rules(1000))
    written = write_all(record, folder / f"large-{request.param}")
    record.unlink()
    written.files["exchanges.har"].unlink()
    return written.files["report.html"]
