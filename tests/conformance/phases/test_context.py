"""The context of a request: as much of a rich body as fits a query, and none that is too large for anyone."""

from __future__ import annotations

from dataclasses import replace

from conformance.phases.context import rich_body
from tests.conformance.servers import conforming
from tests.conformance.sessions import session_with


def test_a_rich_body_has_many_members_and_is_not_too_large() -> None:
    with session_with(conforming()) as session:
        assert len(rich_body(session)) > 10
        assert len(str(rich_body(session))) < 5_000


def test_it_is_a_pack_where_all_combinations_are_too_large() -> None:
    with session_with(conforming()) as session:
        large = [replace(case, body={"systemPrompt": "x" * 6_000}) for case in session.plan.combinations(1)]
        object.__setattr__(session.plan, "combinations", lambda _rounds: iter(large))
        assert len(rich_body(session)) > 10
