"""Use of each site's resources by week."""

from __future__ import annotations

from dataclasses import dataclass

from providers import Week
from scheduler.explain.names import Names
from scheduler.report.label import Label
from scheduler.report.views.books import Books


@dataclass(frozen=True, slots=True)
class Occupancy:
    """One resource of one site in one week."""

    site_id: str
    site: str
    resource: str
    week: Week
    used: int
    amount: int
    closed: bool
    """Courses pause and keep their places."""

    @property
    def share(self) -> float:
        """Used of the amount; 1 where something is used of nothing."""
        return self.used / self.amount if self.amount else float(self.used > 0)


@dataclass(frozen=True, slots=True)
class SiteWeeks:
    """One resource of one site in all weeks."""

    site_id: str
    site: str
    weeks: tuple[Occupancy, ...]


@dataclass(frozen=True, slots=True)
class ResourceUse:
    """One resource at all sites that have or use it, sites by name and id."""

    resource: str
    label: Label
    weeks: tuple[Week, ...]
    sites: tuple[SiteWeeks, ...]

    def used(self) -> tuple[int, ...]:
        """Over all sites, for each week."""
        return tuple(sum(row.used for row in each) for each in self._columns())

    def amount(self) -> tuple[int, ...]:
        """Over all sites, for each week; closed sites have none to use."""
        return tuple(sum(row.amount for row in each if not row.closed) for each in self._columns())

    def _columns(self) -> zip[tuple[Occupancy, ...]]:
        return zip(*(site.weeks for site in self.sites), strict=True)


def occupancy(books: Books) -> tuple[ResourceUse, ...]:
    """Every resource, places first, from the first start week to the end of the last course."""
    names = Names(books.problem)
    resources = {row.resource for row in books.problem.capacity} | {
        resource for course in books.courses for resource, _ in course.uses
    }
    return tuple(
        ResourceUse(
            resource=resource,
            label=names.code(resource, "resource"),
            weeks=books.weeks(),
            sites=_sites(books, resource),
        )
        for resource in ("places", *sorted(resources - {"places"}))
    )


def _sites(books: Books, resource: str) -> tuple[SiteWeeks, ...]:
    rows = (
        SiteWeeks(
            site_id=site.id,
            site=site.name,
            weeks=tuple(
                Occupancy(
                    site_id=site.id,
                    site=site.name,
                    resource=resource,
                    week=week,
                    used=books.checker.use(site.id, resource, week),
                    amount=books.checker.amount(site.id, resource, week),
                    closed=week in books.facts.closed[site.id],
                )
                for week in books.weeks()
            ),
        )
        for site in sorted(books.problem.sites, key=lambda site: (site.name, site.id))
    )
    return tuple(
        row for row in rows if resource == "places" or any(w.used or w.amount for w in row.weeks)
    )
