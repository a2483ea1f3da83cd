"""SVG by hand: a drawing with a title, a description, and marks that need no colour."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal
from xml.etree.ElementTree import Element, SubElement, tostring

WIDTH = 1120
"""Of a picture as wide as the page, in pixels."""
COLUMN_WIDTH = 760
"""Of a picture as wide as a column of text."""

INK = "#1b2a33"
MUTED = "#4f5d67"
RULE = "#d3dade"
PAPER = "#ffffff"
DEEP = "#0f4c5c"
MIDDLE = "#8fc1cb"
PALE = "#e6f0f2"
EARTH = "#8a4b16"
SAND = "#f3e3cf"

Fill = Literal["deep", "striped", "dotted", "empty", "crossed"]
"""Ways to fill a mark that differ in grey print too."""
Anchor = Literal["start", "middle", "end"]

_BACKGROUNDS: dict[Fill, str] = {
    "deep": DEEP,
    "striped": MIDDLE,
    "dotted": SAND,
    "empty": PAPER,
    "crossed": "#e4e7e9",
}
_LINES: dict[Fill, str] = {
    "deep": DEEP,
    "striped": DEEP,
    "dotted": EARTH,
    "empty": MUTED,
    "crossed": "#7c8890",
}
_TEXTURE_STEP = 6
"""Pixels between lines or dots."""
_CHARACTER_WIDTH = 0.52
"""Of an average letter, in font sizes: a guess on the safe side for system fonts."""


class Drawing:
    """An SVG picture to stand inside a page.

    Parameters
    ----------
    name
        Starts every id in the drawing; unique on the page.
    width, height
        In pixels at full size; the picture scales to its place.
    title
        What it is.
    description
        What it shows, for those who do not see it.
    share
        Of the width of the page that it takes; 1 is all of it.
    """

    def __init__(
        self,
        name: str,
        width: float,
        height: float,
        title: str,
        description: str,
        *,
        share: float = 1,
    ) -> None:
        self.name = name
        self.width = width
        self._root = Element(
            "svg",
            {
                # Less than the page's width is drawn on a canvas of all of it: a style attribute
                # would be refused where styles come from files only.
                "viewBox": f"0 0 {_number(width / share)} {_number(height)}",
                "width": _number(width / share),
                "height": _number(height),
                "role": "img",
                "aria-labelledby": f"{name}-title {name}-description",
            },
        )
        SubElement(self._root, "title", id=f"{name}-title").text = title
        SubElement(self._root, "desc", id=f"{name}-description").text = description

    def __str__(self) -> str:
        return tostring(self._root, encoding="unicode", short_empty_elements=True)

    def box(
        self, x: float, y: float, width: float, height: float, fill: Fill, hover: str = ""
    ) -> None:
        """A filled and outlined rectangle, such as a bar; `hover` is shown to the pointer."""
        box = self._rectangle(x, y, width, height, _BACKGROUNDS[fill])
        box.set("stroke", _LINES[fill])
        if hover:
            SubElement(box, "title").text = hover
        if fill in {"striped", "crossed"}:
            self._path(_stripes(x, y, width, height), _LINES[fill])
        elif fill == "dotted":
            dots = self._path(_rows(x, y, width, height), _LINES[fill])
            dots.set("stroke-width", "2")
            dots.set("stroke-linecap", "round")
            dots.set("stroke-dasharray", f"0 {_TEXTURE_STEP}")

    def cell(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A rectangle in one colour, without outline."""
        self._rectangle(x, y, width, height, colour)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 13,
        anchor: Anchor = "start",
        colour: str = INK,
        bold: bool = False,
    ) -> None:
        """A line of text whose baseline is at `y`."""
        attributes = {
            "x": _number(x),
            "y": _number(y),
            "font-size": _number(size),
            "fill": colour,
        }
        if anchor != "start":
            attributes["text-anchor"] = anchor
        if bold:
            attributes["font-weight"] = "600"
        SubElement(self._root, "text", attributes).text = text

    def line(
        self,
        points: Iterable[tuple[float, float]],
        *,
        colour: str = RULE,
        width: float = 1,
        dashed: bool = False,
    ) -> None:
        """A line through points."""
        attributes = {
            "points": " ".join(f"{_number(x)},{_number(y)}" for x, y in points),
            "fill": "none",
            "stroke": colour,
            "stroke-width": _number(width),
        }
        if dashed:
            attributes["stroke-dasharray"] = "6 4"
        SubElement(self._root, "polyline", attributes)

    def area(self, points: Iterable[tuple[float, float]], colour: str) -> None:
        """A filled area within points."""
        shape = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
        SubElement(self._root, "polygon", points=shape, fill=colour)

    def legend(self, x: float, y: float, entries: Iterable[tuple[Fill, str]]) -> None:
        """Marks and what they mean, in one row from `x`."""
        for fill, text in entries:
            self.box(x, y - 11, 18, 12, fill)
            self.text(x + 25, y, text, colour=MUTED)
            x += 25 + width_of(text) + 22

    def _rectangle(self, x: float, y: float, width: float, height: float, colour: str) -> Element:
        return SubElement(
            self._root,
            "rect",
            x=_number(x),
            y=_number(y),
            width=_number(max(width, 0)),
            height=_number(max(height, 0)),
            fill=colour,
        )

    def _path(self, d: str, colour: str) -> Element:
        """A line pattern that lets the pointer through."""
        attributes = {"d": d, "fill": "none", "stroke": colour, "pointer-events": "none"}
        return SubElement(self._root, "path", attributes)


def _stripes(x: float, y: float, width: float, height: float) -> str:
    """Rising lines across a rectangle, drawn one by one: printers swell with pattern fills."""
    cuts = range(_TEXTURE_STEP, int(width + height), _TEXTURE_STEP)
    return "".join(
        f"M{_number(x + max(0, cut - height))},{_number(y + min(cut, height))}"
        f"L{_number(x + min(cut, width))},{_number(y + max(0, cut - width))}"
        for cut in cuts
    )


def _rows(x: float, y: float, width: float, height: float) -> str:
    """Level lines inside a rectangle, for dots to stand on."""
    count = int(height / _TEXTURE_STEP)
    first = y + (height - (count - 1) * _TEXTURE_STEP) / 2
    rows = (first + _TEXTURE_STEP * index for index in range(count))
    return "".join(f"M{_number(x + 4)},{_number(row)}H{_number(x + width - 3)}" for row in rows)


def width_of(text: str, size: float = 13) -> float:
    """About how many pixels a text takes."""
    return len(text) * size * _CHARACTER_WIDTH


def shorten(text: str, pixels: float, size: float = 13) -> str:
    """The text, or as much of it as fits, ending in ``…``."""
    if width_of(text, size) <= pixels:
        return text
    return text[: max(1, int(pixels / (size * _CHARACTER_WIDTH)) - 1)].rstrip() + "…"


def wrap(text: str, pixels: float, size: float = 13) -> tuple[str, ...]:
    """The text in one line, or in two of which the second is shortened to fit."""
    words = text.split(" ")
    fitting = 1
    while fitting < len(words) and width_of(" ".join(words[: fitting + 1]), size) <= pixels:
        fitting += 1
    first, rest = " ".join(words[:fitting]), " ".join(words[fitting:])
    if not rest:
        return (shorten(first, pixels, size),)
    return shorten(first, pixels, size), shorten(rest, pixels, size)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
