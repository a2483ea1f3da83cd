from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from api.security import passwords, throttle
from api.security.passwords import hash_password, is_password, make_password
from api.services.accounts import add_first_account
from api.settings import Settings
from api.store import ApiTokenRow, LoginFailureRow, SessionRow, Store
from tests.api.site import ORIGIN, PASSWORD, Site


@pytest.fixture
def site(sqlite_store: Store, settings: Settings) -> Site:
    return Site.make(sqlite_store, settings)


def test_who_is_not_logged_in_is_sent_to_the_log_in_and_back(site: Site) -> None:
    site.account("planner", "planner")
    browser = site.browser()
    sent = browser.get("/problems/new")
    assert (sent.status_code, sent.headers["location"]) == (303, "/login?next=/problems/new")
    assert 'name="next" value="/problems/new"' in browser.get(sent.headers["location"]).text
    back = browser.post("/login", name=" PLANNER ", password=PASSWORD, next="/problems/new")
    assert (back.status_code, back.headers["location"]) == (303, "/problems/new")


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\nb"]
)
def test_nobody_is_sent_elsewhere_after_the_log_in(site: Site, elsewhere: str) -> None:
    site.account("planner", "planner")
    sent = site.browser().post("/login", name="planner", password=PASSWORD, next=elsewhere)
    assert sent.headers["location"] == "/"


@pytest.mark.parametrize(("name", "password"), [("planner", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_are_answered_alike(
    site: Site, name: str, password: str
) -> None:
    site.account("planner", "planner")
    answer = site.browser().post("/login", name=name, password=password)
    assert "Navn og adgangskode passer ikke sammen." in answer.text
    assert "set-cookie" not in answer.headers
    assert f'value="{name}"' in answer.text
    assert password not in answer.text


def test_an_account_that_is_closed_is_out(site: Site) -> None:
    browser = site.logged_in("planner", "planner")
    with site.store.write() as session:
        session.connection().exec_driver_sql("UPDATE accounts SET is_active = 0")
    assert browser.get("/").status_code == 303
    answer = site.browser().post("/login", name="planner", password=PASSWORD)
    assert "set-cookie" not in answer.headers


def test_the_cookie_is_for_this_host_and_no_script(site: Site) -> None:
    site.account("planner", "planner")
    cookie = site.browser().post("/login", name="planner", password=PASSWORD).headers["set-cookie"]
    assert cookie.startswith("ungeplan=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Domain" not in cookie


def test_over_https_the_cookie_has_the_prefix_that_browsers_guard(
    sqlite_store: Store, tmp_path: Path
) -> None:
    settings = Settings(data_folder=tmp_path, public_url="https://plan.example.org")
    site = Site.make(sqlite_store, settings)
    site.account("planner", "planner")
    answer = site.browser().post("/login", name="planner", password=PASSWORD)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-ungeplan=")
    assert "; Secure" in cookie
    assert "; Path=/;" in cookie
    assert "max-age" in answer.headers["strict-transport-security"]


def test_the_token_itself_is_kept_nowhere(site: Site) -> None:
    browser = site.logged_in("planner", "planner")
    token = browser.client.cookies["ungeplan"]
    with site.store.read() as session:
        row = session.scalars(select(SessionRow)).one()
    assert token not in {row.token_sha256, row.csrf_token}


@pytest.mark.parametrize("column", ["seen_at", "created_at"])
def test_a_session_ends_when_idle_and_in_any_case(site: Site, column: str) -> None:
    browser = site.logged_in("planner", "planner")
    limits = {
        "seen_at": dt.timedelta(minutes=site.settings.session_idle_minutes),
        "created_at": dt.timedelta(hours=site.settings.session_hours),
    }
    moment = dt.datetime.now(dt.UTC) - limits[column]
    for late, status in ((-30, 200), (30, 303)):
        with site.store.write() as session:
            session.execute(
                update(SessionRow).values({column: moment - dt.timedelta(seconds=late)})
            )
        assert browser.get("/").status_code == status


def test_after_the_log_out_the_cookie_is_worth_nothing(site: Site) -> None:
    browser = site.logged_in("planner", "planner")
    token = browser.client.cookies["ungeplan"]
    assert browser.post("/logout").headers["location"] == "/login"
    browser.client.cookies.set("ungeplan", token, domain="127.0.0.1")
    assert browser.get("/").status_code == 303


def test_failures_make_the_next_log_in_wait(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.account("planner", "planner")
    browser = site.browser()
    for _ in range(3):
        assert "passer ikke" in browser.post("/login", name="planner", password="wrong").text
    waiting = browser.post("/login", name="planner", password=PASSWORD)
    assert "Prøv igen om" in waiting.text
    assert "set-cookie" not in waiting.headers
    later = throttle.now() + dt.timedelta(seconds=5)
    monkeypatch.setattr(throttle, "now", lambda: later)
    assert browser.post("/login", name="planner", password=PASSWORD).status_code == 303
    with site.store.read() as session:
        left = session.scalars(select(LoginFailureRow.failures)).all()
    assert left == [3], "only the name's own count is left"


def test_the_wait_grows_to_a_quarter_of_an_hour(site: Site) -> None:
    waits = []
    with site.store.write() as session:
        for _ in range(15):
            throttle.note_failure(session, "planner", "192.0.2.1")
            session.flush()
            key, free = throttle._keys("planner", "192.0.2.1")[0]
            waits.append(round(throttle._wait_seconds(session, key, free)))
    assert waits[:6] == [0, 0, 1, 2, 4, 8]
    assert waits[-1] == 900


@pytest.mark.parametrize("site_header", ["cross-site", "same-site", "none"])
def test_a_form_from_another_site_is_refused(site: Site, site_header: str) -> None:
    site.account("planner", "planner")
    fields = {"name": "planner", "password": PASSWORD}
    assert site.browser().send("/login", fields, site=site_header).status_code == 403
    browser = site.logged_in("other", "planner")
    token = browser.csrf_token()
    sent = browser.send("/logout", {"csrf_token": token}, site=site_header)
    assert sent.status_code == 403


def test_an_old_browser_is_believed_by_its_origin(site: Site) -> None:
    site.account("planner", "planner")
    fields = {"name": "planner", "password": PASSWORD}
    client = site.browser().client
    for origin, status in ((ORIGIN, 303), ("https://evil.example", 403), ("null", 403)):
        sent = client.post("/login", data=fields, headers={"origin": origin})
        assert sent.status_code == status
    assert client.post("/login", data=fields).status_code == 403


@pytest.mark.parametrize("token", ["", "wrong", "æ"])
def test_a_form_without_the_sessions_token_is_refused(site: Site, token: str) -> None:
    browser = site.logged_in("planner", "planner")
    assert browser.send("/logout", {"csrf_token": token}).status_code == 403
    assert browser.get("/").status_code == 200


def test_a_token_of_another_session_is_refused(site: Site) -> None:
    one, two = site.logged_in("one", "planner"), site.logged_in("two", "planner")
    assert one.send("/logout", {"csrf_token": two.csrf_token()}).status_code == 403


def test_a_host_that_is_not_ours_is_refused(site: Site) -> None:
    assert site.browser().get("/login", host="evil.example").status_code == 400


def test_an_api_token_is_kept_as_a_hash_and_ends(site: Site) -> None:
    program = site.program("planner")
    assert program.get("/api/v1/runs").status_code == 200
    with site.store.write() as session:
        session.execute(update(ApiTokenRow).values(expires_at=dt.datetime.now(dt.UTC)))
    refused = program.get("/api/v1/runs")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")


def test_a_session_may_change_things_by_json_with_its_token_only(site: Site) -> None:
    browser = site.logged_in("planner", "planner")
    body = {"time_limit_seconds": 1}
    problem = site.problem(1)
    path = f"/api/v1/problems/{problem}/runs"
    headers = {"sec-fetch-site": "same-origin"}
    assert browser.client.post(path, json=body, headers=headers).status_code == 403
    headers["x-csrf-token"] = browser.csrf_token()
    assert browser.client.post(path, json=body, headers=headers).status_code == 202


def test_the_first_account_is_made_once(sqlite_store: Store) -> None:
    with sqlite_store.write() as session:
        made = add_first_account(session)
    assert made is not None
    account, password = made
    assert is_password(password, account.password_hash)
    with sqlite_store.write() as session:
        assert add_first_account(session) is None


def test_passwords(
    real_hasher: Callable[[], PasswordHasher], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", real_hasher)
    password = make_password()
    kept = hash_password(password)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert len(password) == 24
    assert make_password() != password
    assert is_password(password, kept)
    assert not is_password(password + "x", kept)
    assert not is_password(password, None)
    assert not is_password(password, "broken")
    assert not is_password("x" * 1000, kept)
