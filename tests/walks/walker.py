"""Somebody with a browser who reads one language; no complaint of the browser is let pass."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from api.texts import add_texts
from scheduler.language import Language, translate

WITHOUT_THE_WORLD = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is the same without a desktop, and takes two thirds of the time."""
_PATIENCE_MILLISECONDS = 60_000
_BETWEEN_DOWNLOADS_MILLISECONDS = 120
_LEAST_ERROR = 400


@dataclass
class Walker:
    """A window of the browser; texts are given in English and looked for in the language."""

    page: Page
    language: Language
    width: int
    javascript: bool
    complaints: list[str] = field(default_factory=list)
    """What the console said, what scripts threw, and answers that were errors."""
    unseen: re.Pattern[str] | None = None
    """What must stand on no page, such as ids of people."""

    def say(self, text: str) -> str:
        return translate(text, self.language)

    def beginning(self, text: str) -> re.Pattern[str]:
        """What begins with the text, whatever its ``{values}`` are."""
        return re.compile("^" + re.sub(r"\\{\w+\\}", ".*", re.escape(self.say(text))))

    def follow(self, text: str, within: Locator | None = None) -> None:
        """A link is clicked."""
        place = within or self.page.get_by_role("main")
        place.get_by_role("link", name=self.beginning(text)).first.click()

    def press(self, text: str) -> None:
        self.page.get_by_role("button", name=self.say(text), exact=True).click()

    def type(self, label: str, text: str) -> None:
        self.field(label).fill(text)

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(self.say(label), exact=True)

    def sees(self, heading: str) -> None:
        """The page's heading begins so, and nothing is wider than the window."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.beginning(heading))
        self.fits()
        if self.unseen is not None:
            found = self.unseen.search(self.page.content())
            assert found is None, f"{self.page.url} shows {found}"

    def alert(self) -> Locator:
        """What went wrong, as the page says it."""
        return self.page.get_by_role("alert")

    def take(self, link: Locator, folder: Path) -> Path:
        """The file that a link downloads, under the name that it is given."""
        # A browser drops downloads that are started more than ten a second.
        self.page.wait_for_timeout(_BETWEEN_DOWNLOADS_MILLISECONDS)
        with self.page.expect_download() as started:
            link.click()
        taken = folder / started.value.suggested_filename
        started.value.save_as(taken)
        return taken

    def fits(self) -> None:
        """It can be asked only where scripts run; a page that is on its way is waited for."""
        if self.javascript:
            expect(self.page.locator("html")).to_have_js_property("scrollWidth", self.width)

    def turn_to(self, tab: str) -> None:
        """A link of the page's own menu is clicked, and its page is seen to be there."""
        self.follow(tab)
        here = self.page.get_by_role("main").locator("[aria-current=page]")
        expect(here).to_have_text(self.say(tab))
        self.fits()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A real Chromium, which speaks to nobody but us."""
    program = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    assert program is not None, "no browser is installed: run make tools"
    expect.set_options(timeout=_PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(WITHOUT_THE_WORLD))
        yield browser
        browser.close()


@contextmanager
def walker(
    browser: Browser, address: str, language: Language, width: int, *, javascript: bool
) -> Iterator[Walker]:
    """A new window; at its end nothing must have been complained about."""
    add_texts()
    context = browser.new_context(
        java_script_enabled=javascript,
        viewport={"width": width, "height": 900},
        base_url=address,
    )
    context.set_default_timeout(_PATIENCE_MILLISECONDS)
    page = context.new_page()
    found = Walker(page, language, width, javascript)
    page.on("console", lambda said: found.complaints.append(said.text))
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on(
        "response",
        lambda answer: (
            found.complaints.append(f"{answer.status} {answer.url}")
            if answer.status >= _LEAST_ERROR
            else None
        ),
    )
    yield found
    context.close()
    assert found.complaints == []


def open_login(one: Walker) -> None:
    """The page is in the language that the walker reads."""
    one.page.goto("/login")
    english = one.page.get_by_role("button", name="English")
    if one.language == "en" and english.count():
        english.click()
        one.page.goto("/login")


def log_in(one: Walker, name: str, password: str) -> None:
    """In the language that the walker reads."""
    open_login(one)
    one.type("Name", name)
    one.type("Password", password)
    one.press("Log in")
    one.sees("Overview")
