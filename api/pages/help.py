"""The planner's guide, in Danish, with pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.rendering import render
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may

ROUTER = APIRouter()


@dataclass(frozen=True, slots=True)
class HelpPage:
    """It says the same to everybody."""

    template: ClassVar[str] = "pages/help.html"


@ROUTER.get("/help")
def show_help(request: Request, caller: Annotated[Caller, may(Action.OWN_SESSION)]) -> Response:
    """The guide."""
    return render(request, HelpPage(), caller)
