"""Every planted fault changes something that a client can see, and nothing before it is met."""

from __future__ import annotations

from functools import cache

import pytest

from emulator.faults import FAULTS, Fault
from tests.emulator.client import Client
from tests.emulator.probes import PROBES, Observer, Probe


def _observe(probe: Probe, *faults: Fault) -> list[object]:
    observer = Observer(Client(faults=faults))
    probe(observer)
    return observer.seen


@cache
def _sound(probe: Probe) -> list[object]:
    return _observe(probe)


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.__name__)
def test_the_sound_endpoint_always_answers_alike(probe: Probe) -> None:
    assert _observe(probe) == _sound(probe)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_can_be_seen(name: str) -> None:
    assert any(_observe(probe, FAULTS[name]) != _sound(probe) for probe in PROBES)
