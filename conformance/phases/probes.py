"""The phase of probes: undocumented behaviour is tried and recorded, so that a change is noticed; only a 5xx is a violation."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from conformance.http.exchange import Exchange
from conformance.session import Session
from openapi.catalogue import probes
from openapi.schema.nodes import tree
from strategies.case import Case, Side
from strategies.plan.mutators import mutated


async def run(session: Session) -> None:
    """Try every probe and every mutator."""
    cases = (*_probes(session), *mutated(session.plan, session.profile.mutated_fields))
    await session.each((case for case in cases if session.wants(case.rule)), partial(_observe, session))


def _observe(session: Session, exchange: Exchange) -> None:
    rule = exchange.case.rule
    if session.is_unjudged(exchange, rule, "probe"):
        return
    happened = "accepted" if exchange.is_success else "refused"
    places = session.results[rule].observed.setdefault(f"{happened} ({exchange.status})", [])
    places.append(exchange.case.label)


def _probes(session: Session) -> Iterator[Case]:
    for entry in probes(session.catalogue.contract):
        query = _query(session, entry)
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
            path=session.catalogue.contract.path + entry["path"] if "path" in entry else None,
            phase="probe",
        )


def _content(entry: dict[str, Any]) -> bytes | None:
    if "bytes" in entry:
        return bytes.fromhex(str(entry["bytes"]))
    return entry["body"].encode() if "body" in entry else None


def _query(session: Session, entry: dict[str, Any]) -> tuple[tuple[str, str], ...] | None:
    """Return the query of a probe; None if the operation has no parameter of the kind."""
    if "parameter" not in entry:
        return tuple((name, value) for name, value in entry.get("query", ()))
    names = [each.name for each in session.catalogue.contract.parameters if entry["parameter"] in tree(each.schema).types]
    return tuple((names[0], value) for value in entry["values"]) if names else None
