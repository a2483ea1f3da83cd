"""A problem is uploaded: a workbook, or CSV files with a ``plan.toml``."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.errors import WrongInput
from api.faults import Fault
from api.pages.rendering import language_of, render
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import OwnForm, may
from api.services.problems import add_problem
from api.services.upload import read_upload
from api.state import state_of
from scheduler.files import write_template

ROUTER = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class NewProblemPage:
    """Which files to read."""

    template: ClassVar[str] = "pages/new_problem.html"

    faults: tuple[Fault, ...]
    most_megabytes: int


@ROUTER.get("/problems/new")
def show_new_problem(
    request: Request, caller: Annotated[Caller, may(Action.WRITE_PROBLEM)]
) -> Response:
    """The form."""
    return _page(request, caller, ())


@ROUTER.post("/problems/new")
def send_new_problem(
    request: Request, caller: Annotated[Caller, may(Action.WRITE_PROBLEM)], form: OwnForm
) -> Response:
    """The problem is stored, or its faults are shown."""
    state = state_of(request)
    files = files_of(form, "files")
    try:
        problem = read_upload(files, state.settings)
    except WrongInput as error:
        return _page(request, caller, error.faults)
    with state.store.write() as session:
        what = ", ".join(sorted(files))
        version = add_problem(session, problem, caller.account_id, what)
    return RedirectResponse(f"/problems/{version.problem_id}", status_code=303)


@ROUTER.get("/problems/template.xlsx")
def download_template(
    request: Request, _caller: Annotated[Caller, may(Action.WRITE_PROBLEM)]
) -> Response:
    """Empty tables to fill in."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ungeplan.xlsx"
        write_template(path, language_of(request))
        content = path.read_bytes()
    name = {"content-disposition": 'attachment; filename="ungeplan.xlsx"'}
    return Response(content, media_type=XLSX, headers=name)


def files_of(form: FormData, name: str) -> dict[str, bytes]:
    """The files that were chosen in a field, by their names; a field left empty gives none."""
    uploads = [value for value in form.getlist(name) if isinstance(value, UploadFile)]
    return {each.filename: each.file.read() for each in uploads if each.filename}


def _page(request: Request, caller: Caller, faults: tuple[Fault, ...]) -> Response:
    most = state_of(request).settings.upload_megabytes
    return render(request, NewProblemPage(faults, most), caller)
