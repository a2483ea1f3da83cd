from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from api.errors import WrongInput
from api.services.upload import read_upload
from api.settings import Settings
from scheduler.files import read_problem, write_problem

ROOT = Path(__file__).parents[2]
STAIRCASE = ROOT / "examples" / "staircase"


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.suffix in {".csv", ".toml"}
    }


def refusal(files: dict[str, bytes], settings: Settings) -> str:
    with pytest.raises(WrongInput) as refused:
        read_upload(files, settings)
    return "\n".join(fault.text.en for fault in refused.value.faults)


def test_csv_files_and_a_workbook_become_the_same_problem(
    tmp_path: Path, settings: Settings
) -> None:
    expected = read_problem(STAIRCASE)
    assert read_upload(files_of(STAIRCASE), settings) == expected
    workbook = tmp_path / "plan.xlsx"
    write_problem(expected, workbook)
    assert read_upload({"C:\\Users\\Plan.XLSX": workbook.read_bytes()}, settings) == expected


def test_a_fault_is_told_with_its_cell(settings: Settings) -> None:
    files = files_of(STAIRCASE)
    files["offers.csv"] = files["offers.csv"].replace(b"20000", b"1.234")
    with pytest.raises(WrongInput) as refused:
        read_upload(files, settings)
    (fault,) = refused.value.faults
    assert fault.file is not None
    assert (fault.file.en, fault.row, fault.column) == ("offers.csv", "2", "price")
    assert fault.value == "1.234"
    assert fault.expected is not None
    assert fault.expected.da != fault.expected.en


def test_a_cpr_number_is_never_echoed_whole(settings: Settings) -> None:
    files = files_of(STAIRCASE)
    files["people.csv"] = files["people.csv"].replace(b"syn-0001", b"010203-1234")
    text = refusal(files, settings)
    assert "CPR" in text
    assert "010203-1234" not in text


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, "Choose a workbook"),
        ({"notes.txt": b""}, "notes.txt: not a file of a plan"),
        ({"a.xlsx": b"", "b.xlsx": b""}, "Send one workbook alone"),
        ({"A/plan.toml": b"", "b/plan.toml": b""}, "have the same name"),
        ({"plan.xlsx": b"PK\x03\x04 and no more"}, "plan.xlsx"),
        ({"../../people.csv": b"\x00"}, "people.csv"),
    ],
)
def test_what_is_no_plan_is_refused(files: dict[str, bytes], says: str, settings: Settings) -> None:
    assert says in refusal(files, settings)


def test_reading_ends_when_its_time_is_over(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slow = tmp_path / "python"
    slow.write_text(f"#!{shutil.which('sh')}\nexec sleep 60\n", encoding="utf-8")
    slow.chmod(0o755)
    monkeypatch.setattr("api.services.upload.sys.executable", str(slow))
    hasty = settings.model_copy(update={"upload_seconds": 1})
    assert refusal(files_of(STAIRCASE), hasty) == "Reading took more than 1 seconds."


def test_reading_ends_when_its_memory_is_used_up(settings: Settings) -> None:
    poor = settings.model_copy(update={"upload_memory_megabytes": 16})
    assert "within 16 MB of memory" in refusal(files_of(STAIRCASE), poor)
