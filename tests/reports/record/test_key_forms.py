"""The form of a key is the same as a sent value, in a shell and in Python, and its formula shows nothing."""

from __future__ import annotations

import base64
import os
import subprocess
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.http.keys import Credentials
from conformance.phases import auth
from openapi import load_contract
from openapi.security import SecurityScheme
from reports.record.key_forms import Form, KeyValue, in_python, in_shell, shown, value_of

KEY = "Wx8Yz9Qr.Kj4Hg3Fd2Sa1Po0Iu9Yt8Re7Wq6Lk5Jh"
OTHER = "Ab1Cd2Ef.0123456789abcdefghijklmnopqrstuv"


def forms() -> dict[str, Form]:
    """Every form that the cases of keys are made of, by its formula."""
    scheme = SecurityScheme("key", "X-API-Key", "header", "")
    contract = replace(load_contract(), security=((scheme,),))
    door = auth.Door(scheme, Credentials(contract, KEY, {}))
    pairs = [pair for case in auth._cases(door, few=False) for pair in (*case.headers, *case.query)]
    odd = [KeyValue(form, KEY) for _, _, form in auth._odd()]
    found = [value for _, value in pairs if isinstance(value, KeyValue)] + odd
    return {shown(each.form): each.form for each in found}


FORMS = forms()


def test_the_cases_of_keys_use_every_change() -> None:
    assert len(FORMS) > 120


def test_the_shell_and_python_make_the_same_of_a_fresh_key() -> None:
    script = "\n".join(f'printf "%s\\n" "{in_shell(form, "KEY")}"' for form in FORMS.values())
    made = subprocess.run(["sh", "-c", script], env={**os.environ, "KEY": OTHER}, capture_output=True, text=True, check=True)
    expected = [value_of(form, OTHER) for form in FORMS.values()]
    assert made.stdout.splitlines() == expected
    scope = {"os": SimpleNamespace(environ={"KEY": OTHER}), "base64": base64}
    assert [eval(in_python(form, "KEY"), scope) for form in FORMS.values()] == expected


@given(st.sampled_from(sorted(FORMS)))
def test_a_formula_shows_nothing_of_the_key(formula: str) -> None:
    """The formula for one key is the formula for every key of the same shape."""
    assert not [first for first in range(len(KEY) - 3) if KEY[first : first + 4] in formula]
    assert value_of(FORMS[formula], KEY) != value_of(FORMS[formula], OTHER) or "key" not in formula


@pytest.mark.parametrize("text", ['$HOME `x` "y" \\z'])
def test_text_stays_text_in_a_shell(text: str) -> None:
    made = subprocess.run(["sh", "-c", f'printf %s "{in_shell(text, "KEY")}"'], capture_output=True, text=True, check=True)
    assert made.stdout == text
