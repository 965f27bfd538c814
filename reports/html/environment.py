"""The Jinja environment of all pages: everything is escaped; style and script are inlined, pinned by hash."""

from __future__ import annotations

import base64
import hashlib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from jinja2.utils import url_quote
from markupsafe import Markup, escape

from reports.html.charts import strip_paths
from reports.html.words import number
from reports.quantities import duration, plural

_FOLDER = files(__package__)


@cache
def environment() -> Environment:
    """Return the environment with its filters."""
    templates = {each.name: each.read_text(encoding="utf-8") for each in (_FOLDER / "templates").iterdir()}
    made = Environment(
        loader=DictLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"duration": duration, "plural": plural, "number": number, "content": _content}
    made.globals |= {"strip_paths": strip_paths, "icon_of": _icon, "status_icon_of": _status_icon, "link_to": _link}
    return made


def page(template: str, *, styles: list[str], scripts: list[str], **values: Any) -> bytes:
    """Return a page in UTF-8 that can load nothing and runs only its own script."""
    style, script = _joined(styles), _joined(scripts)
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    text = environment().get_template(template).render(style=_trusted(style), script=_trusted(script), policy=policy, **values)
    # A lone surrogate cannot be written in UTF-8; bodies have theirs shown as escapes already.
    return text.encode("utf-8", errors="replace")


def _trusted(text: str) -> Markup:
    """Return a string of ours, or one escaped just before, that goes into a page unchanged."""
    return Markup(text)  # noqa: S704


def _content(text: str) -> Markup:
    """Return a string escaped for the space between tags. Quotes are harmless there, and bodies are full of them."""
    return _trusted(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


@lru_cache(maxsize=1024)
def _icon(name: str) -> Markup:
    """Return the drawing of an icon; a page has thousands, for which a macro takes a quarter of its time."""
    return _trusted(f'<svg class="icon" aria-hidden="true"><use href="#i-{escape(str(name))}"/></svg>')


@lru_cache(maxsize=1024)
def _status_icon(rule_status: str, word: str) -> Markup:
    """Return the icon of a status, with the word for those who do not see it."""
    return _trusted(f'<span class="hidden-text">{escape(word)}: </span>{_icon(rule_status)}')


@lru_cache(maxsize=4096)
def _link(rule_id: str) -> str:
    """Return the address of a rule within the page."""
    return f"#rule={url_quote(rule_id)}"


@cache
def _asset(name: str) -> str:
    return (_FOLDER / "assets" / name).read_text(encoding="utf-8")


def _joined(names: list[str]) -> str:
    return "\n".join(map(_asset, names))


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
