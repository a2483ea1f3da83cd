from __future__ import annotations

import json
from pathlib import Path

import pytest

from scheduler.errors import PlanFileError
from scheduler.language import LocalText, Message
from scheduler.outcome import ConflictItem, NoPlan, PlanDocument, Relaxation, Undecided
from scheduler.report import outcome_json, plan_json, read_plan
from tests.report.cases import small_case, small_document


@pytest.fixture
def document() -> PlanDocument:
    return small_document(small_case())


def refusal(path: Path) -> str:
    with pytest.raises(PlanFileError) as caught:
        read_plan(path)
    assert isinstance(caught.value.message, Message)
    assert caught.value.message.render("da") != str(caught.value)
    return str(caught.value).replace(str(path), "FILE")


def changed(document: PlanDocument, path: Path, **changes: object) -> Path:
    path.write_text(json.dumps({**json.loads(plan_json(document)), **changes}), encoding="utf-8")
    return path


def test_a_plan_comes_back_as_it_was(document: PlanDocument, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(plan_json(document))
    assert read_plan(tmp_path / "plan.json") == document
    assert read_plan(tmp_path) == document
    assert plan_json(read_plan(tmp_path)) == plan_json(document)


def test_the_same_plan_gives_the_same_bytes(document: PlanDocument) -> None:
    copy = PlanDocument.model_validate_json(document.model_dump_json())
    assert plan_json(copy) == plan_json(document)
    assert plan_json(document).endswith(b"\n}\n")
    assert "Café A er fuld." in plan_json(document).decode()


def test_a_plan_says_that_it_is_confidential(document: PlanDocument) -> None:
    assert json.loads(plan_json(document))["confidentiality"] == "Fortroligt"


def test_a_bom_is_no_fault(document: PlanDocument, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(b"\xef\xbb\xbf" + plan_json(document))
    assert read_plan(file) == document


def test_every_outcome_is_written(document: PlanDocument) -> None:
    provenance = document.provenance
    no_plan = NoPlan(
        title="x",
        conflict=(ConflictItem(rule="budget", what=LocalText(da="penge", en="money")),),
        relaxations=(Relaxation(unit="ore", amount=5),),
        provenance=provenance,
    )
    undecided = Undecided(title="x", provenance=provenance)
    assert NoPlan.model_validate_json(outcome_json(no_plan)) == no_plan
    assert Undecided.model_validate_json(outcome_json(undecided)) == undecided


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    said = refusal(tmp_path / "none.json")
    assert said == "FILE is not a plan file: it cannot be read (there is no such file or folder)"


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"9" * 5000])
def test_what_is_not_json_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(content)
    assert refusal(file) == "FILE is not a plan file: it is not JSON"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("[]", "null"),
        ("{}", "null"),
        ('{"schema_version": "ungeplan-plan/2"}', '"ungeplan-plan/2"'),
    ],
)
def test_another_schema_is_refused(content: str, found: str, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(content, encoding="utf-8")
    assert refusal(file) == (
        f"FILE is not a plan file: its schema_version is {found}, "
        "and this program reads ungeplan-plan/1"
    )


def test_an_unknown_field_is_refused(document: PlanDocument, tmp_path: Path) -> None:
    said = refusal(changed(document, tmp_path / "plan.json", extra=1))
    assert said == (
        "FILE is not a plan file: 1 of its fields are wrong: extra: Extra inputs are not permitted"
    )


def test_wrong_fields_are_named_and_their_values_are_not(
    document: PlanDocument, tmp_path: Path
) -> None:
    said = refusal(changed(document, tmp_path / "plan.json", people="010203-1234", options=-1.5))
    assert "2 of its fields are wrong: people: " in said
    assert "options: " in said
    assert "010203" not in said


def test_a_wrong_week_is_not_quoted(document: PlanDocument, tmp_path: Path) -> None:
    said = refusal(changed(document, tmp_path / "plan.json", as_of="010203-1234"))
    assert said == "FILE is not a plan file: 1 of its fields are wrong: as_of: wrong value"


def test_not_a_number_is_refused(document: PlanDocument, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(plan_json(document).replace(b'"seconds": 1.0', b'"seconds": NaN'))
    assert "provenance.seconds" in refusal(file)
