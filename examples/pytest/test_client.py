"""Tests a client (here: httpx) with the fixtures and the emulator that `examples/README.md` starts."""

import json
import os
import time
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

FOLDER, KEY = Path(os.environ["CONFORMANCE_FIXTURES"]), os.environ["CONFORMANCE_KEY"]
HTTP = httpx.Client(base_url=os.environ["CONFORMANCE_TARGET"], trust_env=False)
CONTRACT, FIXTURES = map(json.loads((FOLDER / "index.json").read_text(encoding="utf-8")).get, ("contract", "fixtures"))
VALID = [each for each in FIXTURES if each["kind"] == "positive" and not each["request"]["query"] and each["pointer"]]
INVALID = [each for each in FIXTURES if each["kind"] == "negative" and each["pointer"]]
RESPONSES = [each for each in FIXTURES if each["direction"] == "response"]
LEAST = next(each for each in FIXTURES if each["rule"] == "status.created")


def create(body, tries=3):
    """The client: it sends one body, waits where the server asks for it, and returns an object or raises."""
    method, path = CONTRACT["operation"].split()
    headers = {CONTRACT["key"]["name"]: KEY, "content-type": CONTRACT["media_type"]}
    response = HTTP.request(method, path, content=body, headers=headers)
    after = response.headers.get("retry-after")
    if after and tries > 1:
        time.sleep(int(after) if after.isdecimal() else max(parsedate_to_datetime(after).timestamp() - time.time(), 0))
        return create(body, tries - 1)
    if response.is_error:
        raise ValueError(f"{response.status_code} {response.text}")
    return {**json.loads(response.content)}


@pytest.mark.parametrize("fixture", VALID, ids=lambda each: each["id"])
def test_valid_bodies_are_accepted(fixture):
    shown = create((FOLDER / fixture["file"]).read_bytes())
    for each in fixture["expect"]["echo"]:
        if each["pointer"].count("/") == 1 and "compare" not in each:
            assert shown[each["pointer"][1:]] == each["value"]


@pytest.mark.parametrize("fixture", INVALID, ids=lambda each: each["id"])
def test_refusals_are_raised(fixture):
    with pytest.raises(ValueError, match=str(fixture["expect"]["status"][0])):
        create((FOLDER / fixture["file"]).read_bytes())


@pytest.mark.parametrize("fixture", RESPONSES, ids=lambda each: each["id"])
def test_responses_are_read(fixture):
    assert HTTP.post("/__respond", json={"fixture": fixture["id"]}).is_success
    expected = fixture["expect"]
    try:
        result = create((FOLDER / LEAST["file"]).read_bytes())
    except (TypeError, ValueError, httpx.HTTPError) as error:
        assert (expected["outcome"] in ("error", "any"), expected.get("detail", "") in str(error)) == (True, True), error
    else:
        assert expected["outcome"] != "error", result
        assert expected["outcome"] != "read" or result == json.loads((FOLDER / fixture["file"]).read_bytes())
