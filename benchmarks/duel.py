"""Ours against a solver on the whole model, seed by seed: ``python -m benchmarks.duel --help``.

Both are asked for the best plan of each stage, whatever the gap. The peer has the floors that our
run kept, the plan known before the stage, and ten times the time that ours took. It may not end
with a better plan than ours, and no plan of anybody may be better than our bound. With
`--only-open` nobody is asked where our plan is proven best, as nobody can have a better one.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from benchmarks.registry import INSTANCES
from benchmarks.solving import THREADS
from scheduler.engines import EngineName, Task
from scheduler.engines.greedy import place_by_hand
from scheduler.engines.process import EngineProcess
from scheduler.formulation import Floor, Formulation
from scheduler.instance import compile_problem

PEERS: tuple[EngineName, ...] = ("mip", "cpsat")
_TIMES = 10
_LEAST_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Bout:
    """One stage of one seed; numbers so that more is better."""

    instance: str
    seed: int
    stage: str
    peer: EngineName | None
    """None: nobody was asked, as our plan is proven best."""
    ours: int
    bound: int
    theirs: int | None
    seconds: float
    """Ours."""
    their_seconds: float

    @property
    def is_lost(self) -> bool:
        """Whether the peer's plan is better than ours, or than our bound."""
        return self.theirs is not None and (self.theirs > self.ours or self.theirs > self.bound)

    def __str__(self) -> str:
        ours = f"ours {self.ours} of {self.bound} in {self.seconds:.1f} s"
        peer = (
            "proven best"
            if self.peer is None
            else f"{self.peer} {self.theirs} in {self.their_seconds:.0f} s"
        )
        lost = "  LOST" if self.is_lost else ""
        return f"{self.instance} {self.seed} {self.stage}: {ours}, {peer}{lost}"


def duel(
    name: str,
    seed: int,
    peers: Sequence[EngineName],
    seconds: float | None = None,
    *,
    only_open: bool = False,
) -> Iterator[Bout]:
    """Every stage of an instance against each peer.

    Parameters
    ----------
    seconds
        The most that ours takes; none: that of a benchmark.
    only_open
        Whether peers are asked only where our plan is not proven best.
    """
    problem = INSTANCES[name].make(seed)
    formulation = Formulation(compile_problem(problem)).tightened()
    start = place_by_hand(formulation)
    floors: list[Floor] = []
    with EngineProcess("auto", formulation, lambda: False) as engine:
        for stage in problem.stages:
            task = Task(
                objective=formulation.objective(stage),
                floors=tuple(floors),
                start=start,
                seconds=INSTANCES[name].seconds if seconds is None else seconds,
                threads=THREADS,
                seed=seed,
            )
            began = time.monotonic()
            answer = engine.solve(task, lambda *_: None)
            taken = time.monotonic() - began
            assert answer.chosen is not None
            assert answer.bound is not None
            ours = task.value(formulation, answer.chosen)
            of_ours = name, seed, stage.name
            is_settled = only_open and ours == answer.bound
            if is_settled:
                yield Bout(*of_ours, None, ours, answer.bound, None, taken, 0.0)
            for peer in () if is_settled else peers:
                limit = max(_LEAST_SECONDS, _TIMES * taken)
                theirs, their_seconds = _ask(peer, formulation, task, limit)
                yield Bout(*of_ours, peer, ours, answer.bound, theirs, taken, their_seconds)
            start = answer.chosen
            sign = 1 if stage.sense == "most" else -1
            floors.append(Floor(task.objective, sign * stage.floor(sign * ours)))


def _ask(
    peer: EngineName, formulation: Formulation, task: Task, seconds: float
) -> tuple[int | None, float]:
    """The value of a peer's plan, if it has one, and how long it took."""
    own = replace(task, seconds=seconds)
    began = time.monotonic()
    with EngineProcess(peer, formulation, lambda: False) as engine:
        answer = engine.solve(own, lambda *_: None)
    value = None if answer.chosen is None else own.value(formulation, answer.chosen)
    return value, time.monotonic() - began


def main(arguments: Sequence[str] | None = None) -> int:
    """All that was asked for has been fought out; 1 if any was lost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.duel", description=__doc__)
    parser.add_argument(
        "--instances",
        nargs="+",
        choices=sorted(INSTANCES),
        default=["plain-office-blend"],
        metavar="NAME",
        help="a wrong one is answered with all",
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=list(range(1, 21)))
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument(
        "--seconds", type=float, help="the most that ours takes for a stage (that of a benchmark)"
    )
    parser.add_argument(
        "--only-open",
        action="store_true",
        help="ask nobody where our plan is proven best: how many goals that is of takes minutes",
    )
    asked = parser.parse_args(arguments)
    bouts = lost = proven = 0
    for name in asked.instances:
        for seed in asked.seeds:
            for bout in duel(name, seed, asked.peers, asked.seconds, only_open=asked.only_open):
                proven += bout.peer is None
                bouts, lost = bouts + (bout.peer is not None), lost + bout.is_lost
                sys.stdout.write(f"{bout}\n")
                sys.stdout.flush()
    sys.stdout.write(f"{bouts} compared, {lost} lost")
    sys.stdout.write(f"; {proven} more proven best\n" if asked.only_open else "\n")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
