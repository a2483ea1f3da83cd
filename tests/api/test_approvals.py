"""Another person decides on a plan, and what was decided is never changed."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from api.errors import Conflict
from api.security.caller import Caller
from api.services.approvals import Decision, approval_in_force, decide, list_decisions
from api.services.problems import add_version, latest_version
from api.services.runs import RunSettings, submit_run
from api.settings import Settings
from api.store import ApprovalRow, LookupRow, PlanRow, Store
from tests.api.site import Browser, Site, small_problem

PLAN = "/plans/1"
DECISIONS = "/plans/1/decisions"
JSON = "/api/v1/plans/1/decisions"
APPROVE = {"verdict": "approved"}


def add_plan(site: Site, account_id: int) -> None:
    """A plan whose run that account asked for."""
    problem = site.problem(account_id)
    with site.store.write() as session:
        version = latest_version(session, problem)
        submit_run(session, version.id, RunSettings(), account_id)
    site.work_off()


@pytest.fixture
def site(sqlite_store: Store, settings: Settings) -> Site:
    site = Site.make(sqlite_store, settings)
    add_plan(site, site.account("maker", "planner", "approver"))
    return site


@pytest.fixture
def approver(site: Site) -> Browser:
    return site.logged_in("approver", "approver")


def line(person: str, what: str, reason: str, index: int = 0) -> dict[str, str]:
    return {f"person-{index}": person, f"what-{index}": what, f"reason-{index}": reason}


def test_another_person_approves_and_everybody_sees_it(site: Site, approver: Browser) -> None:
    assert "Ikke afgjort" in approver.get("/").text
    assert "Afgør planen" in approver.get(PLAN).text
    sent = approver.post(DECISIONS, verdict="approved", note="Set igennem.")
    assert (sent.status_code, sent.headers["location"]) == (303, DECISIONS)
    for path in ("/", "/problems/1", PLAN, DECISIONS):
        page = approver.get(path).text
        assert "Godkendt" in page, path
        assert "Ikke afgjort" not in page, path
    finance = site.logged_in("finance", "finance")
    page = finance.get(DECISIONS).text
    assert "Godkendt" in page
    assert "Set igennem" not in page, "notes may tell of people"


def test_who_asked_for_the_plan_does_not_decide(site: Site) -> None:
    maker = site.browser()
    maker.post("/login", name="maker", password="a password for tests")
    assert "Afgør planen" not in maker.get(PLAN).text
    assert "En anden afgør den" in maker.get(DECISIONS).text
    assert maker.post(DECISIONS, verdict="approved").status_code == 403
    with site.store.read() as session:
        assert list_decisions(session, 1) == ()


def test_who_changed_what_it_was_made_from_does_not_decide(site: Site) -> None:
    changer = site.account("changer", "planner", "approver")
    with site.store.write() as session:
        first = latest_version(session, 1)
        second = add_version(session, first, first.problem, changer, "{}")
        last = add_version(session, second, first.problem, 1, "{}")
        submit_run(session, last.id, RunSettings(), 1)
    site.work_off()
    caller = Caller(changer, "changer", frozenset({"approver"}), None)
    with site.store.write() as session:
        decide(session, caller, 1, Decision(verdict="approved"))
    with (
        pytest.raises(Exception, match="Another person decides"),
        site.store.write() as session,
    ):
        decide(session, caller, 2, Decision(verdict="approved"))


@pytest.mark.parametrize("role", ["planner", "buyer", "finance", "auditor", "administrator"])
def test_only_approvers_decide(site: Site, role: str) -> None:
    program = site.program(role)  # type: ignore[arg-type]
    assert program.post(JSON, json=APPROVE).status_code == 403


def test_a_withdrawal_is_a_new_row_and_the_history_is_kept(site: Site, approver: Browser) -> None:
    approver.post(DECISIONS, verdict="approved")
    assert "Skriv hvorfor." in approver.post(DECISIONS, verdict="withdrawn").text
    approver.post(DECISIONS, verdict="withdrawn", note="Ny bevilling.")
    page = approver.get(DECISIONS).text
    assert page.index("Godkendelse trukket tilbage") < page.index("badge-success")
    assert "Ny bevilling." in page
    with site.store.read() as session:
        verdicts = session.scalars(select(ApprovalRow.verdict)).all()
        assert approval_in_force(session, 1) is None
    assert verdicts == ["approved", "withdrawn"]
    approver.post(DECISIONS, verdict="approved")
    assert "Godkendt" in approver.get(PLAN).text


@pytest.mark.parametrize(
    ("first", "then"),
    [(None, "withdrawn"), ("approved", "approved"), ("approved", "declined"), ("declined",) * 2],
)
def test_decisions_come_in_turn(site: Site, first: str | None, then: str) -> None:
    program = site.program("approver")
    if first:
        sent = program.post(JSON, json={"verdict": first, "note": "x"})
        assert sent.status_code == 201
    assert program.post(JSON, json={"verdict": then, "note": "x"}).status_code == 409


def test_each_override_has_a_person_of_the_plan_and_a_reason(site: Site, approver: Browser) -> None:
    typed = {
        "verdict": "approved",
        **line("syn-0001", "no-place", "", 0),
        **line("", "", "", 1),
        **line("nobody", "place", "0102031234", 2),
        **line("syn-0002", "place", "fordi", 3),
        **line("syn-0003", "no-place", "flytter", 4),
        **line("syn-0003", "no-place", "flytter", 5),
    }
    page = approver.send(DECISIONS, typed).text
    for says, place in (
        ("Skriv begrundelsen for syn-0001.", "reason-0"),
        ("nobody er ikke med i planen.", "person-2"),
        ("Noget her ligner et CPR-nummer", "reason-2"),
        ("Planen giver allerede syn-0002 en plads.", "what-3"),
        ("syn-0003 står her to gange.", "person-5"),
    ):
        assert f'<a href="#{place}">{says}' in page
    assert 'value="flytter"' in page
    with site.store.read() as session:
        assert list_decisions(session, 1) == ()


def test_overrides_are_kept_with_their_reasons(site: Site, approver: Browser) -> None:
    approver.send(
        DECISIONS, {"verdict": "approved", **line("syn-0001", "other-place", "Flytter til Odense")}
    )
    page = approver.get(DECISIONS).text
    assert "Får en anden plads eller en anden tid" in page
    assert "Flytter til Odense" in page
    shown = site.program("auditor").get(JSON).json()["items"][0]
    assert shown["overrides"] == [
        {"person_id": "syn-0001", "what": "other-place", "reason": "Flytter til Odense"}
    ]
    hidden = site.program("finance").get(JSON).json()["items"][0]
    assert (hidden["note"], hidden["overrides"]) == (None, None)
    assert hidden["verdict"] == "approved"


@pytest.mark.parametrize("verdict", ["declined", "nonsense", ""])
def test_nothing_typed_is_lost(approver: Browser, verdict: str) -> None:
    typed = {"verdict": verdict, **line("syn-0001", "no-place", "flytter")}
    page = approver.send(DECISIONS, typed).text
    assert 'role="alert"' in page
    for value in ("syn-0001", "flytter"):
        assert f'value="{value}"' in page
    assert '<option value="no-place" selected>' in page


def test_more_lines_keep_what_was_typed(approver: Browser) -> None:
    page = approver.send(
        DECISIONS, {"verdict": "approved", "more": "1", **line("syn-0001", "no-place", "x")}
    ).text
    assert 'id="person-3"' in page
    assert 'value="syn-0001"' in page
    assert 'value="approved" checked' in page
    assert 'role="alert"' not in page


def test_a_plan_beside_an_approved_one_or_of_old_facts_is_warned_of(
    site: Site, approver: Browser
) -> None:
    with site.store.write() as session:
        version = latest_version(session, 1)
        submit_run(session, version.id, RunSettings(seed=1), 1)
        add_version(session, version, small_problem(), 1, "{}")
    site.work_off()
    approver.post("/plans/2/decisions", verdict="approved")
    page = approver.get(DECISIONS).text
    assert "Plan 2 for samme plangrundlag er allerede godkendt." in page
    assert "er ændret siden" in page


def test_who_looks_at_overrides_is_written_down(site: Site, approver: Browser) -> None:
    approver.get(DECISIONS)
    site.program("auditor").get(JSON)
    site.program("finance").get(JSON)
    with site.store.read() as session:
        assert session.scalars(select(LookupRow.what)).all() == ["plan.read", "person.read"]


def test_sent_twice_with_one_key_it_is_decided_once(site: Site) -> None:
    program = site.program("approver")
    key = {"idempotency-key": "x"}
    one, two = (program.post(JSON, json=APPROVE, headers=key) for _ in range(2))
    assert (one.status_code, two.status_code) == (201, 201)
    assert one.content == two.content
    other = program.post(JSON, json={**APPROVE, "note": "other"}, headers=key)
    assert other.status_code == 422


def test_of_two_who_decide_at_once_one_is_told(store: Store, settings: Settings) -> None:
    site = Site.make(store, settings)
    add_plan(site, site.account("maker", "planner"))
    accounts = [site.account(name, "approver") for name in ("one", "two")]
    met: list[str] = []

    def send(account_id: int) -> None:
        caller = Caller(account_id, "x", frozenset({"approver"}), None)
        try:
            with store.write() as session:
                decide(session, caller, 1, Decision(verdict="approved"))
            met.append("kept")
        except Conflict:
            met.append("conflict")

    threads = [threading.Thread(target=send, args=(account,)) for account in accounts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(met) == ["conflict", "kept"]


def row(decided_by: int, planned_by: int = 1, **more: object) -> ApprovalRow:
    from api.clock import now  # noqa: PLC0415

    fields = {"number": 1, "verdict": "approved", "note": "", "run_id": 1, **more}
    return ApprovalRow(
        plan_id=1, planned_by=planned_by, decided_by=decided_by, decided_at=now(), **fields
    )


def test_the_database_itself_refuses_what_no_one_may_do(store: Store, settings: Settings) -> None:
    site = Site.make(store, settings)
    maker, other = site.account("maker", "planner"), site.account("other", "approver")
    add_plan(site, maker)
    refused = [
        row(maker),
        row(maker, planned_by=other),
        row(other, run_id=2),
        row(other, verdict="maybe"),
        row(other, verdict="declined"),
    ]
    for each in refused:
        with pytest.raises(IntegrityError), store.write() as session:
            session.add(each)
    with store.write() as session:
        session.add(row(other))
    with pytest.raises(IntegrityError), store.write() as session:
        session.add(row(other))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE plans SET placed = 0",
        "UPDATE plans SET document = document",
        "DELETE FROM plans",
        "UPDATE problem_versions SET people = 0",
        "UPDATE approvals SET verdict = 'declined'",
        "DELETE FROM approvals",
        "UPDATE overrides SET reason = 'x'",
        "DELETE FROM overrides",
    ],
)
def test_what_was_decided_on_never_changes(store: Store, settings: Settings, change: str) -> None:
    site = Site.make(store, settings)
    add_plan(site, site.account("maker", "planner"))
    caller = Caller(site.account("other", "approver"), "other", frozenset({"approver"}), None)
    override = {"person_id": "syn-0001", "what": "no-place", "reason": "x"}
    decision = Decision.model_validate_json(
        f'{{"verdict": "approved", "overrides": [{str(override).replace(chr(39), chr(34))}]}}'
    )
    with store.write() as session:
        decide(session, caller, 1, decision)
    with pytest.raises(IntegrityError), store.write() as session:
        session.execute(text(change))
    with store.read() as session:
        assert session.scalars(select(PlanRow.placed)).one() > 0


def test_what_no_database_keeps_is_refused(store: Store, settings: Settings) -> None:
    site = Site.make(store, settings)
    add_plan(site, site.account("maker", "planner"))
    program = site.program("approver")
    for sent in (
        {"verdict": "declined", "note": "a\x00b"},
        {
            "verdict": "approved",
            "overrides": [{"person_id": "syn-0001", "what": "no-place", "reason": "a\x00b"}],
        },
    ):
        refused = program.post(JSON, json=sent)
        assert refused.status_code == 422
        assert "ikke et skrifttegn" in refused.text
