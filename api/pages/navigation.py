"""The links at the top of every page: those that the caller may follow."""

from __future__ import annotations

from dataclasses import dataclass

from api.security.caller import Caller
from api.security.permissions import Action
from scheduler.language import Message


@dataclass(frozen=True, slots=True)
class Destination:
    """A page that is reached from everywhere."""

    label: Message
    href: str
    action: Action


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """A link as shown."""

    label: Message
    href: str
    is_here: bool


DESTINATIONS = (
    Destination(Message("Overview"), "/", Action.OWN_SESSION),
    Destination(Message("Runs"), "/runs", Action.READ_MEASUREMENTS),
    Destination(Message("New problem"), "/problems/new", Action.WRITE_PROBLEM),
    Destination(Message("Accounts"), "/accounts", Action.MANAGE_ACCOUNTS),
)


def navigation(caller: Caller | None, path: str) -> tuple[NavigationLink, ...]:
    """The links for somebody on the page at `path`; none where nobody is logged in yet."""
    if caller is None or caller.must_change_password:
        return ()
    return tuple(
        NavigationLink(there.label, there.href, there.href == path)
        for there in DESTINATIONS
        if caller.may(there.action)
    )
