"""Documents from files and from the web, and what is reported when there is none."""

from __future__ import annotations

import hashlib
import socket
from pathlib import Path

import pytest

from openapi.errors import UnreadableDocument
from openapi.reading.documents import join, read
from tests.openapi.conftest import Served


def test_a_file_is_read_with_name_uri_and_digest(tmp_path: Path) -> None:
    path = tmp_path / "a b.yaml"
    path.write_text("on: 2025-04-01")
    found = read(str(path))
    assert found.root == {"on": "2025-04-01"}
    assert found.name == str(path)
    assert found.uri.endswith("/a%20b.yaml")
    assert found.digest == hashlib.sha256(b"on: 2025-04-01").hexdigest()
    assert read(found.uri).root == found.root
    assert read(str(path), "ours.yaml").name == "ours.yaml"


def test_a_url_is_read(served: Served) -> None:
    url = served.at("/a.json", '{"a": "é"}')
    found = read(url)
    assert (found.root, found.name, found.uri) == ({"a": "é"}, url, url)


def problem_of(name: str) -> str:
    """Return what is reported of a document, without its name."""
    with pytest.raises(UnreadableDocument) as caught:
        read(name)
    assert caught.value.document == name
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{name}: ")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "it is empty"),
        (b" \n\n", "it is empty"),
        (b"# nothing\n", "it is empty"),
        (b"- a\n- b", "it holds a list, not an object"),
        (b"[1]", "it holds a list, not an object"),
        (b"openapi", "it holds a str, not an object"),
        (b"\x89PNG\r\n\x1a\n\x00", "byte 0: it is no UTF-8 text, so neither JSON nor YAML"),
        ("openapi: 3.1.0".encode("utf-16"), "byte 0: it is no UTF-8 text, so neither JSON nor YAML"),
    ],
)
def test_a_file_that_holds_no_object(content: bytes, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "violated"
    path.write_bytes(content)
    assert problem_of(str(path)) == problem


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert problem_of(str(tmp_path)) == "Is a directory"
    assert problem_of(str(tmp_path / "missing.yaml")) == "No such file or directory"
    assert problem_of("a\0b") == "embedded null byte"
    assert problem_of("x" * 5000) == "File name too long"
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert problem_of(str(loop)) == "Too many levels of symbolic links"


def test_a_url_that_cannot_be_read(served: Served) -> None:
    with socket.socket() as nobody:  # bound, and never listening
        nobody.bind(("127.0.0.1", 0))
        assert "refused" in problem_of(f"http://127.0.0.1:{nobody.getsockname()[1]}/openapi.json")
    assert problem_of(f"{served.url}/missing.json") == "the response is 404 Not Found"
    assert problem_of(served.at("/broken.json", "{}", status=500)) == "the response is 500 Internal Server Error"
    assert problem_of(served.at("/page.html", "<!doctype html>\n<p>Hello: there: you"))
    assert problem_of("http://[::1").startswith("it is neither a path nor a URL")
    assert problem_of("http://a b/")
    assert problem_of("https://")


@pytest.mark.parametrize(
    ("base", "reference", "uri", "fragment"),
    [
        ("file:///d/a.yaml", "#/x/y", "file:///d/a.yaml", "/x/y"),
        ("file:///d/a.yaml", "b.yaml", "file:///d/b.yaml", ""),
        ("file:///d/a.yaml", "../b.yaml#/x", "file:///b.yaml", "/x"),
        ("http://h/v1/a.yaml", "../c/b.yaml#/x", "http://h/c/b.yaml", "/x"),
        ("file:///d/a.yaml", "http://h/b.yaml#/x%20y~1z", "http://h/b.yaml", "/x y~1z"),
    ],
)
def test_a_reference_is_seen_from_its_document(base: str, reference: str, uri: str, fragment: str) -> None:
    assert join(base, reference) == (uri, fragment)
