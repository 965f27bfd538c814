"""Probes: whole requests of which nothing is documented (`probes.yaml`), and how several of them share a request."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from urllib.parse import urlencode

from openapi.catalogue import probes
from openapi.contract import Contract
from openapi.json_types import Json
from openapi.schema.nodes import tree
from openapi.schema.paths import merged
from strategies.case import Aim, Case, Side

_NOTHING = b"{}"  # the body of a probe that is about something else


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


def sharing(entries: Iterable[Mapping[str, Json]], cases: Iterable[Case]) -> list[list[Case]]:
    """Return the probes of entries with `shares` in groups, each in the first one where what it changes is free.

    Members are added to one object at a time: what stands in two objects may not stand in one body.
    """
    rules = {f"observed.{entry['id']}" for entry in entries if entry.get("shares")}
    groups: list[list[Case]] = []
    for case in cases:
        if case.rule in rules:
            group = next((each for each in groups if all(_go_together(case, other) for other in each)), None)
            if group is None:
                groups.append([case])
            else:
                group.append(case)
    return groups


def joined(group: Sequence[Case]) -> Case:
    """Return one request with all that the probes of a group change, and an aim for each of them."""
    aims = tuple(Aim(each.rule, each.offending_path or (), each.label) for each in group)
    query = tuple(pair for each in group for pair in each.query)
    texts = [urlencode(each.query) if each.query_text is None else each.query_text for each in group]
    return replace(
        group[0],
        rule="",
        label=f"{len(group)} probes in one request",
        aims=aims,
        offending_path=None,
        raw=_one_body([each.raw for each in group if each.raw is not None and each.raw != _NOTHING]),
        query=query,
        query_text="&".join(filter(None, texts)) if any(each.query_text is not None for each in group) else None,
        headers=tuple(header for each in group for header in each.headers),
    )


def _one_body(bodies: Sequence[bytes]) -> bytes:
    """Return the one body that is there; several are objects, which become one with the members of all."""
    if len(bodies) > 1:
        return json.dumps(reduce(merged, map(json.loads, bodies))).encode()
    return bodies[0] if bodies else _NOTHING


def _go_together(one: Case, other: Case) -> bool:
    return one.offending_path == other.offending_path and not _places(one) & _places(other)


def _places(case: Case) -> set[str]:
    """Return what a probe changes: the body, headers, and query parameters. Members of the body stand beside each other."""
    is_whole = case.offending_path is None and case.raw != _NOTHING
    changed = {"the body"} if is_whole else set()
    return changed | {name.lower() for name, _ in case.headers} | {f"?{name}" for name, _ in case.query}
