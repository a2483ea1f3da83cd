"""A restored application shows the same, on either kind of database; nothing is lost on the way."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from api.backup import back_up, check, restore
from api.runs import lease
from api.services.plans import plan_by_id
from api.services.problems import latest_version
from api.services.runs import RunSettings, run_by_id, submit_run
from api.settings import Settings
from api.store import AccountRow, Base, PlanRow, RunRow, SessionRow, Store, open_store
from api.store.dump import LEFT_OUT
from api.store.migrate import is_current
from scheduler.cli.app import run as run_command
from scheduler.errors import InputError, WriteRefused
from tests.api.databases import BACKENDS
from tests.api.site import PASSWORD, Site


def at(url: str) -> dict[str, str]:
    return {"UNGEPLAN_DATABASE_URL": url}


def url_of(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=False)


def filled(store: Store, settings: Settings) -> int:
    """The id of a plan, in a database with a bit of everything."""
    site = Site.make(store, settings)
    site.logged_in("ældre", "planner")
    account = site.account("planner", "planner")
    problem = site.problem(account)
    with store.write() as session:
        version = latest_version(session, problem)
        run_id = submit_run(session, version.id, RunSettings(), account)
    site.work_off()
    with store.write() as session:
        submit_run(session, version.id, RunSettings(engine="greedy"), account)
    assert lease.claim_next(store, "under way", 30) is not None
    with store.read() as session:
        plan_id = run_by_id(session, run_id).plan_id
    assert plan_id is not None
    return plan_id


def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in Base.metadata.sorted_tables
            if table.name not in LEFT_OUT
        }


def count(store: Store, table: type[Base]) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def backup(store: Store, settings: Settings, tmp_path: Path) -> Path:
    filled(store, settings)
    path = tmp_path / "ungeplan.backup"
    back_up(at(url_of(store)), {}, path, overwrite=False)
    return path


@pytest.mark.parametrize("kind", BACKENDS)
def test_a_restored_application_shows_the_same_plans(
    store: Store,
    settings: Settings,
    tmp_path: Path,
    new_database: Callable[[str], str],
    kind: str,
) -> None:
    plan_id = filled(store, settings)
    path = tmp_path / "ungeplan.backup"
    head = back_up(at(url_of(store)), {}, path, overwrite=False)
    url = new_database(kind)
    restore(at(url), {}, path, overwrite=False)
    restored = open_store(url)
    before, after = rows(store), rows(restored)
    assert head.count == sum(len(each) for each in before.values())
    assert {name for name in before if before[name] != after[name]} == {"runs", "run_attempts"}
    with store.read() as one, restored.read() as other:
        assert plan_by_id(one, plan_id).document == plan_by_id(other, plan_id).document
    pages = [
        re.sub(r'(name="csrf_token" value=)"[^"]+"', r"\1", browser.get(f"/plans/{plan_id}").text)
        for browser in (log_in(Site.make(each, settings)) for each in (store, restored))
    ]
    assert pages[0] == pages[1] != ""
    with restored.engine.connect() as connection:
        assert is_current(connection)
    restored.close()


def log_in(site: Site):
    browser = site.browser()
    assert browser.post("/login", name="planner", password=PASSWORD).status_code == 303
    return browser


def test_what_was_under_way_is_worked_on_again_and_ids_go_on(
    backup: Path, new_database: Callable[[str], str], database: str, settings: Settings
) -> None:
    url = new_database(database.partition(":")[0].partition("+")[0])
    restore(at(url), {}, backup, overwrite=False)
    restored = open_store(url)
    site = Site.make(restored, settings)
    with restored.read() as session:
        second = session.scalars(select(RunRow).order_by(RunRow.id.desc())).first()
    assert second is not None
    assert (second.state, second.fence, second.lease_until) == ("queued", 2, None)
    site.work_off()
    assert count(restored, PlanRow) == 2
    assert site.account("new", "planner") == 3
    restored.close()


def test_nobody_is_logged_in_after_a_restore(
    backup: Path, store: Store, new_database: Callable[[str], str]
) -> None:
    url = new_database("sqlite")
    restore(at(url), {}, backup, overwrite=False)
    restored = open_store(url)
    assert (count(store, SessionRow), count(restored, SessionRow)) == (1, 0)
    restored.close()


def test_a_full_database_is_replaced_on_purpose_only(
    store: Store, settings: Settings, backup: Path
) -> None:
    before = rows(store)
    Site.make(store, settings).account("later", "planner")
    with pytest.raises(WriteRefused, match="not empty"):
        restore(at(url_of(store)), {}, backup, overwrite=False)
    assert count(store, AccountRow) == 3
    restore(at(url_of(store)), {}, backup, overwrite=True)
    assert count(store, AccountRow) == 2
    after = rows(store)
    assert {name for name in before if before[name] != after[name]} == {"runs", "run_attempts"}


def test_a_restore_that_fails_half_way_changes_nothing(
    store: Store, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(store)

    def fail(*_: object) -> None:
        raise OSError(5, "the disk is gone")

    monkeypatch.setattr("api.store.dump._continue_ids", fail)
    monkeypatch.setattr("api.store.dump._decode_bytes", fail)
    with pytest.raises(OSError, match="the disk is gone"):
        restore(at(url_of(store)), {}, backup, overwrite=True)
    assert rows(store) == before


def test_tables_of_others_are_left_alone(store: Store, backup: Path) -> None:
    with store.write() as session:
        session.execute(text("CREATE TABLE theirs (id integer)"))
    with pytest.raises(WriteRefused, match="theirs"):
        restore(at(url_of(store)), {}, backup, overwrite=True)


def test_a_backup_is_for_its_owner_and_no_other_file_is_replaced(
    store: Store, backup: Path
) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    content = backup.read_bytes()
    for path in (backup, backup.parent):
        with pytest.raises(WriteRefused, match="there already"):
            back_up(at(url_of(store)), {}, path, overwrite=path is not backup)
    assert backup.read_bytes() == content
    back_up(at(url_of(store)), {}, backup, overwrite=True)
    assert check(backup).count > 0


def test_a_backup_that_fails_leaves_nothing_behind(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.store.dump._lines", lambda *_: iter([b"{}\n", 7]))
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(TypeError):
        back_up(at(url_of(store)), {}, folder / "one", overwrite=False)
    assert list(folder.iterdir()) == []


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flip(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])


def changed(content: bytes) -> bytes:
    return gzip.compress(gzip.decompress(content).replace(b'"planner"', b'"plannor"', 1))


def without_a_row(content: bytes) -> bytes:
    head, _, rest = gzip.decompress(content).partition(b"\n")
    return gzip.compress(head + b"\n" + rest.partition(b"\n")[2])


def with_more(content: bytes) -> bytes:
    return gzip.compress(gzip.decompress(content) + b"[]\n")


def without_an_end(content: bytes) -> bytes:
    return gzip.compress(gzip.decompress(content).rpartition(b"{")[0])


def of_another_kind(_: bytes) -> bytes:
    return gzip.compress(b'{"format":"other/1"}\n')


def of_a_newer_version(content: bytes) -> bytes:
    head, _, rest = gzip.decompress(content).partition(b"\n")
    return gzip.compress(json.dumps({**json.loads(head), "revision": "9"}).encode() + b"\n" + rest)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (cut, "damaged"),
        (flip, "damaged"),
        (changed, "damaged"),
        (without_a_row, "damaged"),
        (with_more, "damaged"),
        (without_an_end, "damaged"),
        (lambda _: b"", "damaged"),
        (lambda _: b"no gzip at all", "damaged"),
        (lambda _: gzip.compress(b"\xff\xfe\n"), "damaged"),
        (lambda _: gzip.compress(b"[]\n"), "no backup"),
        (of_another_kind, "no backup"),
        (of_a_newer_version, "newer version"),
    ],
)
def test_a_spoilt_file_is_refused_and_nothing_is_made(
    sqlite_store: Store,
    settings: Settings,
    tmp_path: Path,
    spoil: Callable[[bytes], bytes],
    why: str,
) -> None:
    Site.make(sqlite_store, settings).account("planner", "planner")
    path = tmp_path / "spoilt"
    back_up(at(url_of(sqlite_store)), {}, path, overwrite=False)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(InputError, match=why):
        restore({}, {"data_folder": tmp_path / "new"}, path, overwrite=False)
    assert not (tmp_path / "new").exists()


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no database"):
        back_up({}, {"data_folder": tmp_path / "new"}, tmp_path / "file", overwrite=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("postgresql+psycopg://nobody@127.0.0.1:9/none", "cannot be used"),
        ("no address", "no address"),
    ],
)
def test_a_database_that_does_not_answer_is_named(tmp_path: Path, url: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        back_up(at(url), {}, tmp_path / "file", overwrite=False)
    assert list(tmp_path.iterdir()) == []


def test_tables_of_another_version_are_not_backed_up(database: str, tmp_path: Path) -> None:
    store = open_store(database)
    with store.write() as session:
        session.execute(text("SELECT 1"))
    with pytest.raises(InputError, match="not those of this version"):
        back_up(at(database), {}, tmp_path / "file", overwrite=False)
    assert not (tmp_path / "file").exists()
    store.close()


def test_the_commands_say_what_they_did(
    sqlite_store: Store,
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Site.make(sqlite_store, settings).account("planner", "planner")
    for name in [name for name in os.environ if name.startswith("UNGEPLAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("UNGEPLAN_DATABASE_URL", url_of(sqlite_store))
    path, data = str(tmp_path / "file"), str(tmp_path / "new")
    assert run_command(["backup", path, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["schema_version"]) == ({"accounts": 1}, "ungeplan-backup-summary/1")
    assert run_command(["restore", path, "--check", "--language", "en"]) == 0
    assert "is whole: 1 rows" in capsys.readouterr().out
    assert run_command(["restore", path, "--data", data, "--language", "en"]) == 0
    assert "Everybody logs in again" in capsys.readouterr().out
    restored = open_store(f"sqlite:///{data}/ungeplan.db")
    assert count(restored, AccountRow) == 1
    restored.close()
    assert run_command(["backup", path]) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert run_command(["restore", str(tmp_path / "none")]) == 2
