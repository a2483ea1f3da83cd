"""The administrator's way in a real browser: accounts, passwords for one log-in, and API tokens."""

from __future__ import annotations

import httpx2 as httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.api.served import Served
from tests.walks.walker import Walker, log_in, open_login
from tests.walks.windows import Window, in_every_window

pytestmark = pytest.mark.xdist_group("walks")
OWN_PASSWORD = "en helt ny adgangskode"


@in_every_window
def test_the_administrator_goes_all_the_way(site: Served, browser: Browser, window: Window) -> None:
    name = f"bente-{window}@example.org"
    with (
        window.opened(browser, site) as administrator,
        window.opened(browser, site) as bente,
    ):
        log_in(administrator, "administrator", site.password)
        first = make_account(administrator, name)
        choose_password(bente, name, first)
        second = reset_password(administrator, name)
        # The reset ended her session, and the password that she had chosen.
        bente.page.goto("/")
        bente.sees("Log in")
        bente.type("Name", name)
        bente.type("Password", OWN_PASSWORD)
        bente.press("Log in")
        expect(bente.alert()).to_be_visible()
        bente.fits()
        choose_password(bente, name, second)
        token = make_token(bente, site.address)
        revoke_token(bente, site.address, token)
        lock(administrator, name)
        bente.page.goto("/")
        bente.sees("Log in")


def make_account(administrator: Walker, name: str) -> str:
    """The password for one log-in."""
    menu = administrator.page.get_by_role("navigation", name=administrator.say("Main menu"))
    administrator.follow("Accounts", menu)
    administrator.sees("Accounts")
    administrator.follow("New account")
    administrator.sees("New account")
    administrator.press("Make the account")
    expect(administrator.alert()).to_be_visible()
    administrator.fits()
    administrator.type("Name", name)
    administrator.page.get_by_label(administrator.say("Buyer")).check()
    administrator.press("Make the account")
    return one_time_password(administrator)


def one_time_password(administrator: Walker) -> str:
    administrator.sees("Password for one log-in")
    password = administrator.page.locator(".app-secret").inner_text()
    administrator.follow("I have noted it")
    administrator.sees("Accounts")
    return password


def choose_password(one: Walker, name: str, password: str) -> None:
    """Whoever logs in with a password that others made can do nothing before this."""
    open_login(one)
    one.type("Name", name)
    one.type("Password", password)
    one.press("Log in")
    one.sees("Change password")
    one.page.goto("/")
    one.sees("Change password")
    one.type("Current password", password)
    one.type("New password", "kort")
    one.type("New password again", "kort")
    one.press("Change password")
    expect(one.alert()).to_be_visible()
    one.fits()
    one.type("Current password", password)
    one.type("New password", OWN_PASSWORD)
    one.type("New password again", OWN_PASSWORD)
    one.press("Change password")
    one.sees("My account")
    one.page.goto("/")
    one.sees("Overview")


def reset_password(administrator: Walker, name: str) -> str:
    administrator.follow(name)
    administrator.sees(name)
    administrator.press("Make a new password")
    return one_time_password(administrator)


def make_token(one: Walker, address: str) -> str:
    """A token that a program can use, shown once."""
    one.page.goto("/me")
    one.sees("My account")
    one.press("Make a token")
    expect(one.alert()).to_be_visible()
    one.fits()
    one.type("What it is for", "Regnearket på skrivebordet")
    one.press("Make a token")
    one.sees("New token")
    token = one.page.locator(".app-secret").inner_text()
    one.follow("I have noted it")
    one.sees("My account")
    assert token not in one.page.content()
    assert ask(address, token) == httpx.codes.OK
    return token


def revoke_token(one: Walker, address: str, token: str) -> None:
    one.page.locator("form[action$='/revoke'] button").click()
    expect(one.page.get_by_role("cell", name=one.say("Revoked"))).to_be_visible()
    assert ask(address, token) == httpx.codes.UNAUTHORIZED


def ask(address: str, token: str) -> int:
    """What the API answers to a program with the token."""
    headers = {"authorization": f"Bearer {token}"}
    return httpx.get(f"{address}/api/v1/problems", headers=headers).status_code


def lock(administrator: Walker, name: str) -> None:
    administrator.follow(name)
    administrator.sees(name)
    administrator.page.get_by_label(administrator.say("Lock the account")).check()
    administrator.press("Save")
    administrator.sees("Accounts")
    row = administrator.page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text(administrator.say("Locked"))
