"""Makes the pictures of the README from the records of real runs, with an installed Chromium.

    python docs/screenshots.py --out docs/images --conforming out/conforming/run.jsonl --failing out/failing/run.jsonl \\
        [--history out/history]

Without records, made-up runs take their place.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, sync_playwright

from reports.artifacts import write_all
from reports.html.comparison import comparison_page
from reports.record.reader import read_run
from reports.trend.comparison import compare
from tests.reports.synthetic.nights import write_history
from tests.reports.synthetic.runs import failing_record, write_record

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DESKTOP, PHONE = (1440, 900), (390, 844)


@dataclass(frozen=True)
class Picture:
    """A page as it is seen: which report, at which place of it, how large, in which theme."""

    name: str
    page: str
    fragment: str = ""
    size: tuple[int, int] = DESKTOP
    scheme: str = "light"


PICTURES = (
    Picture("conforming", "conforming"),
    Picture("matrix", "failing", "#rules"),
    Picture("failing", "failing"),
    Picture("failure", "failing", "#failures"),
    Picture("fields", "failing", "#fields"),
    Picture("latency", "failing", "#latency"),
    Picture("dark", "failing", "#rules", scheme="dark"),
    Picture("phone", "failing", "#failures", size=PHONE),
    Picture("phone-conforming", "conforming", size=PHONE),
    Picture("comparison", "comparison"),
    Picture("phone-comparison", "comparison", size=PHONE),
    Picture("trend", "trend", "#trend"),
    Picture("phone-trend", "trend", "#trend", size=PHONE),
)


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as scratch, _browser() as browser:
        pages = draw_pages(Path(scratch), options)
        options.out.mkdir(parents=True, exist_ok=True)
        for picture in PICTURES:
            if not options.only or picture.name in options.only:
                take(browser, picture, pages[picture.page], options.out / f"{picture.name}.png")


def draw_pages(scratch: Path, options: argparse.Namespace) -> dict[str, Path]:
    """The reports that the pictures show, drawn from the records."""
    conforming = options.conforming or write_record(scratch / "conforming.jsonl")
    failing = options.failing or failing_record(scratch / "failing.jsonl")
    history = options.history
    if history is None:
        history = scratch / "history"
        write_history(history, failing)
    pages = {
        "conforming": write_all(conforming, scratch / "conforming").files["report.html"],
        "failing": write_all(failing, scratch / "failing").files["report.html"],
        "trend": write_all(failing, scratch / "trend", history=history).files["report.html"],
        "comparison": scratch / "comparison.html",
    }
    pages["comparison"].write_bytes(comparison_page(compare(read_run(conforming), read_run(failing))))
    return pages


def take(browser: Browser, picture: Picture, page: Path, out: Path) -> None:
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.scheme == "dark" else "light",
    )
    opened = context.new_page()
    opened.goto(page.as_uri() + picture.fragment)
    opened.wait_for_timeout(300)
    opened.screenshot(path=out)
    context.close()
    print(out)


@contextmanager
def _browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise SystemExit("no Chromium was found; install it, or name it in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Makes the pictures of the README.")
    parser.add_argument("--out", type=Path, default=Path("docs/images"), help="folder for the pictures")
    parser.add_argument("--conforming", type=Path, help="record of a conforming run")
    parser.add_argument("--failing", type=Path, help="record of a run with failures")
    parser.add_argument("--history", type=Path, help="history of the failing run's target")
    parser.add_argument("--only", nargs="*", choices=[each.name for each in PICTURES], help="only these")
    return parser.parse_args()


if __name__ == "__main__":
    main()
