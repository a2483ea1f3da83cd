"""Whoever has no mouse gets everywhere, and sees where they are."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.api.served import Served
from tests.api.site import PASSWORD
from tests.walks.walker import open_login
from tests.walks.windows import Window

_WHERE = """() => {
  const here = document.activeElement, style = getComputedStyle(here);
  const box = here.getBoundingClientRect();
  return {
    name: here.outerHTML.slice(0, 120),
    isBody: here === document.body,
    isShown: style.outlineStyle !== "none" || style.boxShadow !== "none",
    isInside: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""
_MOST_STOPS = 80


def _walk_through(page: Page) -> int:
    """How many places the Tab key stops at; each is to be seen."""
    for stops in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        where = page.evaluate(_WHERE)
        if where["isBody"]:
            return stops
        assert where["isShown"], where["name"]
        assert where["isInside"], where["name"]
    return _MOST_STOPS


def test_the_first_stop_leads_past_the_menu(
    browser: Browser, site: Served, colleagues: dict[str, int]
) -> None:
    assert "planner" in colleagues
    with Window("en", True, 1280).of("planner", browser, site) as one:
        one.page.goto("/")
        one.page.keyboard.press("Tab")
        expect(one.page.locator(":focus")).to_have_text("Skip to the content")
        one.page.keyboard.press("Enter")
        expect(one.page.locator("#main")).to_be_focused()
        for address in ("/", "/problems/new", "/me", "/help"):
            one.page.goto(address)
            assert _walk_through(one.page) > 5, address


def test_what_is_wrong_is_told_and_can_be_gone_to(
    browser: Browser, site: Served, colleagues: dict[str, int]
) -> None:
    assert "administrator" not in colleagues
    with Window("en", True, 390).opened(browser, site) as one:
        open_login(one)
        one.page.keyboard.press("Tab")
        one.type("Name", "planner")
        one.type("Password", f"{PASSWORD} and more")
        one.page.keyboard.press("Enter")
        expect(one.alert()).to_be_visible()
        assert _walk_through(one.page) > 2
        one.complaints.clear()  # The refusal is an answer of its own.
