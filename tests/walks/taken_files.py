"""Downloaded files, opened as those who get them do."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

from icalendar import Calendar
from openpyxl import load_workbook


def rows_of(path: Path) -> list[list[str]]:
    """A CSV file as Danish Excel opens it, its header first."""
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), path
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def text_of(path: Path) -> str:
    """All that stands in a file."""
    match path.suffix:
        case ".csv":
            return "\n".join(cell for row in rows_of(path) for cell in row)
        case ".xlsx":
            book = load_workbook(path, read_only=True)
            cells = (cell for sheet in book for row in sheet.values for cell in row)
            return "\n".join(str(cell) for cell in cells if cell is not None)
        case ".ics":
            events = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
            return "\n".join(str(event["summary"]) for event in events)
        case ".zip":
            with zipfile.ZipFile(path) as packed:
                return "\n".join(packed.read(name).decode("utf-8") for name in packed.namelist())
        case ".json":
            return json.dumps(json.loads(path.read_bytes()), ensure_ascii=False)
        case _:
            return path.read_text(encoding="utf-8")
