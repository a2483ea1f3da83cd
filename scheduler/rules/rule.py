"""What a rule gives to the model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scheduler.violation import RuleName

if TYPE_CHECKING:
    from scheduler.instance import Courses, Instance, Options, Supply
    from scheduler.rules.rows import RowGroup

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's part in the model: what it prunes, and the rows it yields.

    Pruning says which placements break the rule by themselves or alone with the enrolments; rows
    say which may not stand together. Each part is left out where a rule has nothing to say.
    """

    name: RuleName
    allows_pairs: Callable[[Supply], Bools] | None = None
    """``allowed[person, offer]``."""
    allows_courses: Callable[[Supply, Courses], Bools] | None = None
    """``allowed[course]``: whoever the person is."""
    allows_options: Callable[[Supply, Courses, Options], Bools] | None = None
    """``allowed[option]``."""
    rows: Callable[[Instance], Iterable[RowGroup]] | None = None
    """The rows over the options that are left."""
