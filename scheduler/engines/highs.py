"""HiGHS, and its branch and cut over the whole model or a part of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from scheduler.engines.engine import Answer, Chosen, Task, Tell
from scheduler.engines.forms import Beside, Form, Written
from scheduler.errors import EngineFailed
from scheduler.formulation import Formulation

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_ROUND = 1e-9
"""Relative slack when a bound in floating point is rounded to a whole number."""
_ROUND_LEAST = 1e-6
"""The least such slack."""
_RACERS = 2
_MOST_SEED = 2**31 - 1
"""HiGHS takes no larger one."""
_FEASIBLE = 2
"""HiGHS's status of a solution that is one."""


@dataclass(frozen=True, slots=True)
class Search:
    """How HiGHS searches."""

    effort: float
    """The share of its work that goes into looking for plans."""
    nodes: int | None
    """How many nodes it looks at; none: as many as it takes."""


class Work:
    """How much a search has done, in questions of HiGHS's whether to go on.

    It asks after every so much work, whatever the clock says: the same search always ends alike.

    Parameters
    ----------
    most
        How much it may do; none: as much as it takes.
    """

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self.done = 0
        self.is_fruitful = False
        """Whether it has ended with what was looked for; whoever looks says so."""
        self.rivals: Sequence[Work] = ()
        """Searches side by side with it: whichever has what is looked for after the least work
        ends the others, so who that is does not hang on the clock."""

    @classmethod
    def of_rivals(cls, count: int, most: int | None = None) -> list[Work]:
        """So many searches side by side."""
        all_of_them = [cls(most) for _ in range(count)]
        for work in all_of_them:
            work.rivals = all_of_them
        return all_of_them

    @property
    def is_used_up(self) -> bool:
        """Whether it wanted to do more than it may."""
        return self.most is not None and self.done > self.most

    def use_up(self) -> None:
        """As if it had done all it may."""
        if self.most is not None:
            self.done = self.most + 1

    def goes_on(self) -> bool:
        """Counts one more, and says whether more may be done."""
        self.done += 1
        if self.is_used_up:
            return False
        return not any(rival.is_fruitful and rival.done < self.done for rival in self.rivals)


THOROUGH = Search(effort=0.05, nodes=None)
BRIEF = Search(effort=0.3, nodes=30)
"""For problems whose bound is close from the start, so that only a plan is missing."""
GLANCE = Search(effort=0.3, nodes=5)
"""For parts of a plan, of which there are many."""


def new_highs(**options: Any) -> Any:
    """A silent HiGHS with these options."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    for name, value in options.items():
        highs.setOptionValue(name, value)
    return highs


def load(highs: Any, stage: Written, *, integer: bool) -> None:
    """The stage is in `highs`, as a minimisation of its negative."""
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = stage.matrix.shape
    model.col_cost_ = -stage.cost
    model.offset_ = -float(stage.constant)
    model.col_lower_, model.col_upper_ = stage.least, stage.most
    model.row_lower_, model.row_upper_ = stage.lower, stage.upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = stage.matrix.indptr
    model.a_matrix_.index_ = stage.matrix.indices
    model.a_matrix_.value_ = stage.matrix.data
    if integer:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(whole)] for whole in stage.whole]
    if highs.passModel(model) == highspy.HighsStatus.kError:
        raise EngineFailed("HiGHS refused the model")


def interrupt_lp(highs: Any, is_over: Callable[[], bool]) -> None:
    """Simplex and interior point ask now and then whether to stop."""

    def hear(_: Any, __: str, ___: Any, into: Any, ____: object) -> None:
        into.user_interrupt = is_over()

    highs.setCallback(hear, None)
    for kind in (
        highspy.cb.HighsCallbackType.kCallbackIpmInterrupt,
        highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt,
    ):
        highs.startCallback(kind)


def solve_small(
    written: Written, near: float, nodes: int, *, restarts: bool = True
) -> Floats | None:
    """A solution of a small problem within `near` of the best, or what few nodes find; or none."""
    highs = new_highs(
        threads=1,
        mip_rel_gap=0.0,
        mip_abs_gap=near,
        mip_heuristic_effort=THOROUGH.effort,
        mip_max_nodes=nodes,
        mip_allow_restart=restarts,
    )
    load(highs, written, integer=True)
    highs.run()
    if highs.getInfo().primal_solution_status != _FEASIBLE:
        return None
    return np.asarray(highs.getSolution().col_value)


class WholeMip:
    """HiGHS's branch and cut on the whole model."""

    def solve(self, formulation: Formulation, task: Task, tell: Tell) -> Answer:
        """The best plan by HiGHS over all columns."""
        every = np.arange(formulation.option_count)
        return solve_mip(Form(formulation, "changes"), task, tell, every)


def solve_mip(
    form: Form,
    task: Task,
    tell: Tell,
    options: Ints,
    search: Search = THOROUGH,
    misses: Floats | None = None,
    one_of: Ints | None = None,
    work: Work | None = None,
    beside: Beside | None = None,
) -> Answer:
    """The best plan that uses only `options`, by HiGHS's branch and cut.

    Under floors that leave no room, a search in whole numbers hardly finds a plan at all. With
    `misses` it may pass through solutions that miss a floor by little, at a price; those are no
    plans and are not told of. With `one_of` only plans that use at least one of these are looked
    at; where there is none the answer is infeasible, whatever plan is known. `work` counts what is
    done, and may end it. `beside` is in every plan.

    HiGHS is not given the plan known: it would spend its time around it, and was many times slower.
    It is stopped once its bound comes close enough to that plan.
    """
    if one_of is not None and not len(one_of):
        return Answer("infeasible")
    work = work or Work()
    answer, is_refused = _branch_and_cut(
        form, task, tell, options, search, work, misses, one_of, beside
    )
    if misses is None and is_refused and answer.status == "feasible" and not answer.clock:
        # A plan of HiGHS's broke a row by less than HiGHS sees: it has to look closer.
        tight = {"mip_feasibility_tolerance": 1e-9, "primal_feasibility_tolerance": 1e-9}
        answer, _ = _branch_and_cut(
            form, task, tell, options, search, work, None, one_of, beside, **tight
        )
    return answer


def other_seed(seed: int, number: int) -> int:
    """Another seed that HiGHS takes, for each number; the same for 0."""
    return (seed + number) % _MOST_SEED


def race(form: Form, task: Task, tell: Tell, options: Ints, search: Search) -> Answer:
    """The same by searches side by side that differ in their seed: how long one takes is luck.

    The one that ends after less work counts, so which it is does not hang on the clock.
    """
    works = Work.of_rivals(_RACERS)
    turn = threading.Lock()

    def tell_in_turn(chosen: Chosen | None, bound: int | None) -> None:
        with turn:
            tell(chosen, bound)

    def run(number: int) -> Answer:
        own = replace(task, seed=other_seed(task.seed, number))
        answer = solve_mip(form, own, tell_in_turn, options, search, work=works[number])
        works[number].is_fruitful = answer.status in ("optimal", "within-gap", "infeasible")
        return answer

    with ThreadPoolExecutor(task.threads) as pool:
        answers = list(pool.map(run, range(_RACERS)))
    ended = [number for number in range(_RACERS) if works[number].is_fruitful]
    if ended:
        return answers[min(ended, key=lambda number: works[number].done)]
    bounds = [answer.bound for answer in answers if answer.bound is not None]
    best = max(answers, key=lambda answer: _worth(form, task, answer))
    return replace(best, bound=min(bounds, default=None))


def _worth(form: Form, task: Task, answer: Answer) -> float:
    return -np.inf if answer.chosen is None else task.value(form.formulation, answer.chosen)


def _branch_and_cut(
    form: Form,
    task: Task,
    tell: Tell,
    options: Ints,
    search: Search,
    work: Work,
    misses: Floats | None,
    one_of: Ints | None,
    beside: Beside | None,
    **settings: float,
) -> tuple[Answer, bool]:
    """The answer, and whether a plan of HiGHS's turned out to break a row."""
    highs = new_highs(
        threads=1,
        random_seed=task.seed,
        mip_rel_gap=task.gap_basis_points / 10_000,
        mip_abs_gap=task.objective.step * 0.99,
        mip_heuristic_effort=search.effort,
        **settings,
    )
    if search.nodes is not None:
        highs.setOptionValue("mip_max_nodes", search.nodes)
    if task.seconds is not None:
        highs.setOptionValue("time_limit", max(0.01, task.seconds))
    written = form.over(task, options, misses, beside)
    if one_of is not None:
        written = written.with_one_of(np.searchsorted(options, one_of))
    load(highs, written, integer=True)
    reader = _Reader(form.formulation, task, tell, options, work, beside)
    highs.setCallback(reader.hear, None)
    highs.startCallback(highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution)
    highs.startCallback(highspy.cb.HighsCallbackType.kCallbackMipInterrupt)
    highs.run()
    return reader.answer(highs), reader.is_refused


class _Reader:
    """Reads what HiGHS finds: rounds it, checks it in whole numbers, passes it on."""

    def __init__(
        self,
        formulation: Formulation,
        task: Task,
        tell: Tell,
        options: Ints,
        work: Work,
        beside: Beside | None,
    ) -> None:
        self.formulation = formulation
        self.task = task
        self.tell = tell
        self.options = options
        self.work = work
        self.beside = beside
        self.best = task.start
        self.best_value = None if task.start is None else task.value(formulation, task.start)
        self.is_refused = False
        """Whether a solution of HiGHS's was none in whole numbers."""

    def hear(self, kind: Any, __: str, out: Any, into: Any, ____: object) -> None:
        """Called by HiGHS with each better solution, and to ask whether to stop."""
        bound = self._whole(out.mip_dual_bound)
        if kind == highspy.cb.HighsCallbackType.kCallbackMipInterrupt:
            into.user_interrupt = self._is_over(bound) or not self.work.goes_on()
        elif self.take(np.asarray(out.mip_solution)):
            self.tell(self.best, bound)

    def _is_over(self, bound: int | None) -> bool:
        """Whether the plan known is good enough, or none is left that would be."""
        if bound is not None and self.task.least is not None and bound < self.task.least:
            return True
        if self.best_value is None:
            return False
        if self.task.enough is not None and self.best_value >= self.task.enough:
            return True
        return bound is not None and (
            bound <= self.best_value or self.task.is_close(self.best_value, bound)
        )

    def take(self, solution: Floats) -> bool:
        """Whether the rounded solution is allowed and better than what is known."""
        chosen = self.options[np.rint(solution[: len(self.options)]) == 1]
        if self.beside is not None:
            chosen = np.union1d(chosen, self.beside.options)
        if not self.task.allows(self.formulation, chosen):
            self.is_refused = True
            return False
        value = self.task.value(self.formulation, chosen)
        if self.best_value is not None and value <= self.best_value:
            return False
        self.best, self.best_value = chosen, value
        return True

    def _whole(self, dual_bound: float) -> int | None:
        """The bound of the minimisation as a whole-number bound of the objective."""
        if not np.isfinite(dual_bound):
            return None
        bound = -dual_bound
        return self.task.objective.rounded_down(bound + max(_ROUND_LEAST, _ROUND * abs(bound)))

    def answer(self, highs: Any) -> Answer:
        """What the run comes to."""
        status = highs.getModelStatus()
        info = highs.getInfo()
        clock = status == highspy.HighsModelStatus.kTimeLimit
        if not len(self.options) and self.formulation.column_count == self.formulation.option_count:
            return self._without_choice()
        if status == highspy.HighsModelStatus.kInfeasible:
            return Answer("infeasible")
        if np.isfinite(info.objective_function_value) and info.primal_solution_status == _FEASIBLE:
            self.take(np.asarray(highs.getSolution().col_value))
        bound = self._whole(info.mip_dual_bound)
        if self.best is None or self.best_value is None:
            return Answer("unknown", bound=bound, clock=clock)
        if bound is not None and bound <= self.best_value:
            return Answer("optimal", self.best, self.best_value)
        if bound is not None and self.task.is_close(self.best_value, bound):
            return Answer("within-gap", self.best, bound)
        return Answer("feasible", self.best, bound, clock=clock)

    def _without_choice(self) -> Answer:
        """Placing nobody is the only plan: HiGHS has no bound where no column is whole."""
        self.take(np.zeros(0))
        if self.best is None:
            return Answer("infeasible")
        return Answer("optimal", self.best, self.best_value)
