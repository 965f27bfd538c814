"""Works carried on abreast: in step, as many as may be, to their end or to that of what they may send."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

import pytest

from conformance.http.exchange import Exchange
from conformance.http.interleaving import asking, carry_on
from strategies.case import Case, Side


class Server:
    """Answers what is asked at once with its number; `batches` are the labels of what was sent together."""

    def __init__(self, most: int = 1_000) -> None:
        self.most = most
        self.batches: list[list[str]] = []

    def send(self, cases: Iterable[Case], handle: Callable[[Exchange], None]) -> None:
        sent = sum(map(len, self.batches))
        kept = list(cases)[: self.most - sent]
        self.batches.append([case.label for case in kept])
        for index, case in enumerate(kept, 1):
            handle(Exchange(case=case, number=sent + index, status=201, headers={}, content=b"{}", seconds=0, at=0))


def ask(label: str) -> Exchange:
    sender = asking()
    assert sender is not None
    return sender([Case(side=Side.STATE, label=label)])[0]


def work(name: str, steps: int, seen: list[str]) -> Callable[[], None]:
    def carry_out() -> None:
        for step in range(steps):
            exchange = ask(f"{name}{step}")
            assert exchange.case.label == f"{name}{step}"
            seen.append(exchange.case.label)
        seen.append(f"{name} ends")

    return carry_out


def test_works_go_in_step_and_in_their_order() -> None:
    server, seen = Server(), list[str]()
    assert carry_on([work("a", 1, seen), work("b", 3, seen), work("c", 0, seen), work("d", 1, seen)], 2, server.send)
    assert server.batches == [["a0", "b0"], ["b1", "d0"], ["b2"]]
    assert seen == ["a0", "a ends", "b0", "c ends", "b1", "d0", "d ends", "b2", "b ends"]


def test_a_work_may_ask_for_several_together() -> None:
    server, seen = Server(most=5), list[str]()

    def several() -> None:
        sender = asking()
        assert sender is not None
        for labels in ("xyz", "vw"):
            seen.extend(each.case.label for each in sender([Case(side=Side.STATE, label=label) for label in labels]))

    assert not carry_on([work("a", 2, seen), several, work("b", 1, seen)], 3, server.send)
    assert server.batches == [["a0", "x", "y", "z", "b0"], []]
    assert seen == ["a0", "x", "y", "z", "b0", "b ends"]


def test_of_several_those_that_were_answered_are_seen() -> None:
    seen: list[str] = []

    def several() -> None:
        sender = asking()
        assert sender is not None
        waiting = [Case(side=Side.STATE, label=label) for label in "xyz"]
        while waiting:
            responses = sender(waiting)
            seen.extend(each.case.label for each in responses)
            waiting = waiting[len(responses) :]

    assert not carry_on([several], 1, Server(most=2).send)
    assert seen == ["x", "y"]
    assert not left_behind()


def test_one_at_a_time_is_one_after_the_other() -> None:
    server, seen = Server(), list[str]()
    assert carry_on([work("a", 2, seen), work("b", 2, seen)], 1, server.send)
    assert server.batches == [["a0"], ["a1"], ["b0"], ["b1"]]


def test_what_was_answered_is_seen_when_no_more_may_be_sent() -> None:
    server, seen = Server(most=3), list[str]()
    assert not carry_on([work("a", 5, seen), work("b", 5, seen)], 2, server.send)
    assert seen == ["a0", "b0", "a1"]
    assert not left_behind()


@pytest.mark.parametrize("error", [ValueError("mine"), KeyboardInterrupt()])
def test_what_a_work_raises_ends_them_all(error: BaseException) -> None:
    def failing() -> None:
        ask("once")
        raise error

    seen: list[str] = []
    with pytest.raises(type(error)):
        carry_on([work("a", 9, seen), failing, work("b", 9, seen)], 3, Server().send)
    assert seen == ["a0"]
    assert not left_behind()


def test_what_sending_raises_ends_them_all_but_what_was_answered_is_seen() -> None:
    def send(cases: Iterable[Case], handle: Callable[[Exchange], None]) -> None:
        Server(most=1).send(cases, handle)
        raise ConnectionError

    seen: list[str] = []
    with pytest.raises(ConnectionError):
        carry_on([work("a", 2, seen), work("b", 2, seen)], 2, send)
    assert seen == ["a0"]
    assert not left_behind()


def test_nobody_gets_the_response_to_what_another_asked() -> None:
    def send(cases: Iterable[Case], handle: Callable[[Exchange], None]) -> None:
        Server().send(list(cases)[1:], handle)
        raise KeyboardInterrupt

    seen: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        carry_on([work("a", 2, seen), work("b", 2, seen)], 2, send)
    assert not seen
    assert not left_behind()


def test_who_asks_on_its_way_out_gets_no_response() -> None:
    def stubborn() -> None:
        try:
            ask("once")
        finally:
            ask("again")

    assert not carry_on([stubborn], 1, Server(most=0).send)
    assert not left_behind()


def left_behind() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name == "abreast"]


def test_nobody_is_asked_anywhere_else() -> None:
    assert asking() is None
