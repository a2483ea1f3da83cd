"""What the program ends with."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of ``ungeplan``."""

    DONE = 0
    """What was asked is done; of a run: a checked plan was written, and ``proof`` says how good."""
    FAILED = 1
    """The program itself failed; one line says where the details are."""
    WRONG_INPUT = 2
    """The input, an option or a plan file is wrong, and every fault is listed; or something cannot
    be read or written."""
    NO_PLAN = 3
    """It is proven that no plan exists."""
    UNDECIDED = 4
    """No plan was found in the time given, and none was proven impossible."""
    ABORTED = 130
    """Ctrl-C was pressed twice, or where there was nothing to keep."""
