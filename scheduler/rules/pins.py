"""``pins``: fixed placements happen, forbidden ones do not.

Rule: for each fixed pin the options that fit it sum to 1; options that fit a forbidden pin are left
out.

Why: the planner has the last word.

Checked by: `scheduler.check.pins`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from scheduler.person import Pin
from scheduler.rules.rows import Demand, RowGroup, few_entries
from scheduler.rules.rule import Bools, Rule

if TYPE_CHECKING:
    from scheduler.instance import Courses, Instance, Options, Supply


def _fits(supply: Supply, courses: Courses, options: Options, pin: Pin) -> Bools:
    """``fits[option]``."""
    person = supply.person_index.get(pin.person_id, -1)
    fits = np.asarray(options.person == person, dtype=np.bool_)
    if pin.offer_id is not None:
        fits &= courses.offer[options.course] == supply.offer_index[pin.offer_id]
    if pin.start is not None:
        fits &= courses.start[options.course] == supply.position(pin.start)
    return fits


def _allows(supply: Supply, courses: Courses, options: Options) -> Bools:
    allowed = np.ones(options.count, dtype=np.bool_)
    for pin in supply.problem.pins:
        if pin.kind == "forbidden":
            allowed &= ~_fits(supply, courses, options, pin)
    return allowed


def _rows(instance: Instance) -> Iterable[RowGroup]:
    supply, options = instance.supply, instance.options
    fixed = sorted(
        (pin for pin in supply.problem.pins if pin.kind == "fixed"), key=lambda pin: pin.person_id
    )
    if not fixed:
        return
    fitting = [np.flatnonzero(_fits(supply, instance.courses, options, pin)) for pin in fixed]
    columns = np.concatenate(fitting)
    rows = np.repeat(np.arange(len(fixed)), [len(own) for own in fitting])
    one = np.ones(len(fixed), dtype=np.int64)
    yield RowGroup(
        rule="pins",
        lower=one,
        upper=one,
        demands=tuple(
            Demand(
                rule="pins",
                unit="people",
                person_id=pin.person_id,
                offer_id=pin.offer_id,
                week=None if pin.start is None else pin.start.ordinal,
                side="fixed",
            )
            for pin in fixed
        ),
        by_option=few_entries(
            rows, columns, np.ones(len(rows), np.int64), (len(fixed), options.count)
        ),
    )


RULE = Rule("pins", allows_options=_allows, rows=_rows)
