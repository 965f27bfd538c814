"""A request to paste: a curl command, a Python program, commands that replay it.

The caller's key is in none of them; they read it from the environment.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

from reports.program import program, pytest_command
from reports.record.entries import KEY_HEADER, KEY_VARIABLE, Request
from reports.record.key_forms import KEY, Form, Keys, in_python, in_shell
from reports.redaction import REDACTED, is_secret

# Set by every client itself; repeating them in a snippet can only be wrong.
_OWN_HEADERS = frozenset({"host", "content-length", "connection", "accept-encoding", "user-agent", "accept"})
# A single argument of a command is limited to 128 KiB on Linux.
_LONGEST_ARGUMENT = 100_000
# The test of one rule, by its node id.
MADE_UP_KEY = "not-a-real-key"
# Those of a record that names none.
USUAL_KEYS = Keys({f"header {KEY_HEADER}": KEY}, KEY_VARIABLE)


@dataclass(frozen=True, slots=True)
class Snippets:
    """The ways to send one request again, each as a string to paste."""

    curl: str
    httpx: str
    pytest: str
    replay: str


@dataclass(frozen=True, slots=True)
class Place:
    """The target of a request, and the path of its record as the reader has it."""

    target: str
    keys: Keys = USUAL_KEYS
    record: str = "run.jsonl"

    def snippets(self, request: Request, *, rule: str, exchange: int) -> Snippets:
        """Return the ways to send a request of this run again."""
        return Snippets(
            curl=curl(request, self.target, self.keys),
            httpx=httpx_program(request, self.target, self.keys),
            pytest=pytest_command(rule, self.target),
            replay=f"{program()} replay {shlex.quote(self.record)} --exchange {exchange}",
        )


def curl(request: Request, target: str, keys: Keys = USUAL_KEYS) -> str:
    """Return a curl command for a POSIX shell. A body that no shell word can hold is piped in byte by byte."""
    plain = _without_forms(request)
    url = url_of(plain, target)
    globbed = "-g " if set("[]{}") & set(url) else ""  # or curl would take what is in brackets for a pattern
    note = f"# {_NOTE}\n" if _is_redacted(plain) else ""
    words = [f"curl -sS -i {globbed}-X {shlex.quote(request.method)} {shlex.quote(url)}"]
    words += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in _sendable(plain.headers).items()]
    words += [_OPTIONS[place].format(name, in_shell(form, keys.variable)) for place, name, form in _forms(request, keys)]
    body = request.body
    if body is None:
        return note + _folded(words)
    if len(body) > _LONGEST_ARGUMENT:
        return note + _folded([*words, "--data-binary @body.json"])
    if body.isprintable() or _is_plain(body):
        # --data would read a file where the body begins with @.
        return note + _folded([*words, f"--data-raw {shlex.quote(body)}"])
    octal = "".join(f"\\{byte:03o}" for byte in _bytes(body))
    return f"{note}printf '{octal}' | " + _folded([*words, "--data-binary @-"])


# How a credential goes along, as an option of curl.
_OPTIONS = {"header": '-H "{}: {}"', "query": '--url-query "{}={}"'}
_NOTE = f"The record holds no secrets: put yours in place of {REDACTED}."


def forms_of(request: Request, keys: Keys) -> Mapping[str, Form]:
    """Return the credentials of a request by place: those of every request, or what the case made of them."""
    if request.key_forms or request.key == "none":
        return request.key_forms
    # Of an older record: what a case made of the key was not kept; a key that opens nothing stands for it.
    return dict.fromkeys(keys.forms, MADE_UP_KEY) if request.key == "invalid" else keys.forms


def _forms(request: Request, keys: Keys) -> Iterator[tuple[str, str, Form]]:
    """Yield the credentials of a request: place, name and formula."""
    for where, form in forms_of(request, keys).items():
        place, _, name = where.partition(" ")
        yield place, name, form


def _without_forms(request: Request) -> Request:
    """Return the request without the values that are made of the key."""
    headers = {name: value for name, value in request.headers.items() if f"header {name}" not in request.key_forms}
    query = [[name, value] for name, value in request.query if f"query {name}" not in request.key_forms]
    return replace(request, headers=headers, query=query)


def _is_redacted(plain: Request) -> bool:
    return REDACTED in (plain.body or "") or REDACTED in url_of(plain, "") or REDACTED in _sendable(plain.headers).values()


def httpx_program(request: Request, target: str, keys: Keys = USUAL_KEYS) -> str:
    """Return a Python program that sends the request with httpx, byte for byte, and prints the response."""
    sending, spelled = "httpx.request(", list[str]()
    if request.query_text is not None:
        # httpx has a spelling of its own for queries, past which another one goes as HTTP's target.
        behind_host = urlsplit(url_of(request, target))._replace(scheme="", netloc="").geturl()
        sending, spelled = "httpx.Client().request(", [f"    extensions={{'target': {behind_host.encode()!r}}},"]
    plain = _without_forms(request)
    made = [(place, name, in_python(form, keys.variable)) for place, name, form in _forms(request, keys)]
    headers = [f"        {name!r}: {value!r}," for name, value in _sendable(plain.headers).items()]
    headers += [f"        {name!r}: {value}," for place, name, value in made if place == "header"]
    added = [f"({name!r}, {value})" for place, name, value in made if place == "query"]
    params = [f"({name!r}, {value!r})" for name, value in plain.query] + added if added else []
    body = [] if request.body is None else [f"    content={_content(request.body)},"]
    lines = [
        *([f"# {_NOTE}"] if _is_redacted(plain) else []),
        *(["import base64"] if any("base64." in value for *_, value in made) else []),
        "import os",
        "",
        "import httpx",
        "",
        f"response = {sending}",
        f"    {request.method!r},",
        f"    {url_of(replace(plain, query=[]) if params else plain, target)!r},",
        *([f"    params=[{', '.join(params)}],"] if params else []),
        "    headers={",
        *headers,
        "    },",
        *body,
        *spelled,
        "    timeout=30,",
        ")",
        "print(response.status_code, response.text)",
    ]
    return "\n".join(lines)


def url_of(request: Request, target: str) -> str:
    """Return the URL of the request: target, path and query."""
    usual = urlencode([(name, value) for name, value in request.query], errors="surrogateescape")
    query = usual if request.query_text is None else request.query_text
    return target.rstrip("/") + request.path + (f"?{query}" if query else "")


def _sendable(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in _OWN_HEADERS and not is_secret(name)}


def _folded(words: list[str]) -> str:
    return " \\\n  ".join(words)


def _is_plain(body: str) -> bool:
    return all(character.isprintable() or character in "\n\t" for character in body)


def _bytes(body: str) -> bytes:
    try:
        return body.encode("utf-8", errors="surrogateescape")
    except UnicodeEncodeError:
        return body.encode("utf-8", errors="surrogatepass")


def _content(body: str) -> str:
    return f"{body!r}.encode()" if body.isprintable() and not body.isascii() else repr(_bytes(body))
