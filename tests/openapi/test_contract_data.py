"""The data of a contract: how long a created object lives by itself."""

from __future__ import annotations

import pytest

from openapi.contract_data import Lifetime
from openapi.json_types import Json
from strategies.case import Side
from tests.conformance.sessions import plan

LIFETIME = Lifetime("wait", "300s")


@pytest.mark.parametrize(
    ("body", "is_long"),
    [
        ({"wait": "301s"}, True),
        ({"wait": "300.5s"}, True),
        ({"wait": "300s"}, False),
        ({"wait": 301}, True),
        ({"wait": None}, False),
        ({"wait": "later"}, False),
        ({"other": "301s"}, False),
        (["301s"], False),
    ],
)
def test_an_object_lives_long_beyond_the_value(body: Json, is_long: bool) -> None:
    assert LIFETIME.is_long(body) == is_long
    assert not LIFETIME.is_long(LIFETIME.shortened(body))
    assert (LIFETIME.shortened(body) == body) != is_long


def test_only_what_aims_at_a_long_life_asks_for_one() -> None:
    lifetime = plan().catalogue.contract.data.created.lifetime
    assert lifetime is not None
    cases = [*plan().accepts(), *plan().pairs(), *plan().combinations(20)]
    assert all(case.side is Side.ACCEPTS for case in cases)
    long = [case for case in cases if lifetime.is_long(case.body)]
    assert long
    for case in long:
        assert any(aim.path[:1] == (lifetime.member,) for aim in case.aims)
    assert sum(lifetime.member not in case.body for case in cases) > 5  # so that its default shows
