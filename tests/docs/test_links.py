"""Links of the site: documents keep their links to each other, and files that the site does not have are named."""

from __future__ import annotations

import pytest

from docs.site.links import rewritten


@pytest.mark.parametrize(
    ("text", "document", "page", "expected"),
    [
        ("[a](docs/nightly.md)", "README.md", "index.md", "[a](nightly.md)"),
        ("[a](nightly.md#one)", "docs/pytest.md", "pytest.md", "[a](nightly.md#one)"),
        ("[a](../benchmarks/detection.md)", "docs/judging.md", "judging.md", "[a](explanation/detection.md)"),
        ("[a](../docs/nightly.md)", "benchmarks/detection.md", "explanation/detection.md", "[a](../nightly.md)"),
        ("[a](../README.md)", "docs/pytest.md", "pytest.md", "[a](index.md)"),
        ("![a](docs/images/failing.png)", "README.md", "index.md", "![a](images/failing.png)"),
        ("[a](../reports/schemas/run.schema.json)", "docs/nightly.md", "nightly.md", "[a](reference/record.md)"),
        ("[the code](../setup.py)", "docs/nightly.md", "nightly.md", "the code (`setup.py`)"),
        ("[`setup.py`](../setup.py)", "docs/nightly.md", "nightly.md", "`setup.py`"),
        ("[a](https://example.com/b.md)", "README.md", "index.md", "[a](https://example.com/b.md)"),
        ("[a](#here)", "README.md", "index.md", "[a](#here)"),
    ],
)
def test_a_link(text: str, document: str, page: str, expected: str) -> None:
    assert rewritten(text, document, page) == expected
