"""Bodies for faults in what a server caches or collects: near-equal bodies, lengthy ones, one member alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from openapi.json_types import Json
from openapi.schema.nodes import Node
from openapi.schema.oracle import Oracle
from strategies.bodies.builder import Builder, sendable_members
from strategies.case import Aim, Case, Side, dumps
from strategies.negative.violations import is_hazard
from strategies.values.hostile import long_string
from strategies.values.leniency import is_certain
from strategies.values.strings import is_free_string

# The same but for case, for blanks that are removed or squeezed, for the order of words.
_STRINGS = ("aB c", "Ab c", "a Bc", "aB  c", "c aB")
# The same but for the type of a value, for the order of elements, for the case of a key.
_OBJECTS: tuple[Json, ...] = ({"a": 1, "b": [1, 0]}, *({"a": each, "b": [1, 0]} for each in (True, "1")))
_OBJECTS += ({"a": 1, "b": [0, 1]}, {"A": 1, "b": [1, 0]})


def near_equal(oracle: Oracle, lacking: frozenset[str]) -> Iterator[Case]:
    """Yield valid bodies of a string and a free object, of which one differs by little from that of the first body."""
    kinds: tuple[tuple[Callable[[Node], bool], tuple[Json, ...]], ...] = (
        (is_free_string, _STRINGS),
        (lambda node: node.is_open, _OBJECTS),
    )
    members = {name: values for fits, values in kinds for name in sendable_members(oracle, fits, 1)}
    first: dict[str, Json] = {name: values[0] for name, values in members.items()}
    if _certain(oracle, lacking, first, "") is None:
        first = {}
    for number, (name, values) in enumerate(members.items()):
        for value in values[1:] if number and first else values:
            case = _certain(oracle, lacking, {**first, name: value}, "nearly the same as others")
            if case is not None:
                yield case


_LENGTH = 24_000  # characters, some 28,000 bytes
_BODIES = 4  # of texts, and of objects


def lengthy(oracle: Oracle, lacking: frozenset[str]) -> Iterator[Case]:
    """Yield bodies with two of the first strings each, which are long, and with two of the first free objects."""
    wholes: tuple[tuple[Callable[[Node], bool], Json], ...] = (
        (is_free_string, long_string(_LENGTH)),
        (lambda node: node.is_open, _large_object()),
    )
    for fits, value in wholes:
        alone = (
            with_member(oracle, lacking, name, value, f"{_LENGTH} characters")
            for name in sendable_members(oracle, fits, _BODIES)
        )
        names = [name for case in filter(None, alone) for name in case.body]
        pairs = (dict.fromkeys(names[number : number + 2], value) for number in range(0, len(names), 2))
        yield from filter(None, (_certain(oracle, lacking, body, f"{_LENGTH} characters") for body in pairs))


def _large_object() -> Json:
    """Return an object with a long string, a long array, and many members."""
    part, size = _LENGTH // 3, 80
    many = {f"key{index:03d}": long_string(size - 10) for index in range(part // size)}
    return {"text": long_string(part), "list": [long_string(size) for _ in range(part // size)], **many}


def with_member(oracle: Oracle, lacking: frozenset[str], name: str, value: Json, label: str) -> Case | None:
    """Return a body with this member alone; None if a server might refuse it."""
    return _certain(oracle, lacking, {name: value}, label)


def _certain(oracle: Oracle, lacking: frozenset[str], body: Json, label: str) -> Case | None:
    """Return the case of a body that aims at its members; None if a server might refuse it."""
    if not body or not oracle.is_valid(body) or not is_certain(oracle.root, body, lacking):
        return None
    aims = tuple(Aim(f"{oracle.prefix}.{name}.type", (name,), label) for name in body)
    return Case(side=Side.ACCEPTS, label=label, aims=aims, body=body)


# Where the parsers and serializers of frameworks give up: pydantic's serializer near 256 levels, Python's decoder near 985.
# Those without a limit of their own give up when the stack ends, from some thousands on.
_DEPTHS = (5_000, 1_000, 900, 500, 300, 250)
_DEEPEST = 100_000  # levels, for those who have requests to spare
_HERE = "conformance-nested-value"


def nested_most(oracle: Oracle) -> Iterator[Case]:
    """Yield bodies with nesting of every depth in the first free object, the deepest first; only a 5xx response counts.

    Who accepts one of them has read, kept and written all that the later ones would nest.
    """
    for node in _nesting_places(oracle)[:1]:
        yield from _nested_at(oracle, node, _DEPTHS)


def nested(oracle: Oracle, *, few: bool) -> Iterator[Case]:
    """Yield bodies with deep nesting in each free object, and in a string; only a 5xx response counts.

    Where few are sent, each place after the first is tried with one depth in turn, else each with every depth.
    """
    for index, node in enumerate(_nesting_places(oracle)):
        if few:
            yield from _nested_at(oracle, node, (_DEPTHS[index % len(_DEPTHS)],) if index else ())
        else:
            yield from _nested_at(oracle, node, _DEPTHS if index else (*_DEPTHS, _DEEPEST))


def _nesting_places(oracle: Oracle) -> list[Node]:
    free = [node for node in oracle.root.walk() if (node.is_open or node.is_free) and not is_hazard(oracle.root, node)]
    return [*free, *[node for node in oracle.root.properties.values() if is_free_string(node)][:1]]


def _nested_at(oracle: Oracle, node: Node, depths: Iterable[int]) -> Iterator[Case]:
    value: Json = _HERE if is_free_string(node) or node.is_free else {_HERE: _HERE}
    built = Builder(oracle).around(node, value)
    if built is not None:
        yield from (_nested(dumps(built[0]), depth, node.path) for depth in depths)


def _nested(text: bytes, depth: int, place: str) -> Case:
    """Return the case of a body whose text holds the placeholder, with the nested value there instead."""
    mark = f'"{_HERE}"'.encode()
    content = text.replace(mark + b":" + mark, mark + b":" + _deep(depth - 1), 1)
    raw = content if content != text else text.replace(mark, _deep(depth), 1)
    rule = "robustness.server-error"
    return Case(side=Side.PROBE, label=f"{depth} levels in {place}", rule=rule, raw=raw)


def _deep(depth: int) -> bytes:
    """Return the JSON text of so many objects inside each other; no encoder is asked, since it might give up itself."""
    return b'{"in":' * (depth - 1) + b"{}" + b"}" * (depth - 1)
