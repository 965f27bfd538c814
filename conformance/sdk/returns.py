"""Checks of what a client returns or raises, for ordinary and for scripted responses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.sdk.comparison import ABSENT, Change, Difference, differences, equal, same_moment
from conformance.sdk.findings import Deviation, shown
from conformance.sdk.protocol import Hello, Outcome, Raised, Returned
from conformance.sdk.recording import Arrived
from conformance.sdk.responses import MARKER, Expectation, ResponseCase
from openapi.catalogue import Catalogue, default_of
from openapi.json_types import Json, Path, pointer
from openapi.schema.nodes import Node


class ReturnChecks:
    """Compares what a client returned with what the server sent; only the members that the client exposes count."""

    def __init__(self, catalogue: Catalogue, hello: Hello) -> None:
        self._status, self._hello, self._response = catalogue.contract.status, hello, catalogue.response

    def scripted(self, case: ResponseCase, outcome: Outcome, creations: list[Arrived]) -> Iterator[Deviation]:
        """Yield how the outcome differs from what the case expects."""
        return _EXPECTED[case.expectation](self, case, outcome, creations)

    def received(self, arrived: Arrived, outcome: Outcome) -> Iterator[Deviation]:
        """Yield how what the client returned differs from the response of the emulator."""
        if arrived.status != self._status:
            if isinstance(outcome, Returned):
                yield Deviation("no error", "", f"an error for status {arrived.status}", shown(outcome.value))
            return
        yield from self._read(arrived, outcome, "", "unread response")

    def _read(self, arrived: Arrived, outcome: Outcome, member: str, unread: str) -> Iterator[Deviation]:
        if isinstance(outcome, Raised):
            yield Deviation(unread, member, "the response is returned", f"{outcome.error}: {outcome.detail[:300]}")
        elif isinstance(outcome, Returned):
            yield from self._returned(arrived.response_json, outcome.value)

    def _returned(self, sent: Json, value: Json) -> Iterator[Deviation]:
        if not isinstance(value, dict):
            yield Deviation("dropped response", "", "the response is returned", shown(value))
            return
        visible = self._hello.response_members
        known = {name: each for name, each in sent.items() if visible is None or name in visible}
        for each in differences(known, value, same=self._same):
            node = self._response.at(each.path)
            if node is None or self._unset(node, each):
                continue  # members that no description names may be dropped or kept
            change = Change.INVENTED if each.expected is None else each.change  # null is as good as absent
            kind = "lost precision" if _shortened(each) else f"{change} response"
            place, at = _place(self._response, each.path), pointer(*each.path)
            yield Deviation(kind, place, shown(each.expected), shown(each.actual), at)

    def _same(self, path: Path, one: Json, other: Json) -> bool:
        node = self._response.at(path)
        is_moment = node is not None and node.get("format") == "date-time"
        return equal(one, other) or (is_moment and same_moment(one, other))

    def _unset(self, node: Node, each: Difference) -> bool:
        """Return whether both values mean that the member is not set: absent, null, or its default."""
        if each.expected is not ABSENT and each.expected is not None:
            return False
        found = default_of(node)
        return each.actual is ABSENT or each.actual is None or (found is not None and equal(found[0], each.actual))

    def _expect_read(self, case: ResponseCase, outcome: Outcome, creations: list[Arrived]) -> Iterator[Deviation]:
        for each in self._read(creations[0], outcome, case.subject, "unread response"):
            # What becomes of the other members shows in ordinary responses.
            if not case.member or each.member in ("", case.member) or each.member.startswith(f"{case.member}."):
                yield each

    def _expect_accepted(self, case: ResponseCase, outcome: Outcome, _creations: list[Arrived]) -> Iterator[Deviation]:
        if isinstance(outcome, Raised):
            yield Deviation("unread extension", case.subject, "a result", f"{outcome.error}: {outcome.detail[:300]}")

    def _expect_error(self, case: ResponseCase, outcome: Outcome, creations: list[Arrived]) -> Iterator[Deviation]:
        status = creations[0].status
        if not isinstance(outcome, Raised):
            value = outcome.value if isinstance(outcome, Returned) else None
            yield Deviation("no error", case.subject, f"an error for {case.label}", f"returned {shown(value)}")
            return
        if status >= 400 and outcome.status != status and str(status) not in outcome.detail:
            yield Deviation("lost status", case.subject, str(status), f"{outcome.error}: {outcome.detail[:300]}")
        if case.detail and MARKER not in outcome.detail:
            body = creations[0].response.decode(errors="replace")
            yield Deviation("lost detail", case.subject, body[:160], f"{outcome.error}: {outcome.detail[:300]}")

    def _expect_any(self, _case: ResponseCase, _outcome: Outcome, _creations: list[Arrived]) -> Iterator[Deviation]:
        """Yield nothing: a crash, which is all that would be wrong, is found before."""
        return iter(())

    def _expect_waited(self, case: ResponseCase, outcome: Outcome, creations: list[Arrived]) -> Iterator[Deviation]:
        if len(creations) > 1 and creations[1].at - creations[0].at < case.wait:
            pause = creations[1].at - creations[0].at
            yield Deviation("too early", case.subject, f"at least {case.wait:g} s between requests", f"{pause:.2f} s")
        elif len(creations) == 1 and isinstance(outcome, Raised):
            yield Deviation("not waited", case.subject, "the request is sent again", f"{outcome.error}: {outcome.detail[:300]}")
        elif len(creations) == 1:
            yield from self._expect_error(case, outcome, creations)


_EXPECTED = {
    Expectation.READ: ReturnChecks._expect_read,
    Expectation.ACCEPTED: ReturnChecks._expect_accepted,
    Expectation.ERROR: ReturnChecks._expect_error,
    Expectation.WAITED: ReturnChecks._expect_waited,
    Expectation.ANY: ReturnChecks._expect_any,
}


def _place(root: Node, path: Path) -> str:
    """Return a path with a `*` for each index and each key of a map."""
    node: Node | None = root
    steps = []
    for step in path:
        named = node is not None and isinstance(step, str) and step in node.properties
        steps.append(str(step) if named else "*")
        node = node.at((step,)) if node is not None else None
    return ".".join(steps)


def _shortened(each: Difference) -> bool:
    """Return whether a timestamp differs by less than the resolution of most clocks: in the digits beyond microseconds."""
    texts = each.expected, each.actual
    return all(isinstance(text, str) for text in texts) and same_moment(*(_DIGITS.sub(r"\1", text) for text in texts))


_DIGITS = re.compile(r"(\.\d{6})\d+")
