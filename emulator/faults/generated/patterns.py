"""Deviations in patterns: no anchor, a wider or narrower repetition or character set, one alternative less."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise

NearMiss = tuple[str, str, str]  # slug, summary, pattern

_TOKEN = re.compile(r"\\.|\[\^?(?:\\.|[^\]\\])*\]|\{\d+(?:,\d*)?\}|\(\?(?:[:=!]|<[=!])|.", re.DOTALL)


def near_miss(pattern: str) -> Iterator[NearMiss]:
    """Yield patterns that differ from this one in one thing."""
    tokens = _TOKEN.findall(pattern)
    if tokens[:1] == ["^"]:
        yield "unanchored-start", "anything may stand before a match", pattern[1:]
    if tokens[-1:] == ["$"]:
        yield "unanchored-end", "anything may follow a match", pattern[:-1]
    for index, token in enumerate(tokens):
        for slug, what, other in _others(tokens, index):
            changed = "".join([*tokens[:index], other, *tokens[index + 1 :]])
            yield f"{slug}-at-{index}", f"{what} (in place of {token})", changed
    yield from _choices(tokens)


def is_only_lenient(old: str, new: str, lenient_takes: Callable[[str], bool], samples: tuple[str, ...]) -> bool:
    """Return whether lenient parsers accept all strings near the samples that only the new pattern accepts.

    Short samples come first: they show most differences, and a long one has 50,000 strings near it.
    """
    wider = False
    for sample in sorted(set(samples), key=len):
        added, lost = _differing(old, new, sample)
        if lost or not all(map(lenient_takes, added)):
            return False
        wider = wider or bool(added)
    return wider


@lru_cache(maxsize=1024)
def _differing(old: str, new: str, sample: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the strings near the sample that only the new pattern accepts, and those that only the old one does."""
    takes, accepted = re.compile(new, re.ASCII).search, _accepted(old, sample)
    texts = [text for text in _near_miss(sample) if bool(takes(text)) != (text in accepted)]
    return tuple(text for text in texts if text not in accepted), tuple(text for text in texts if text in accepted)


@lru_cache(maxsize=64)
def _accepted(pattern: str, sample: str) -> frozenset[str]:
    """Return the strings near the sample that the pattern accepts."""
    return frozenset(filter(re.compile(pattern, re.ASCII).search, _near_miss(sample)))


@lru_cache(maxsize=64)
def _near_miss(sample: str) -> frozenset[str]:
    """Return strings that differ from the sample in one or two characters, or in how often one occurs."""
    return frozenset(text for one in (sample, *_with_one_more(sample)) for text in (*_with_one_more(one), *_repeated(one)))


def _with_one_more(text: str) -> Iterator[str]:
    for index in range(len(text) + 1):
        yield from (text[:index] + char + text[index:] for char in "09.-a٣ ")


def _repeated(text: str) -> Iterator[str]:
    for index, char in enumerate(text):
        yield from (text[:index] + char * count + text[index + 1 :] for count in (0, *range(2, 15)))


def _others(tokens: list[str], index: int) -> Iterator[NearMiss]:
    token = tokens[index]
    for fits, make in _OTHERS:
        if fits(token):
            yield from make(token)
            return
    if token.isalnum():
        yield from _literal(token, "".join(tokens[index + 1 : index + 2]))


def _literal(token: str, following: str) -> Iterator[NearMiss]:
    if following not in _SIGNS and not following.startswith("{"):
        yield "optional", f"{token} may be missing", f"{token}?"
    if token.isalpha():
        yield "any-case", f"{token} in either case", f"[{token.lower()}{token.upper()}]"


def _repetition(token: str) -> Iterator[NearMiss]:
    low, comma, high = token[1:-1].partition(",")
    first, last = int(low), int(high) if high else None
    for slug, one, other in (
        ("fewer", first - 1, last),
        ("not-so-few", first + 1, last),
        ("more", first, last + 1 if last is not None else None),
        ("not-so-many", first, last - 1 if last is not None else None),
    ):
        text = f"{{{one}{comma}{'' if other is None else other}}}"
        if one >= 0 and (other is None or one <= other) and text != token:
            yield slug, f"repeated {text}", text


def _sign(token: str) -> Iterator[NearMiss]:
    for slug, other, what in _SIGNS[token]:
        yield slug, what, other


_SIGNS = {
    "?": (("needed", "", "what may be missing is needed"), ("any-number", "*", "any number of them")),
    "*": (("one-at-least", "+", "one is needed"),),
    "+": (("even-none", "*", "none is taken too"),),
}


# Characters that a set accepts as a letter or a digit if it is written too leniently.
_WORD_LIKE = ((" ", "blank"), (".", "dot"), ("é", "letter-of-unicode"))
_DIGIT_LIKE = (("٣", "digit-of-unicode"), ("a", "letter"))


def _set(token: str) -> Iterator[NearMiss]:
    inner = token[1:-1]
    for extra, name in _WORD_LIKE if re.search("[a-zA-Z]", inner) else _DIGIT_LIKE:
        yield (
            f"with-{name}",
            f"also {extra!r}",
            f"[{extra}{inner}]" if not inner.startswith("^") else f"[{inner}{extra}]",
        )
    members = re.findall(r"\\.|.-.|.", inner.removeprefix("^"))
    for member in members if len(members) > 1 else ():
        yield f"without-{member}", f"{member} is refused", token.replace(member, "", 1)
    for member in (each for each in members if len(each) == 3 and each[1] == "-" and each[0] != "\\"):
        first, last = member[0], member[2]
        yield f"not-{first}", f"{first} is refused", token.replace(member, f"{chr(ord(first) + 1)}-{last}", 1)
        yield f"not-{last}", f"{last} is refused", token.replace(member, f"{first}-{chr(ord(last) - 1)}", 1)


def _escaped(token: str) -> Iterator[NearMiss]:
    yield "any-character", f"any character in place of {token[1]!r}", "."


_OTHERS: tuple[tuple[Callable[[str], bool], Callable[[str], Iterator[NearMiss]]], ...] = (
    (lambda token: token.startswith("{") and token.endswith("}"), _repetition),
    (lambda token: token in _SIGNS, _sign),
    (lambda token: token.startswith("["), _set),
    (lambda token: len(token) == 2 and token[0] == "\\" and not token[1].isalnum(), _escaped),
)


def _choices(tokens: list[str]) -> Iterator[NearMiss]:
    """Yield the pattern without one of the alternatives of a group."""
    opened: list[list[int]] = []
    for index, each in enumerate(tokens):
        if each == "(" or each.startswith("(?"):
            opened.append([index])
        elif each == "|" and opened:
            opened[-1].append(index)
        elif each == ")" and opened:
            edges = [*opened.pop(), index]
            for start, end in pairwise(edges) if len(edges) > 2 else ():
                lost = "".join(tokens[start + 1 : end])
                kept = (tokens[: start + 1] + tokens[end + 1 :]) if start == edges[0] else (tokens[:start] + tokens[end:])
                yield f"without-choice-at-{start}", f"{lost} is refused", "".join(kept)
