"""The planner's guide as the application shows it."""

from __future__ import annotations

from pathlib import Path

from markdown_it import MarkdownIt

SOURCE = Path(__file__).parents[1] / "vejledning" / "planlaegger.md"
_PICTURES_IN_SOURCE = "../../api/static/guide/"
_PICTURES_ON_PAGE = "/static/guide/"


def page() -> str:
    """The guide as HTML, a table in a frame that scrolls."""
    text = SOURCE.read_text(encoding="utf-8").replace(_PICTURES_IN_SOURCE, _PICTURES_ON_PAGE)
    html = MarkdownIt("commonmark").enable("table").render(text)
    scroll = '<div class="app-scroll" tabindex="0"><table class="table table--compact">'
    return html.replace("<table>", scroll).replace("</table>", "</table></div>")
