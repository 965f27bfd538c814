"""The shape of a response: every rule of the response's schema, of the exchange, and what no schema can say."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property

from conformance.checks.as_read import Reading
from conformance.checks.conditions import Conditions
from conformance.checks.duplicate_members import repeated_member
from conformance.checks.echo import Echo, equal, instant
from conformance.checks.finding import CheckResult, Finding, shown, where
from conformance.checks.met_rules import MetRules
from conformance.http.exchange import NOT_JSON, Exchange
from openapi.catalogue import Catalogue
from openapi.json_types import Json, Path, down, pointer
from openapi.rules import Area
from openapi.schema.oracle import Oracle, rule_id
from strategies.case import Case

_OF_CREATION = re.compile(r"(?:date_?)?(?:creat|insert|regist)", re.IGNORECASE)
_LESS_THAN_A_ZONE = 50 * 60  # seconds: a clock may be wrong, but a local time that is written as UTC is an hour off or more
_NOTHING = frozenset({"None", "null", "undefined", "nil", "NaN"})
NIL = "00000000-0000-0000-0000-000000000000"


@dataclass
class Responses:
    """Judges the responses to valid requests."""

    catalogue: Catalogue
    echo: Echo

    @cached_property
    def oracle(self) -> Oracle:
        """Return the oracle of the response."""
        return Oracle(self.catalogue.contract.response, "response", self.catalogue.response)

    @cached_property
    def _met(self) -> MetRules:
        return MetRules(self.oracle.root, self.catalogue.rules.keys())

    @cached_property
    def _reading(self) -> Reading:
        return Reading(self.oracle.root)

    def check(self, exchange: Exchange, check_result: CheckResult, *, inherits: bool) -> None:
        """Add what the response says to the result; `inherits` if a parent call fills in what the body leaves out."""
        if not self._is_object(exchange, check_result):
            return
        self._schema(exchange, check_result)
        if not inherits:
            self._nothing_in_words(exchange, check_result)
        self._times(exchange, check_result)
        self._exchange_rules(exchange, check_result, inherits=inherits)

    def _is_object(self, exchange: Exchange, check_result: CheckResult) -> bool:
        if self.catalogue.contract.response_media_type is None:
            return False  # no content is described, so a body says nothing
        media = exchange.headers.get("content-type", "")
        if not self.catalogue.contract.is_described(media):
            expected = f"content type {self.catalogue.contract.response_media_type}"
            check_result.findings.append(
                Finding("response.content-type", "shape", expected, f"content type {media or 'is missing'}")
            )
        else:
            check_result.held.add(("response.content-type", "shape"))
        if exchange.json is not NOT_JSON and not isinstance(exchange.json, dict) and self.oracle.is_valid(exchange.json):
            check_result.held.add(("response.json", "shape"))
            return False  # described as something else than an object, whose rules hold
        if exchange.json is NOT_JSON or not isinstance(exchange.json, dict):
            actual = _unreadable(exchange) if exchange.json is NOT_JSON else f"it is {shown(exchange.json, 80)}"
            check_result.findings.append(Finding("response.json", "shape", "the response is a JSON object", actual))
            return False
        twice = repeated_member(exchange.content, exchange.json)
        if twice is None:
            check_result.held.add(("response.json", "shape"))
        else:
            expected, actual = "no member of an object in the response comes twice", f"{shown(twice)} comes twice"
            check_result.findings.append(Finding("response.json", "shape", expected, actual))
        return True

    def _schema(self, exchange: Exchange, check_result: CheckResult) -> None:
        sent = exchange.case.body if isinstance(exchange.case.body, dict) else {}
        response = exchange.json
        violated = {} if self.oracle.is_valid(response) else self._unforgiven(response, sent)
        for rule, paths in violated.items():
            paths = [path for path in paths if not self._as_sent(rule, path, response, sent)]
            if rule in self.catalogue.rules and paths:
                requirement = self.catalogue.rules[rule].requirement
                check_result.findings.append(Finding(rule, "shape", requirement, _at_paths(response, paths[0], rule), paths[0]))
        held = self._met.of(response)
        check_result.held |= {each for each in held if each[0] not in violated} if violated else held

    def of_schema(self, exchange: Exchange) -> list[Finding]:
        """Return what a response violates of the schema of responses, and nothing that depends on what was not sent."""
        found = CheckResult()
        if isinstance(exchange.json, dict):
            self._schema(exchange, found)
        return found.findings

    def violations_of(self, rule: str, exchange: Exchange) -> list[Finding]:
        """Return the violation of one rule of the response's schema, whatever was sent."""
        paths = self._unforgiven(exchange.json, {}).get(rule, [])
        requirement = self.catalogue.rules[rule].requirement
        return [Finding(rule, "shape", requirement, _at_paths(exchange.json, path, rule), path) for path in paths[:1]]

    def _nothing_in_words(self, exchange: Exchange, check_result: CheckResult) -> None:
        """Add that an unsent member that may be null is a word by which a language shows nothing."""
        sent = exchange.case.body if isinstance(exchange.case.body, dict) else {}
        for name, node in self.oracle.root.properties.items():
            value = exchange.json.get(name)
            rule = rule_id("response", name, "type")
            if isinstance(value, str) and value in _NOTHING and name not in sent and node.admits_null:
                finding = Finding(
                    rule, "shape", f"/{name} is null, since nothing was sent", f"/{name} is {shown(value)}", (name,)
                )
                check_result.findings.append(finding)

    def _unforgiven(self, response: Json, sent: Json) -> dict[str, list[Path]]:
        """Return what the response violates as it was received, and as read by one who takes null for unset.

        A reading can forgive and never accuse: a rule that it alone violates is none that the server violates.
        """
        violated = self.oracle.violated(response)
        as_read = self.oracle.violated(self._reading.of(response))
        kept = {rule: paths for rule, paths in violated.items() if rule in as_read}
        return {
            rule: found
            for rule, paths in kept.items()
            if (found := [path for path in paths if not self._is_zero_left_out(rule, path, sent)])
        }

    def _is_zero_left_out(self, rule: str, path: Path, sent: Json) -> bool:
        """Return whether a nested member is missing that was sent as zero, empty or false, as protobuf leaves them out."""
        if not rule.endswith(".required") or not path:
            return False
        try:
            holder = down(sent, path)
        except (LookupError, TypeError):
            return False
        name = rule.split(".")[-2]
        value = holder.get(name) if isinstance(holder, dict) else None
        return value is not None and not isinstance(value, dict) and not value

    def _as_sent(self, rule: str, path: Path, response: Json, sent: Json) -> bool:
        """Return whether the response only shows what was sent: then the description contradicts itself, not the server it."""
        if rule.endswith(".required") or not path:
            return False
        try:
            return equal(down(response, path), down(sent, path))
        except (LookupError, TypeError):
            return False

    @cached_property
    def _timed(self) -> list[tuple[str, str]]:
        """Return the top-level fields of the server's own that hold a moment or an id, with their format.

        A moment may lie far ahead, such as the end of a subscription. It may not if the contract says that the server makes it,
        or if it is named after the creation.
        """
        asked, stated = self.catalogue.body.properties, self.catalogue.contract.data.created.server_made
        formats = ((name, node.get("format")) for name, node in self.oracle.root.properties.items() if name not in asked)
        return [
            (name, each)
            for name, each in formats
            if each == "uuid" or (each == "date-time" and (pointer(name) in stated or _OF_CREATION.match(name)))
        ]

    def _times(self, exchange: Exchange, check_result: CheckResult) -> None:
        now = _server_time(exchange)
        for name, text_format in self._timed:
            value = exchange.json.get(name)
            moment = instant(value) if text_format == "date-time" else None
            if moment is not None:
                if abs(moment.timestamp() - now) > _LESS_THAN_A_ZONE:
                    expected = f"/{name} lies within {_LESS_THAN_A_ZONE // 60} minutes of the request"
                    check_result.findings.append(
                        Finding("response.plausible-times", "shape", expected, f"/{name} is {value}", (name,))
                    )
                else:
                    check_result.held.add(("response.plausible-times", "shape"))
            if text_format == "uuid" and isinstance(value, str):
                if value == NIL:
                    check_result.findings.append(
                        Finding("response.nil-id", "shape", f"/{name} is an id", f"/{name} is {value}", (name,))
                    )
                else:
                    check_result.held.add(("response.nil-id", "shape"))

    @cached_property
    def _stated(self) -> list[tuple[Json, Conditions]]:
        return [(each, Conditions.of(each)) for each in self.catalogue.contract.extensions.get("x-exchange-rules", ())]

    def exercised_by(self, case: Case) -> dict[str, bool]:
        """Return for each stated rule about exchanges whether the request of a case exercises it."""
        whole = {"query": dict(case.query), "body": case.body if isinstance(case.body, dict) else {}, "response": {}}
        return {f"response.{each['id']}": conditions.are_about(whole) for each, conditions in self._stated}

    def _exchange_rules(self, exchange: Exchange, check_result: CheckResult, *, inherits: bool) -> None:
        case = exchange.case
        whole = {"query": dict(case.query), "body": case.body if isinstance(case.body, dict) else {}, "response": exchange.json}
        for each, conditions in self._stated:
            rule = f"response.{each['id']}"
            # What a parent call set is no default, so only rules about the call itself hold then.
            if (inherits and self.catalogue.rules[rule].area is not Area.SHAPE) or not conditions.are_about(whole):
                continue
            path, problem = conditions.violated(whole)
            if problem is None:
                check_result.held.add((rule, self.side_of(rule)))
            else:
                check_result.findings.append(Finding(rule, self.side_of(rule), each["requirement"], problem, path))

    def side_of(self, rule: str) -> str:
        """Return the side of a rule about exchanges that shows in the report."""
        area = self.catalogue.rules[rule].area
        return "default" if area is Area.DEFAULT else "echo" if area is Area.ECHO else "shape"


def _server_time(exchange: Exchange) -> float:
    """Return the time of a response by the server's own clock, or else by ours, in seconds since 1970."""
    try:
        return parsedate_to_datetime(exchange.headers["date"]).timestamp()
    except (KeyError, ValueError, OverflowError):
        return time.time()


def _unreadable(exchange: Exchange) -> str:
    """Return what a response is that is no JSON, or none that anybody could read."""
    if exchange.content:
        return "it is no JSON that can be read"
    coding = exchange.headers.get("content-encoding")
    return f"it is empty, or not in {coding} as it says" if coding else "it is empty"


def _at_paths(response: Json, path: Path, rule: str) -> str:
    if rule.endswith(".required"):
        return f"{rule.split('.')[-2]} is not in {where(path) if path else 'the response'}"
    return f"{where(path)} is {shown(down(response, path))}"
