"""The document of a description, kept beside the history of a target without the credentials that led to it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from conformance.cli.command_error import CommandError
from conformance.cli.run_directory import writable
from conformance.http.redaction import Redaction
from openapi.errors import ContractError
from openapi.network import credentials_in
from openapi.reading.loader import inputs_of
from reports.program import program
from reports.record.entries import Header
from reports.record.key_forms import variables
from reports.trend.kept_descriptions import FOLDER, keep_document

_LEAST = 6  # characters of a value in a query that may sign it; `1` and `true` do not


def checked_history(history: Path | None) -> None:
    """Return if a history can be read and written. CommandError where it cannot."""
    if history is None:
        return
    writable(history, "--history")
    try:
        list(history.iterdir())
    except OSError as error:
        raise CommandError(f"--history {history}: {error.strerror or error}") from error
    writable(history / FOLDER, "--history")


def kept_again(history: Path, header: Header) -> str | None:
    """Keep the document that a recorded run was made with; return the digest that names it.

    None, and a warning, where the document cannot be read any more or is another one by now. CommandError where it cannot be
    written. A shard keeps no history, so `report merge` does this for the whole run.
    """
    location, contract = header.options.get("openapi"), header.options.get("contract")
    try:
        document = inputs_of(location, [], contract=contract).description
        problem = None if document.digest == header.description["digest"] else "it has changed since the run"
    except ContractError as error:
        problem = str(error)
    if problem is not None:
        name = header.description["name"]
        print(f"{program()}: warning: the description {name} is not kept with the history: {problem}", file=sys.stderr)
        return None
    names = {header.key_variable, *(each for form in header.credentials.forms.values() for each in variables(form))}
    keys = [value for name in names if (value := os.environ.get(name, "").strip())]
    return kept(history, document.content, location, Redaction.of_values(keys))


def kept(history: Path, content: bytes, location: str | None, redaction: Redaction) -> str:
    """Keep the content of a document that was read from `location`; return the digest that names it.

    Nothing of it shows what the run must not show, nor what the URL carries. CommandError where it cannot be written.
    """
    text = content.decode("utf-8", "surrogateescape")
    own = Redaction.of_values(_secrets_of(location or ""))
    content = own.text(redaction.text(text)).encode("utf-8", "surrogateescape")
    try:
        return keep_document(history, content)
    except OSError as error:
        raise CommandError(f"--history {history}: {error.strerror or error}") from error


def _secrets_of(location: str) -> list[str]:
    """Return the credentials in a URL: its password, and the values of its query."""
    try:
        values = [value for _, value in parse_qsl(urlsplit(location).query)]
    except ValueError:
        values = []
    return [*credentials_in(location), *(each for each in values if len(each) >= _LEAST)]
