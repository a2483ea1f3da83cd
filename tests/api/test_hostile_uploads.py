"""Uploads made to do harm are refused with the reason, and nothing of them is kept."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx2 as httpx
import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from api.settings import Settings
from api.store import Store
from api.store.base import Base
from scheduler.files import read_problem, write_problem
from tests.api.site import Site
from tests.api.test_upload import STAIRCASE, files_of
from tests.files.nasty import CSV, QUICK, SLOW
from tests.files.raw_workbook import packed, parts, sheet_of

Files = dict[str, bytes]
WRONG_CSV = [case for case in CSV if case[2] != "read"]
OLD_KIND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(files: Files) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def locked() -> bytes:
    """A zip file that says of its file that a password is needed."""
    content = bytearray(zipped({"plan.toml": b"x"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def changed(name: str, change: Callable[[bytes], bytes]) -> Files:
    files = files_of(STAIRCASE)
    return files | {name: change(files[name])}


def workbook() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        write_problem(read_problem(STAIRCASE), path)
        return path.read_bytes()


def with_part(content: bytes, name: str) -> bytes:
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, b"\x01")
    return file.getvalue()


CASES: tuple[tuple[str, Callable[[], Files], str], ...] = (
    ("a zip bomb", lambda: {"plan.zip": zipped({"plan.toml": b"\0" * 2**27})}, "more than 64 MB"),
    (
        "a zip file in a zip file",
        lambda: {"plan.zip": zipped({"plan.zip": zipped(files_of(STAIRCASE))})},
        "plan.zip: not a file of a plan",
    ),
    (
        "very many files",
        lambda: {"plan.zip": zipped({f"{number}.csv": b"" for number in range(10_000)})},
        "more than 40 files",
    ),
    ("a locked zip file", lambda: {"plan.zip": locked()}, "locked with a password"),
    ("half a zip file", lambda: {"plan.zip": zipped(files_of(STAIRCASE))[:400]}, "damaged"),
    ("half a workbook", lambda: {"book.xlsx": workbook()[:4000]}, "only a part of a workbook"),
    (
        "a workbook with a password",
        lambda: {"book.xlsx": OLD_KIND + "EncryptedPackage".encode("utf-16-le")},
        "protected by a password",
    ),
    (
        "a workbook of the old kind",
        lambda: {"book.xlsx": OLD_KIND + b"\0" * 4096},
        "save it as .xlsx",
    ),
    ("a workbook that may hold macros", lambda: {"book.xlsm": workbook()}, "book.xlsm"),
    (
        "a workbook with macros",
        lambda: {"book.xlsx": with_part(workbook(), "xl/vbaProject.bin")},
        "macro",
    ),
    (
        "a document type in the workbook's own part",
        lambda: {
            "book.xlsx": packed(
                parts(
                    sheet_of(""),
                    workbook='<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
                )
            )
        },
        "document type definition",
    ),
    ("no bytes", lambda: {"book.xlsx": b""}, "book.xlsx"),
    ("another kind of file", lambda: {"book.xlsx": b"%PDF-1.7\n"}, "book.xlsx"),
    ("a program", lambda: {"book.exe": b"MZ"}, "book.exe: not a file of a plan"),
    ("a way out of the folder", lambda: {"../../etc/passwd": b"x"}, "passwd: not a file of a plan"),
    (
        "NUL bytes",
        lambda: changed("people.csv", lambda text: text[:60] + b"\0" + text[60:]),
        "people.csv",
    ),
    (
        "UTF-16 without its mark",
        lambda: changed("people.csv", lambda text: text.decode("utf-8-sig").encode("utf-16-le")),
        "people.csv",
    ),
    (
        "two encodings in one file",
        lambda: changed(
            "people.csv", lambda text: text + "æø".encode() + "æøå;x\n".encode("cp1252")
        ),
        "people.csv",
    ),
    (
        "a CPR number",
        lambda: changed("people.csv", lambda text: text.replace(b"syn-0001", b"010203-1234")),
        "CPR",
    ),
    (
        "very many columns",
        lambda: changed(
            "people.csv", lambda _: b";".join(b"x%d" % k for k in range(10**5)) + b"\n"
        ),
        "people.csv",
    ),
    (
        "a very long cell",
        lambda: changed("people.csv", lambda text: text + b"x" * 2**20 + b"\n"),
        "people.csv",
    ),
)


@pytest.fixture
def site(sqlite_store: Store, settings: Settings) -> Site:
    return Site.make(sqlite_store, settings)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def rows_of(store: Store) -> dict[str, int]:
    with store.read() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def send(program: TestClient, files: Files) -> httpx.Response:
    parts = [("files", (name, content)) for name, content in files.items()]
    return program.post("/api/v1/problems/upload", files=parts)


@pytest.mark.parametrize(("files", "says"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_it_is_refused_and_not_kept(
    files: Callable[[], Files], says: str, site: Site, place: Path
) -> None:
    program = site.program("planner")
    content = files()
    before = rows_of(site.store)
    answer = send(program, content)
    assert answer.status_code == 422, answer.text
    assert says in " ".join(fault["text"]["en"] for fault in answer.json()["faults"])
    assert "010203-1234" not in answer.text
    assert rows_of(site.store) == before
    assert not [*place.iterdir()]


@pytest.mark.parametrize(
    ("content", "says"), [case[1:] for case in QUICK], ids=[c[0] for c in QUICK]
)
def test_a_nasty_workbook(content: Callable[[], bytes], says: str, site: Site, place: Path) -> None:
    test_it_is_refused_and_not_kept(lambda: {"book.xlsx": content()}, says, site, place)


@pytest.mark.slow
@pytest.mark.parametrize(("content", "says"), [case[1:] for case in SLOW], ids=[c[0] for c in SLOW])
def test_a_nasty_workbook_that_takes_long(
    content: Callable[[], bytes], says: str, site: Site, place: Path
) -> None:
    test_it_is_refused_and_not_kept(lambda: {"book.xlsx": content()}, says, site, place)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "says"), [case[1:] for case in WRONG_CSV], ids=[c[0] for c in WRONG_CSV]
)
def test_nasty_csv_files(content: Callable[[], bytes], says: str, site: Site, place: Path) -> None:
    """Zipped, as they would not come through otherwise."""
    whole = files_of(STAIRCASE) | {"people.csv": content()}
    test_it_is_refused_and_not_kept(lambda: {"plan.zip": zipped(whole)}, says, site, place)


def test_more_than_is_taken_is_not_read(site: Site, place: Path) -> None:
    program = site.program("planner")
    before = rows_of(site.store)
    answer = send(program, {"book.xlsx": b"\0" * 12 * 2**20})
    assert answer.status_code == 413
    assert rows_of(site.store) == before
    assert not [*place.iterdir()]


def test_the_page_says_the_same(site: Site, place: Path) -> None:
    browser = site.logged_in("planner", "planner")
    before = rows_of(site.store)
    answer = browser.send("/problems/new", {}, [("files", ("book.xlsm", workbook()))])
    assert "book.xlsm: ikke en fil" in answer.text
    assert rows_of(site.store) == before
    assert not [*place.iterdir()]


def test_nobody_waits_longer_than_five_seconds_for_a_refusal() -> None:
    assert Settings().upload_seconds == 5
    assert Settings().upload_memory_megabytes == 512
