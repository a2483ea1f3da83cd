"""Ways to solve a stage. Nothing outside this folder knows a solver."""

from __future__ import annotations

from typing import Literal, get_args

from scheduler.engines.engine import Answer, Chosen, Engine, Task, Tell
from scheduler.errors import EngineFailed

EngineName = Literal["auto", "decomposition", "cpsat", "mip", "greedy"]
ENGINE_NAMES: tuple[EngineName, ...] = get_args(EngineName)


def make_engine(name: EngineName) -> Engine:
    """A new engine; its solver is loaded now and not before."""
    match name:
        case "auto" | "decomposition":
            from scheduler.engines.decomposition import Decomposition  # noqa: PLC0415

            return Decomposition()
        case "cpsat":
            from scheduler.engines.cpsat import CpSat  # noqa: PLC0415

            return CpSat()
        case "mip":
            from scheduler.engines.highs import WholeMip  # noqa: PLC0415

            return WholeMip()
        case "greedy":
            from scheduler.engines.greedy import Greedy  # noqa: PLC0415

            return Greedy()


__all__ = [
    "ENGINE_NAMES",
    "Answer",
    "Chosen",
    "Engine",
    "EngineFailed",
    "EngineName",
    "Task",
    "Tell",
    "make_engine",
]
