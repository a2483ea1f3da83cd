"""``python -m docs.take_assets NODE_MODULES``: writes ``api/static`` from npm's dkfds and htmx.

Of the design system: one theme's styles, four weights of its typeface, and the icons that are used.
Run it again after ``npm install --ignore-scripts dkfds@11 htmx.org@2`` in any folder.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

STATIC = Path(__file__).parents[1] / "api" / "static"
FONTS = ("Regular", "Medium", "SemiBold", "Bold")
ICONS = frozenset(
    {
        "account",
        "arrow-downward",
        "arrow-upward",
        "calendar-month",
        "check",
        "check-white",
        "checklist",
        "chevron-down",
        "chevron-down-gray-200",
        "chevron-left",
        "chevron-right",
        "chevron-up",
        "close",
        "copy",
        "delete",
        "document",
        "download",
        "edit",
        "error",
        "error-white",
        "groups",
        "help",
        "hourglass",
        "info",
        "info-white",
        "language",
        "list-bulleted",
        "lock",
        "menu",
        "minus",
        "minus-white",
        "more-vert",
        "payments",
        "person",
        "persons",
        "plus",
        "print",
        "refresh",
        "search",
        "settings",
        "sort-table-ascending",
        "sort-table-descending",
        "sort-table-none",
        "success",
        "success-white",
        "summary",
        "sync",
        "time",
        "tune",
        "upload",
        "visibility",
        "visibility-off",
        "warning",
    }
)
_RULE = re.compile(r"[^{}]*\{[^{}]*\}")
_ICON = re.compile(r"url\(\.\./img/svg-icons/([\w-]+)\.svg\)")


def take(modules: Path) -> None:
    """The static files are those of the npm packages under `modules`."""
    design, htmx = modules / "dkfds", modules / "htmx.org"
    target = STATIC / "dkfds"
    shutil.rmtree(target, ignore_errors=True)
    (target / "fonts").mkdir(parents=True)
    (target / "icons").mkdir()
    css = (design / "dist/css/dkfds.min.css").read_text(encoding="utf-8")
    (target / "dkfds.css").write_text(_subset(css), encoding="utf-8")
    for weight in FONTS:
        name = f"IBMPlexSans-{weight}.woff2"
        shutil.copyfile(
            design / "dist/fonts/IBMPlexSans/complete/woff2" / name, target / "fonts" / name
        )
    for icon in sorted(ICONS):
        shutil.copyfile(design / f"dist/img/svg-icons/{icon}.svg", target / f"icons/{icon}.svg")
    shutil.copyfile(design / "LICENSE.md", target / "LICENSE.md")
    licence = design / "dist/fonts/IBMPlexSans/complete/woff2/license.txt"
    shutil.copyfile(licence, target / "fonts" / "LICENSE.txt")
    (STATIC / "htmx").mkdir(exist_ok=True)
    shutil.copyfile(htmx / "dist/htmx.min.js", STATIC / "htmx/htmx.min.js")
    shutil.copyfile(htmx / "LICENSE", STATIC / "htmx/LICENSE")


def _subset(css: str) -> str:
    """The styles without typefaces and icons that are not kept; those that are, found nearby."""

    def keep(rule: re.Match[str]) -> str:
        text = rule[0]
        if text.lstrip().startswith("@font-face"):
            return _font(text)
        icons = set(_ICON.findall(text))
        return text if icons <= ICONS and (icons or "../img/" not in text) else ""

    kept = _RULE.sub(keep, css)
    return re.sub(r"\.\./img/svg-icons/", "icons/", kept).split("/*# sourceMapping")[0] + "\n"


def _font(face: str) -> str:
    weight = re.search(r"IBMPlexSans-(\w+)\.woff2", face)
    if weight is None or weight[1] not in FONTS:
        return ""
    source = f'src:url(fonts/IBMPlexSans-{weight[1]}.woff2) format("woff2")'
    return re.sub(r"src:.*(?=})", source, face)


if __name__ == "__main__":
    take(Path(sys.argv[1]))
