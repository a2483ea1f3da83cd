"""Which files of a plan somebody may take along; each that is taken is written down.

What was approved is what people are told: lists and calendar leave out whoever the approval in
force decides otherwise about, and they stand in a list of their own. Money, the whole workbook and
the bundle show the plan as it was made.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy.orm import Session

from api.errors import NotFound
from api.security.caller import Caller
from api.security.permissions import Action
from api.services.approvals import Decided, approval_in_force, list_decisions
from api.services.plan_files import MAKERS, Source, provider_file, providers_with_starts
from api.services.plans import StoredPlan, note_lookup, plan_by_id, plan_json_by_id
from api.store import RunRow
from scheduler.language import Language, Message
from scheduler.report.views.people import ProviderStarts

OpenFile = Literal["leader.xlsx", "report.html"]
FinanceFile = Literal["finance.xlsx", "finance.csv", "budget.csv"]
PersonFile = Literal[
    "start-list.csv",
    "start-list.xlsx",
    "waiting-list.csv",
    "waiting-list.xlsx",
    "decided-otherwise.csv",
    "decided-otherwise.xlsx",
    "starts.ics",
    "plan.xlsx",
    "plan.json",
    "report-with-persons.html",
    "bundle.zip",
]
ProviderFile = Literal["starts.csv", "starts.xlsx", "starts.ics"]
Part = Literal["files", "finance-files", "person-files"]
"""Where a file stands in an address: files for the same people stand together."""

ACTIONS: Mapping[Part, Action] = {
    "files": Action.READ_PLAN,
    "finance-files": Action.DOWNLOAD_FINANCE,
    "person-files": Action.DOWNLOAD_PERSON,
}
NAMES: Mapping[Part, tuple[str, ...]] = {
    "files": get_args(OpenFile),
    "finance-files": get_args(FinanceFile),
    "person-files": get_args(PersonFile),
}
MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "ics": "text/calendar",
    "json": "application/json",
    "zip": "application/zip",
}
OTHERWISE = "decided-otherwise"


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent."""

    name: str
    """Says the plan, and that it is confidential where it has rows of people."""
    media_type: str
    content: bytes


Make = Callable[[Language], File]


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that the caller may take."""

    part: Part
    name: str
    provider_id: str = ""
    """Whose own list it is, if any."""

    @property
    def path(self) -> str:
        """Its address below the plan's."""
        own = f"providers/{self.provider_id}/" if self.provider_id else ""
        return f"{self.part}/{own}{self.name}"


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the caller may take of a plan."""

    plan: StoredPlan
    approval: Decided | None
    """The one in force."""
    offered: tuple[Offered, ...]
    providers: tuple[ProviderStarts, ...]
    """Those that somebody starts with; none: the caller may not see people."""


def list_files(session: Session, caller: Caller, plan_id: int) -> Shelf:
    """What the caller may take of a plan.

    Raises
    ------
    NotFound
        If there is no such plan.
    """
    source = _source(session, plan_id)
    sees_people = caller.may(Action.DOWNLOAD_PERSON)
    providers = providers_with_starts(source.plan, source.overrides) if sees_people else ()
    files = [
        Offered(part, name)
        for part, action in ACTIONS.items()
        if caller.may(action)
        for name in NAMES[part]
        if source.overrides or not name.startswith(OTHERWISE)
    ]
    files += [
        Offered("person-files", name, provider.provider_id)
        for provider in providers
        for name in get_args(ProviderFile)
    ]
    approval = approval_in_force(session, plan_id)
    return Shelf(source.plan, approval, tuple(files), providers)


def take_file(session: Session, caller: Caller, plan_id: int, part: Part, name: str) -> Make:
    """It is written down that the caller takes the file; what is returned makes it.

    Making takes a while and needs no database, so that nobody has to wait for it.

    Raises
    ------
    NotFound
        If there is no such plan, or it has no such file.
    """
    caller.demand(ACTIONS[part])
    source = _source(session, plan_id, name)
    if name not in NAMES[part] or (name.startswith(OTHERWISE) and not source.overrides):
        raise NotFound(Message("The plan has no such file."))
    _note(session, caller, source.plan, part, name)
    whole = _name(plan_id, part, name)
    return lambda language: _file(whole, MAKERS[name](source, language))


def take_provider_file(
    session: Session, caller: Caller, plan_id: int, provider_id: str, name: ProviderFile
) -> Make:
    """As `take_file`, with nobody in it but those who start with the provider.

    Raises
    ------
    NotFound
        If there is no such plan, or nobody starts with such a provider.
    """
    caller.demand(Action.DOWNLOAD_PERSON)
    source = _source(session, plan_id)
    found = providers_with_starts(source.plan, source.overrides)
    provider = next((each for each in found if each.provider_id == provider_id), None)
    if provider is None:
        raise NotFound(Message("Nobody starts with such a provider in this plan."))
    _note(session, caller, source.plan, "person-files", f"provider/{name}")
    whole = _name(plan_id, "person-files", f"{provider_id}-{name}")
    return lambda language: _file(whole, provider_file(source.plan, provider, name, language))


def _source(session: Session, plan_id: int, name: str = "") -> Source:
    plan = plan_by_id(session, plan_id)
    approval = approval_in_force(session, plan_id)
    needs_json = name in {"plan.json", "bundle.zip"}
    return Source(
        plan=plan,
        overrides={each.person_id: each for each in approval.overrides} if approval else {},
        plan_json=plan_json_by_id(session, plan_id) if needs_json else b"",
        records=_records(session, plan) if name == "bundle.zip" else {},
    )


def _note(session: Session, caller: Caller, plan: StoredPlan, part: Part, name: str) -> None:
    what = "plan.download" if part == "files" else ACTIONS[part]
    note_lookup(session, caller, f"{what}:{name}", plan.problem_version_id)


def _records(session: Session, plan: StoredPlan) -> dict[str, object]:
    """What the run was asked to do, and what was decided since."""
    record = {
        "plan": plan.id,
        "plan_sha256": plan.sha256,
        "run": plan.run_id,
        "problem": plan.problem_id,
        "problem_version": plan.problem_version_id,
        "made_at": plan.created_at.isoformat(),
    }
    settings = json.loads(session.get_one(RunRow, plan.run_id).settings)
    decisions = [_decision(each) for each in reversed(list_decisions(session, plan.id))]
    return {"record": record, "decisions": decisions, "settings": settings}


def _decision(decided: Decided) -> dict[str, object]:
    return {
        "number": decided.number,
        "verdict": decided.verdict,
        "by": decided.by,
        "at": decided.at.isoformat(),
        "note": decided.note,
        "overrides": [each.model_dump(mode="json") for each in decided.overrides],
    }


def _name(plan_id: int, part: Part, name: str) -> str:
    """The plan and its file; the stamp stands in the name too, since names are seen first."""
    stem, _, suffix = name.rpartition(".")
    own = "" if stem == "plan" else f"-{stem}"
    stamp = "-fortroligt" if part == "person-files" else ""
    return f"plan-{plan_id}{own}{stamp}.{suffix}"


def _file(name: str, content: bytes) -> File:
    return File(name, MEDIA_TYPES[name.rpartition(".")[2]], content)
