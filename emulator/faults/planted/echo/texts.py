"""Texts come back changed."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from urllib.parse import unquote

from emulator.fault import Fault
from emulator.faults.dsl.making import AnswerHook
from emulator.faults.dsl.places import everywhere
from emulator.faults.planted.echo.family import FAMILY, echoing

_ADDRESSED = ("callId", "created", "joinUrl")


def _texts(name: str, summary: str, change: Callable[[str], str]) -> Fault:
    """Every text of every field that was sent comes back changed."""
    return Fault(name=name, family=FAMILY, summary=summary, expects=("body.*.echo",), answer=_all_texts(change))


def _all_texts(change: Callable[[str], str]) -> AnswerHook:
    return lambda exchange, answer: {
        field: everywhere(each, change) if field in exchange.merged and field not in _ADDRESSED else each
        for field, each in answer.items()
    }


_ISO = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z$")
_FORMULA = re.compile(r"^(?==)")
_QUOTED = re.compile(r'^"(.*)"$', re.DOTALL)
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}")
_TELEPHONE = re.compile(r"\+\d[\d ()-]{7,}\d")
_EMPHASIS = re.compile(r"\*\*(.+?)\*\*")


def _without_tags(text: str) -> str:
    before, opening, rest = text.partition("<")
    inside, closing, after = rest.partition(">")
    return before + _without_tags(after) if opening and closing and inside else text


FAULTS: tuple[Fault, ...] = (
    echoing("prompt-cut-at-255", "prompts are cut at 255 characters", "systemPrompt", lambda text: text[:255]),
    echoing("prompt-cut-at-1000", "prompts are cut at 1000 characters", "systemPrompt", lambda text: text[:1000]),
    echoing(
        "exceeded-message-cut-at-64-bytes",
        "the message at the time limit is cut at 64 bytes",
        "timeExceededMessage",
        lambda text: text.encode()[:64].decode(errors="ignore"),
    ),
    echoing("prompt-trimmed", "blanks around a prompt are lost", "systemPrompt", str.strip),
    echoing(
        "prompt-blanks-collapsed",
        "runs of white space in a prompt become one blank",
        "systemPrompt",
        lambda text: " ".join(text.split()),
    ),
    echoing(
        "prompt-blank-lines-lost",
        "blank lines of a prompt are lost",
        "systemPrompt",
        lambda text: re.sub(r"\n\n+", "\n", text),
    ),
    echoing("model-lower-case", "the model comes back in lower case", "model", str.lower),
    echoing(
        "language-without-region",
        "a language comes back without its region",
        "languageHint",
        lambda tag: tag.split("-")[0],
    ),
    echoing("language-upper-case", "a language comes back in upper case", "languageHint", str.upper),
    _texts(
        "texts-normalised",
        "texts come back in Unicode's form C",
        lambda text: unicodedata.normalize("NFC", text),
    ),
    _texts(
        "texts-compatibility-normalised",
        "texts come back in Unicode's form KC",
        lambda text: unicodedata.normalize("NFKC", text),
    ),
    _texts("texts-escaped", "texts come back escaped for HTML", lambda text: html.escape(text, quote=False)),
    _texts("quotes-escaped", "quotes in texts come back escaped", lambda text: text.replace('"', "&quot;")),
    _texts(
        "astral-characters-lost",
        "characters beyond the BMP are lost",
        lambda text: "".join(each for each in text if ord(each) <= 0xFFFF),
    ),
    _texts(
        "non-latin-replaced",
        "characters beyond Latin-1 become question marks",
        lambda text: text.encode("latin-1", "replace").decode("latin-1"),
    ),
    _texts("newlines-turned", "CR LF comes back as LF", lambda text: text.replace("\r\n", "\n")),
    _texts("cut-at-nul", "texts end at U+0000", lambda text: text.split("\0")[0]),
    _texts("tags-stripped", "what looks like a tag is lost", _without_tags),
    _texts(
        "zero-width-stripped",
        "zero-width characters are lost",
        lambda text: text.translate(dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff"))),
    ),
    _texts("percent-decoded", "what is written %41 comes back as A", unquote),
    _texts("dates-reformatted", "a text that is a date comes back with a blank", lambda text: _ISO.sub(r"\1 \2", text)),
    _texts("formulas-quoted", "a text that begins as a formula comes back quoted", lambda text: _FORMULA.sub("'", text)),
    _texts("addresses-redacted", "addresses of mail are redacted", lambda text: _ADDRESS.sub("[redacted]", text)),
    _texts("telephone-numbers-redacted", "telephone numbers are redacted", lambda text: _TELEPHONE.sub("[redacted]", text)),
    _texts("wide-blanks-narrowed", "an ideographic space becomes a blank", lambda text: text.replace("\u3000", " ")),
    _texts("emphasis-lost", "asterisks around words are lost", lambda text: _EMPHASIS.sub(r"\1", text)),
    _texts("quotes-around-lost", "quotes around a text are lost", lambda text: _QUOTED.sub(r"\1", text)),
    _texts("marks-lost", "a byte order mark before a text is lost", lambda text: text.lstrip("\ufeff")),
    _texts("final-sigma-changed", "a final sigma becomes an ordinary one", lambda text: text.replace("ς", "σ")),
    _texts("flags-lost", "flags are lost", lambda text: _FLAG.sub("", text)),
    _texts("backslashes-lost", "backslashes are lost", lambda text: text.replace("\\", "")),
)
