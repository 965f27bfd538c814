"""The context of a request: as much of a rich body as fits a query, and none that is too large for anyone."""

from __future__ import annotations

import pytest

from conformance.phases import context
from conformance.phases.context import rich_body
from tests.conformance.servers import conforming
from tests.conformance.sessions import session_with


def test_a_rich_body_has_many_members_and_is_not_too_large() -> None:
    with session_with(conforming()) as session:
        assert len(rich_body(session)) > 10
        assert len(str(rich_body(session))) < 5_000


def test_it_is_the_smallest_pack_where_all_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "_LARGE", 10)
    with session_with(conforming()) as session:
        packs = [pack.value for pack in session.plan.maker.packs(session.plan.oracle.root)[:12] if pack.value]
        assert len(str(rich_body(session))) == min(len(str(pack)) for pack in packs)
