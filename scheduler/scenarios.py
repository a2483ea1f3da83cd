"""What a buyer changes in a problem: prices, terms of contracts, money, and who is in.

Each change is a record with a name. A list of them makes a new problem from a given one, which
stays as it is, or says what would be wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import Field

from providers import Code, Contract, DomainId, Offer, Ore, Record, Week
from scheduler.changes import SetBudget, apply_change, describe_change
from scheduler.check import pin_faults
from scheduler.cpr import mask
from scheduler.errors import ChangeRefused
from scheduler.explain.names import Names
from scheduler.faults import Fault, did_you_mean, find_faults
from scheduler.faults.known import or_nearest
from scheduler.language import Kr, Message
from scheduler.person import Person
from scheduler.problem import Problem

WHOLE_BASIS_POINTS = 10_000
_MOST_BASIS_POINTS = 100_000
_MOST_ORE = 10**12
"""As `Ore` says: copies of records are not validated."""
_OF_PEOPLE = frozenset({"people", "enrolments", "pins", "ratings", "uses"})
Ids = Annotated[tuple[DomainId, ...], Field(max_length=1000)]


class SetPrice(Record):
    """An offer has this price."""

    kind: Literal["price"] = "price"
    offer_id: DomainId
    """Which offer."""
    price_ore: Ore
    """The price in øre, per course or per week as `price_per` says."""
    price_per: Literal["course", "week"] = "course"
    """What the price is for."""
    extra_week_price_ore: Ore | None = None
    """Price in øre of each active week after the offer's own; none: there are no such weeks."""


class SetTerms(Record):
    """A contract has these terms: its whole record, with the provider that it is with already."""

    kind: Literal["terms"] = "terms"
    contract: Contract
    """The contract as it shall be; its id says which."""


class ScalePrices(Record):
    """Prices are multiplied, each rounded to the nearest øre."""

    kind: Literal["scale-prices"] = "scale-prices"
    basis_points: Annotated[int, Field(ge=1, le=_MOST_BASIS_POINTS)]
    """Hundredths of a per cent of what they were: 10 500 is 5 % more."""
    programme_id: DomainId | None = None
    """Of this programme's offers; none: of all."""
    provider_id: DomainId | None = None
    """Of this provider's offers; none: of all."""


class LeaveOut(Record):
    """Providers and sites get no new courses; enrolments with them go on.

    A contract of a provider that is left out goes with its offers.
    """

    kind: Literal["leave-out"] = "leave-out"
    provider_ids: Ids = ()
    """Which providers."""
    site_ids: Ids = ()
    """Which sites."""


class ChoosePeople(Record):
    """Only these people seek a place; what is left empty chooses nobody away.

    Enrolments of others go on.
    """

    kind: Literal["people"] = "people"
    target_groups: Annotated[tuple[Code, ...], Field(max_length=100)] = ()
    """In one of these; none: in any."""
    priorities: Annotated[tuple[Annotated[int, Field(ge=1, le=3)], ...], Field(max_length=3)] = ()
    """Of one of these; none: of any."""
    first_referral: Week | None = None
    """Referred in this week or later."""
    last_referral: Week | None = None
    """Referred in this week or earlier."""

    def keeps(self, person: Person) -> bool:
        """Whether the person is among them."""
        return (
            (not self.target_groups or not set(self.target_groups).isdisjoint(person.target_groups))
            and (not self.priorities or person.priority in self.priorities)
            and (self.first_referral is None or self.first_referral <= person.referral)
            and (self.last_referral is None or person.referral <= self.last_referral)
        )


ScenarioChange = Annotated[
    SetPrice | SetTerms | ScalePrices | SetBudget | LeaveOut | ChoosePeople,
    Field(discriminator="kind"),
]
"""One change of a buyer."""


def apply_changes(problem: Problem, changes: Sequence[ScenarioChange]) -> Problem:
    """The problem after the changes, in their order.

    Raises
    ------
    ChangeRefused
        With everything that is wrong, each fault with ``<number of the change>.<field>``, or
        with no field where it is not about one change.
    """
    changed: dict[tuple[str, str], int] = {}
    for number, change in enumerate(changes):
        problem = _apply(problem, change, number, changed)
    faults = find_faults(problem) or pin_faults(problem)
    if faults:
        raise ChangeRefused([(_field_of(fault, problem, changed), _say(fault)) for fault in faults])
    return problem


def describe_scenario_change(change: ScenarioChange, problem: Problem) -> Message:
    """What the change does, in words, with the names of the problem."""
    names = Names(problem)
    match change:
        case SetPrice():
            per_week, per_course = "{offer} costs {price} a week", "{offer} costs {price} a course"
            return Message(
                per_week if change.price_per == "week" else per_course,
                offer=names.offer(change.offer_id),
                price=Kr(change.price_ore),
            )
        case SetTerms():
            return _describe_terms(change.contract, names)
        case ScalePrices():
            return _describe_scaling(change, names)
        case LeaveOut():
            left_out = (
                *(names.provider(each) for each in change.provider_ids),
                *(names.site(each) for each in change.site_ids),
            )
            return Message("Without {who}", who=left_out)
        case ChoosePeople():
            return _describe_people(change, names)
        case SetBudget():
            return describe_change(change, problem)


def target_groups_of(problem: Problem) -> tuple[str, ...]:
    """The target groups that a problem knows."""
    listed = (entry.code for entry in problem.codes if entry.kind == "target-group")
    met = (code for person in problem.people for code in person.target_groups)
    return tuple(dict.fromkeys((*listed, *sorted(met))))


def parts_of(
    people: Iterable[Person], choices: Sequence[Sequence[ChoosePeople]]
) -> tuple[tuple[Person, ...], ...]:
    """Those who seek a place, in parts that no choice tells apart.

    Whoever can count the people of each choice can work out how many each part has.

    Parameters
    ----------
    people
        Everybody.
    choices
        Each a list, of which a person must fit all.
    """
    parts: dict[tuple[bool, ...], list[Person]] = {}
    for person in people:
        if person.seeks_place:
            fits = tuple(all(each.keeps(person) for each in choice) for choice in choices)
            parts.setdefault(fits, []).append(person)
    return tuple(tuple(part) for part in parts.values())


def _describe_people(change: ChoosePeople, names: Names) -> Message:
    first, last = change.first_referral, change.last_referral
    parts: list[object] = [names.code(code, "target-group") for code in change.target_groups]
    if change.priorities:
        parts.append(
            Message("priority {priorities}", priorities="/".join(map(str, change.priorities)))
        )
    if first is not None:
        parts.append(Message("referred in {week} or later", week=first))
    if last is not None:
        parts.append(Message("referred in {week} or earlier", week=last))
    return Message("Only people with: {what}", what=tuple(parts or [Message("no limit")]))


def _describe_terms(contract: Contract, names: Names) -> Message:
    courses: object = Message("no limit")
    if contract.most_courses is not None:
        courses = contract.most_courses
    ceiling: object = Message("no limit") if contract.most_ore is None else Kr(contract.most_ore)
    return Message(
        "Contract {contract} with {provider}: {first} to {last}, at least {least} courses, at most"
        " {most}, ceiling {ceiling}",
        contract=contract.name or contract.id,
        provider=names.provider(contract.provider_id),
        first=contract.first_week,
        last=contract.last_week,
        least=contract.least_courses,
        most=courses,
        ceiling=ceiling,
    )


def _describe_scaling(change: ScalePrices, names: Names) -> Message:
    more = change.basis_points - WHOLE_BASIS_POINTS
    share = f"{'+' if more >= 0 else '−'}{abs(more) / 100:g} %"
    whose: list[object] = []
    if change.programme_id is not None:
        whose.append(names.programme(change.programme_id))
    if change.provider_id is not None:
        whose.append(names.provider(change.provider_id))
    if not whose:
        return Message("All prices {share}", share=share)
    return Message("Prices of {whose} {share}", whose=tuple(whose), share=share)


def _apply(
    problem: Problem, change: ScenarioChange, number: int, changed: dict[tuple[str, str], int]
) -> Problem:
    match change:
        case SetPrice():
            changed["offers", change.offer_id] = number
            return _with_price(problem, change, number)
        case SetTerms():
            changed["contracts", change.contract.id] = number
            return _with_terms(problem, change, number)
        case ScalePrices():
            return _scaled(problem, change, number)
        case LeaveOut():
            return _without(problem, change, number)
        case ChoosePeople():
            return _with_people(problem, change, number)
        case SetBudget():
            try:
                return apply_change(problem, change)
            except ChangeRefused as error:
                faults = ((f"{number}.{name}", text) for name, text in error.faults)
                raise ChangeRefused(faults) from error


def _with_price(problem: Problem, change: SetPrice, number: int) -> Problem:
    _demand(change.offer_id, [offer.id for offer in problem.offers], f"{number}.offer_id")
    update = {
        "price_ore": change.price_ore,
        "price_per": change.price_per,
        "extra_week_price_ore": change.extra_week_price_ore,
    }
    offers = tuple(
        offer.model_copy(update=update) if offer.id == change.offer_id else offer
        for offer in problem.offers
    )
    return problem.model_copy(update={"offers": offers})


def _with_terms(problem: Problem, change: SetTerms, number: int) -> Problem:
    new = change.contract
    _demand(new.id, [contract.id for contract in problem.contracts], f"{number}.contract.id")
    old = next(contract for contract in problem.contracts if contract.id == new.id)
    if new.provider_id != old.provider_id:
        text = Message(
            "Expected {expected}, not “{value}”.",
            expected=old.provider_id,
            value=mask(new.provider_id),
        )
        raise ChangeRefused([(f"{number}.contract.provider_id", text)])
    contracts = tuple(new if each is old else each for each in problem.contracts)
    return problem.model_copy(update={"contracts": contracts})


def _scaled(problem: Problem, change: ScalePrices, number: int) -> Problem:
    if change.programme_id is not None:
        known = [programme.id for programme in problem.programmes]
        _demand(change.programme_id, known, f"{number}.programme_id")
    if change.provider_id is not None:
        known = [provider.id for provider in problem.providers]
        _demand(change.provider_id, known, f"{number}.provider_id")
    providers = {site.id: site.provider_id for site in problem.sites}

    def scaled(offer: Offer) -> Offer:
        is_meant = change.programme_id in {None, offer.programme_id} and (
            change.provider_id in {None, providers[offer.site_id]}
        )
        if not is_meant:
            return offer
        extra = offer.extra_week_price_ore
        return offer.model_copy(
            update={
                "price_ore": _times(offer.price_ore, change.basis_points),
                "extra_week_price_ore": extra and _times(extra, change.basis_points),
            }
        )

    offers = tuple(scaled(offer) for offer in problem.offers)
    if any(max(each.price_ore, each.extra_week_price_ore or 0) > _MOST_ORE for each in offers):
        text = Message("Some prices would be above {most}.", most=Kr(_MOST_ORE))
        raise ChangeRefused([(f"{number}.basis_points", text)])
    return problem.model_copy(update={"offers": offers})


def _times(ore: int, basis_points: int) -> int:
    return (ore * basis_points + WHOLE_BASIS_POINTS // 2) // WHOLE_BASIS_POINTS


def _without(problem: Problem, change: LeaveOut, number: int) -> Problem:
    for who in change.provider_ids:
        _demand(who, [provider.id for provider in problem.providers], f"{number}.provider_ids")
    for where in change.site_ids:
        _demand(where, [site.id for site in problem.sites], f"{number}.site_ids")
    closed = {
        site.id
        for site in problem.sites
        if site.id in change.site_ids or site.provider_id in change.provider_ids
    }
    gone = {offer.id for offer in problem.offers if offer.site_id in closed}
    fixed = [pin for pin in problem.pins if pin.kind == "fixed" and pin.offer_id in gone]
    if fixed:
        # Whose place it is stays unsaid: buyers see nobody.
        text = Message("Places are fixed with some of those who would be left out.")
        raise ChangeRefused([(f"{number}.site_ids", text)])
    needed = {enrolment.offer_id for enrolment in problem.enrolments} & gone
    offers = tuple(
        _never_starting(offer, problem) if offer.id in needed else offer
        for offer in problem.offers
        if offer.id not in gone - needed
    )
    gone -= needed
    used = {offer.contract_id for offer in offers}
    return problem.model_copy(
        update={
            "offers": offers,
            "contracts": tuple(
                contract
                for contract in problem.contracts
                if contract.id in used or contract.provider_id not in change.provider_ids
            ),
            "uses": tuple(use for use in problem.uses if use.offer_id not in gone),
            "pins": tuple(pin for pin in problem.pins if pin.offer_id not in gone),
        }
    )


def _with_people(problem: Problem, change: ChoosePeople, number: int) -> Problem:
    for code in change.target_groups:
        _demand(code, target_groups_of(problem), f"{number}.target_groups")
    first, last = change.first_referral, change.last_referral
    if first is not None and last is not None and last < first:
        text = Message("The last week lies before the first.")
        raise ChangeRefused([(f"{number}.last_referral", text)])
    out = {person.id for person in problem.people if not change.keeps(person)}
    enrolled = {enrolment.person_id for enrolment in problem.enrolments}
    gone = out - enrolled
    people = (
        person.model_copy(update={"seeks_place": False}) if person.id in out else person
        for person in problem.people
        if person.id not in gone
    )
    return problem.model_copy(
        update={
            "people": tuple(people),
            "pins": tuple(pin for pin in problem.pins if pin.person_id not in out),
            "ratings": tuple(each for each in problem.ratings if each.person_id not in gone),
            "uses": tuple(use for use in problem.uses if use.person_id not in gone),
        }
    )


def _never_starting(offer: Offer, problem: Problem) -> Offer:
    """The offer, for enrolments alone: its last start lies before all starts of the plan."""
    before = problem.first_start + -1
    return offer.model_copy(
        update={
            "first_start": None,
            "last_start": before,
            "start_every_weeks": None,
            "start_weeks": (),
        }
    )


def _demand(value: str, known: Iterable[str], field: str) -> None:
    if value not in (ids := set(known)):
        nearest = did_you_mean(value, sorted(ids))
        expected = or_nearest(Message("an id that is there"), nearest)
        text = Message("Expected {expected}, not “{value}”.", expected=expected, value=mask(value))
        raise ChangeRefused([(field, text)])


def _field_of(fault: Fault, problem: Problem, changed: dict[tuple[str, str], int]) -> str:
    if fault.row is None or fault.table not in {"offers", "contracts"}:
        return ""
    record = getattr(problem, fault.table)[fault.row]
    number = changed.get((fault.table, record.id))
    if number is None:
        return ""
    part = "contract." if fault.table == "contracts" else ""
    return f"{number}.{part}{fault.field}"


def _say(fault: Fault) -> Message:
    if fault.table in _OF_PEOPLE:
        # Buyers see nobody, so that nobody is named.
        return Message(
            "The change does not fit what is stored of people ({table}).", table=fault.table
        )
    return Message(
        "Expected {expected}, not “{value}”.", expected=fault.expected, value=mask(fault.value)
    )
