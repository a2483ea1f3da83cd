from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import scheduler
from scheduler.outcome import ExcludedByMissingBudget, PlanDocument
from scheduler.problem import Problem
from scheduler.report.page import report_html, report_page
from scheduler.report.views.books import Books
from scheduler.violation import Violation
from tests.report.cases import small_case, small_document
from tests.report.city import make_city
from tests.report.texts import texts_used

CATALOGUE = Path(scheduler.__file__).parent / "locale" / "da" / "report.po"
VOID = {"meta", "br", "hr", "img", "link", "input"}
ADDRESSES = {"src", "action", "formaction", "data", "poster", "srcset", "xlink:href"}


class Page(HTMLParser):
    """What a page is made of; complains about tags that do not close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.texts.append(data.strip())

    def all(self, name: str) -> Iterator[dict[str, str | None]]:
        return (attributes for tag, attributes in self.tags if tag == name)


@pytest.fixture(scope="module")
def city() -> Books:
    return Books(*make_city(sites=6, weeks=40, people=120))


@pytest.fixture(scope="module")
def small() -> Books:
    problem = small_case()
    return Books(problem, small_document(problem))


@pytest.mark.parametrize("with_persons", [False, True])
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_page_is_whole_in_itself(city: Books, language, with_persons) -> None:
    html = report_html(city, language, with_persons=with_persons)
    page = Page(html)
    assert html.startswith("<!DOCTYPE html>")
    assert not re.search(r"https?://|//[a-z]|url\(|@import|javascript:", html)
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    for _, attributes in page.tags:
        assert not attributes.keys() & ADDRESSES
        assert not any(name.startswith("on") for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_page_can_be_read_by_everybody(city: Books, language) -> None:
    page = Page(report_html(city, language, with_persons=True))
    assert next(page.all("html"))["lang"] == language
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.tags:
        named = (attributes.get("aria-labelledby") or "").split()
        assert set(named) <= set(ids)
        assert (attributes.get("href") or "#main").removeprefix("#") in ids
    assert all(header.get("scope") in {"col", "row"} for header in page.all("th"))
    assert len(list(page.all("caption"))) == len(list(page.all("table"))) > 8
    assert {"header", "nav", "main", "footer"} <= {tag for tag, _ in page.tags}
    drawings = list(page.all("svg"))
    assert len(drawings) >= 8
    assert all(drawing["role"] == "img" for drawing in drawings)


def test_every_picture_has_its_table(city: Books) -> None:
    page = report_page(city, "da")
    figures = [page.money, *page.occupancy, page.timeline, *page.groups, page.waiting_weeks]
    figures.append(page.reasons)
    assert len(figures) == 7
    for figure in figures:
        assert figure is not None
        assert figure.drawings
        assert all(table.rows for table in figure.tables)


def test_nobody_is_on_the_page_unless_asked_for(city: Books) -> None:
    people = {person.id for person in city.problem.people}
    assert len(people) == 120
    without = set(re.findall(r"P\d{3}", report_html(city, "da")))
    assert without == set()
    html = report_html(city, "da", with_persons=True)
    shown = {row.person_id for row in city.document.placements}
    shown |= {row.person_id for row in city.document.waiting}
    assert set(re.findall(r"P\d{3}", html)) == shown
    assert html.count('<p class="stamp">Fortroligt</p>') == 2
    assert "Fortroligt" not in report_html(city, "da")


def test_small_counts_are_shown_together_only_where_others_read(small: Books) -> None:
    others, ours = report_page(small, "en"), report_page(small, "en", with_persons=True)
    assert [figure.tables[0].rows for figure in others.groups] == [
        (("Autism, sight", "1", "3", "4"),),
        (("Priority 1, Priority 2, Priority 3", "1", "2", "3"),),
    ]
    assert ours.groups[0].tables[0].rows == (("Autism", "1", "2", "3"), ("Sight", "0", "1", "1"))
    assert (others.blocked, others.ruled_out) == (None, None)
    assert ours.blocked is not None
    assert ours.ruled_out is not None
    assert "counts of 1 to 4" in others.disclosure
    assert ours.disclosure == ""


def test_texts_of_the_input_are_escaped() -> None:
    problem = small_case(title="<b>R&D</b>")
    html = report_html(Books(problem, small_document(problem)), "en")
    assert "<b>" not in html
    assert "<h1>&lt;b&gt;R&amp;D&lt;/b&gt;</h1>" in html


def test_what_was_decided_is_said_in_one_sentence(small: Books) -> None:
    assert report_page(small, "da").sentence == (
        "Planen giver 1 af 3 unge en plads på 1 forløbssteder og koster 4.000 kr. "
        "2 står på venteliste."
    )
    assert report_page(small, "en").sentence == (
        "The plan gives 1 of 3 young people a place at 1 sites and costs 4,000 kr. 2 wait."
    )


def test_what_a_reader_must_know_is_on_the_page() -> None:
    problem = small_case()
    document = small_document(problem)
    inherited = Violation(
        rule="budget",
        fact="line-exceeded",
        inherited=True,
        person_ids=("dan",),
        budget_line_id="line",
        year=2016,
        limit=100_000,
        value=150_000,
    )
    missing = ExcludedByMissingBudget(budget_line_id="line", year=2018, options=12, people=3)
    stopped = document.provenance.model_copy(update={"repeatable": False})
    changed = document.model_copy(
        update={
            "inherited": (inherited,),
            "excluded_by_missing_budget": (missing,),
            "provenance": stopped,
        }
    )
    first, second, third = report_page(Books(problem, changed), "en").notices
    assert first.startswith("The run was stopped before it was done")
    assert second == "The enrolments alone break a limit: budget line Line 2016 is 500 kr short."
    assert third == (
        "Budget line Line has no decided money in 2018. That excludes 12 possible placements."
    )
    assert "dan" not in second


def test_a_plan_without_anybody_has_a_page() -> None:
    problem = small_case(people=(), enrolments=(), uses=())
    empty = small_document(small_case()).model_copy(
        update={"people": 0, "placements": (), "waiting": ()}
    )
    page = report_page(Books(problem, empty), "en")
    assert (page.groups, page.waiting_weeks, page.reasons) == ((), None, None)
    assert "Nobody waits." in report_html(Books(problem, empty), "en")


def test_every_text_has_its_danish_and_no_danish_is_left_over() -> None:
    with CATALOGUE.open("rb") as file:
        danish = {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}
    assert texts_used() == danish.keys()
    assert all(danish.values())


def test_few_texts_are_the_same_in_both_languages() -> None:
    with CATALOGUE.open("rb") as file:
        alike = {str(entry.id) for entry in read_po(file) if entry.id and entry.id == entry.string}
    assert {text for text in alike if not text.startswith("{")} == {
        "Input (SHA-256)",
        "Match",
        "Reserve",
    }


def test_no_english_is_left_on_the_danish_page(city: Books) -> None:
    with CATALOGUE.open("rb") as file:
        english = {
            str(entry.id)
            for entry in read_po(file)
            if entry.id and entry.id != entry.string and "{" not in str(entry.id)
        }
    shown = set(Page(report_html(city, "da", with_persons=True)).texts)
    assert shown & english == set()
    assert len(set(Page(report_html(city, "en", with_persons=True)).texts) & english) > 60


def test_all_figures_of_the_plan_are_there(city: Books) -> None:
    key = {label: value for label, value, _ in report_page(city, "en").key_figures}
    document: PlanDocument = city.document
    problem: Problem = city.problem
    assert key["Placed"] == str(len(document.placements))
    assert key["Waiting"] == str(len(document.waiting))
    assert key["Seek a place"] == str(sum(person.seeks_place for person in problem.people))
