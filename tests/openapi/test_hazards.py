"""Members that dial, pay or call out are known by name in any description, and seen in the final bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from openapi import load_contract
from openapi.catalogue import catalogue_of
from openapi.hazards import built_in, found_in, names_in
from strategies.negative.violations import is_hazard
from strategies.plan.budget import EVERY
from strategies.plan.plan import Plan

NAMES = sorted(built_in())
STYLES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper": str.upper,
    "joined": "_".join,
    "escaped": lambda name: f"{name[0]}\\u{ord(name[1]):04x}{name[2:]}",
    "escaped last": lambda name: f"{name[:-1]}\\u{ord(name[-1]):04x}",
    "joined by a quote": lambda name: f'{name[0]}\\"{name[1:]}',
    "joined by backslashes": lambda name: f"{name[0]}\\\\\\/{name[1:]}\\\\",
}
ESCAPED = {style for style in STYLES if style.startswith(("escaped", "joined by"))}
HARMLESS = st.sampled_from(["to", "systemPrompt", "out", "going", "metadata", "a\\nb", '\\"'])


@given(
    st.sampled_from(NAMES),
    st.sampled_from(sorted(STYLES)),
    st.lists(HARMLESS, max_size=4),
    st.sampled_from(['"x"', "{}", "[1]"]),
)
def test_a_hazard_is_found_at_any_depth_in_any_spelling(name: str, style: str, around: list[str], value: str) -> None:
    body = f'{{"{STYLES[style](name)}": {value}}}'
    for each in around:
        body = f'{{"{each}": [{body}]}}'
    assert found_in(body.encode(), built_in())
    if style not in ESCAPED:
        assert found_in(body.encode()[:-1], built_in())  # no JSON, but a lenient parser may read it


@pytest.mark.parametrize(
    "body", ["", "{}", '{"metadata": {"a": "outgoing"}}', '{"outgoing": null, "dial": false}', '["dial"]', "\xff"]
)
def test_a_value_that_names_a_hazard_is_none(body: str) -> None:
    assert found_in(body.encode("latin-1"), built_in()) is None


DESCRIPTION = """
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /things:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {
        name: {type: string}, medium: {$ref: '#/components/schemas/Medium'}, Dial_Out: true}}}}}
      responses: {'201': {description: d, content: {application/json: {schema: {type: object}}}}}
components: {schemas: {Medium: {type: object, properties: {outgoing: {type: object, properties: {to: {type: string}}},
  payment: {x-hazard: takes our money, type: string}, other: {type: integer}}}}}
"""


def test_a_description_without_a_word_of_ours_plans_no_hazard(tmp_path: Path) -> None:
    path = tmp_path / "later.yaml"
    path.write_text(DESCRIPTION)
    catalogue = catalogue_of(load_contract(str(path), []))
    assert names_in(catalogue.contract.request)["payment"] == "takes our money"
    hazards = {node.path for node in catalogue.body.walk() if is_hazard(catalogue.body, node)}
    assert hazards == {"medium.outgoing", "medium.outgoing.to", "medium.payment", "Dial_Out"}
    plan = Plan(catalogue, EVERY)
    bodies = [case.content or b"" for case in (*plan.accepts(), *plan.combinations(3), *plan.may())]
    assert len(bodies) > 10
    assert not [body for body in bodies if found_in(body, built_in())]


def test_the_table_is_lower_case_words() -> None:
    assert not [name for name in NAMES if not name.isalnum() or name != name.lower()]
    assert yaml.load((Path(__file__).parents[2] / "openapi" / "hazards.yaml").read_text(), yaml.CSafeLoader)
