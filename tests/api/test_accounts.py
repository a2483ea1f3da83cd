"""Administrators see to accounts; everybody sees to their own password and tokens."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from api.security.permissions import ROLES
from api.settings import Settings
from api.store import AccountRow, ApiTokenRow, Store
from tests.api.site import ORIGIN, PASSWORD, Browser, Site

NEW = "another password for tests"


@pytest.fixture
def site(sqlite_store: Store, settings: Settings) -> Site:
    return Site.make(sqlite_store, settings)


@pytest.fixture
def boss(site: Site) -> Browser:
    return site.logged_in("boss", "administrator")


def secret_in(page: str) -> str:
    found = re.search(r'<code class="app-secret">([^<]+)</code>', page)
    assert found is not None
    return found[1]


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def change_password(browser: Browser, current: str, new: str, again: str = "") -> str:
    """Where it leads, or the page with its faults."""
    fields = {"current": current, "new": new, "again": again or new}
    token = token_in(browser.get("/me/password").text)
    sent = browser.send("/me/password", {"csrf_token": token, **fields})
    return sent.headers.get("location", sent.text)


def make(boss: Browser, name: str, *roles: str) -> str:
    """The answer to the form of a new account."""
    fields = {"name": name, "roles": list(roles), "csrf_token": boss.csrf_token()}
    return boss.client.post(
        "/accounts/new", data=fields, headers={"sec-fetch-site": "same-origin"}
    ).text


def change(boss: Browser, account: int, *roles: str, lock: str = "", seen: str = "") -> str:
    page = boss.get(f"/accounts/{account}").text
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found is not None
    fields = {"seen": seen or found[1], "roles": list(roles), "lock": lock}
    sent = boss.client.post(
        f"/accounts/{account}",
        data={**fields, "csrf_token": token_in(page)},
        headers={"sec-fetch-site": "same-origin"},
    )
    return sent.headers.get("location", sent.text)


def test_a_new_account_is_good_for_nothing_until_its_password_is_changed(
    store: Store, settings: Settings
) -> None:
    site = Site.make(store, settings)
    boss = site.logged_in("boss", "administrator")
    password = secret_in(make(boss, "Søren@kk.example", "planner", "approver"))
    assert password not in boss.get("/accounts").text
    assert "Skal vælge adgangskode" in boss.get("/accounts").text

    soren = site.browser()
    assert soren.post("/login", name="søren@kk.example", password=password).status_code == 303
    for path in ("/", "/problems/1", "/me"):
        answer = soren.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/me/password"), path
    refused = soren.get("/api/v1/problems")
    assert (refused.status_code, refused.json()["title"]) == (
        403,
        "Choose a password of your own first",
    )
    assert "Nyt plangrundlag" not in soren.get("/me/password").text

    assert change_password(soren, password, NEW) == "/me?changed=password"
    assert "Planlægger, Godkender" in soren.get("/me?changed=password").text
    assert soren.get("/problems/new").status_code == 200
    again = site.browser().post("/login", name="søren@kk.example", password=password)
    assert again.status_code == 200, "the first password is over"


def test_whoever_must_change_the_password_can_log_out(site: Site, boss: Browser) -> None:
    password = secret_in(make(boss, "per", "planner"))
    per = site.browser()
    per.post("/login", name="per", password=password)
    token = token_in(per.get("/me/password").text)
    assert per.send("/logout", {"csrf_token": token}).headers["location"] == "/login"


@pytest.mark.parametrize(
    ("name", "roles", "says"),
    [
        ("", ["planner"], "Et navn har 2 til 64"),
        ("a b", ["planner"], "Et navn har 2 til 64"),
        ("010203-1234", ["planner"], "ligner et CPR-nummer"),
        ("BOSS", ["planner"], "allerede en konto med det navn"),
        ("per", [], "Vælg mindst én rolle"),
        ("per", ["king"], "Vælg mindst én rolle"),
        ("per", ["auditor", "planner"], "har ingen anden rolle"),
    ],
)
def test_what_is_no_account_is_refused_and_nothing_is_lost(
    site: Site, boss: Browser, name: str, roles: list[str], says: str
) -> None:
    page = make(boss, name, *roles)
    assert says in page
    assert 'role="alert"' in page
    for role in roles:
        assert role == "king" or f'value="{role}" checked' in page
    with site.store.read() as session:
        assert session.scalars(select(AccountRow.name)).all() == ["boss"]


def test_a_lock_ends_sessions_and_tokens_and_can_be_opened(site: Site, boss: Browser) -> None:
    planner = site.logged_in("planner", "planner")
    account = 2
    program = TestClient(
        site.app, base_url=ORIGIN, headers={"authorization": f"Bearer {site.token(account)}"}
    )
    assert program.get("/api/v1/me").json() == {"name": "planner", "roles": ["planner"]}
    assert change(boss, account, "planner", lock="locked") == "/accounts"
    assert planner.get("/").headers["location"].startswith("/login")
    assert program.get("/api/v1/me").status_code == 401
    assert "Spærret" in boss.get("/accounts").text
    assert change(boss, account, "planner") == "/accounts"
    assert program.get("/api/v1/me").status_code == 200
    assert planner.get("/").status_code == 303, "the old session stays over"


def test_other_roles_count_at_once(site: Site, boss: Browser) -> None:
    planner = site.logged_in("planner", "planner")
    assert planner.get("/problems/new").status_code == 200
    change(boss, 2, "engineer")
    assert planner.get("/problems/new").status_code == 403


def test_an_administrator_cannot_shut_themselves_out(site: Site, boss: Browser) -> None:
    assert "En anden administrator skal" in change(boss, 1, "planner")
    assert "En anden administrator skal" in change(boss, 1, "administrator", lock="locked")
    assert boss.post("/accounts/1/password").status_code == 409
    assert change(boss, 1, "administrator", "planner") == "/accounts"
    with site.store.read() as session:
        row = session.get_one(AccountRow, 1)
    assert (row.roles, row.is_active) == ("administrator planner", True)


def test_an_edit_that_has_not_seen_the_last_one_is_refused(site: Site, boss: Browser) -> None:
    site.account("planner", "planner")
    page = boss.get("/accounts/2").text
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None
    change(boss, 2, "finance")
    assert "En anden har ændret kontoen" in change(boss, 2, "buyer", seen=seen[1])
    with site.store.read() as session:
        assert session.get_one(AccountRow, 2).roles == "finance"


def test_a_reset_ends_everything_and_gives_a_password_for_one_log_in(
    site: Site, boss: Browser
) -> None:
    planner = site.logged_in("planner", "planner")
    site.token(2)
    password = secret_in(boss.post("/accounts/2/password").text)
    assert planner.get("/").status_code == 303
    with site.store.read() as session:
        assert session.scalars(select(ApiTokenRow.revoked_at)).one() is not None
    fresh = site.browser()
    assert fresh.post("/login", name="planner", password=PASSWORD).status_code == 200
    fresh.post("/login", name="planner", password=password)
    assert fresh.get("/").headers["location"] == "/me/password"


@pytest.mark.parametrize(
    ("current", "new", "again", "says"),
    [
        ("wrong", NEW, NEW, "ikke din nuværende adgangskode"),
        (PASSWORD, "short", "short", "mindst 12 tegn"),
        (PASSWORD, NEW, NEW + "x", "ikke det samme som den nye"),
        (PASSWORD, PASSWORD, PASSWORD, "en anden adgangskode end den nuværende"),
        (PASSWORD, "x" * 257, "x" * 257, "højst 256 tegn"),
    ],
)
def test_a_password_that_will_not_do_is_refused_and_not_shown(
    site: Site, current: str, new: str, again: str, says: str
) -> None:
    browser = site.logged_in("planner", "planner")
    page = change_password(browser, current, new, again)
    assert says in page
    assert f'"{new}"' not in page
    assert site.browser().post("/login", name="planner", password=PASSWORD).status_code == 303


def test_guessing_the_current_password_is_slowed(site: Site) -> None:
    browser = site.logged_in("planner", "planner")
    pages = [change_password(browser, "wrong", NEW) for _ in range(4)]
    assert "For mange" in pages[-1]


def test_a_changed_password_ends_every_other_session(site: Site) -> None:
    here, there = (site.browser(), site.browser())
    site.account("planner", "planner")
    for browser in (here, there):
        browser.post("/login", name="planner", password=PASSWORD)
    old = here.client.cookies["ungeplan"]
    assert change_password(here, PASSWORD, NEW) == "/me?changed=password"
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 303
    assert here.client.cookies["ungeplan"] != old


def test_a_token_is_shown_once_works_and_is_revoked(store: Store, settings: Settings) -> None:
    site = Site.make(store, settings)
    browser = site.logged_in("planner", "planner")
    token = secret_in(browser.post("/me/tokens", label="Lønsystem", days="30").text)
    assert token not in browser.get("/me").text
    assert "Lønsystem" in browser.get("/me").text
    program = TestClient(site.app, base_url=ORIGIN, headers={"authorization": f"Bearer {token}"})
    listed = program.get("/api/v1/me/tokens").json()["items"]
    assert [(each["label"], each["revoked_at"]) for each in listed] == [("Lønsystem", None)]
    assert token not in str(listed)
    assert browser.post("/me/tokens/1/revoke").headers["location"] == "/me"
    assert program.get("/api/v1/me/tokens").status_code == 401
    assert "Trukket tilbage" in browser.get("/me").text


@pytest.mark.parametrize(
    ("label", "days", "says"),
    [
        ("", "30", "hvad den skal bruges til"),
        ("x" * 61, "30", "hvad den skal bruges til"),
        ("a\x00b", "30", "hvad den skal bruges til"),
        ("til 010203-1234", "30", "ligner et CPR-nummer"),
        ("x", "31", "hvor længe den gælder"),
        ("x", "²", "hvor længe den gælder"),
        ("x", "9" * 5000, "hvor længe den gælder"),
    ],
)
def test_a_token_has_a_purpose_and_an_end(site: Site, label: str, days: str, says: str) -> None:
    browser = site.logged_in("planner", "planner")
    assert says in browser.post("/me/tokens", label=label, days=days).text
    with site.store.read() as session:
        assert session.scalars(select(ApiTokenRow)).all() == []


def test_there_is_an_end_to_tokens_that_are_in_use(site: Site) -> None:
    browser = site.logged_in("planner", "planner")
    for _ in range(20):
        site.token(1)
    assert "allerede 20 nøgler" in browser.post("/me/tokens", label="x", days="30").text
    browser.post("/me/tokens/1/revoke")
    secret_in(browser.post("/me/tokens", label="x", days="30").text)


def test_nobody_revokes_anothers_token(site: Site) -> None:
    site.token(site.account("other", "planner"))
    browser, program = site.logged_in("planner", "planner"), site.program("administrator")
    assert browser.post("/me/tokens/1/revoke").status_code == 404
    assert program.delete("/api/v1/me/tokens/1").status_code == 404
    with site.store.read() as session:
        assert session.get_one(ApiTokenRow, 1).revoked_at is None


def test_programs_revoke_their_own_token_and_make_none(site: Site) -> None:
    program = site.program("planner")
    assert program.post("/me/tokens", data={"label": "x", "days": "30"}).status_code == 403
    token = program.get("/api/v1/me/tokens").json()["items"][0]["id"]
    assert program.delete(f"/api/v1/me/tokens/{token}").status_code == 204
    assert program.get("/api/v1/me").status_code == 401


def test_programs_see_to_accounts_as_administrators_do(site: Site) -> None:
    program = site.program("administrator")
    made = program.post("/api/v1/accounts", json={"name": "Per", "roles": ["buyer"]})
    assert made.status_code == 201
    account = made.json()["account"]
    assert (account["name"], account["must_change_password"]) == ("per", True)
    path, etag = made.headers["location"], made.headers["etag"]
    body = {"roles": ["finance"], "is_active": True}
    assert program.put(path, json=body).status_code == 428
    changed = program.put(path, json=body, headers={"if-match": etag})
    assert changed.json()["roles"] == ["finance"]
    assert program.put(path, json=body, headers={"if-match": etag}).status_code == 412
    assert program.get(path).headers["etag"] == changed.headers["etag"] != etag
    reset = program.post(f"{path}/password")
    assert reset.json()["password"] != made.json()["password"]
    names = [each["name"] for each in program.get("/api/v1/accounts?most=1").json()["items"]]
    assert names == ["per"]
    assert program.get("/api/v1/accounts/99").status_code == 404
    refused = program.post("/api/v1/accounts", json={"name": "a\x00b", "roles": ["buyer"]})
    assert refused.status_code == 422


def test_only_administrators_see_accounts(site: Site) -> None:
    for role in ROLES:
        browser = site.logged_in(role, role)
        may = role == "administrator"
        assert (browser.get("/accounts").status_code == 200) is may, role
        assert ('href="/accounts"' in browser.get("/").text) is may, role
