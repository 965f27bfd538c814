"""The document of a description, kept beside the history of a target without the credentials that led to it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from conformance.cli.command_error import CommandError
from conformance.cli.run_directory import writable
from conformance.http.redaction import Redaction
from openapi.contract import Contract
from openapi.network import credentials_in
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


def kept(history: Path, contract: Contract, location: str | None, redaction: Redaction) -> str:
    """Keep the document of a contract, read from `location`; return the digest that names it.

    Nothing of it shows what the run must not show, nor what the URL carries. CommandError where it cannot be written.
    """
    text = contract.description.content.decode("utf-8", "surrogateescape")
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
