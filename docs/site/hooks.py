"""The hooks of MkDocs: it calls them while it builds the site (`python -m mkdocs build --strict`)."""

from __future__ import annotations

import json
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from conformance.cli.parser import parser
from docs.site.links import ELSEWHERE, MADE_FROM, rewritten
from docs.site.reference import command_line, rules_page, schema_tables
from openapi.catalogue import catalogue_of
from openapi.reading.loader import load_contract

ROOT = Path(__file__).resolve().parents[2]
_DOCUMENTS = {page: document for document, page in ELSEWHERE.items()}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Return the files of `docs` with the documents from elsewhere and the reference pages."""
    for page, document in _DOCUMENTS.items():
        files.append(File.generated(config, page, content=(ROOT / document).read_text(encoding="utf-8")))
    for page, content in _reference().items():
        files.append(File.generated(config, page, content=content))
    return files


def on_page_markdown(markdown: str, page: Page, **_context: object) -> str:
    """Return the text of a page with links that hold on the site."""
    source = page.file.src_uri
    return rewritten(markdown, _DOCUMENTS.get(source, f"docs/{source}"), source)


def _reference() -> dict[str, str]:
    return {
        "reference/command-line.md": command_line(parser()),
        "reference/rules.md": rules_page(catalogue_of(load_contract())),
        **{page: schema_tables(json.loads((ROOT / schema).read_text(encoding="utf-8"))) for schema, page in MADE_FROM.items()},
    }
