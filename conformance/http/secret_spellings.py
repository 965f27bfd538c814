"""Secrets in a text, in every spelling in which a server may show what it was sent; none of them is kept.

Every run of a secret's characters that is long enough to matter is redacted; a short secret is redacted whole. One of fewer
than eight characters is redacted as a whole word alone, or ordinary words would be cut: `test` out of `latest`.
"""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from conformance.http.canonical_text import canonical, has_escapes, lower, undone
from reports.redaction import REDACTED

WINDOW = 12  # characters of a secret that matter; text that is no secret shares fewer with it
SHORT = 8  # characters; a secret with fewer is looked for as a whole word
_LEAST_ENCODED = 8  # characters; of a secret within other text, fewer than these say little in Base64
CUT = "…"  # marks where a text was cut
_SHORT_TEXT = 64  # characters of a text that is worth remembering
_LEAST = 4  # characters of a secret beside a cut
_NEAR = 96  # characters beside a cut: those of a secret that are too few for a run, in the longest spelling
_HALF_AN_ESCAPE = re.compile(r"(?:%(?:25)*[0-9a-f]?|\\+(?:u[0-9a-f]{0,3}|x[0-9a-f]?)?|&(?:#x?[0-9a-f]*|[a-z]{0,4}))\Z")
_REST_OF_AN_ESCAPE = re.compile(r"(?:u?[0-9a-f]{1,4}|[0-9]{1,3};|x[0-9a-f]{1,2})(?=[%\\&])")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Secret:
    """A secret, ready to be looked for. `plain` is its canonical form, `encoded` what encodings make of it, longest first.

    `windows` maps each run of characters that matters to where it begins. Each of them holds one of the `probes`,
    which are fewer: text without a probe has no window either. `fronts` and `backs` are what a cut may leave of it.
    """

    plain: str
    windows: dict[str, int]
    probes: tuple[str, ...]
    encoded: tuple[str, ...]
    fronts: tuple[str, ...]
    backs: tuple[str, ...]

    @property
    def width(self) -> int:
        """Return the length of the windows."""
        return min(WINDOW, len(self.plain))


@lru_cache(maxsize=256)
def spellings(secret: str) -> tuple[Secret, ...]:
    """Return what to look for, so that nothing shows of a secret; nothing for an empty one."""
    if not secret:
        return ()
    plain = "".join(canonical(secret)[0])
    width = min(WINDOW, len(plain))
    windows = {plain[first : first + width]: first for first in range(len(plain) - width + 1)} if width else {}
    half = max(1, width // 2)
    probes = tuple(plain[first : first + half] for first in range(0, len(plain) - half + 1, half))
    raws = (secret.encode(), secret.encode("utf-16-le"), secret.encode("utf-16-be"))
    encoded = {form for raw in raws for form in (*_in_base64(raw), raw.hex()) if len(form) >= _LEAST_ENCODED}
    forms = tuple(sorted({each.lower() for each in encoded}, key=len, reverse=True))
    lengths = range(width, _LEAST - 1, -1) if len(plain) >= SHORT else ()
    fronts, backs = tuple(plain[:length] for length in lengths), tuple(plain[-length:] for length in lengths)
    return (Secret(plain, windows, probes, forms, fronts, backs),)


def _in_base64(raw: bytes) -> Iterator[str]:
    """Yield the secret by itself, and what is sure to show of it inside other text, wherever it begins; of both alphabets."""
    yield b64encode(raw).decode().rstrip("=")
    yield urlsafe_b64encode(raw).decode().rstrip("=")
    for before in range(3):
        # Of the first and the last character a part is of other bytes.
        first, last = -(-before * 4 // 3), (before + len(raw)) * 4 // 3
        for encode in (b64encode, urlsafe_b64encode):
            yield encode(bytes(before) + raw + bytes(2)).decode()[first:last]


def redacted(text: str, secrets: tuple[Secret, ...]) -> str:
    """Return the text without any of the secrets, in whatever spelling."""
    return (_redacted_once if len(text) <= _SHORT_TEXT else _redacted)(text, secrets)


def _redacted(text: str, secrets: tuple[Secret, ...]) -> str:
    lowered = lower(text)
    plain = undone(lowered)  # once for all secrets: of a long text with many escapes it takes milliseconds
    cuts = _cuts_of(lowered)
    spans = sorted(span for secret in secrets for span in _spans(text, lowered, plain, cuts, secret))
    if not spans:
        return text
    parts, done = list[str](), 0
    for first, last in _joined(spans):
        parts += [text[done:first], REDACTED]
        done = last
    return "".join([*parts, text[done:]])


_redacted_once = lru_cache(maxsize=1_024)(_redacted)  # each exchange has the same labels and headers


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in spans:
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _spans(text: str, lowered: str, plain: str, cuts: _Cuts, secret: Secret) -> Iterator[tuple[int, int]]:
    yield from _remnants(cuts, secret)
    for form in secret.encoded:
        at = lowered.find(form)
        while at >= 0:
            yield at, at + len(form)
            at = lowered.find(form, at + len(form))
    if any(probe in plain for probe in secret.probes):
        characters, places = canonical(text)
        plain = "".join(characters)
        for first, last in _runs(plain, secret, _without_control_letters(text, plain, places)):
            yield places[first][0], places[last - 1][1]


def _without_control_letters(text: str, plain: str, places: list[tuple[int, int]]) -> str:
    """Return the canonical form, with a space for the letter of `\\n` and the like: it is no part of a word."""
    begins = (first for first, _ in places)
    return "".join(
        " " if each in "bfnrt" and text[max(0, at - 1) : at] == "\\" else each for each, at in zip(plain, begins, strict=True)
    )


def _runs(plain: str, secret: Secret, words: str) -> Iterator[tuple[int, int]]:
    """Yield the longest runs of characters that a canonical text shares with a secret; of a short one in `words` alone."""
    at, width = 0, secret.width
    while at <= len(plain) - width:
        begin = secret.windows.get(plain[at : at + width])
        if begin is None:
            at += 1
            continue
        end = width
        while at + end < len(plain) and begin + end < len(secret.plain) and plain[at + end] == secret.plain[begin + end]:
            end += 1
        if len(secret.plain) >= SHORT or _is_word(words, at, at + end):
            yield at, at + end
        at += end


def _is_word(plain: str, first: int, last: int) -> bool:
    """Return whether a part of a text has neither a letter nor a digit next to it."""
    return not plain[max(0, first - 1) : first].isalnum() and not plain[last : last + 1].isalnum()


class _Beside(NamedTuple):
    """A part of a text beside a cut at `mark`: where it begins, and its canonical form."""

    mark: int
    begin: int
    text: str
    plain: str

    def place(self, number: int) -> tuple[int, int]:
        """Return where a character of the canonical form stands in the whole text."""
        first, last = canonical(self.text)[1][number]
        return self.begin + first, self.begin + last


_Cuts = tuple[list[_Beside], list[_Beside]]  # before each cut and the end, and behind each cut


def _cuts_of(lowered: str) -> _Cuts:
    """Return what stands beside the cuts of a text: made once for all secrets, since each text has an end."""
    marks = [at for at, each in enumerate(lowered) if each == CUT] if CUT in lowered else []
    before, behind = list[_Beside](), list[_Beside]()
    for mark in (*marks, len(lowered)):
        begin = max(0, mark - _NEAR)
        beside = lowered[begin:mark]
        before.append(_beside(mark, _HALF_AN_ESCAPE.sub("", beside) if has_escapes(beside) else beside, begin))
    for mark in marks:
        rest = lowered[mark + 1 : mark + 1 + _NEAR]
        first = _REST_OF_AN_ESCAPE.match(rest)
        skipped = first.end() if first else 0
        behind.append(_beside(mark, rest[skipped:], mark + 1 + skipped))
    return before, behind


def _beside(mark: int, text: str, begin: int) -> _Beside:
    return _Beside(mark, begin, text, undone(text))


def _remnants(cuts: _Cuts, secret: Secret) -> Iterator[tuple[int, int]]:
    """Yield pieces of a secret, shorter than a run, that a cut left beside its mark or at the end."""
    before, behind = cuts
    for each in before:
        if each.plain.endswith(secret.fronts):
            length = next(len(front) for front in secret.fronts if each.plain.endswith(front))
            yield each.place(-length)[0], each.mark
    for each in behind:
        if each.plain.startswith(secret.backs):
            length = next(len(back) for back in secret.backs if each.plain.startswith(back))
            yield each.mark + 1, each.place(length - 1)[1]
