"""Files as answers: kept by whoever asked for them, and never shown by the browser as a page."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from api.services.downloads import File


def attach(file: File) -> Response:
    """The file under its name; letters beyond ASCII as RFC 6266 writes them."""
    disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
    if file.name.isascii():
        disposition = f'attachment; filename="{file.name}"'
    headers = {"content-disposition": disposition}
    return Response(file.content, media_type=file.media_type, headers=headers)
