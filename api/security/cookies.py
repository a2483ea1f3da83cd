"""The cookies: one that says who is logged in, and one with the chosen language.

Over HTTPS the session's cookie is called ``__Host-…``: a browser then takes it from this host
alone, for all its paths, and never sends it in the clear. Browsers refuse that name over plain
HTTP, also on ``127.0.0.1``; there, and nowhere else unless asked for, a plain name is used.
"""

from __future__ import annotations

from starlette.responses import Response

from api.settings import Settings
from scheduler.language import Language

LANGUAGE_COOKIE = "language"
_A_YEAR_SECONDS = 365 * 24 * 3600


def session_cookie_name(settings: Settings) -> str:
    """What the session's cookie is called."""
    return "__Host-ungeplan" if settings.is_https else "ungeplan"


def set_session_cookie(response: Response, token: str, settings: Settings) -> None:
    """The browser keeps the session until it is closed."""
    response.set_cookie(
        session_cookie_name(settings),
        token,
        path="/",
        secure=settings.is_https,
        httponly=True,
        samesite="lax",
    )


def delete_session_cookie(response: Response, settings: Settings) -> None:
    """The browser forgets the session."""
    response.delete_cookie(
        session_cookie_name(settings),
        path="/",
        secure=settings.is_https,
        httponly=True,
        samesite="lax",
    )


def set_language_cookie(response: Response, language: Language, settings: Settings) -> None:
    """The browser keeps the language for a year."""
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=_A_YEAR_SECONDS,
        path="/",
        secure=settings.is_https,
        httponly=True,
        samesite="lax",
    )
