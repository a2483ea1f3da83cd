"""Who asks."""

from __future__ import annotations

from dataclasses import dataclass

from api.errors import NotAllowed
from api.security.permissions import Action, Role, is_allowed
from scheduler.language import Message


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who has shown who they are."""

    account_id: int
    name: str
    roles: frozenset[Role]
    csrf_token: str | None
    """To be sent with every form; none for a program with an API token, which needs none."""
    must_change_password: bool = False
    """They came in by a password that is good for nothing else."""

    def may(self, action: Action) -> bool:
        """Whether they may do it."""
        return is_allowed(self.roles, action)

    def demand(self, action: Action) -> None:
        """They may do it.

        Raises
        ------
        NotAllowed
            If they may not.
        """
        if not self.may(action):
            raise NotAllowed(Message("Your role does not allow this."))
