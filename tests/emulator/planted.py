"""The planted faults of Ultravox's contract, by name."""

from __future__ import annotations

from emulator.faults import Fault, faults_of
from openapi import load_contract

FAULTS: dict[str, Fault] = faults_of(load_contract())
