"""The heading of a run: what it is about, as its record begins."""

from __future__ import annotations

import datetime
import importlib.metadata
import platform
from collections.abc import Mapping
from typing import Any

from conformance import VERSION
from conformance.http.keys import forms_of
from conformance.results.recording import facts_of
from conformance.session.session import Session
from openapi.catalogue import Catalogue
from reports.record.entries import KEY_HEADER, Header


def header(
    catalogue: Catalogue,
    session: Session,
    *,
    embedded: bool,
    command: str,
    options: Mapping[str, Any] | None = None,
    kept: str | None = None,
) -> Header:
    """Return the header of the record; `kept` is the digest of the description as it stands beside a history."""
    contract = catalogue.contract
    description = {"name": contract.description.name, "digest": contract.description.digest, "version": contract.version}
    return Header(
        suite=f"ultravox-conformance {VERSION}",
        started=now(),
        target=session.target.url,
        embedded=embedded,
        operation=f"{contract.method} {contract.path}",
        title=contract.title,
        description=description if kept is None else {**description, "kept": kept},
        overlays=[{"name": each.name, "digest": each.digest} for each in contract.overlays],
        notes=list(catalogue.notes),
        seed=session.seed,
        profile=session.profile.name,
        strict=session.strict,
        versions={"python": platform.python_version(), **{name: importlib.metadata.version(name) for name in _PACKAGES}},
        command=command,
        options=dict(options or {}),
        run=session.client.run,
        correlation=session.target.correlation,
        contract=contract.data.name,
        key_header=next((key.name for key in contract.keys if key.location == "header"), KEY_HEADER),
        key_variable=contract.key_variable,
        keys=forms_of(contract, contract.keys),
        facts=dict(facts_of(contract)),
    )


_PACKAGES = ("hypothesis", "hypothesis-jsonschema", "schemathesis", "httpx", "jsonschema-rs", "pytest")


def now() -> str:
    """Return the time as a record has it."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
