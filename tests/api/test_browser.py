"""The planner's way in a real browser, with and without JavaScript."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.api.served import Served, served

_WITHOUT_THE_WORLD = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE_MILLISECONDS = 60_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((found for name in names if (found := shutil.which(name))), None)
    assert program is not None, "no browser is installed: run make tools"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(_WITHOUT_THE_WORLD))
        yield started
        started.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_log_in_to_the_plan(
    site: Served, browser: Browser, *, javascript: bool, width: int
) -> None:
    context = browser.new_context(
        java_script_enabled=javascript,
        viewport={"width": width, "height": 900},
        base_url=site.address,
    )
    context.set_default_timeout(_PATIENCE_MILLISECONDS)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/")
    page.get_by_label("Navn").fill("administrator")
    page.get_by_label("Adgangskode").fill(site.password)
    page.get_by_role("button", name="Log ind").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overblik")
    fits(page, width, javascript=javascript)
    page.get_by_role("link", name="Staircase", exact=False).first.click()
    fits(page, width, javascript=javascript)
    page.get_by_role("main").get_by_role("link", name="Beregn", exact=True).click()
    page.get_by_label("Afstand, procent").fill("halv")
    page.get_by_role("button", name="Beregn").click()
    expect(page.get_by_role("alert")).to_contain_text("Afstanden er et antal procent")
    expect(page.get_by_label("Afstand, procent")).to_have_value("halv")
    fits(page, width, javascript=javascript)
    page.get_by_label("Afstand, procent").fill("1")
    page.get_by_role("button", name="Beregn").click()
    page.get_by_role("link", name="Se planen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Plan")
    expect(page.locator("main svg").first).to_be_visible()
    fits(page, width, javascript=javascript)
    page.get_by_role("button", name="Log ud").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log ind")
    context.close()
    assert complaints == []


def fits(page: Page, width: int, *, javascript: bool) -> None:
    """Nothing is wider than the window; it can be asked only where scripts run."""
    if javascript:
        assert page.evaluate("document.documentElement.scrollWidth") == width
