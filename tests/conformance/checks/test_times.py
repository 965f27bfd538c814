"""Times in a response are judged only where they are sure to be that of the creation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.cli.main import main

DESCRIPTION = """
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things:
    post:
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {due: {type: string, format: date-time}, name: {type: string}}}
      responses:
        '201':
          content:
            application/json:
              schema:
                type: object
                required: [id, expiresAt, createdAt]
                properties:
                  id: {type: string, format: uuid}
                  due: {type: string, format: date-time}
                  expiresAt: {type: string, format: date-time, const: '2099-01-01T00:00:00Z'}
                  createdAt: {type: string, format: date-time%s}
"""


@pytest.mark.parametrize(("created", "failed"), [("", []), (", const: '2001-01-01T00:00:00Z'", ["response.plausible-times"])])
def test_a_time_far_from_now_may_be_sent_or_lie_ahead(created: str, failed: list[str], tmp_path: Path) -> None:
    file = tmp_path / "things.yaml"
    file.write_text(DESCRIPTION % created)
    main(["run", "--openapi", str(file), "--select", "response.*", "--out", str(tmp_path)])
    assert json.loads((tmp_path / "summary.json").read_text())["failed"] == failed
