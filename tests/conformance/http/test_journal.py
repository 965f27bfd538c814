"""The journal knows at every moment what is left, however it is cut off, and what is left is deleted by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.http.deleting import deleted, lost
from conformance.http.finding_left import Finder
from conformance.http.journal import FileJournal, Head, JournalError, left_in, note_deleted
from conformance.http.run_tag import RunTag
from conformance.http.target import Target
from openapi.identifiers import Identifier
from tests.conformance.clients import case
from tests.conformance.servers import KEY, Received, Reply, catalogue, serving

TAG = RunTag.of(catalogue(), "4f3a9c01")
FINDER = Finder.of(catalogue().contract, TAG, Identifier(("callId",), None, is_stated=True))
HEAD = Head.of(catalogue().contract, "http://127.0.0.1:1", FINDER)
STEPS = st.lists(st.sampled_from(["intend", "created", "settled", "deleted"]), max_size=30)


@given(STEPS, st.integers(0, 400))
def test_what_is_left_is_what_was_created_and_not_deleted(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], cut: int
) -> None:
    """A model keeps the books beside the journal; a last line that was cut off shows nothing."""
    path = tmp_path_factory.mktemp("journal") / "created.jsonl"
    living = list[str]()
    states: list[tuple[list[str], int]] = [([], 0)]
    sizes, number, unknown = [0], 0, 0
    with FileJournal(path, HEAD) as journal:
        sizes[0] = path.stat().st_size
        for step in steps:
            if step == "intend":
                journal.intend(case())
                unknown += 1
            elif step == "settled" and unknown:
                journal.settled()
                unknown -= 1
            elif step == "created":
                number += 1
                journal.created(f"id-{number}")
                living.append(f"id-{number}")
            elif step == "deleted" and living:
                journal.deleted(living.pop(0))
            sizes.append(path.stat().st_size)
            states.append((list(living), unknown))
    content = path.read_bytes()
    kept = max(sizes[0], len(content) - cut)
    path.write_bytes(content[:kept])
    at = max(index for index, size in enumerate(sizes) if size <= kept)
    left = left_in(path)
    assert (list(left.identities), left.unknown) == states[at]
    assert left.head == HEAD


@pytest.mark.parametrize("content", [b"", b"{}\n", b"[]\n", b'{"type": "header"}\n', b"\xff\n"])
def test_another_file_is_no_journal(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "created.jsonl"
    path.write_bytes(content)
    with pytest.raises(JournalError):
        left_in(path)


def test_deleting_is_tried_again_and_says_what_is_left(tmp_path: Path) -> None:
    seen: dict[str, int] = {}

    def response(received: Received) -> Reply:
        identity = received.path.rsplit("/", 1)[1]
        seen[identity] = seen.get(identity, 0) + 1
        assert received.headers["x-api-key"] == KEY
        busy = {"busy": 503, "gone": 404, "stuck": 403}.get(identity, 204)
        return Reply(204 if busy == 503 and seen[identity] > 2 else busy)

    waits = list[float]()
    with serving(response) as url:
        found = dict(deleted(HEAD, Target(url=url, key=KEY), ["plain", "busy", "gone", "stuck"], waits.append))
    assert found == {"plain": None, "busy": None, "gone": None, "stuck": "status 403"}
    assert (seen["busy"], seen["stuck"]) == (3, 6)
    assert waits == sorted(waits[:2]) + sorted(waits[2:])
    path = tmp_path / "created.jsonl"
    with FileJournal(path, HEAD) as journal:
        journal.created("plain")
    note_deleted(path, "plain")
    assert not left_in(path).identities


def test_what_no_journal_has_is_found_by_the_tag_and_nothing_else() -> None:
    """A server may ignore the filter: what shows no tag belongs to somebody else. The key goes to no URL of its choice."""
    assert TAG is not None
    tagged = {TAG.member: {TAG.key: TAG.value}}
    pages = [
        {
            "results": [{"callId": "a", **tagged}, {"callId": "theirs", TAG.member: {}}],
            "next": "http://elsewhere.test/?cursor=1",
        },
        {"results": [{"callId": "b", **tagged}, {"callId": None, **tagged}, "x", None], "next": None},
    ]
    received = list[Received]()

    def response(each: Received) -> Reply:
        received.append(each)
        return Reply(503) if len(received) == 1 else Reply(200, json.dumps(pages[len(received) - 2]).encode())

    with serving(response) as url:
        assert lost(HEAD, Target(url=url, key=KEY), lambda _seconds: None) == ["a", "b"]
    assert [each.query for each in received] == [f"metadata.{TAG.key}={TAG.value}"] * 2 + ["cursor=1"]
    with serving(lambda _each: Reply(404)) as url:
        assert lost(HEAD, Target(url=url, key=KEY), lambda _seconds: None) is None
    assert lost(Head.of(catalogue().contract, "http://127.0.0.1:1"), Target(url="http://127.0.0.1:1", key=KEY)) is None


@pytest.mark.parametrize(
    "page", [b"[]", b"{}", b"null", b"x", b'{"results": {}, "next": 3}', b'{"results": [], "next": "?cursor=1"}']
)
def test_a_server_that_lists_oddly_ends_the_search(page: bytes) -> None:
    with serving(lambda _each: Reply(200, page)) as url:
        assert lost(HEAD, Target(url=url, key=KEY)) == []
