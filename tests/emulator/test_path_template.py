"""Path templates."""

from __future__ import annotations

import pytest

from emulator.path_template import PathTemplate, decoded


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
        ("/teams/a%20b/{id}", "/teams/a b/1", True, "1"),
        ("/teams/x%2fy/{id}", "/teams/x%2Fy/z%2F1", True, "z/1"),
    ],
)
def test_a_template_stands_for_paths(template: str, path: str, matches: bool, last: str | None) -> None:
    assert PathTemplate(template).matches(path) is matches
    assert PathTemplate(template).last_variable(path) == last


@pytest.mark.parametrize(
    ("sent", "path"), [("/a%20b/%C3%A9", "/a b/é"), ("/x%2fy", "/x%2Fy"), ("/%2520", "/%20"), ("/%7Eme/", "/~me/")]
)
def test_escapes_are_undone_but_for_those_of_slashes(sent: str, path: str) -> None:
    assert decoded(sent) == path
