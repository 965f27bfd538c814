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


@pytest.mark.parametrize(
    ("response", "seconds", "may_have_ended"),
    [
        ({"wait": "5s"}, 4.5, True),
        ({"wait": "5s"}, 3.5, False),
        ({"wait": "0.05s"}, 0.0, True),
        ({"wait": "-3s"}, 0.0, True),
        ({"wait": "30s"}, 3600.0, True),
        ({"other": "5s"}, 60.0, False),
        (["5s"], 60.0, False),
    ],
)
def test_an_object_may_have_ended_once_its_life_is_over(response: Json, seconds: float, *, may_have_ended: bool) -> None:
    lifetime = Lifetime("wait", "300s", ("/ended", "/reason"))
    assert lifetime.changed(response, seconds) == (("/ended", "/reason") if may_have_ended else ())


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
