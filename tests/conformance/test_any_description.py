"""Small descriptions, each of one kind that the suite must take: a run against its own emulator is green, or says why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.cli.main import main

CASES = Path(__file__).parent / "cases"
REFUSED = {
    "key-twice.yaml": "line 6, columns 102 and 108: the key 'a' comes twice in one object",
    "query-without-value.yaml": "the query parameter 'limit' needs a value: --parameter limit=VALUE",
    "endless-body.yaml": "no valid body could be constructed; state one as `seed` in contract.yaml",
    "contradiction.yaml": "no valid body could be constructed; state one as `seed` in contract.yaml",
    "false-body.yaml": "#/paths/~1things/post/requestBody: its schema is false, so that no body is valid",
}
# What only a network refuses stands in the paths, queries and headers of these.
OVER_THE_NETWORK = "basic-and-bearer described-parameters escaped-path-parameter required-query two-cookies".split()
FILES = sorted(CASES.glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_description_of_each_kind_runs_or_is_refused_in_one_line(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    if file.stem not in OVER_THE_NETWORK:
        request.getfixturevalue("in_process")
    status = main(["run", "--openapi", str(file), "--no-overlay", "--out", str(tmp_path)])
    shown = capsys.readouterr()
    if file.name in REFUSED:
        assert (status, shown.err.count("\n")) == (2, 1)
        assert REFUSED[file.name] in shown.err
    else:
        assert status == 0, shown.out
        assert "not judged" not in shown.out
