"""Digests of what the vendor published, so that tests compare with it where it is not: `python -m tests.openapi.published`.

The published files are not ours to redistribute. `published.yaml` holds digests of their sentences, names and facts, which say
whether ours are the same and nothing else. The command writes them anew from the folder `../shared/reference`.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.openapi.facts import component_facts, descriptions, operation_facts, sentences
from tests.openapi.our_overlay import ACTIONS, REFERENCE, ROOT, Object

FILE = Path(__file__).with_name("published.yaml")
PAGE, APRIL, SEPTEMBER = "create-call-page.txt", "vendor-openapi-2025-04-01.yaml", "vendor-openapi-2025-09-29.yaml"
HEADINGS = ("Authorizations", "Query Parameters", "Body", "Response")
BEYOND_THE_PAGE = "Schema descriptions"
TABLE = ROOT / "openapi" / "contracts" / "ultravox" / "requirements.yaml"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def digests(texts: Iterable[str]) -> list[str]:
    """The digests of texts, each once, in no order of theirs."""
    return sorted(set(map(digest, texts)))


def by_place(facts: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """One digest for all that is stated of a place."""
    found: dict[str, list[str]] = defaultdict(list)
    for place, *fact in facts:
        found[place].append("\n".join(fact))
    return {place: digest("\n".join(sorted(stated))) for place, stated in sorted(found.items())}


def changes(earlier: dict[str, str], later: dict[str, str]) -> dict[str, str | None]:
    """Return the places where a later version states something else, each with its digest there, None where it is gone."""
    places = sorted(earlier.keys() | later.keys())
    return {place: later.get(place) for place in places if earlier.get(place) != later.get(place)}


def squeezed(text: str) -> str:
    return "".join(text.split())


def names_shown(page: str) -> set[str]:
    """The names of members in the examples of the page."""
    return set(re.findall(r'"(\w+)":', page))


def options_shown(page: str) -> set[str]:
    """The members of enums on the page."""
    return set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", page))


def quotations() -> Iterator[str]:
    """Every sentence that a documented rule is said to be taken from."""
    for action in ACTIONS:
        if action.get("x-basis", "documented") == "documented" and "x-exchange-rules" not in action["update"]:
            yield action["description"]
    for extension in ("x-exchange-rules", "x-request-rules", "x-parent-call"):
        for action in ACTIONS:
            found = action["update"].get(extension, [])
            yield from (each["quote"] for each in (found if isinstance(found, list) else [found]))


def is_published(quote: str, texts: list[str]) -> bool:
    # The page shows a description without its line breaks and without its marks for code.
    return any(quote in text or quote in text.replace("`", "") for text in texts)


@cache
def known() -> Any:
    """The content of `published.yaml`."""
    return yaml.load(FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)


def _written() -> Object:
    texts = {name: (REFERENCE / name).read_text(encoding="utf-8") for name in (PAGE, APRIL, SEPTEMBER)}
    joined = {name: " ".join(text.split()) for name, text in texts.items()}
    vendor, later, page = yaml.load(texts[APRIL], yaml.CSafeLoader), yaml.load(texts[SEPTEMBER], yaml.CSafeLoader), texts[PAGE]
    rows = [
        row["sentence"]
        for row in yaml.load(TABLE.read_text(encoding="utf-8"), yaml.CSafeLoader)
        if row["section"] == BEYOND_THE_PAGE
    ]
    theirs = [text for each in (*descriptions(vendor), *page.splitlines()) for text in sentences(each)]
    return {
        "page": digest(squeezed(page)),
        "page_names": digests(names_shown(page)),
        "page_options": digests(options_shown(page)),
        "quotations": digests(each for each in quotations() if is_published(each, [*joined.values()])),
        "sentences_of_the_description": digests(each for each in rows if each in joined[APRIL]),
        "sentences": digests(theirs),
        "components": by_place(component_facts(vendor)),
        "september": changes(by_place(component_facts(vendor)), by_place(component_facts(later))),
        "operations": by_place(operation_facts(vendor)),
    }


def main(write: Callable[[str], Any] = FILE.write_text) -> None:
    """Write the digests of the published files."""
    head = "# Digests of what the vendor published: `python -m tests.openapi.published` writes them.\n"
    write(head + yaml.safe_dump(_written(), sort_keys=False))


if __name__ == "__main__":
    main()
