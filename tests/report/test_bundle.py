"""The auditor's bundle holds all that a plan was made from, and tells what was changed in it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from scheduler.errors import InputError
from scheduler.files import canonical_sha256, read_problem
from scheduler.outcome import PlanDocument
from scheduler.problem import Problem
from scheduler.report.bundle import bundle_files, bundle_zip, changed_files, unpacked
from scheduler.report.plan_file import plan_json
from tests.report.cases import small_case, small_document
from tests.report.city import make_city


def unpack(files: dict[str, bytes], folder: Path) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


@pytest.fixture
def files() -> dict[str, bytes]:
    problem = small_case()
    return bundle_files(problem, plan_json(small_document(problem)), {"settings": {"seed": 1}})


def test_it_holds_input_plan_check_and_their_hashes(files: dict[str, bytes]) -> None:
    problem = small_case()
    lines = files["SHA256SUMS"].decode().splitlines()
    stated = dict(reversed(line.split("  ")) for line in lines)
    assert stated == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name != "SHA256SUMS"
    }
    assert files["plan/plan.json"] == plan_json(small_document(problem))
    assert json.loads(files["check.json"])["schema_version"] == "ungeplan-check/1"
    assert json.loads(files["settings.json"]) == {"seed": 1}
    assert {"input/plan.toml", "input/people.csv", "versions.json"} <= set(files)
    readme = files["README.txt"].decode()
    assert "Fortroligt" in readme
    assert "Confidential" in readme


@pytest.mark.parametrize("case", ["small", "city"])
def test_the_input_is_the_one_that_was_planned_from(case: str, tmp_path: Path) -> None:
    cases: dict[str, tuple[Problem, PlanDocument]] = {
        "small": (small_case(), small_document(small_case())),
        "city": make_city(sites=4, weeks=30, people=60),
    }
    problem, document = cases[case]
    folder = unpack(bundle_files(problem, plan_json(document), {}), tmp_path)
    assert canonical_sha256(read_problem(folder / "input")) == canonical_sha256(problem)


def test_the_same_plan_gives_the_same_zip_and_it_unpacks_whole(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    content = bundle_zip(files)
    assert content == bundle_zip(dict(reversed(files.items())))
    (tmp_path / "bundle.zip").write_bytes(content)
    with unpacked(tmp_path / "bundle.zip") as folder:
        assert changed_files(folder) == ()
        assert (folder / "plan" / "plan.json").read_bytes() == files["plan/plan.json"]
    assert not folder.exists()


def test_what_is_missing_changed_or_strange_is_named(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    folder = unpack(files, tmp_path)
    assert changed_files(folder) == ()
    (folder / "check.json").unlink()
    (folder / "input" / "people.csv").write_bytes(b"x")
    (folder / "input" / "more.csv").write_bytes(b"x")
    assert [str(message) for message in changed_files(folder)] == [
        "check.json: it is missing",
        "input/more.csv: it does not belong to the bundle",
        "input/people.csv: it has been changed",
    ]


@pytest.mark.parametrize("sums", [b"", b"not a hash\n", b"\xff\xfe"])
def test_a_folder_without_good_sums_is_no_bundle(sums: bytes, tmp_path: Path) -> None:
    (tmp_path / "SHA256SUMS").write_bytes(sums)
    (found,) = changed_files(tmp_path)
    assert "SHA256SUMS" in str(found)


def test_a_file_that_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(InputError, match="cannot be unpacked"), unpacked(tmp_path / "x.zip"):
        pass


def test_a_zip_of_too_many_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(bundle_zip({str(index): b"" for index in range(1001)}))
    with pytest.raises(InputError, match="larger than any bundle"), unpacked(tmp_path / "x.zip"):
        pass
