"""Synthetic problems: cities of any size from a seed, and the examples of this repository."""

from scheduler.generate.city import CityShape, generate_city
from scheduler.generate.staircase import staircase

__all__ = ["CityShape", "generate_city", "staircase"]
