"""What can go wrong on the way to an answer; each kind has its HTTP status.

::

    UngeplanError
    └── RequestRefused
        ├── NotLoggedIn       401: pages send people to the log-in
        ├── NotAllowed        403
        ├── MustChangePassword
        │                     403: the password was for one log-in
        ├── NotFound          404
        ├── NoSuchFormat      406: it cannot be had in any format that was asked for
        ├── Conflict          409: somebody else was first, or the state does not allow it
        ├── Outdated          412: it has changed since somebody looked
        ├── TooLarge          413
        ├── KeyUsedOtherwise  422: an idempotency key came with something else before
        ├── WrongInput        422: carries every fault
        ├── NoVersionNamed    428: an edit must say what it was decided on
        └── TooManyAttempts   429
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from api.faults import Fault
from scheduler.errors import UngeplanError
from scheduler.language import Message


class RequestRefused(UngeplanError):  # noqa: N818 - it says what happened
    """A request is refused, in words.

    Parameters
    ----------
    message
        Why.
    """

    status: ClassVar[int] = 400
    title: ClassVar[Message] = Message("The request cannot be understood")

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


class NotLoggedIn(RequestRefused):
    """Nobody is logged in, or not any more."""

    status = 401
    title = Message("Log in first")


class NotAllowed(RequestRefused):
    """Somebody is logged in who may not do this."""

    status = 403
    title = Message("You may not do this")


class MustChangePassword(RequestRefused):
    """Somebody came in by a password that is good for nothing but to be changed."""

    status = 403
    title = Message("Choose a password of your own first")


class NoSuchFormat(RequestRefused):
    """It is there, but in no format that was asked for."""

    status = 406
    title = Message("Not in that format")


class KeyUsedOtherwise(RequestRefused):
    """An idempotency key stands for something else."""

    status = 422
    title = Message("The key stands for something else")


class NotFound(RequestRefused):
    """There is no such thing."""

    status = 404
    title = Message("Not found")


class Conflict(RequestRefused):
    """It cannot be done now."""

    status = 409
    title = Message("This cannot be done now")


class Outdated(RequestRefused):
    """It has changed since somebody looked, so that their edit would undo another's."""

    status = 412
    title = Message("Somebody else was first")


class NoVersionNamed(RequestRefused):
    """An edit does not say which version it was decided on."""

    status = 428
    title = Message("Say which version you saw")


class TooLarge(RequestRefused):
    """More was sent than is read."""

    status = 413
    title = Message("Too much at once")


class WrongInput(RequestRefused):
    """Some of the input is wrong.

    Parameters
    ----------
    faults
        Each with its place.
    """

    status = 422
    title = Message("Some of the input is wrong")

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(Message("{count} faults were found.", count=len(self.faults)))


class TooManyAttempts(RequestRefused):
    """Wait before trying again."""

    status = 429
    title = Message("Wait a little")
