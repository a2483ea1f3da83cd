"""What every answer tells the browser to refuse, and how much of a request is read."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_KEPT = "public, max-age=86400"
_HSTS = "max-age=31536000"


class SecurityHeaders:
    """Middleware: the headers stand on every answer, and nothing but static files is kept.

    Parameters
    ----------
    app
        What answers.
    is_https
        Whether browsers may be told never to use plain HTTP again.
    """

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self._app = app
        self._headers = HEADERS | ({"strict-transport-security": _HSTS} if is_https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on, and adds the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                is_static = scope["path"].startswith("/static/")
                headers.setdefault("cache-control", _KEPT if is_static else "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class BodyLimit:
    """Middleware: a request's body is at most so long; what is beyond it is never read.

    Parameters
    ----------
    app
        What answers.
    most_bytes
        The limit.
    """

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        self._app = app
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on, and counts."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        stated = Headers(scope=scope).get("content-length", "")
        if stated.isdigit() and int(stated) > self._most:
            scope["ungeplan_too_large"] = True
        read = 0

        async def receive_counted() -> Message:
            nonlocal read
            if scope.get("ungeplan_too_large"):
                return {"type": "http.request", "body": b"", "more_body": False}
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most:
                scope["ungeplan_too_large"] = True
                return {"type": "http.request", "body": b"", "more_body": False}
            return message

        await self._app(scope, receive_counted, send)
