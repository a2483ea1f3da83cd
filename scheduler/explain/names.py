"""What the records of a problem are called by people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.language import LocalText, Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from providers import Offer, Week
    from scheduler.problem import CodeKind, Problem
    from scheduler.violation import Violation

_MOST_PEOPLE = 5
"""How many people a sentence names before it counts the rest."""


class Names:
    """Names for people to read; an id stands for whatever has no name.

    Parameters
    ----------
    problem
        Where the names come from; none: ids stand for themselves.
    """

    def __init__(self, problem: Problem | None = None) -> None:
        self._sites: dict[str, str] = {}
        self._providers: dict[str, str] = {}
        self._providers_of_sites: dict[str, str] = {}
        self._programmes: dict[str, str] = {}
        self._lines: dict[str, str] = {}
        self._contracts: dict[str, str | None] = {}
        self._offers: dict[str, Offer] = {}
        self._codes: dict[tuple[CodeKind, str], LocalText] = {}
        if problem is not None:
            self._read(problem)

    def _read(self, problem: Problem) -> None:
        self._sites = {site.id: site.name for site in problem.sites}
        self._providers_of_sites = {site.id: site.provider_id for site in problem.sites}
        self._providers = {provider.id: provider.name for provider in problem.providers}
        self._programmes = {programme.id: programme.name for programme in problem.programmes}
        self._lines = {line.id: line.name for line in problem.budget_lines}
        self._contracts = {contract.id: contract.name for contract in problem.contracts}
        self._offers = {offer.id: offer for offer in problem.offers}
        self._codes = {
            (entry.kind, entry.code): LocalText(da=entry.label_da, en=entry.label_en)
            for entry in problem.codes
        }

    def complete(self, violation: Violation) -> Violation:
        """The violation with what its offer and site belong to, where that is left out."""
        offer = self._offers.get(violation.offer_id or "")
        site_id = violation.site_id or (offer and offer.site_id)
        implied = {
            "site_id": site_id,
            "provider_id": self._providers_of_sites.get(site_id or ""),
            "programme_id": offer and offer.programme_id,
            "contract_id": offer and offer.contract_id,
        }
        missing = {key: id_ for key, id_ in implied.items() if getattr(violation, key) is None}
        return violation.model_copy(update=missing)

    def site(self, site_id: str) -> str:
        """The site's name."""
        return self._sites.get(site_id, site_id)

    def provider(self, provider_id: str) -> str:
        """The provider's name."""
        return self._providers.get(provider_id, provider_id)

    def programme(self, programme_id: str) -> str:
        """The programme's name."""
        return self._programmes.get(programme_id, programme_id)

    def line(self, budget_line_id: str) -> str:
        """The budget line's name."""
        return self._lines.get(budget_line_id, budget_line_id)

    def contract(self, contract_id: str) -> str:
        """The contract's name."""
        return self._contracts.get(contract_id) or contract_id

    def offer(self, offer_id: str) -> str:
        """The offer's name, else its site's."""
        offer = self._offers.get(offer_id)
        if offer is None:
            return offer_id
        return offer.name or self.site(offer.site_id)

    def code(self, code: str, *kinds: CodeKind) -> LocalText | Message:
        """The code's label among the kinds given; else a known resource's word, or the code."""
        labels = (self._codes[kind, code] for kind in kinds if (kind, code) in self._codes)
        return next(labels, Message("places") if code == "places" else Message("{code}", code=code))

    def resource(self, code: str) -> LocalText | Message:
        """The resource's label, to stand within a sentence."""
        label = self.code(code, "resource")
        if isinstance(label, Message):
            return label
        return LocalText(da=_within_sentence(label.da), en=_within_sentence(label.en))


def _within_sentence(label: str) -> str:
    """With a small first letter, but for what is written in capitals."""
    return label if label[1:2].isupper() else label[0].lower() + label[1:]


def name_people(person_ids: tuple[str, ...]) -> Message:
    """The people's ids; of many, the first few and how many more."""
    if len(person_ids) <= _MOST_PEOPLE:
        return Message("{people}", people=person_ids)
    return Message(
        "{people} and {count} more",
        people=person_ids[:_MOST_PEOPLE],
        count=len(person_ids) - _MOST_PEOPLE,
    )


def name_weeks(first_week: Week, last_week: Week) -> str:
    """``2016-W40``, ``2016-W40–W44`` or ``2016-W51–2017-W02``."""
    if first_week == last_week:
        return str(first_week)
    if first_week.year == last_week.year:
        return f"{first_week}–W{last_week.number:02d}"
    return f"{first_week}–{last_week}"


def join_clauses(clauses: Iterable[Message]) -> Message:
    """The clauses with semicolons between them; at least one."""
    first, *rest = clauses
    joined = first
    for clause in rest:
        joined = Message("{before}; {after}", before=joined, after=clause)
    return joined


def fill(template: str, values: Mapping[str, object]) -> Message:
    """A message with those of `values` that `template` names."""
    return Message(template, **{key: values[key] for key in values if f"{{{key}}}" in template})
