"""From a record to a page: the frame around every page, and the templates."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Protocol

from babel.dates import format_datetime
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.pages.navigation import NavigationLink, navigation
from api.security.caller import Caller
from api.security.cookies import LANGUAGE_COOKIE
from api.security.permissions import Action
from scheduler.language import Language, Message, show, show_date, show_share, translate

_STATIC = Path(__file__).parents[1] / "static"


class Page(Protocol):
    """What a template shows: a frozen dataclass with its template's name."""

    template: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page."""

    language: Language
    path: str
    """With its query, to come back to after the language has been changed."""
    account: str
    """Who is logged in; empty where nobody is."""
    csrf_token: str
    links: tuple[NavigationLink, ...]
    plan_path: str
    """An address that ends with a plan's id: its page, or its numbers for who sees no plan."""


def language_of(request: Request) -> Language:
    """The language that was chosen; Danish where none was."""
    return "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "da"


def render(
    request: Request, page: Page, caller: Caller | None = None, *, status: int = 200
) -> HTMLResponse:
    """The page, in the language that was chosen.

    A form that is shown again with its faults is an answer like any other, with status 200:
    browsers report others as failures.
    """
    language = language_of(request)
    query = f"?{request.url.query}" if request.url.query else ""
    frame = Frame(
        language=language,
        path=request.url.path + query if request.method == "GET" else "/",
        account=caller.name if caller else "",
        csrf_token=(caller.csrf_token or "") if caller else "",
        links=navigation(caller, request.url.path),
        plan_path="/plans/" if caller and caller.may(Action.READ_PLAN) else "/comparisons?plan=",
    )
    shown = {field.name: getattr(page, field.name) for field in fields(page)}
    text = environment(language).get_template(page.template).render(frame=frame, **shown)
    return HTMLResponse(text, status_code=status)


@functools.cache
def environment(language: Language) -> Environment:
    """The templates, speaking one language."""
    templates = Environment(
        loader=PackageLoader("api"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def say(text: str | Message, **values: object) -> str:
        message = text if isinstance(text, Message) else Message(text, **values)
        return message.render(language)

    templates.globals |= {
        "t": say,
        "asset": _asset,
        "show": functools.partial(show, language=language),
        "translate": functools.partial(translate, language=language),
    }
    templates.filters |= {
        "number": functools.partial(show, language=language),
        "moment": functools.partial(_moment, language=language),
        "day": functools.partial(show_date, language=language),
        "share": functools.partial(show_share, language=language),
    }
    return templates


def _moment(moment: dt.datetime | None, language: Language) -> str:
    """A moment on this machine's clock: ``4. jul. 2016 kl. 09.30``."""
    if moment is None:
        return "–"
    here = moment.astimezone().replace(tzinfo=None)
    locale = "da_DK" if language == "da" else "en_GB"
    return format_datetime(
        here, "d. MMM y 'kl.' HH.mm" if language == "da" else "d MMM y HH:mm", locale=locale
    )


@functools.cache
def _asset(name: str) -> str:
    """The address of a static file; it changes with the file, so that browsers may keep it."""
    digest = hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"
