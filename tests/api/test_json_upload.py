"""Files sent by a program become a problem, or a list of what is wrong with them."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.services.upload_zip import MOST_BYTES
from api.settings import Settings
from api.store import Store
from scheduler.files import read_problem, write_problem
from scheduler.problem import Problem
from tests.api.site import Site
from tests.api.test_upload import STAIRCASE, files_of

PATH = "/api/v1/problems/upload"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def program(sqlite_store: Store, settings: Settings) -> TestClient:
    return Site.make(sqlite_store, settings).program("planner")


def send(program: TestClient, content: bytes, kind: str) -> tuple[int, dict[str, object]]:
    answer = program.post(PATH, content=content, headers={"content-type": kind})
    return answer.status_code, answer.json()


def zipped(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"min plan/{name}", text)
    return content.getvalue()


def test_workbook_zip_and_single_files_become_the_same_problem(
    program: TestClient, tmp_path: Path
) -> None:
    expected = read_problem(STAIRCASE)
    workbook = tmp_path / "plan.xlsx"
    write_problem(expected, workbook)
    files = files_of(STAIRCASE)
    several = [("files", (name, content)) for name, content in files.items()]
    answers = [
        program.post(PATH, content=workbook.read_bytes(), headers={"content-type": XLSX}),
        program.post(PATH, content=zipped(files), headers={"content-type": "application/zip"}),
        program.post(PATH, files=several),
    ]
    for number, answer in enumerate(answers, 1):
        assert answer.status_code == 201, answer.text
        assert answer.headers["location"] == f"/api/v1/problems/{number}"
        assert answer.headers["etag"]
        assert Problem.model_validate_json(json.dumps(answer.json()["problem"])) == expected


def test_faults_name_their_cells(program: TestClient) -> None:
    files = files_of(STAIRCASE)
    files["offers.csv"] = files["offers.csv"].replace(b"20000", b"1.234")
    answer = program.post(PATH, content=zipped(files), headers={"content-type": "application/zip"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    (fault,) = answer.json()["faults"]
    assert fault["file"]["en"] == "offers.csv"
    assert (fault["row"], fault["column"], fault["value"]) == ("2", "price", "1.234")
    assert program.get("/api/v1/problems").json()["items"] == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"no zip file", "The zip file is damaged"),
        (zipped({"notes.txt": b"x"}), "notes.txt: not a file of a plan"),
        (zipped({f"{n}.csv": b"" for n in range(41)}), "more than 40 files"),
        (zipped({"people.csv": b"0" * (MOST_BYTES + 1)}), "holds more than 64 MB"),
    ],
)
def test_what_is_no_plan_is_refused(program: TestClient, content: bytes, says: str) -> None:
    status, answer = send(program, content, "application/zip")
    assert status == 422
    assert says in str(answer["faults"])


def test_the_kind_of_content_must_be_known(program: TestClient) -> None:
    status, answer = send(program, b"{}", "application/json")
    assert status == 400
    assert "Content-Type" in str(answer["detail"])


def test_too_much_is_refused(program: TestClient) -> None:
    status, _ = send(program, b"0" * (11 * 2**20), XLSX)
    assert status == 413


def test_sent_twice_with_one_key_it_is_stored_once(program: TestClient) -> None:
    headers = {"content-type": "application/zip", "idempotency-key": "one"}
    content = zipped(files_of(STAIRCASE))
    first, again = (program.post(PATH, content=content, headers=headers) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    assert again.headers["idempotent-replayed"] == "true"
    assert len(program.get("/api/v1/problems").json()["items"]) == 1
