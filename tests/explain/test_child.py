from __future__ import annotations

import multiprocessing
import os
import signal

import pytest
from small import offer, person, site, small_problem, week

from scheduler.errors import EngineFailed
from scheduler.explain.child import explain_in_child
from scheduler.explain.conflict import Explained, explain_conflict
from scheduler.person import Pin

CROWDED = small_problem(
    people=tuple(person(f"p{number}") for number in range(6)),
    sites=(site("cafe", places=5), site("shop", places=5)),
    offers=(offer("course"), offer("other", site_id="shop")),
    pins=tuple(
        Pin(kind="fixed", person_id=f"p{number}", offer_id="course", start=week("2016-W27"))
        for number in range(6)
    ),
)


def test_a_child_finds_what_this_process_finds_and_tells_how_far_it_is() -> None:
    told: list[Explained] = []
    found, stopped = explain_in_child(CROWDED, told.append, lambda: False)

    assert not stopped
    assert found == explain_conflict(CROWDED)
    assert found.is_smallest
    assert {one.phase for one in told} >= {"conflict", "relax"}
    assert multiprocessing.active_children() == []


def test_a_stop_keeps_the_conflict_so_far() -> None:
    told: list[Explained] = []

    def some_were_left_out() -> bool:
        return bool(told and told[-1].conflict)

    found, stopped = explain_in_child(CROWDED, told.append, some_were_left_out)

    assert stopped
    assert found == told[-1]
    assert not found.is_smallest
    assert len(found.conflict) >= len(explain_conflict(CROWDED).conflict)
    assert multiprocessing.active_children() == []


def test_a_stop_before_anything_is_known_keeps_nothing() -> None:
    assert explain_in_child(CROWDED, lambda _: None, lambda: True) == (Explained(), True)


def test_a_child_that_is_gone_is_an_engine_that_failed() -> None:
    def kill(known: Explained) -> None:
        if known.of:
            (child,) = multiprocessing.active_children()
            os.kill(child.pid, signal.SIGKILL)

    with pytest.raises(EngineFailed, match=r"ended by itself \(exit code -9\)"):
        explain_in_child(CROWDED, kill, lambda: False)


def test_what_breaks_in_the_child_is_said() -> None:
    not_to_be_compiled = CROWDED.model_copy(update={"offers": None})

    with pytest.raises(EngineFailed, match="TypeError"):
        explain_in_child(not_to_be_compiled, lambda _: None, lambda: False)
