"""What can go wrong, as one tree.

::

    UngeplanError
    ├── InputError           the input is wrong; carries every fault (exit code 2)
    ├── ChangeRefused        a problem cannot be changed so; carries every fault with its field
    ├── PlanBreaksRules      a plan failed its check; carries the violations
    ├── PlanFileError        a plan file cannot be read (exit code 2)
    ├── WriteRefused         writing would destroy somebody's own files (exit code 2)
    ├── OutputFailed         standard output is full or closed (exit code 2)
    └── EngineFailed         an engine broke down; the message says how
        └── EngineDied       its process was killed, or ended by itself
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scheduler.language import Message
    from scheduler.violation import Violation


class UngeplanError(Exception):
    """Whatever Ungeplan raises on purpose."""


class InputError(UngeplanError):
    """The input is wrong.

    Parameters
    ----------
    messages
        One message per fault, each naming its place, the value and what was expected.
    """

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = tuple(messages)
        super().__init__("\n".join(str(message) for message in messages))


class ChangeRefused(UngeplanError):  # noqa: N818 - it says what happened
    """A problem cannot be changed so.

    Parameters
    ----------
    faults
        Each with the field of the change that it is about; empty: none alone.
    """

    def __init__(self, faults: Iterable[tuple[str, Message]]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(message) for _, message in self.faults))


class PlanBreaksRules(UngeplanError):  # noqa: N818 - it says what happened
    """A plan failed its check."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__("\n".join(str(violation) for violation in violations))


class PlanFileError(UngeplanError):
    """A plan file cannot be read."""

    def __init__(self, message: Message | str) -> None:
        self.message = message
        super().__init__(str(message))


class WriteRefused(UngeplanError):  # noqa: N818 - it says what happened
    """Writing there would destroy what is not ours."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


class OutputFailed(UngeplanError):  # noqa: N818 - it says what happened
    """Standard output is full or closed."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


class EngineFailed(UngeplanError):  # noqa: N818 - it says what happened
    """An engine broke down."""


class EngineDied(EngineFailed):
    """An engine's process is gone: that may be the machine's doing, and another try may do."""
