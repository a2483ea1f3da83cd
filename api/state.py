"""What the whole application shares, and where a request finds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import CollectorRegistry
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
    is_dispatching: Callable[[], bool]
    """Whether runs are being looked for."""
    measured: CollectorRegistry
    """What `/metrics` shows."""


def state_of(request: Request) -> State:
    """The application's state."""
    state = request.app.state.ungeplan
    assert isinstance(state, State)
    return state
