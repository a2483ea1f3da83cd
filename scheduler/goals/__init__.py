"""The goals as the model knows them, one module each."""

from scheduler.goals import cost, match, placed, wait
from scheduler.goals.goal import Goal

GOALS: tuple[Goal, ...] = (placed.GOAL, match.GOAL, wait.GOAL, cost.GOAL)

__all__ = ["GOALS", "Goal"]
