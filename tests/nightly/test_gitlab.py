"""The script of the GitLab job on a night that fails and one that is repaired, with GitLab's interface on this machine."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import yaml

from tests.conformance.servers import Received, Reply, serving
from tests.nightly.conftest import ARGUMENTS, ROOT, RULE, Server

JOB = yaml.safe_load((ROOT / "examples" / "nightly" / "gitlab-ci.yml").read_text())["conformance"]


class GitLab:
    """The issues of a project, as far as the recipe uses them."""

    def __init__(self) -> None:
        self.issues: list[dict[str, Any]] = []
        self.methods: list[str] = []

    def __call__(self, received: Received) -> Reply | None:
        assert received.headers["private-token"] == "a-token"
        self.methods.append(received.method)
        sent = {name: values[0] for name, values in parse_qs(received.body.decode()).items()}
        number = received.path.rpartition("/")[2]
        match received.method, number:
            case "GET", "issues":
                open_ones = [each for each in self.issues if each["state_event"] != "close"]
                return Reply(200, json.dumps(open_ones).encode())
            case "POST", "issues":
                self.issues.append({"iid": len(self.issues) + 1, "state_event": "", **sent})
                return Reply(201)
            case "PUT", _:
                self.issues[int(number) - 1] |= sent
                return Reply(200)
        return Reply(404)


def night(folder: Path, environment: Mapping[str, str], api: str, target: str) -> int:
    """Carry out the script in one shell, as GitLab does, and return its exit status."""
    more = {
        "STAGING_URL": target,
        "ARGUMENTS": ARGUMENTS,
        "ISSUES_TOKEN": "a-token",
        "CI_API_V4_URL": api,
        "CI_PROJECT_ID": "7",
        "CI_PIPELINE_IID": "3",
        "CI_JOB_URL": "https://gitlab.example.com/jobs/9",
    }
    script = "set -eo pipefail\n" + "\n".join(JOB["script"])
    ran = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={**environment, **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran.returncode


@pytest.mark.slow
def test_a_red_night_is_kept_and_has_an_issue_until_it_is_repaired(
    server: Server, environment: Mapping[str, str], tmp_path: Path
) -> None:
    gitlab = GitLab()
    with serving(gitlab) as api:
        server.fail()
        assert night(tmp_path, environment, api, server.url) == 1
        (issue,) = gitlab.issues
        assert issue["title"] == "1 of 1 judged rule fails in POST /orders"
        assert RULE in issue["description"]
        assert "https://gitlab.example.com/jobs/9" in issue["description"]
        assert issue["state_event"] == ""
        server.conform()
        assert night(tmp_path, environment, api, server.url) == 0
    assert [each["state_event"] for each in gitlab.issues] == ["close"]
    assert gitlab.methods == ["GET", "POST", "GET", "PUT"]
    assert len(list((tmp_path / "nights" / "history").glob("*.json"))) == 2
    assert "was repaired" in (tmp_path / "out" / "changes.html").read_text()
    assert JOB["cache"] == {"key": "conformance-nights", "paths": ["nights/"], "when": "always"}
    assert (tmp_path / JOB["artifacts"]["reports"]["junit"]).exists()
