from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.report.pictures.heat_map import (
    SHADES,
    heat_maps,
    names_beside,
    overview,
    overview_names,
    shade_of,
)
from scheduler.report.pictures.money import money_picture
from scheduler.report.pictures.scale import ticks
from scheduler.report.pictures.timeline import timeline_picture
from scheduler.report.svg import Drawing, shorten, width_of, wrap
from scheduler.report.views.books import Books
from scheduler.report.views.money import LineYear
from scheduler.report.views.occupancy import Occupancy, occupancy
from scheduler.report.views.timeline import timeline
from tests.report.cases import small_case, small_document, week


def texts(drawing: Drawing) -> list[str]:
    return [node.text or "" for node in fromstring(str(drawing)).iter("text")]


def line_year(**changes: int) -> LineYear:
    fields = {
        "decided_ore": 1_000_000,
        "reserve_ore": 100_000,
        "committed_ore": 400_000,
        "planned_ore": 300_000,
    }
    return LineYear(line_id="l", line="<Line> & co", depth=0, year=2016, **{**fields, **changes})


def cell(used: int, amount: int) -> Occupancy:
    return Occupancy("s", "S", "places", week("2016-W40"), used, amount, closed=False)


def luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@given(st.integers(0, 10**7), st.integers(1, 12))
def test_ticks_are_round_and_reach_the_most(most: int, marks: int) -> None:
    found = ticks(most, marks)
    step = found[1]
    assert found == tuple(range(0, step * len(found), step))
    assert found[-1] >= max(most, 1)
    assert len(found) <= marks + 1
    assert str(step).rstrip("0") in {"1", "2", "5"}


@given(st.text(alphabet="abc ", max_size=60), st.integers(30, 400))
def test_shortened_text_fits(text: str, pixels: int) -> None:
    assert width_of(shorten(text, pixels)) <= pixels
    assert shorten(text, 10**6) == text


def test_long_text_is_wrapped_into_two_lines() -> None:
    assert wrap("one two", 200) == ("one two",)
    assert wrap("one two three", 60) == ("one two", "three")
    assert wrap("unbreakable", 40) == ("unbr…",)
    assert wrap("one two three four five six", 60) == ("one two", "three f…")


def test_a_picture_says_what_it_is_and_escapes_what_it_shows() -> None:
    drawing = money_picture((line_year(),), "en")
    root = fromstring(str(drawing))
    assert root.get("role") == "img"
    ids = {node.get("id"): node.text for node in root if node.tag in {"title", "desc"}}
    assert list(ids) == (root.get("aria-labelledby") or "").split()
    assert ids["money-title"] == "Money by budget line and year"
    assert ids["money-description"] == "<Line> & co 2016: 70% of 10,000 kr is used."
    assert "<Line> & co" in texts(drawing)
    assert "2,000 kr left" in texts(drawing)


def test_money_beyond_the_decided_is_said_and_stays_in_the_picture() -> None:
    drawing = money_picture((line_year(committed_ore=5_000_000, planned_ore=0),), "en")
    assert "41,000 kr over" in texts(drawing)
    right = max(
        float(box.get("x") or 0) + float(box.get("width") or 0)
        for box in fromstring(str(drawing)).iter("rect")
    )
    assert right <= drawing.width


def test_payments_without_decided_money_are_drawn() -> None:
    rows = (line_year(decided_ore=0, reserve_ore=0, committed_ore=5, planned_ore=0),)
    assert "100% of 0 kr" in str(money_picture(rows, "en"))
    none = line_year(decided_ore=0, reserve_ore=0, committed_ore=0, planned_ore=0)
    assert "0% of 0 kr" in str(money_picture((none,), "en"))


@pytest.mark.parametrize(
    ("used", "amount", "shade"),
    [
        (0, 4, 0),
        (1, 8, 1),
        (1, 4, 2),
        (2, 4, 3),
        (3, 4, 4),
        (7, 8, 4),
        (4, 4, 5),
        (5, 4, 5),
        (1, 0, 5),
    ],
)
def test_shades_follow_the_share(used: int, amount: int, shade: int) -> None:
    assert shade_of(cell(used, amount)) == shade


def test_shades_grow_darker_and_carry_readable_numbers() -> None:
    lights = [luminance(colour) for colour in SHADES]
    assert lights == sorted(lights, reverse=True)
    ink, paper = luminance("#1b2a33"), 1.0
    for index, light in enumerate(lights):
        text = paper if index >= 4 else ink
        contrast = (max(light, text) + 0.05) / (min(light, text) + 0.05)
        assert contrast >= 4.5


def test_a_heat_map_has_a_panel_a_year_and_every_number() -> None:
    problem = small_case()
    books = Books(problem, small_document(problem))
    places, support = occupancy(books)
    panels = heat_maps(places, "en")
    assert [panel.name for panel in panels] == ["places-2016", "places-2017"]
    assert texts(panels[0]) == [
        *("2016", "50", "51", "52", "Café A", "0", "1", "1", "Workshop B", "1", "1", "1"),
        *("All sites", "1", "2", "2"),
    ]
    assert "2 sites, 3 weeks. Most in use: 2 of 3 in 2016-W51." in str(panels[0])
    assert "30" in texts(heat_maps(support, "en")[0])


def test_names_lie_over_those_of_the_heat_map() -> None:
    problem = small_case()
    places = occupancy(Books(problem, small_document(problem)))[0]
    pairs = [
        *zip(heat_maps(places, "en"), names_beside(places, "en"), strict=True),
        (overview(places, "en"), overview_names(places)),
    ]
    assert len(pairs) == 3
    for panel, names in pairs:
        kept = {(n.text, n.get("x"), n.get("y")) for n in fromstring(str(panel)).iter("text")}
        over = [(n.text, n.get("x"), n.get("y")) for n in fromstring(str(names)).iter("text")]
        assert {"Café A", "Workshop B"} <= {text for text, *_ in over}
        assert set(over) <= kept


def test_a_timeline_labels_its_ends_apart() -> None:
    problem = small_case()
    books = Books(problem, small_document(problem))
    drawing = timeline_picture(problem, timeline(books), "en")
    root = fromstring(str(drawing))
    ends = {
        (node.text or ""): float(node.get("y") or 0)
        for node in root.iter("text")
        if (node.text or "").startswith(("Started:", "Waiting:"))
    }
    assert ends.keys() == {"Started: 1", "Waiting: 2"}
    rows = timeline(books)
    alike = tuple(row for row in rows[:1])
    both = [
        float(node.get("y") or 0)
        for node in fromstring(str(timeline_picture(problem, alike, "en"))).iter("text")
        if (node.text or "").startswith(("Started:", "Waiting:"))
    ]
    assert abs(both[0] - both[1]) >= 17
