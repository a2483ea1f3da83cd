"""What a run tells while it works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from scheduler.check import Verified

ExplainPhase = Literal["conflict", "weeks", "relax"]
"""The parts of explaining why no plan exists."""
Phase = Literal["compile", "solve", "check", "explain"] | ExplainPhase


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is, and the best value and bound of the stage it works on."""

    phase: Phase
    seconds: float
    """Since the run started."""
    stage_index: int = 0
    stages: int = 0
    stage_name: str = ""
    value: int | None = None
    bound: int | None = None
    tried: int = 0
    of: int = 0
    """What there is to try in this phase; 0: nothing is counted."""


Watch = Callable[[Progress], None]
"""Called now and then while a run works."""
ShouldStop = Callable[[], bool]
"""Asked now and then; true ends the run with the best checked plan so far."""
Keep = Callable[["Verified"], None]
"""Called with each better plan, checked; at most about once a second."""
