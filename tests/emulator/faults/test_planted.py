"""Every planted fault changes something that a client can see, and nothing before it is met."""

from __future__ import annotations

import re
from functools import cache

import pytest

from emulator.faults import Fault
from emulator.faults.loading import faults_in
from emulator.faults.planted import planted
from tests.emulator.client import Client, contract
from tests.emulator.observing import DifferentError, Observer
from tests.emulator.planted import FAULTS
from tests.emulator.probes import PROBES, Probe, every_body, keys, life, queries

_LIKELY: dict[str, Probe] = {"state": life, "auth": keys, "query": queries}


@cache
def _conforming(probe: Probe) -> list[object]:
    observer = Observer(Client())
    probe(observer)
    return observer.seen


def _differs(probe: Probe, *faults: Fault) -> bool:
    """Return whether a probe sees something else of an endpoint with faults than of the conforming one."""
    try:
        probe(Observer(Client(faults=faults), _conforming(probe)))
    except DifferentError:
        return True
    return False


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.__name__)
def test_the_conforming_endpoint_always_responses_equal(probe: Probe) -> None:
    assert not _differs(probe)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_can_be_seen(name: str) -> None:
    fault = FAULTS[name]
    likely_first = sorted(PROBES, key=lambda probe: probe is not _LIKELY.get(fault.family, every_body))
    assert any(_differs(probe, fault) for probe in likely_first)


def test_names_are_unique_and_say_what_they_violate() -> None:
    own = contract().data.faults
    assert own is not None
    assert len(FAULTS) == len(faults_in(own)) + len(list(planted(contract())))
    assert all(re.fullmatch(r"[A-Za-z0-9.-]+", name) for name in FAULTS)
    assert all(fault.summary and fault.expects for fault in FAULTS.values())
    families = {"accepts-invalid", "rejects-valid", "status", "shape", "echo", "defaults", "state", "auth", "query", "rare"}
    assert {fault.family for fault in FAULTS.values()} == families


def test_faults_without_a_contract_leave_the_contract_alone() -> None:
    assert all(fault.contract is None or fault.contract(contract()) != contract() for fault in FAULTS.values())


def test_several_faults_at_a_time() -> None:
    client = Client(faults=[FAULTS["created-as-202"], FAULTS["model-other"], FAULTS["temperature-negative"]])
    reply = client.create({"temperature": -1})
    assert reply.status == 202
    assert b"ultravox-70B" in reply.body
