"""Synthetic problems: cities of any size from a seed, and the examples of this repository."""

from scheduler.generate.city import CityShape, generate_city
from scheduler.generate.copenhagen import copenhagen_2016
from scheduler.generate.staircase import staircase

__all__ = ["CityShape", "copenhagen_2016", "generate_city", "staircase"]
