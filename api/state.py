"""What the whole application shares, and where a request finds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from api.settings import Settings
from api.store import Store


@dataclass(frozen=True, slots=True)
class State:
    """Made once at the start."""

    settings: Settings
    store: Store
    wake: Callable[[], None]
    """Tells the dispatcher that there may be something to do."""


def state_of(request: Request) -> State:
    """The application's state."""
    state = request.app.state.ungeplan
    assert isinstance(state, State)
    return state
