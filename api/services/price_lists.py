"""Prices of offers and terms of contracts: changed by making a new version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from api.errors import Conflict, WrongInput
from api.faults import fault_of
from api.services.changes import ListedChanges, demand_latest, lock_latest
from api.services.problems import ProblemVersion, add_version, latest_version
from api.services.upload import read_price_upload
from api.settings import Settings
from api.store import Store, VersionChangesRow
from scheduler.errors import ChangeRefused, InputError
from scheduler.files.price_list import demand_known, price_rows
from scheduler.language import Message
from scheduler.problem import Problem
from scheduler.scenarios import ScenarioChange, SetPrice, SetTerms, apply_changes

PriceChange = SetPrice | SetTerms
CHANGES: TypeAdapter[tuple[ScenarioChange, ...]] = TypeAdapter(tuple[ScenarioChange, ...])


def change_prices(
    store: Store, problem_id: int, base: str, changes: Sequence[PriceChange], account_id: int
) -> ProblemVersion:
    """A new version with those prices and terms; what is so already is left alone.

    Parameters
    ----------
    store
        Where the problem is.
    problem_id
        Which problem.
    base
        The `tag_of` the version that somebody saw when they decided.
    changes
        Prices and terms, of some or all.
    account_id
        Who changes them.

    Raises
    ------
    NotFound, WrongInput
        If there is no such problem, or the prices or terms are wrong.
    Outdated
        If it is not the latest version.
    Conflict
        If everything is so already.
    """
    with store.read() as session:
        seen = latest_version(session, problem_id)
    demand_latest(seen, base)
    problem = changed_problem(seen.problem, changes)
    news = only_news(changes, seen.problem)
    if not news:
        raise Conflict(Message("All these prices and terms are so already."))
    what = ListedChanges(
        prices=sum(isinstance(change, SetPrice) for change in news),
        contracts=sum(isinstance(change, SetTerms) for change in news),
    )
    with store.write() as session:
        lock_latest(session, problem_id, base)
        version = add_version(session, seen, problem, account_id, what.model_dump_json())
        note_changes(session, version, news)
        return version


def only_news(changes: Sequence[PriceChange], problem: Problem) -> tuple[PriceChange, ...]:
    """The changes that say anything new of the problem's offers and contracts."""
    prices: Mapping[str, PriceChange] = {
        row.id: SetPrice(
            offer_id=row.id,
            price_ore=row.price_ore,
            price_per=row.price_per,
            extra_week_price_ore=row.extra_week_price_ore,
        )
        for row in price_rows(problem)
    }
    terms: Mapping[str, PriceChange] = {
        contract.id: SetTerms(contract=contract) for contract in problem.contracts
    }

    def old(change: PriceChange) -> PriceChange | None:
        if isinstance(change, SetPrice):
            return prices.get(change.offer_id)
        return terms.get(change.contract.id)

    return tuple(change for change in changes if change != old(change))


def changed_problem(problem: Problem, changes: Sequence[ScenarioChange]) -> Problem:
    """The problem after the changes.

    Raises
    ------
    WrongInput
        With each fault, by ``<number of the change>.<field>``.
    """
    try:
        return apply_changes(problem, changes)
    except ChangeRefused as error:
        raise WrongInput([fault_of(text, field) for field, text in error.faults]) from error


def note_changes(
    session: Session, version: ProblemVersion, changes: Sequence[ScenarioChange]
) -> None:
    """The list of changes that made the version is kept."""
    content = CHANGES.dump_json(tuple(changes)).decode()
    session.add(VersionChangesRow(problem_version_id=version.id, changes=content))


def read_price_file(
    files: Mapping[str, bytes], problem: Problem, settings: Settings
) -> tuple[PriceChange, ...]:
    """What an uploaded file says of the problem's offers or contracts.

    Raises
    ------
    WrongInput
        With every fault and its cell.
    """
    name, given = read_price_upload(files, settings)
    try:
        demand_known(name, given, problem)
    except InputError as error:
        raise WrongInput([fault_of(message) for message in error.messages]) from error
    return given.changes
