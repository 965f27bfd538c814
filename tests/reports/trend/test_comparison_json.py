"""A comparison as JSON: what the other forms say, for programs."""

from __future__ import annotations

import json

from reports.record.recorded_run import Run
from reports.trend.comparison import compare, sections
from reports.trend.comparison_json import comparison_json

RULE = "body.temperature.maximum"


def test_it_says_what_broke(conforming_run: Run, failed_run: Run) -> None:
    comparison = compare(conforming_run, failed_run)
    data = json.loads(json.dumps(comparison_json(comparison)))
    assert (data["outcome"], data["headline"]) == ("fails", comparison.headline())
    broke = {each["rule"]: each for each in data["sections"]["Broke"]}
    assert broke[RULE]["requirement"]
    assert broke[RULE]["before"] != broke[RULE]["now"]
    assert {title: len(each) for title, each in data["sections"].items()} == {
        title: len(each) for title, each in sections(comparison).items()
    }


def test_equal_runs_have_no_section(conforming_run: Run) -> None:
    data = comparison_json(compare(conforming_run, conforming_run), "a.yaml")
    assert (data["description"], data["outcome"], data["sections"]) == ("a.yaml", "conforms", {})
