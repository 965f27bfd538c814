"""The error that all readers raise."""

from __future__ import annotations


class Malformed(ValueError):
    """The body cannot be parsed: `place` is the path of the member, `problem` the reason."""

    def __init__(self, problem: str, place: tuple[str, ...] = ()) -> None:
        super().__init__(problem, place)
        self.problem, self.place = problem, place

    def inside(self, name: str) -> Malformed:
        """Return the same error with the place as seen from the enclosing object or array."""
        return Malformed(self.problem, (name, *self.place))

    def __str__(self) -> str:
        return f"Failed to parse {'.'.join(self.place)} field: {self.problem}" if self.place else self.problem
