"""Tests of what people do with the report: filter, follow links, copy, turn it dark, use only the keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.reports.browser.conftest import TOOL_RULE, Opener

RULE = "body.temperature.maximum"


def rows(page: Page) -> list[str]:
    """The ids of the rules that the filters let through."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('#rule-list > li[data-rule]:not([data-out])')].map(row => row.dataset.rule)"
    )
    return found


def drawer(page: Page) -> str:
    return page.locator("#drawer[open] #drawer-title").inner_text()


@pytest.mark.parametrize("name", ["conforming_page", "failing_page", "trend_page", "comparison_page"])
def test_a_page_opens_without_a_word(name: str, opened: Opener, request: pytest.FixtureRequest) -> None:
    page = opened(request.getfixturevalue(name)).page
    expect(page.locator("h1")).to_be_visible()


def test_the_verdict_is_the_first_thing_seen(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page).page
    expect(page.locator("h1")).to_have_text(re.compile("6 of 304 judged rules fail."))
    expect(page.locator("#failures .failure").first).to_be_in_viewport()


def test_filters_narrow_list_and_matrix(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page).page
    page.locator("button[data-outcome=FAIL]").click()
    assert len(rows(page)) == 6
    expect(page.locator(".found")).to_have_text("6 rules shown")
    assert page.locator("#matrix .cell:not(.faded)").count() >= 6
    page.locator("select[name=area]").select_option("default")
    assert rows(page) == ["response.joinTimeout.default"]
    page.locator("button[data-outcome=FAIL]").click()
    page.locator("select[name=area]").select_option("")
    page.locator("select[name=level]").select_option("SHOULD")
    page.locator("input[name=text]").fill("delay FORMAT")
    assert rows(page)
    assert all("elay" in rule and "format" in rule for rule in rows(page))
    page.locator("input[name=text]").fill("nothing of the kind")
    page.locator("[data-clear]").click()
    assert len(rows(page)) == 319


def test_a_long_list_is_cut_until_all_is_asked_for(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page).page
    assert page.locator("#rule-list > li[data-rule]:visible").count() == 15
    # By the keyboard: what comes into view gets its layout only then, and may move the button from under a quick pointer.
    page.get_by_role("button", name="Show all 319 rules").press("Enter")
    expect(page.locator("#rule-list > li[data-rule]:visible")).to_have_count(319)


def test_the_outcomes_of_the_verdict_lead_to_their_rules(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page).page
    page.locator(".counts a", has_text="not judged").click()
    # A link only changes the address; what follows from that, the browser does when it gets to it.
    expect(page.locator(".found")).to_have_text("2 rules shown")
    assert sorted(rows(page)) == ["query.priorCallId.format", "state.medium.inherited"]
    expect(page.locator("#rules-title")).to_be_in_viewport()


@pytest.mark.parametrize("rule", [RULE, TOOL_RULE])
def test_a_rule_can_be_linked_to(rule: str, failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page, f"#rule={rule}").page
    assert drawer(page) == rule
    expect(page.locator("#drawer .versus")).not_to_have_count(0)


def test_a_filtered_view_can_be_linked_to(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page, "#outcome=FAIL,ERROR&area=state").page
    assert rows(page) == ["state.medium.inherited"]
    page.locator("select[name=area]").select_option("")
    expect(page).to_have_url(re.compile("#outcome=FAIL%2CERROR$"))


def test_a_link_to_a_rule_that_is_gone_says_so(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page, "#rule=__proto__").page
    expect(page.locator("#drawer-body")).to_have_text("This run has no rule __proto__.")


def test_back_closes_the_rule(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page).page
    page.locator(f"#failures a.id:text-is('{RULE}')").click()
    assert drawer(page) == RULE
    page.go_back()
    expect(page.locator("#drawer")).not_to_be_visible()
    page.go_forward()
    assert drawer(page) == RULE


def test_the_next_rule_is_one_of_those_filtered(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page, "#outcome=FAIL").page
    first, second, *_ = rows(page)
    page.locator(f"#rule-list li[data-rule='{first}'] a").click()
    page.get_by_role("button", name="Next rule").click()
    assert drawer(page) == second
    page.get_by_role("button", name="Previous rule").click()
    assert drawer(page) == first
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).not_to_be_visible()
    expect(page).to_have_url(re.compile("#outcome=FAIL$"))


def test_a_case_shows_what_was_sent(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page, f"#rule={RULE}").page
    case = page.locator("#drawer details.exchange").first
    case.locator("summary").click()
    expect(case.locator(".content")).to_contain_text("POST https://api.example.com/api/calls")
    expect(case.locator(".content pre").first).to_be_visible()


def test_a_failure_is_copied_as_a_command(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page).page
    failure = page.locator(".failure", has_text=RULE)
    failure.get_by_role("button", name="Copy").first.click()
    expect(page.locator("#said")).to_have_text("Copied to the clipboard")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("curl -sS -i -X POST https://api.example.com/api/calls")
    assert copied.endswith("--data-raw '{\"temperature\": 1.5}'")
    failure.get_by_role("tab", name="pytest").click()
    failure.get_by_role("button", name="Copy").first.click()
    page.wait_for_function("navigator.clipboard.readText().then(text => text.startsWith('pytest '))")


def test_a_rule_is_copied_as_a_link(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page, f"#rule={RULE}").page
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_function("navigator.clipboard.readText().then(text => text.endsWith('#rule=body.temperature.maximum'))")


def test_copying_works_where_the_clipboard_is_refused(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page).page
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: {writeText: () => Promise.reject()}})")
    page.evaluate("document.addEventListener('copy', () => { window.copied = getSelection().toString() || true })")
    page.locator(".failure [data-copy]").first.click()
    page.wait_for_function("window.copied")


def test_labels_of_the_matrix_do_not_touch(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page, viewport={"width": 1280, "height": 900}).page
    overlaps = page.evaluate("""() => {
        const boxes = [...document.querySelectorAll("#matrix text:not(.band)")].map((each) => each.getBBox());
        const meet = (from, length, other, more) => from < other + more && other < from + length;
        const touch = (a, b) => meet(a.x, a.width, b.x, b.width) && meet(a.y + 2, a.height - 4, b.y + 2, b.height - 4);
        return boxes.flatMap((a, index) => boxes.slice(index + 1).filter((b) => touch(a, b))).length;
    }""")
    assert overlaps == 0
    assert page.locator("#matrix .band").all_text_contents() == ["Request", "Response", "Behaviour"]


def test_the_matrix_leads_to_a_rule(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page).page
    cell = page.locator(f"#matrix .cell[data-status=FAIL][aria-label^='{RULE}']")
    cell.hover()
    expect(page.locator("#tip")).to_contain_text("rejects: failed")
    cell.click()
    assert drawer(page) == RULE


def test_the_matrix_fits_one_screen(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page).page
    for width, height in ((1440, 900), (1280, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        box = page.locator("#matrix").bounding_box()
        assert box is not None
        assert box["height"] < height
        assert box["width"] <= width


@pytest.mark.parametrize("name", ["failing_page", "trend_page", "comparison_page", "client_page"])
def test_nothing_reaches_beyond_the_screen(name: str, opened: Opener, request: pytest.FixtureRequest) -> None:
    page = opened(request.getfixturevalue(name)).page
    for width in (1440, 768, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


def test_a_long_id_of_a_rule_is_broken_on_a_narrow_screen(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page).page
    page.set_viewport_size({"width": 390, "height": 800})
    changed = page.evaluate("""() => {
        const links = [...document.querySelectorAll('a.chip')];
        for (const link of links) link.lastChild.textContent = 'body.' + 'aRatherLongName.'.repeat(8);
        return links.length;
    }""")
    assert changed > 10
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_theme_follows_the_system_until_it_is_chosen(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page, color_scheme="dark").page
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.locator("#theme").click()
    light = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == light


def test_the_keyboard_is_enough(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "text"
    page.keyboard.type("joinTimeout.default")
    # The matrix is one stop, the list comes after it.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('cell')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "rule-row"
    page.keyboard.press("Enter")
    assert "joinTimeout.default" in drawer(page)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "rule-row"


def test_the_arrows_move_over_the_matrix(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page).page
    label = "document.activeElement.getAttribute('aria-label')"
    page.locator("#matrix .cell[tabindex='0']").focus()
    first = page.evaluate(label)
    page.keyboard.press("ArrowDown")
    assert page.evaluate(label).split(",")[0] == first.split(",")[0]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(label) != first
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(label) == first
    assert page.locator("#matrix .cell[tabindex='0']").count() == 1
    page.keyboard.press("Enter")
    assert drawer(page) == first.split(",")[0]


def test_the_tabs_of_a_failure_conform_the_arrows(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page).page
    tabs = page.locator(".failure").first.get_by_role("tab")
    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    expect(tabs.nth(1)).to_be_focused()
    expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")


def test_the_field_map_opens(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page).page
    voice = page.locator("#fields").get_by_role("button", name="externalVoice").first
    expect(page.locator("#fields .name:text-is('cartesia')").first).not_to_be_visible()
    voice.press("Enter")
    expect(voice).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#fields .name:text-is('cartesia')").first).to_be_visible()
    page.get_by_role("button", name="Open all").click()
    assert page.locator("#fields [aria-expanded=false]").count() == 0
    expect(page.locator("#fields")).to_contain_text("MESSAGE_ROLE_")


def test_without_a_script_verdict_and_failures_are_there(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page, java_script_enabled=False).page
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".failure").first).to_be_visible()
    expect(page.locator("noscript .notes")).to_contain_text("need JavaScript")
    for name in ("fields", "requirements"):
        expect(page.locator(f"#{name} [data-stored] p")).to_contain_text("needs JavaScript")
    expect(page.locator("#rule-list > li[data-rule]:visible")).to_have_count(319)


def test_a_browser_that_cannot_unpack_says_so(failing_page: Path, opened: Opener) -> None:
    page = opened(failing_page).page
    page.add_init_script("delete window.DecompressionStream")
    page.goto(f"{failing_page.as_uri()}#rule={RULE}")
    page.reload()  # the address alone loads nothing again
    expect(page.locator("#drawer-body")).to_have_text("This browser is too old to unpack the details of this page.")
    expect(page.locator("#fields [data-stored]")).to_contain_text("too old")
