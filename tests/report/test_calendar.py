"""The calendar has a day for each start, and tells no more than id and site."""

from __future__ import annotations

import datetime as dt

from icalendar import Calendar

from scheduler.report.calendar import calendar_ics
from scheduler.report.views.people import start_list
from tests.report.cases import small_case, small_document

MADE = dt.datetime(2016, 12, 12, 9, 30, tzinfo=dt.UTC)


def make() -> bytes:
    problem = small_case()
    return calendar_ics("Small", start_list(problem, small_document(problem)), MADE, "da")


def test_it_has_id_site_and_monday_and_nothing_more() -> None:
    calendar = Calendar.from_ical(make())
    assert str(calendar["x-wr-calname"]) == "Small (Fortroligt)"
    (event,) = calendar.walk("VEVENT")
    assert str(event["summary"]) == "ada · Café A"
    assert event["dtstart"].dt == dt.date(2016, 12, 19)
    assert event["dtend"].dt == dt.date(2016, 12, 20)
    assert str(event["class"]) == "CONFIDENTIAL"
    names = {"SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "CLASS", "TRANSP"}
    assert set(event) == names


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert make() == make()
    assert b"\r\nBEGIN:VEVENT\r\n" in make()
