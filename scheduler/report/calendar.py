"""``starts.ics``: the days on which people start, for a calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from icalendar import Calendar, Event

from scheduler.language import Language, Message
from scheduler.report.tables import STAMP
from scheduler.report.views.people import Start

_PRODUCT = "-//Ungeplan//Ungeplan//DA"


def calendar_ics(
    title: str, starts: Sequence[Start], made_at: dt.datetime, language: Language
) -> bytes:
    """A day for each start, with the person's id and the site, and nothing more.

    Calendars travel far: to phones, and to others who share them.

    Parameters
    ----------
    title
        What the calendar is called; the stamp is added.
    starts
        Who starts.
    made_at
        When the plan was made, so that the same plan gives the same bytes.
    language
        Of the title.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    name = Message("{title} ({stamp})", title=title, stamp=STAMP).render(language)
    calendar.add("x-wr-calname", name)
    for start in starts:
        calendar.add_component(_event(start, made_at))
    content: bytes = calendar.to_ical()
    return content


def _event(start: Start, made_at: dt.datetime) -> Event:
    event = Event()
    day = start.start.monday
    event.add("uid", f"{start.person_id}-{start.start}@ungeplan")
    event.add("dtstamp", made_at.astimezone(dt.UTC).replace(microsecond=0))
    event.add("dtstart", day)
    event.add("dtend", day + dt.timedelta(days=1))
    event.add("summary", f"{start.person_id} · {start.site}")
    event.add("class", "CONFIDENTIAL")
    event.add("transp", "TRANSPARENT")
    return event
