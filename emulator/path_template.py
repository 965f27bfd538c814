"""Path templates of OpenAPI: which paths they stand for, and the value of their last variable."""

from __future__ import annotations

import re
from urllib.parse import unquote


def decoded(path: str) -> str:
    """Return a path as it is sent with its escapes undone, but for those of slashes, which would be other segments."""
    return "/".join(unquote(segment).replace("/", "%2F") for segment in path.split("/"))


class PathTemplate:
    """A template such as `/agents/{agent}/calls/{id}`; a variable stands for one or more characters but a slash.

    It may have escapes; the paths that it is compared with are `decoded`.
    """

    def __init__(self, template: str) -> None:
        literals = re.split(r"\{[^{}]*\}", decoded(template))
        self._pattern = re.compile("([^/]+)".join(map(re.escape, literals)))

    def matches(self, path: str) -> bool:
        """Return whether a path is one of the template's."""
        return self._pattern.fullmatch(path) is not None

    def last_variable(self, path: str) -> str | None:
        """Return the value of the last variable in a path; None for another path or without a variable."""
        found = self._pattern.fullmatch(path)
        return found.group(found.lastindex).replace("%2F", "/") if found and found.lastindex else None
