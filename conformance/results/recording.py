"""From the run to its record: exchanges and the catalogue as entries, with every secret left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import translate

import yaml

from conformance.http.carried import carried
from conformance.http.exchange import Exchange
from conformance.http.keys import joined, sent_with
from conformance.http.redaction import Redaction, sent_text
from openapi.catalogue import Catalogue
from openapi.contract import Contract
from openapi.json_types import Json
from openapi.network import without_credentials
from openapi.schema.nodes import Node
from openapi.security import SecurityScheme
from reports.record import entries as record
from reports.record import key_forms
from reports.record.entries import RequirementEntry
from reports.record.key_forms import Form, KeyValue
from strategies.case import Case, Key

_RESPONSE_HEADERS = ("content-type", "content-encoding", "retry-after", "allow", "location", "content-length")


def request_entry(case: Case, contract: Contract, redaction: Redaction, tagged: bytes | None = None) -> record.Request:
    """Return the request of a case without its key; `tagged` are its bytes where they have a run tag."""
    hiding = redaction.during(case)
    return _request(case, contract, hiding, sent_text(tagged or case.content, hiding))


def request_of(exchange: Exchange, contract: Contract) -> record.Request:
    """Return the request of an exchange without its key."""
    return _request(exchange.case, contract, exchange.redaction, exchange.sent)


def _request(case: Case, contract: Contract, redaction: Redaction, body: str | None) -> record.Request:
    added_headers, added_query = carried(contract, case)
    headers = {name: _shown(value, redaction) for name, value in (*case.headers, *added_headers)}
    if body is not None and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = contract.media_type
    return record.Request(
        method=case.method or contract.method,
        path=case.path if case.path is not None else contract.path,
        query=[[name, _shown(value, redaction)] for name, value in (*case.query, *added_query)],
        query_text=None if case.query_text is None else redaction.text(case.query_text),
        headers=headers,
        body=body,
        key=_key_of(case, contract),
        key_forms=joined(_own_forms(case), sent_with(contract, case) if case.key is Key.OWN else {}),
    )


def _own_forms(case: Case) -> dict[str, Form]:
    """Return the forms of the values that a case makes of a credential, by place."""
    return {
        f"{place} {name}": value.form
        for place, pairs in (("header", case.headers), ("query", case.query))
        for name, value in pairs
        if isinstance(value, KeyValue)
    }


def _shown(value: str, redaction: Redaction) -> str:
    """Return a value of a header or of the query; of one that is made of the key its formula."""
    return key_forms.shown(value.form) if isinstance(value, KeyValue) else redaction.text(value)


def _key_of(case: Case, contract: Contract) -> str:
    """Return which key went along, in the record's words."""
    if case.key is Key.RIGHT:
        return "own" if contract.keys else "none"
    return "invalid" if case.key is Key.OWN and (case.headers or case.query) else "none"


def response_entry(exchange: Exchange) -> record.Response | None:
    """Return the response of an exchange without secrets."""
    if exchange.error is not None:
        return None
    headers = {
        name: exchange.shown(without_credentials(value))
        for name, value in exchange.headers.items()
        if name in _RESPONSE_HEADERS
    }
    return record.Response(status=exchange.status, headers=headers, body=exchange.received)


def exchange_entry(exchange: Exchange, contract: Contract) -> record.Exchange:
    """Return the exchange as an entry of the record."""
    case = exchange.case
    return record.Exchange(
        number=exchange.number,
        case=case.id,
        aims=case.rules()[:40],
        side=str(case.side),
        label=exchange.redaction.text(case.label),
        phase=case.phase,
        request=request_of(exchange, contract),
        response=response_entry(exchange),
        error=None if exchange.error is None else exchange.shown(exchange.error),
        at=round(exchange.at, 6),
        seconds=round(exchange.seconds, 6),
    )


def rule_entries(catalogue: Catalogue) -> Iterator[record.RuleEntry]:
    """Yield the catalogue as entries."""
    for rule in catalogue.rules.values():
        front, _, rest = rule.id.partition(".")
        place = rest.rpartition(".")[0] if front in ("body", "response", "query") else ""
        yield record.RuleEntry(
            id=rule.id,
            area=str(rule.area),
            level=str(rule.level),
            basis=str(rule.basis),
            requirement=rule.requirement,
            quote=rule.quote,
            source=rule.source,
            place=place,
            keyword=rule.keyword,
            value=rule.value,
        )


def field_entries(catalogue: Catalogue) -> Iterator[record.FieldEntry]:
    """Yield every field of request and response as entries, for the field map."""
    about: dict[tuple[str, str], list[str]] = {}
    for identity in catalogue.rules:
        side, _, rest = identity.partition(".")
        about.setdefault((side, rest.rpartition(".")[0]), []).append(identity)
    for side, root in (("body", catalogue.body), ("response", catalogue.response)):
        for node in root.walk():
            yield _field(side, node, about.get((side, node.path), []))


def _field(side: str, node: Node, rules: list[str]) -> record.FieldEntry:
    keywords: dict[str, Json] = {}
    for constraint in node.constraints:
        if constraint.keyword not in ("title", "description", "examples", "readOnly") and not constraint.keyword.startswith(
            "x-"
        ):
            keywords.setdefault(constraint.keyword, constraint.value)
    return record.FieldEntry(
        side=side,
        place=node.path,
        types=sorted(node.types) if not node.is_free else ["any"],
        keywords={key: value for key, value in keywords.items() if isinstance(value, (str, int, float, bool, list))},
        rules=rules,
        description=str(node.get("description") or ""),
    )


def requirement_entries(catalogue: Catalogue) -> Iterator[RequirementEntry]:
    """Yield each sentence with the rules of the catalogue that test it."""
    table = catalogue.contract.data.requirements
    if table is None:
        return
    data = yaml.load(table.read_text(encoding="utf-8"), yaml.CSafeLoader)
    rows = data["requirements"] if isinstance(data, dict) else data
    for row in rows:
        rules = [rule for glob in row.get("rules") or () for rule in _matching(catalogue, glob)]
        yield RequirementEntry(
            id=str(row["id"]),
            section=row.get("section", ""),
            sentence=row["sentence"],
            rules=list(dict.fromkeys(rules)),
            reason=row.get("reason"),
        )


def _matching(catalogue: Catalogue, glob: str) -> list[str]:
    if glob in catalogue.rules:
        return [glob]
    fits = re.compile(translate(glob)).match
    return [rule for rule in catalogue.rules if fits(rule)]


def facts_of(contract: Contract) -> Iterator[tuple[str, str]]:
    """Yield what the description says of the operation itself, as a name and a sentence."""
    yield "operation", f"{contract.method} {contract.template or contract.path}"
    yield "status of success", ", ".join(contract.statuses)
    yield "media type of requests", contract.media_type
    yield "media type of responses", contract.response_media_type or "none"
    yield "credentials", " or ".join(" and ".join(map(_credential, each)) or "none" for each in contract.security)
    for name, operation in (("read operation", contract.read), ("delete operation", contract.delete)):
        if operation is not None:
            yield name, f"{operation.path}, {operation.status}"
    yield "required query parameters", ", ".join(each.name for each in contract.parameters if each.required)


def _credential(scheme: SecurityScheme) -> str:
    return f"{scheme.prefix} credential".strip() if scheme.prefix else f"{scheme.name} in the {scheme.location}"
