"""A pack seen from one level up carries the same aims, one step deeper."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from openapi.json_types import Path
from openapi.schema.paths import at
from strategies.case import Aim
from strategies.coverage.packing import Pack

STEPS: SearchStrategy[str | int] = st.sampled_from(["a", "b", 0, 1])
PATHS: SearchStrategy[Path] = st.lists(STEPS, max_size=3).map(lambda steps: (*steps,))
PACKS = st.builds(
    Pack, st.just("value"), st.lists(st.builds(Aim, st.sampled_from("rs"), PATHS, st.text(max_size=2))).map(tuple)
)


@given(PACKS, STEPS)
def test_from_above_only_the_paths_change(pack: Pack, step: str | int) -> None:
    seen = pack.below(step)
    assert [(aim.rule, aim.label) for aim in seen] == [(aim.rule, aim.label) for aim in pack.aims]
    assert [aim.path for aim in seen] == [(step, *aim.path) for aim in pack.aims]


@given(st.lists(STEPS, min_size=1, max_size=4))
def test_an_aim_still_leads_to_its_value_from_however_far_above(steps: list[str | int]) -> None:
    pack = Pack("value", (Aim("rule", (), "label"),))
    for step in steps:
        pack = Pack({step: pack.value} if isinstance(step, str) else ["other"] * step + [pack.value], pack.below(step))
    (aim,) = pack.aims
    assert at(pack.value, aim.path) == "value"
