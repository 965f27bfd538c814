"""Checks of one case: the intended call, what arrived, what the client returned, and the deviations between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from conformance.sdk.calls import IntendedCall
from conformance.sdk.comparison import ABSENT, equal
from conformance.sdk.findings import Carriage, Deviation, Judged, shown
from conformance.sdk.protocol import Crashed, Hello, Outcome, Returned, Unsupported
from conformance.sdk.recording import Arrived
from conformance.sdk.requests import RequestChecks, in_query
from conformance.sdk.responses import ResponseCase
from conformance.sdk.returns import ReturnChecks
from openapi.catalogue import Catalogue
from openapi.json_types import Json
from openapi.schema.oracle import Oracle


class Checks:
    """The checks for one catalogue and one client; `accepts` is whether the server accepts an intended call as it is."""

    def __init__(self, catalogue: Catalogue, hello: Hello, accepts: Callable[[IntendedCall], bool]) -> None:
        self._contract, self._accepts = catalogue.contract, accepts
        self._requests, self._returns = RequestChecks(catalogue), ReturnChecks(catalogue, hello)

    def request(self, call: IntendedCall, outcome: Outcome, arrived: Sequence[Arrived]) -> Judged:
        """Judge the request that a client made of an intended call, and the response that it returned."""
        if isinstance(outcome, Crashed):
            return self._judged(call, outcome, [Deviation("crash", "", "a result", outcome.reason)], None, None)
        if isinstance(outcome, Unsupported):
            return self._judged(call, outcome, [], Carriage.UNSUPPORTED, None)
        creations = self._creations(arrived)
        if not creations:
            found = "nothing arrived" if isinstance(outcome, Returned) else f"{outcome.error}: {outcome.detail[:300]}"
            refused = Deviation("not sent", call.member, "the call arrives", found)
            return self._judged(call, outcome, [refused], Carriage.REFUSED, None)
        first = creations[0]
        sent = list(self._requests.sent(call, first))
        deviations = [
            *sent,
            *self._refused(call, sent, first),
            *self._repeated(creations),
            *self._returns.received(first, outcome),
        ]
        return self._judged(call, outcome, deviations, self._requests.carriage(call, first), first)

    def response(self, case: ResponseCase, outcome: Outcome, arrived: Sequence[Arrived]) -> Judged:
        """Return the result of what a client made of a scripted response."""
        creations = self._creations(arrived)
        deviations: list[Deviation] = []
        skipped = ""
        if isinstance(outcome, Crashed):
            deviations = [Deviation("crash", case.subject, "a result", outcome.reason)]
        elif isinstance(outcome, Unsupported) or not creations:
            skipped = "the client does not send a call in which nothing is set"
        else:
            deviations = list(self._returns.scripted(case, outcome, creations))
        return Judged(
            case=case.id,
            label=case.label,
            member=case.member,
            intended=IntendedCall(case.label),
            deviations=tuple(deviations),
            arrived=creations[0] if creations else None,
            outcome=outcome,
            skipped=skipped,
            edge=case.label if case.member else "",
        )

    def _judged(
        self,
        call: IntendedCall,
        outcome: Outcome,
        deviations: list[Deviation],
        carriage: Carriage | None,
        arrived: Arrived | None,
    ) -> Judged:
        member = carriage if call.member else None
        return Judged(call.id, call.label, call.member, call, tuple(deviations), member, arrived, outcome)

    def _creations(self, arrived: Sequence[Arrived]) -> list[Arrived]:
        operation = self._contract.method, self._contract.path
        return [each for each in arrived if (each.method, each.path.rstrip("/")) == operation]

    def _refused(self, call: IntendedCall, sent: list[Deviation], first: Arrived) -> Iterator[Deviation]:
        """Yield a refusal that no difference in query or body explains, such as that of a request without its key."""
        explained = any(each.kind != "redundant" for each in sent)
        if first.status != self._contract.status and not explained and self._accepts(call):
            response = first.response.decode("utf-8", "replace")
            yield Deviation(
                "invalid request", "", f"status {self._contract.status}", f"status {first.status}: {response[:160]}"
            )

    def _repeated(self, creations: list[Arrived]) -> Iterator[Deviation]:
        if len(creations) > 1 and creations[0].status == self._contract.status:
            seconds = creations[1].at - creations[0].at
            yield Deviation("repeated", "", "one request", f"more than one, the second after about {seconds:.0f} s")


def documented(catalogue: Catalogue, hello: Hello, unset: Arrived | None) -> Iterator[tuple[IntendedCall, Deviation]]:
    """Yield where the client's own documentation is false; `unset` is the request of a call in which nothing is set."""
    oracle = Oracle(catalogue.contract.request, "body", catalogue.body)
    for name, values in hello.examples.items():
        for value in values:
            violated = oracle.violated({name: value}) if name in catalogue.body.properties else {}
            call = IntendedCall(f"documented example of {name}: {shown(value)}", name, (name,), {name: value})
            for rule in violated:
                yield call, Deviation("documented example", name, f"{rule} holds", shown(value))
    sent: Mapping[str, Json] = {} if unset is None else {**_object(unset), **dict(unset.query)}
    for name, value in hello.defaults.items():
        found = sent.get(name, ABSENT)
        if found is not ABSENT and not equal(found, value) and found != in_query(value):
            call = IntendedCall("nothing set")
            yield call, Deviation("documented default", name, f"{shown(value)} if unset", f"sends {shown(found)}")


def _object(arrived: Arrived) -> dict[str, Json]:
    try:
        body = arrived.json
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
