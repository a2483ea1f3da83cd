"""Rows of the model, by rule, over columns that nobody has to write out.

An option is a person on a course, so nearly every row says the same of all options of a course
(money, places) or of a person (one course). A group keeps these two small matrices and the few
entries that belong to single options; columns and prices of options come from them when asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scheduler.violation import RuleName

if TYPE_CHECKING:
    from scheduler.instance import Instance

Ints = NDArray[np.int64]
Number = TypeVar("Number", np.int64, np.float64)

UNLIMITED = 2**62
"""Stands for no limit in `RowGroup.upper`, and ``-UNLIMITED`` in `RowGroup.lower`."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What a row demands, by the ids of the records it stands for."""

    rule: RuleName
    unit: str
    """``places`` (any resource), ``courses``, ``ore`` or ``people``: what the limit counts."""
    person_id: str | None = None
    offer_id: str | None = None
    site_id: str | None = None
    programme_id: str | None = None
    contract_id: str | None = None
    budget_line_id: str | None = None
    resource: str | None = None
    week: int | None = None
    """Ordinal of the week."""
    year: int | None = None
    side: str = "most"
    """``most``, ``least``, ``link`` (ties auxiliary variables to options) or ``fixed``."""


@dataclass(frozen=True, slots=True)
class Switches:
    """Variables 0 or 1 of a group that say whether something is used at all."""

    matrix: sparse.csc_array
    """``matrix[row, switch]``."""
    used: Ints
    """``used[switch]``: the row whose options turn the switch on."""


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows ``lower <= A·options + B·shortfalls + C·switches <= upper`` of one rule.

    ``A[:, option] = by_course[:, course of option] + by_person[:, person of option]
    + by_option[:, option]``; a matrix that is none is zero.
    """

    rule: RuleName
    lower: Ints
    upper: Ints
    demands: tuple[Demand, ...]
    """What each row stands for."""
    by_course: sparse.csc_array | None = None
    by_person: sparse.csc_array | None = None
    by_option: sparse.csc_array | None = None
    by_shortfall: sparse.csc_array | None = None
    """``by_shortfall[row, shortfall]`` over `Supply.shortfalls`."""
    switches: Switches | None = None

    def __post_init__(self) -> None:
        assert len(self.demands) == len(self.lower) == len(self.upper)

    @property
    def size(self) -> int:
        """The number of rows."""
        return len(self.lower)

    def columns(self, instance: Instance, options: NDArray[np.integer]) -> sparse.csc_array:
        """``A[row, k]`` for the k-th of `options` (indices), whole numbers."""
        total = sparse.csc_array((self.size, len(options)), dtype=np.int64)
        if self.by_course is not None:
            total = total + self.by_course[:, instance.options.course[options]]
        if self.by_person is not None:
            total = total + self.by_person[:, instance.options.person[options]]
        if self.by_option is not None:
            total = total + self.by_option[:, options]
        return sparse.csc_array(total)

    def price(self, instance: Instance, duals: NDArray[Number]) -> NDArray[Number]:
        """``A[:, option]ᵀ·duals`` for every option, without the columns.

        Parameters
        ----------
        duals
            ``duals[row]``; whole numbers stay whole (and exact below 2⁶³) if given as such.
        """
        priced = np.zeros(instance.options.count, dtype=duals.dtype)
        if self.by_course is not None:
            priced += (self.by_course.T @ duals)[instance.options.course]
        if self.by_person is not None:
            priced += (self.by_person.T @ duals)[instance.options.person]
        if self.by_option is not None:
            priced += self.by_option.T @ duals
        return priced

    def activity(self, instance: Instance, chosen: NDArray[np.integer]) -> Ints:
        """``activity[row]`` of the options alone, for the chosen ones."""
        total = np.zeros(self.size, dtype=np.int64)
        if self.by_course is not None:
            counts = np.bincount(
                instance.options.course[chosen], minlength=instance.courses.count
            ).astype(np.int64)
            total += self.by_course @ counts
        if self.by_person is not None:
            people = np.bincount(
                instance.options.person[chosen], minlength=len(instance.supply.people)
            ).astype(np.int64)
            total += self.by_person @ people
        if self.by_option is not None:
            total += np.asarray(self.by_option[:, chosen].sum(axis=1)).astype(np.int64)
        return total


def entries(
    rows: NDArray[np.integer],
    columns: NDArray[np.integer],
    values: NDArray[np.integer],
    shape: tuple[int, int],
) -> sparse.csc_array:
    """A sparse matrix of whole numbers from its entries; entries of one place are summed."""
    matrix = sparse.coo_array((values.astype(np.int64), (rows, columns)), shape=shape)
    return sparse.csc_array(matrix)


def of_limits(upper: Ints) -> tuple[Ints, Ints]:
    """``(lower, upper)`` of rows that only have a most."""
    return np.full(len(upper), -UNLIMITED, dtype=np.int64), upper


def switched_rows(
    *,
    rule: RuleName,
    counted: sparse.csc_array,
    least: Ints,
    most: Ints,
    demands: tuple[Demand, ...],
) -> RowGroup:
    """``least·switch <= counted <= most·switch`` with a switch (0 or 1) for each demand.

    Parameters
    ----------
    counted
        ``counted[demand, course]``: what each option of a course counts.
    demands
        With side ``least``; the rows that tie the switch are given the side ``link``.
    """
    size = len(demands)
    eye = sparse.eye_array(size, dtype=np.int64)
    matrix = sparse.vstack(
        [eye.multiply(-least[:, None]), eye.multiply(-most[:, None])], format="csc"
    )
    links = tuple(replace(demand, side="link") for demand in demands)
    return RowGroup(
        rule=rule,
        lower=np.concatenate([np.zeros(size, np.int64), np.full(size, -UNLIMITED, np.int64)]),
        upper=np.concatenate([np.full(size, UNLIMITED, np.int64), np.zeros(size, np.int64)]),
        demands=demands + links,
        by_course=sparse.csc_array(sparse.vstack([counted, counted])),
        switches=Switches(sparse.csc_array(matrix), np.arange(size, 2 * size)),
    )
