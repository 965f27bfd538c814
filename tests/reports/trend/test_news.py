"""The last night beside those before it."""

from __future__ import annotations

import pytest

from reports.trend.news import news
from reports.trend.trends import trends
from tests.reports.trend.test_history import nights


@pytest.mark.parametrize(
    ("strip", "new", "lasting", "repaired"),
    [
        ("PPF", ["r"], {}, []),
        ("F", ["r"], {}, []),
        ("E F", ["r"], {}, []),
        ("PFF", [], {"r": 2}, []),
        ("PFEF", [], {"r": 2}, []),
        ("FPF", ["r"], {}, []),
        ("PKF", [], {"r": 2}, []),
        ("FFP", [], {}, ["r"]),
        ("FEP", [], {}, ["r"]),
        ("FPP", [], {}, []),
        ("PFE", [], {}, []),
        ("PPK", [], {}, []),
        ("", [], {}, []),
    ],
)
def test_a_rule_is_new_lasting_or_repaired(strip: str, new: list[str], lasting: dict[str, int], repaired: list[str]) -> None:
    found = news(trends(nights(strip), ["r"]))
    assert (found.new, found.lasting, found.repaired) == (new, lasting, repaired)


def test_the_news_are_one_sentence() -> None:
    both = {"a": "PFF", "b": "PPF", "c": "FFP", "d": "FFF"}
    strips = {rule: trends(nights(strip), ["r"])["r"] for rule, strip in both.items()}
    found = news(strips)
    assert found.sentence() == "1 rule fails since last night, 2 rules fail for up to 3 nights, 1 rule was repaired"
    assert found.labels(["a", "b"]) == [("a", "a · 2 nights"), ("b", "b")]
    assert news(trends(nights("PP"), ["r"])).sentence() == "no rule fails that held last night, and none was repaired"
