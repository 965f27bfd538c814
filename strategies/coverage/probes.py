"""Probes: whole requests of which nothing is documented (`probes.yaml`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from openapi.catalogue import probes
from openapi.contract import Contract
from openapi.json_types import Json
from openapi.schema.nodes import tree
from strategies.case import Case, Side


def probe_cases(contract: Contract) -> Iterator[Case]:
    """Yield the probes of a contract; those of a kind of query parameter that it lacks are left out."""
    for entry in probes(contract):
        query = _query(contract, entry)
        if query is None:
            continue
        headers = [(name, value) for name, value in entry.get("headers", {}).items()]
        if "content-type" in entry:
            headers.append(("Content-Type", entry["content-type"]))
        yield Case(
            side=Side.PROBE,
            label=entry["what"],
            rule=f"observed.{entry['id']}",
            raw=_content(entry),
            query=query,
            query_text=entry.get("query-string"),
            headers=tuple(headers),
            method=entry.get("method", ""),
            path=contract.path + entry["path"] if "path" in entry else None,
            phase="probe",
        )


def _content(entry: Mapping[str, Json]) -> bytes | None:
    if "bytes" in entry:
        return bytes.fromhex(str(entry["bytes"]))
    return entry["body"].encode() if "body" in entry else None


def _query(contract: Contract, entry: Mapping[str, Json]) -> tuple[tuple[str, str], ...] | None:
    """Return the query of a probe; None if the operation has no parameter of the kind."""
    if "parameter" not in entry:
        return tuple((name, value) for name, value in entry.get("query", ()))
    names = [each.name for each in contract.parameters if entry["parameter"] in tree(each.schema).types]
    return tuple((names[0], value) for value in entry["values"]) if names else None
