"""Tables as they are sent: in which media types, and under which names."""

from __future__ import annotations

from typing import Literal

from starlette.responses import Response

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Form = Literal["json", "csv", "xlsx"]
MEDIA: dict[Form, str] = {"json": "application/json", "csv": CSV, "xlsx": XLSX}
"""In the order of preference where the caller likes several alike."""


def file_response(content: bytes, form: Form, name: str) -> Response:
    """A file to be kept under that name."""
    media = MEDIA[form] if form == "xlsx" else f"{CSV}; charset=utf-8"
    headers = {"content-disposition": f'attachment; filename="{name}.{form}"', "vary": "accept"}
    return Response(content, media_type=media, headers=headers)
