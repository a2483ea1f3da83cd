"""What an empty database begins with, so that there is something to see."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.services.problems import add_problem
from api.store import ProblemRow
from scheduler.files import read_problem


def add_examples(session: Session, account_id: int, places: tuple[Path, ...]) -> None:
    """Each example is a problem, where there is no problem yet."""
    if session.scalar(select(func.count()).select_from(ProblemRow)):
        return
    for place in places:
        add_problem(session, read_problem(place), account_id, f"example {place.name}")
