"""The embedded store."""

from __future__ import annotations

from emulator.store import Call, Store


def _call(identifier: str, size: int = 0) -> Call:
    return Call(identifier, b"{}", b"x" * size)


def test_the_least_recently_used_is_forgotten_first() -> None:
    store = Store(capacity=2)
    for identifier in ("a", "b"):
        store.put(_call(identifier))
    assert store.get("a")
    store.put(_call("c"))
    assert [store.get(each) is not None for each in ("a", "b", "c")] == [True, False, True]
    assert len(store) == 2


def test_large_calls_are_forgotten_earlier() -> None:
    store = Store(capacity_bytes=10_000)
    for number in range(100):
        store.put(_call(str(number), 4000))
    assert len(store) == 2
    assert store.bytes <= 10_000


def test_one_call_is_kept_however_large() -> None:
    store = Store(capacity_bytes=10)
    store.put(_call("a", 1000))
    assert store.get("a")


def test_bytes_are_counted_down_again() -> None:
    store = Store()
    store.put(_call("a", 100))
    store.put(_call("a", 200))
    assert store.bytes == _call("a", 200).size
    assert store.remove("a") == _call("a", 200)
    assert store.remove("a") is None
    assert (store.bytes, len(store)) == (0, 0)


def test_no_two_calls_share_an_object() -> None:
    call = Call("a", b'{"a":{"b":[]}}', b"{}")
    changed = call.properties()
    changed["a"]["b"].append(1)
    assert call.properties() == {"a": {"b": []}}
