"""Made-up results of a client, of every kind that a report shows differently."""

from __future__ import annotations

from conformance.sdk.findings import KINDS
from conformance.sdk.results import Finding, Results
from openapi.json_types import Json

LONG = "a-name-of-a-member-without-a-space-that-is-longer-than-any-telephone-is-wide"


def made_up_results() -> Results:
    """Return results with findings of both levels, and members of every fate."""
    request: dict[str, Json] = {"query": {"q": "1"}, "body": '{"count": 0, "text": "' + "x" * 300 + '"}'}
    return Results(
        client="example-client",
        version="2.4.0",
        suite="0.1.0",
        description="0123456789abcdef",
        cases=1234,
        skipped=1,
        members={
            "?verbose": {"carried": 2, "dropped": 1},
            "count": {"carried": 1200, "mangled": 3, "refused": 1},
            f"{LONG}.*": {"cannot express": 7},
            "name": {"carried": 4},
        },
        responses={"id": "carried", "created": "mangled, not read", "note": "not exposed"},
        findings=(
            _finding("dropped", "?verbose", request, None),
            _finding("not sent", f"{LONG}.*", None, None),
            _finding("unread response", "created", {"query": {}, "body": ""}, {"status": 201, "member": {"created": LONG}}),
            _finding("not waited", "status 429", request, {"status": 429, "body": "Too many requests"}),
        ),
    )


def _finding(kind: str, member: str, request: dict[str, Json] | None, response: dict[str, Json] | None) -> Finding:
    level, sentence = KINDS[kind]
    return Finding(
        kind=kind,
        level=str(level),
        sentence=sentence,
        member=member,
        at=f"/{member}",
        edge="",
        cases=2,
        case=f"call/{member}/0a1b2c3d",
        label="a label",
        expected=LONG,
        actual="absent",
        call={"query": {"verbose": True}, "body": {"count": 0}},
        request=request,
        response=response,
    )
