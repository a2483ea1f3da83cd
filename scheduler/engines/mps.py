"""The whole model in a file, for other solvers and for people."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import highspy
import numpy as np
from scipy import sparse

from providers import Week
from scheduler.engines.forms import Written, limits
from scheduler.engines.highs import load, new_highs
from scheduler.errors import EngineFailed
from scheduler.formulation import Formulation, Objective
from scheduler.rules.rows import Demand


def write_mps(formulation: Formulation, objective: Objective, path: Path) -> None:
    """The whole model is in `path` as named MPS, less of the objective being better.

    Names say person, offer, start and weeks of an option, and what each row demands.
    """
    model = formulation.whole
    highs = new_highs()
    stage = Written(
        matrix=sparse.csc_array(model.matrix.astype(np.float64)),
        lower=limits(model.lower),
        upper=limits(model.upper),
        cost=objective.coefficients.astype(np.float64),
        least=np.zeros(formulation.column_count),
        most=model.most.astype(np.float64),
        whole=np.ones(formulation.column_count, dtype=np.bool_),
        constant=objective.constant,
    )
    load(highs, stage, integer=True)
    for column, name in enumerate(_column_names(formulation)):
        highs.passColName(column, name)
    for row, name in enumerate(_unique(_row_name(demand) for demand in model.demands)):
        highs.passRowName(row, name)
    part = path.with_name(f".{path.name}.part.mps")
    if highs.writeModel(str(part)) == highspy.HighsStatus.kError:
        raise EngineFailed(f"the model could not be written to {path}")
    part.replace(path)


def _column_names(formulation: Formulation) -> list[str]:
    instance = formulation.instance
    names = []
    for option in range(formulation.option_count):
        one = instance.placement(option)
        names.append(f"x:{one.person_id}:{one.offer_id}:{one.start}:{one.weeks}")
    names += [f"short:{s.contract_id}:{s.unit}" for s in instance.supply.shortfalls]
    return [*names, *(f"switch:{index}" for index in range(formulation.switch_count))]


def _row_name(demand: Demand) -> str:
    parts = [
        demand.person_id,
        demand.offer_id,
        demand.site_id if demand.offer_id is None else None,
        demand.programme_id,
        demand.contract_id,
        demand.budget_line_id,
        demand.resource,
        None if demand.week is None else str(Week(demand.week)),
        None if demand.year is None else str(demand.year),
        None if demand.unit in {"people", "places"} else demand.unit,
        None if demand.side == "most" else demand.side,
    ]
    return ":".join([demand.rule, *(part for part in parts if part is not None)])


def _unique(names: Iterable[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}:{seen[name]}")
    return unique
