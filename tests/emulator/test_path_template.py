"""Path templates."""

from __future__ import annotations

import pytest

from emulator.path_template import PathTemplate


@pytest.mark.parametrize(
    ("template", "path", "matches", "last"),
    [
        ("/calls", "/calls", True, None),
        ("/calls", "/calls/", False, None),
        ("/calls/{id}", "/calls/1", True, "1"),
        ("/calls/{id}", "/calls/", False, None),
        ("/calls/{id}", "/calls/1/2", False, None),
        ("/calls/{id}/", "/calls/1/", True, "1"),
        ("/agents/{agent_id}/calls/{id}", "/agents/a/calls/b", True, "b"),
        ("/agents/{agent_id}/calls", "/agents/{agent_id}/calls", True, "{agent_id}"),
        ("/a.b/{id}:end", "/a.b/1:end", True, "1"),
        ("/a.b/{id}:end", "/aXb/1:end", False, None),
    ],
)
def test_a_template_stands_for_paths(template: str, path: str, matches: bool, last: str | None) -> None:
    assert PathTemplate(template).matches(path) is matches
    assert PathTemplate(template).last_variable(path) == last
