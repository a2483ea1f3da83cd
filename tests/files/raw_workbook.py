"""Workbooks made part by part, as no honest program makes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(*targets: tuple[str, str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="{id_}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for id_, kind, target in targets
    )
    return f'<Relationships xmlns="{PACKAGE}">{inner}</Relationships>'


def parts(sheet: str, *, strings: str = "", styles: str = "", workbook: str = "") -> dict[str, str]:
    """The parts of a workbook whose only sheet is called ``people``."""
    return {
        "_rels/.rels": relations(("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": workbook
        or f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="people" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("r1", "worksheet", "worksheets/sheet1.xml"),
            ("r2", "sharedStrings", "sharedStrings.xml"),
            ("r3", "styles", "styles.xml"),
        ),
        "xl/sharedStrings.xml": strings or f"<sst {MAIN}/>",
        "xl/styles.xml": styles or f"<styleSheet {MAIN}/>",
        "xl/worksheets/sheet1.xml": sheet,
    }


def sheet_of(rows: str) -> str:
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"


def packed(contents: dict[str, str]) -> bytes:
    return packed_in_pieces({name: [text.encode()] for name, text in contents.items()})


def packed_in_pieces(contents: dict[str, Iterable[bytes]]) -> bytes:
    """A zip file of parts that are too large to be held whole."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in contents.items():
            with archive.open(name, "w") as part:
                for piece in pieces:
                    part.write(piece)
    return file.getvalue()
