"""Values to ask parsers about: of every JSON type, and strings a few edits away from what is read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from openapi.json_types import Json

# Of each class of characters that some parser treats in a way of its own.
_CHARACTERS: tuple[str, ...] = (
    "0",
    "3",
    "٣",
    "５",
    "_",
    " ",
    "\t",
    "\n",
    "\u00a0",
    "\u200b",
    "\0",
    "+",
    "-",
    ".",
    ",",
    ":",
    "e",
    "E",
)
_CHARACTERS += ("s", "S", "m", "x", "f", "T", "Z", "n", "word", "ä", "'", '"', "%")
_FEW = ("0", "3", "٣", "_", " ", "\n", "\0", "+", "-", ".", "e", "s", "word")

_NUMBERS: tuple[Json, ...] = (
    *(0, 1, 2, 3, 7, 30, 99, -1, -30, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**53 + 1, 2**63 - 1, 2**63, -(2**63)),
    *(-(2**63) - 1, 2**64, -(2**64), 10**20, 10**40, 10**400, 0.0, 1.0, 2.0, 30.0, -0.0, -1.0, 16000.0, 2.0**31, -(2.0**32)),
    *(2.0**53, -(2.0**53), 2.0**63, -(2.0**64), 1e20, -1e20, 0.5, -0.5, 1.5, -1.5, 16000.001, 1e-9, -1e-9, 2.0**40 + 0.5),
    *(1e38, 3.4028235e38, 3.5e38, -3.5e38, 1e39, 1e300, -1e300, 1.7976931348623157e308),
    *(float("nan"), float("inf"), float("-inf")),
)
_CONTAINERS: tuple[Json, ...] = (
    *([], [None], [True], [0], [1], [0.5], ["x"], ["1"], ["x", "y"], [1, 2], [0.5, 0.5], [True, True], [[]], [["x", "y"]]),
    *([["x", "y"], ["z", "w"]], [{}], [{"text": "x"}], [{"text": "x"}, {}], {}, {"x": None}, {"x": 1}, {"x": True}, {"x": "y"}),
    *({"x": []}, {"x": {}}, {"text": "x"}, {"value": "x"}, {"seconds": 3}, {"seconds": "3", "nanos": 0}, {"0": "x"}, {"": "x"}),
)
_WORDS = (
    *(
        "",
        "x",
        "word",
        "two words",
        "null",
        "None",
        "none",
        "undefined",
        "true",
        "false",
        "True",
        "FALSE",
        "t",
        "f",
        "y",
        "n",
        "T",
    ),
    *(
        "yes",
        "no",
        "on",
        "off",
        "Yes",
        "ON",
        "NaN",
        "nan",
        "Infinity",
        "-Infinity",
        "+Infinity",
        "inf",
        "-inf",
        "INF",
        "{}",
        "[]",
    ),
    *(
        "[1]",
        '{"x": 1}',
        '""',
        "0x1e",
        "0b1",
        "0o7",
        "1e400",
        "9" * 40,
        "1" * 5000,
        "½",
        "Ⅷ",
        "²",
        "三",
        "１.５",
        "1,5",
        "1 000",
    ),
    *(
        "COLOUR_BLUE",
        "colour_red",
        "RED",
        "Colour_Red",
        "COLOUR_RED ",
        " COLOUR_RED",
        "COLOUR-RED",
        "COLOURRED",
        "COLOUR_RED\n",
    ),
    *("3\tx", "3 x", "3,x", "3]", "3_x", "3\n\n", "5\t೩_e8 ೩2_", "true x", "null,"),
    *("3.5.5s", "3s 3s", "3s\n3s", "3 3.5s", "3 3s", "3.5 5s", "3.5.s", "..5s"),
    *(
        "-0",
        "-00",
        "-0_0",
        "-٠",
        " -0",
        "-0 ",
        "\t-0",
        "-0\n",
        "\n-0",
        "-0\t",
        "\u00a0-0",
        "-0\u00a0",
        "0_3",
        "3\t",
        "\u00a03",
        "\t3",
    ),
    *("30m", "1h", "500ms", "PT30S", "P1D", "00:00:30", "1m30s", "30sec", "30 seconds", "-P1D", "1 day", "315576000001s"),
    *("1.0000000001s", "1.00000000000001s", "-315576000001s", "9999999999999s", "0000000000030s", "000000000000030s"),
)
# By kind the strings to edit twice: their form is what documented rules are about.
_NEARLY = {"duration": ("3s",)}
# By kind the strings to edit once.
_SEEDS: dict[str, tuple[str, ...]] = {
    "boolean": ("true", "1", "0"),
    "int32": ("3", "30", "-3", "8e3", "3.0", "2147483648", "030"),
    "int64": ("3", "30", "-3", "8e3", "3.0", "9223372036854775808", "030"),
    "float": ("3", "0.5", "-3.5", "5e-1", "1e39", "NaN", "Infinity", "030"),
    "double": ("3", "0.5", "-3.5", "5e-1", "1e309", "NaN", "Infinity", "030"),
    "enum": ("COLOUR_RED", "1", "COLOUR_UNSPECIFIED"),
    "digits": ("30",),
    "figures": ("30",),
    "word": ("ab",),
    "letters": ("ab",),
    "duration": ("3s", "30s", "0.5s", "-30s", "030s", "3.5s", "1.000000001s", "123456789012s", "1e1s"),
    "moment": ("2024-11-11T10:10:10Z", "2024-11-11", "1704067200"),
    "uuid": (
        "3c90c3cc-0d44-4b50-8888-8dd25736052a",
        *("3c90c3cc0d444b5088888dd25736052a", "urn:uuid:3c90c3cc-0d44-4b50-8888-8dd25736052a"),
        *("{3c90c3cc-0d44-4b50-8888-8dd25736052a}", "3c90c3cc-0d44-4b50-8888"),
    ),
}  # fmt: skip


def candidates(kind: str) -> Iterator[Json]:
    """Yield values to ask about for a kind of member; those that its schema admits are among them."""
    yield from (None, True, False)
    yield from _NUMBERS
    yield from _CONTAINERS
    seeds = _SEEDS.get(kind, ())
    characters = _CHARACTERS if kind in _NEARLY else _FEW
    once = chain.from_iterable(edits(seed, characters) for seed in seeds)
    twice = chain.from_iterable(edits(each, _FEW) for seed in _NEARLY.get(kind, ()) for each in edits(seed, _FEW))
    yield from dict.fromkeys(chain(_WORDS, seeds, once, twice))


def edits(text: str, characters: tuple[str, ...]) -> Iterator[str]:
    """Yield the text with one character added, replaced or left out, at each place."""
    for at in range(len(text) + 1):
        yield from (text[:at] + each + text[at:] for each in characters)
        if at < len(text):
            yield text[:at] + text[at + 1 :]
            yield from (text[:at] + each + text[at + 1 :] for each in characters)
