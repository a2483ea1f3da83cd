"""What is killed when: drawn from a seed, before anything begins."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal, get_args

Victim = Literal[
    "web with workers",
    "web with a cluster",
    "Dask scheduler",
    "nanny",
    "worker",
    "engine",
    "machine",
    "sleeper",
]
"""``nanny`` is the process that keeps the cluster's worker; ``machine`` is everything at once. A
``sleeper`` is a worker that is not killed but stopped, and wakes up when it has been given up."""
Moment = Literal["at once", "claimed", "begun", "solving", "ending", "again while it starts"]
"""Where the run is that the kill waits for. ``ending``: its plan is checked, explained, written."""

_MODERATE: dict[Victim, int] = {
    "web with workers": 4,
    "web with a cluster": 3,
    "Dask scheduler": 4,
    "nanny": 2,
    "worker": 5,
    "engine": 6,
    "machine": 1,
    "sleeper": 3,
}
_PAUSES: dict[Moment, float] = {
    "at once": 1.5,
    "claimed": 0.05,
    "begun": 0.3,
    "solving": 0.5,
    "ending": 0.15,
    "again while it starts": 2.5,
}
"""A kill comes up to so many seconds after its moment."""


@dataclass(frozen=True, slots=True)
class Kill:
    """A `kill -9`."""

    victim: Victim
    moment: Moment
    pause_seconds: float
    draw: int
    """Which of several, where there are several."""
    rest_seconds: float
    """How long the operator's supervisor waits before it starts anew what ended."""
    sends: int
    """How often the run of this round is sent, under one key."""
    sent_first: bool
    """The run is sent before the kill; else while something is down."""


def draw_schedule(seed: int, rounds: int) -> list[Kill]:
    """A kill for each round; every victim comes once before any comes again."""
    draws = random.Random(seed)
    every = list(get_args(Victim))
    draws.shuffle(every)
    victims = every + draws.choices(list(_MODERATE), list(_MODERATE.values()), k=rounds)
    moments = draws.choices(get_args(Moment), k=rounds)
    return [_draw(draws, victims[number], moments[number]) for number in range(rounds)]


def _draw(draws: random.Random, victim: Victim, moment: Moment) -> Kill:
    return Kill(
        victim,
        moment,
        pause_seconds=draws.uniform(0, _PAUSES[moment]),
        draw=draws.randrange(2**16),
        rest_seconds=draws.choice((0.0, draws.uniform(0, 2))),
        sends=draws.choice((1, 1, 2, 3)),
        sent_first=draws.random() < 0.8,
    )
