"""The files of a plan, for programs: the same as on the page of downloads."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.attachments import attach
from api.json.problem_details import RESPONSES
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.downloads import (
    MEDIA_TYPES,
    FinanceFile,
    OpenFile,
    Part,
    PersonFile,
    ProviderFile,
    list_files,
    take_file,
    take_provider_file,
)
from api.state import state_of
from providers import DomainId, Record
from scheduler.language import Language

_FILE: dict[int | str, dict[str, object]] = {
    **RESPONSES,
    200: {"description": "The file", "content": {kind: {} for kind in MEDIA_TYPES.values()}},
}
ROUTER = APIRouter(prefix="/plans", tags=["plans"])
InLanguage = Annotated[Language, Query(description="Of what the file says to people.")]


class FileDetail(Record):
    """A file that can be taken."""

    name: str
    href: str
    """Where it is."""
    media_type: str
    has_people: bool
    """Rows of people stand in it, so that it is confidential and each download is written down."""
    provider_id: str | None
    """Whose own list it is; none: it is about all of them."""


class FileList(Record):
    """The files of a plan that the caller may take."""

    items: tuple[FileDetail, ...]
    is_approved: bool
    """Whether the plan is approved; until then its lists are a proposal."""


@ROUTER.get("/{plan_id}/files", summary="The files of a plan", responses=RESPONSES)
def list_files_json(
    request: Request, plan_id: int, caller: Annotated[Caller, may(Action.READ_PLAN)]
) -> FileList:
    """Those that the caller's role allows."""
    with state_of(request).store.read() as session:
        shelf = list_files(session, caller, plan_id)
    items = tuple(
        FileDetail(
            name=each.name,
            href=f"/api/v1/plans/{plan_id}/{each.path}",
            media_type=MEDIA_TYPES[each.name.rpartition(".")[2]],
            has_people=each.part == "person-files",
            provider_id=each.provider_id or None,
        )
        for each in shelf.offered
    )
    return FileList(items=items, is_approved=shelf.approval is not None)


@ROUTER.get(
    "/{plan_id}/files/{name}",
    summary="A file of a plan, in numbers that reveal nobody",
    response_class=Response,
    responses=_FILE,
)
def take_open_file_json(
    request: Request,
    plan_id: int,
    name: OpenFile,
    caller: Annotated[Caller, may(Action.READ_PLAN)],
    language: InLanguage = "da",
) -> Response:
    """The leader's page, or the report to print."""
    return _taken(request, caller, plan_id, "files", name, language)


@ROUTER.get(
    "/{plan_id}/finance-files/{name}",
    summary="What the lines of a plan pay",
    response_class=Response,
    responses=_FILE,
)
def take_finance_file_json(
    request: Request,
    plan_id: int,
    name: FinanceFile,
    caller: Annotated[Caller, may(Action.DOWNLOAD_FINANCE)],
    language: InLanguage = "da",
) -> Response:
    """By line and month, or by line and year."""
    return _taken(request, caller, plan_id, "finance-files", name, language)


@ROUTER.get(
    "/{plan_id}/person-files/{name}",
    summary="A file of a plan with rows of people",
    response_class=Response,
    responses=_FILE,
)
def take_person_file_json(
    request: Request,
    plan_id: int,
    name: PersonFile,
    caller: Annotated[Caller, may(Action.DOWNLOAD_PERSON)],
    language: InLanguage = "da",
) -> Response:
    """Confidential; who took it is written down. Lists follow the decision in force."""
    return _taken(request, caller, plan_id, "person-files", name, language)


@ROUTER.get(
    "/{plan_id}/person-files/providers/{provider_id}/{name}",
    summary="A provider's own list",
    response_class=Response,
    responses=_FILE,
)
def take_provider_file_json(
    request: Request,
    plan_id: int,
    provider_id: DomainId,
    name: ProviderFile,
    caller: Annotated[Caller, may(Action.DOWNLOAD_PERSON)],
    language: InLanguage = "da",
) -> Response:
    """Nobody stands in it but those who start with the provider."""
    with state_of(request).store.write() as session:
        make = take_provider_file(session, caller, plan_id, provider_id, name)
    return attach(make(language))


def _taken(
    request: Request, caller: Caller, plan_id: int, part: Part, name: str, language: Language
) -> Response:
    with state_of(request).store.write() as session:
        make = take_file(session, caller, plan_id, part, name)
    return attach(make(language))
