"""Rows of the model, by rule, over columns that nobody has to write out.

An option is a person on a course, so nearly every row says the same of all options of a course
(money, places) or of a person (one course). A group keeps these two small matrices and the few
entries that belong to single options; columns and prices of options come from them when asked.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
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


@dataclass(frozen=True)
class Coefficients:
    """A matrix A of rows over options that is never written out whole.

    ``A[:, option] = by_course[:, course of option] + by_person[:, person of option]
    + by_option[:, option]``; a matrix that is none is zero.
    """

    size: int
    """The number of rows."""
    by_course: sparse.csc_array | None = None
    by_person: sparse.csc_array | None = None
    by_option: sparse.csr_array | None = None
    """Few entries: by rows, which takes no memory for options without any."""

    def columns(self, instance: Instance, options: NDArray[np.integer]) -> sparse.csc_array:
        """``A[row, k]`` for the k-th of `options` (indices), whole numbers."""
        parts: list[sparse.csc_array] = []
        if self.by_course is not None:
            parts.append(self.by_course[:, instance.options.course[options]])
        if self.by_person is not None:
            parts.append(self.by_person[:, instance.options.person[options]])
        if self.by_option is not None:
            parts.append(self._of_own(options))
        if not parts:
            return sparse.csc_array((self.size, len(options)), dtype=np.int64)
        return sparse.csc_array(reduce(operator.add, parts))

    def entries_of(self, instance: Instance, option: int) -> tuple[Ints, Ints]:
        """The rows and numbers of one option's column; where a row stands twice, they add up."""
        parts: list[tuple[sparse.csc_array | sparse.csr_array, int]] = []
        if self.by_course is not None:
            parts.append((self.by_course, int(instance.options.course[option])))
        if self.by_person is not None:
            parts.append((self.by_person, int(instance.options.person[option])))
        if self.by_option is not None:
            at = int(np.searchsorted(self._own, option))
            if at < len(self._own) and self._own[at] == option:
                parts.append((self._own_transposed, at))
        spans = [(part, slice(part.indptr[at], part.indptr[at + 1])) for part, at in parts]
        none = np.zeros(0, dtype=np.int64)
        return (
            np.concatenate([none, *(part.indices[span] for part, span in spans)]),
            np.concatenate([none, *(part.data[span] for part, span in spans)]),
        )

    def price(self, instance: Instance, duals: NDArray[Number]) -> NDArray[Number]:
        """``A[:, option]ᵀ·duals`` for every option, without the columns.

        Parameters
        ----------
        duals
            ``duals[row]``; whole numbers stay whole (and exact below 2⁶³) if given as such.
        """
        if self.by_course is not None:
            priced = (self.by_course.T @ duals)[instance.options.course]
        else:
            priced = np.zeros(instance.options.count, dtype=duals.dtype)
        if self.by_person is not None:
            of_person = self.by_person.T @ duals
            if of_person.any():
                priced += of_person[instance.options.person]
        if self.by_option is not None:
            priced[self._own] += self._own_transposed @ duals
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
            total += np.asarray(self._of_own(chosen).sum(axis=1)).astype(np.int64)
        return total

    def own_entries(self, part: slice) -> tuple[Ints, sparse.csr_array]:
        """The options of `part` that have entries of their own, and these, an option a line."""
        if self.by_option is None:
            return np.zeros(0, dtype=np.int64), sparse.csr_array((0, self.size), dtype=np.int64)
        span = slice(*np.searchsorted(self._own, [part.start, part.stop]))
        return self._own[span], self._own_transposed[span]

    @cached_property
    def _own(self) -> Ints:
        """The options with entries of their own."""
        assert self.by_option is not None
        return np.unique(self.by_option.indices).astype(np.int64)

    @cached_property
    def _own_transposed(self) -> sparse.csr_array:
        """``entry[k, row]`` of the k-th of those options."""
        assert self.by_option is not None
        return sparse.csr_array(self.by_option[:, self._own].T)

    @cached_property
    def _own_or_none(self) -> sparse.csc_array:
        """``entry[row, k]`` of the k-th of those options, and a last column of none."""
        none = sparse.csr_array((1, self.size), dtype=np.int64)
        return sparse.csc_array(sparse.vstack([self._own_transposed, none], format="csr").T)

    def _of_own(self, options: NDArray[np.integer]) -> sparse.csc_array:
        at = np.searchsorted(self._own, options)
        is_own = np.append(self._own, -1)[at] == options
        return sparse.csc_array(self._own_or_none[:, np.where(is_own, at, len(self._own))])


class Pricer:
    """Prices options in floating point again and again, some that stand side by side at a time.

    Parameters
    ----------
    rows, instance
        What is priced.
    parts
        Options side by side; what is worked out of a small part need not leave the processor.
    """

    def __init__(self, rows: Coefficients, instance: Instance, parts: Sequence[slice]) -> None:
        courses, people = instance.courses.count, len(instance.supply.people)
        self._by_course = _transposed(rows.by_course, rows.size, courses)
        self._by_person = _transposed(rows.by_person, rows.size, people)
        self._parts = [_PricedPart.of(rows, instance, part) for part in parts]

    def look_up(self, duals: NDArray[np.float64]) -> Prices:
        """What courses and people cost at so much for each row."""
        of_person = self._by_person @ duals
        return Prices(duals, self._by_course @ duals, of_person if of_person.any() else None)

    def price(self, number: int, prices: Prices) -> NDArray[np.float64]:
        """``A[:, option]ᵀ·duals`` for each option of a part, as `Coefficients.price` says."""
        part = self._parts[number]
        # As numpy looks up fastest.
        priced = np.take(prices.of_course, part.course.astype(np.intp))
        if prices.of_person is not None:
            priced += np.take(prices.of_person, part.person.astype(np.intp))
        if len(part.own) == len(priced):
            priced += part.by_own @ prices.duals
        elif len(part.own):
            priced[part.own] += part.by_own @ prices.duals
        return priced


@dataclass(frozen=True, slots=True)
class Prices:
    """What a pricer looks up."""

    duals: NDArray[np.float64]
    of_course: NDArray[np.float64]
    of_person: NDArray[np.float64] | None
    """None: nothing."""


@dataclass(frozen=True, slots=True)
class _PricedPart:
    course: NDArray[np.int32]
    """``course[k]`` of the k-th of these options."""
    person: NDArray[np.int32]
    """``person[k]``."""
    own: Ints
    """Which of these options have entries of their own."""
    by_own: sparse.csr_array
    """``entry[j, row]`` of the j-th of those."""

    @classmethod
    def of(cls, rows: Coefficients, instance: Instance, part: slice) -> _PricedPart:
        own, entries = rows.own_entries(part)
        return cls(
            course=instance.options.course[part],
            person=instance.options.person[part],
            own=own - part.start,
            by_own=entries.astype(np.float64),
        )


def _transposed(matrix: sparse.csc_array | None, size: int, width: int) -> sparse.csr_array:
    if matrix is None:
        return sparse.csr_array((width, size))
    return sparse.csr_array(matrix.T).astype(np.float64)


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows ``lower <= A·options + B·shortfalls + C·switches <= upper`` of one rule.

    A is kept small, as `Coefficients` says.
    """

    rule: RuleName
    lower: Ints
    upper: Ints
    demands: tuple[Demand, ...]
    """What each row stands for."""
    by_course: sparse.csc_array | None = None
    by_person: sparse.csc_array | None = None
    by_option: sparse.csr_array | None = None
    by_shortfall: sparse.csc_array | None = None
    """``by_shortfall[row, shortfall]`` over `Supply.shortfalls`."""
    switches: Switches | None = None

    def __post_init__(self) -> None:
        assert len(self.demands) == len(self.lower) == len(self.upper)

    @property
    def size(self) -> int:
        """The number of rows."""
        return len(self.lower)

    @property
    def coefficients(self) -> Coefficients:
        """The rows over options."""
        return Coefficients(self.size, self.by_course, self.by_person, self.by_option)

    @property
    def implied(self) -> NDArray[np.bool_]:
        """``implied[row]``: whether every plan that keeps the row before or after keeps it too.

        It asks for no more of each option than that row does, and has no less room. The rows that
        are left after all implied ones are gone imply them, one through the other.
        """
        implied = np.zeros(self.size, dtype=np.bool_)
        is_least = (self.lower > -UNLIMITED).any() or self.by_shortfall is not None
        if self.size == 0 or is_least or self.switches is not None or self.by_person is not None:
            return implied
        up, down = self.upper[1:] <= self.upper[:-1], self.upper[:-1] <= self.upper[1:]
        for matrix in (self.by_course, self.by_option):
            if matrix is not None and matrix.nnz:
                rows = sparse.csr_array(matrix)
                steps = sparse.csr_array(rows[1:] - rows[:-1])
                up &= steps.min(axis=1).toarray().ravel() >= 0
                down &= steps.max(axis=1).toarray().ravel() <= 0
        implied[:-1] |= up
        implied[1:] |= down & ~up
        return implied

    def only(self, rows: NDArray[np.integer]) -> RowGroup:
        """Some of the rows of a group without switches, by index."""

        def some(matrix: sparse.csc_array | None) -> sparse.csc_array | None:
            return None if matrix is None else sparse.csc_array(matrix.tocsr()[rows])

        assert self.switches is None
        return replace(
            self,
            lower=self.lower[rows],
            upper=self.upper[rows],
            demands=tuple(self.demands[row] for row in rows.tolist()),
            by_course=some(self.by_course),
            by_person=some(self.by_person),
            by_option=None if self.by_option is None else sparse.csr_array(self.by_option[rows]),
            by_shortfall=some(self.by_shortfall),
        )

    def columns(self, instance: Instance, options: NDArray[np.integer]) -> sparse.csc_array:
        """See `Coefficients.columns`."""
        return self.coefficients.columns(instance, options)

    def price(self, instance: Instance, duals: NDArray[Number]) -> NDArray[Number]:
        """See `Coefficients.price`."""
        return self.coefficients.price(instance, duals)

    def activity(self, instance: Instance, chosen: NDArray[np.integer]) -> Ints:
        """See `Coefficients.activity`."""
        return self.coefficients.activity(instance, chosen)


def joined(groups: Sequence[RowGroup], instance: Instance) -> Coefficients:
    """The rows of all groups, one group below the other."""
    sizes = [group.size for group in groups]
    courses, people = instance.courses.count, len(instance.supply.people)
    options = instance.options.count
    return Coefficients(
        size=sum(sizes),
        by_course=stacked([g.by_course for g in groups], sizes, courses).tocsc(),
        by_person=stacked([g.by_person for g in groups], sizes, people).tocsc(),
        by_option=stacked([g.by_option for g in groups], sizes, options),
    )


def stacked(
    matrices: Sequence[sparse.csc_array | sparse.csr_array | None], sizes: Sequence[int], width: int
) -> sparse.csr_array:
    """The matrices below each other; one that is none is zero."""
    blocks = [
        sparse.csr_array((size, width), dtype=np.int64)
        if matrix is None
        else sparse.csr_array(matrix)
        for matrix, size in zip(matrices, sizes, strict=True)
    ]
    empty = sparse.csr_array((0, width), dtype=np.int64)
    return sparse.csr_array(sparse.vstack([empty, *blocks], format="csr"))


def entries(
    rows: NDArray[np.integer],
    columns: NDArray[np.integer],
    values: NDArray[np.integer],
    shape: tuple[int, int],
) -> sparse.csc_array:
    """A sparse matrix of whole numbers from its entries; entries of one place are summed."""
    return sparse.csc_array(_listed(rows, columns, values, shape))


def few_entries(
    rows: NDArray[np.integer],
    columns: NDArray[np.integer],
    values: NDArray[np.integer],
    shape: tuple[int, int],
) -> sparse.csr_array:
    """As `entries`, kept by rows: for a matrix as wide as there are options."""
    return sparse.csr_array(_listed(rows, columns, values, shape))


def _listed(
    rows: NDArray[np.integer],
    columns: NDArray[np.integer],
    values: NDArray[np.integer],
    shape: tuple[int, int],
) -> sparse.coo_array:
    return sparse.coo_array((values.astype(np.int64), (rows, columns)), shape=shape)


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
