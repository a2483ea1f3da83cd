"""Searches side by side, each in a lane with a relaxation and luck of its own.

Lanes wait for each other after every step, and what they find counts in an order that does not hang
on the clock: the same seed always ends alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.engine import Answer
from scheduler.engines.forms import Form
from scheduler.engines.highs import Search, Work, solve_mip
from scheduler.engines.master import SimplexRelaxation
from scheduler.engines.relaxation import LEAST_PRICE
from scheduler.engines.standing import Standing

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Found = tuple[Ints, Answer]
"""The options that were searched, ascending, and what came of it."""
T = TypeVar("T")
_LANES = 2
"""So many search side by side."""
_SHALLOW = Search(effort=0.05, nodes=100)
_DEARER = 10
"""How many times its price a floor costs that is missed on the way to a plan."""


@dataclass(frozen=True, slots=True)
class Lane:
    """What a search has to itself."""

    relaxation: SimplexRelaxation
    random: np.random.Generator


def make_lanes(relaxation: SimplexRelaxation, seed: int) -> tuple[Lane, ...]:
    """Lanes that begin at the same solved relaxation."""
    first, *others = np.random.default_rng(seed).spawn(_LANES)
    return Lane(relaxation, first), *(Lane(relaxation.twin(), random) for random in others)


def pool_of(lanes: Sequence[Lane]) -> Bools:
    """``pool[option]``: options that some lane's relaxation asked for."""
    return np.asarray(np.logical_or.reduce([lane.relaxation.pool for lane in lanes]))


def run_all(searches: Sequence[Callable[[], T]], threads: int) -> list[T]:
    """What each gives, in their order; they run side by side."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda search: search(), searches))


def take_rivals(
    standing: Standing, searches: Sequence[Callable[[Work], Found]], most: int | None
) -> list[Work]:
    """Every search runs, and what took least work counts first.

    Parameters
    ----------
    most
        How much work may go into each; none: as much as it takes.

    Returns
    -------
    list[Work]
        What each took.
    """
    works = Work.of_rivals(len(searches), most)
    given = [partial(search, work) for search, work in zip(searches, works, strict=True)]
    found = run_all(given, standing.task.threads)
    for index in sorted(range(len(searches)), key=lambda index: works[index].done):
        if standing.is_open:
            standing.take(*found[index])
    return works


def best_among(
    form: Form,
    standing: Standing,
    options: Ints,
    floor_prices: Floats,
    enough: int,
    work: Work,
    search: Search = _SHALLOW,
    least: int | None = None,
) -> Answer:
    """A plan of `options` worth `enough`, or else the best; floors may be missed on the way.

    It is given up once none can be worth `least`. The work may end it, and is fruitful where the
    plan is worth enough.
    """
    task = replace(
        standing.task,
        start=standing.best,
        gap_basis_points=1,
        enough=enough,
        least=least,
        seconds=standing.clock.left,
    )
    misses = np.maximum(floor_prices, LEAST_PRICE) * _DEARER if len(floor_prices) else None
    answer = solve_mip(form, task, lambda *_: None, options, search, misses=misses, work=work)
    work.is_fruitful = standing.is_worth(answer, enough)
    return answer
