"""The error of all readers."""

from __future__ import annotations


class Malformed(ValueError):
    """The body cannot be read; `place` leads to the field, `problem` says what is wrong with it."""

    def __init__(self, problem: str, place: tuple[str, ...] = ()) -> None:
        super().__init__(problem, place)
        self.problem, self.place = problem, place

    def inside(self, name: str) -> Malformed:
        """The same, seen from one level up."""
        return Malformed(self.problem, (name, *self.place))

    def __str__(self) -> str:
        return f"Failed to parse {'.'.join(self.place)} field: {self.problem}" if self.place else self.problem
