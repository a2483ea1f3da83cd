"""The tables and columns of a problem, declared once.

The reader, the writer and the reference documentation all go by `TABLES`. What a column means, its
limits and whether it must be given come from the record that it fills.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from providers import Capacity, Closure, Contract, Offer, Provider, Record, Site
from scheduler.goal import MatchWeights, PriorityWeights, Stage
from scheduler.language import Language
from scheduler.person import Enrolment, Person, Pin, Rating, Travel, Use
from scheduler.problem import CodeEntry, Problem
from scheduler.programme import BudgetLine, BudgetMovement, Programme

Kind = Literal[
    "id",
    "ids",
    "code",
    "codes",
    "name",
    "cvr",
    "whole",
    "kr",
    "percent",
    "flag",
    "choice",
    "week",
    "weeks",
    "date",
    "goal",
    "tolerance",
    "volumes",
]
"""How a cell is written: see `scheduler.files.cells`."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, or a key of ``plan.toml``."""

    name: str
    """The English header."""
    aliases: tuple[str, ...]
    """Other headers that mean the same, the Danish one first."""
    field: str
    """The field of the record."""
    kind: Kind
    """How its cells are written."""
    unit: str
    """``kr``, ``weeks``, ``minutes`` … or empty."""
    required: bool
    """Whether each row must have a value."""
    description: str
    """What it means."""
    least: int | None = None
    """Smallest whole number."""
    most: int | None = None
    """Largest whole number."""
    choices: tuple[str, ...] = ()
    """The values of a ``choice``."""

    def header(self, language: Language) -> str:
        """The header in a language; the English one where there is no Danish one."""
        return self.aliases[0] if language == "da" and self.aliases else self.name


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file or a sheet; those `in_plan` are parts of ``plan.toml`` in a folder."""

    name: str
    """The name of the file (without ``.csv``) or sheet."""
    aliases: tuple[str, ...]
    """Other names, the Danish one first."""
    field: str
    """The field of `Problem` that it fills."""
    record: type[Record]
    """What a row becomes."""
    columns: tuple[Column, ...]
    required: bool
    """Whether it must be there."""
    in_plan: bool = False
    """Whether it stands in ``plan.toml`` in a folder."""

    @property
    def description(self) -> str:
        """What a row is."""
        return (self.record.__doc__ or "").partition("\n")[0]

    def title(self, language: Language) -> str:
        """The name in a language."""
        return self.aliases[0] if language == "da" and self.aliases else self.name

    def column_of(self, field: str) -> Column | None:
        """The column that fills `field`."""
        return next((column for column in self.columns if column.field == field), None)


CHOICE_ALIASES: Mapping[str, tuple[str, ...]] = {
    "social-economy": ("socialøkonomisk", "socialøkonomi"),
    "non-profit": ("almennyttig", "forening"),
    "municipal": ("kommunal", "kommune"),
    "course": ("forløb",),
    "week": ("uge",),
    "if-used": ("hvis brugt", "ved brug"),
    "always": ("altid",),
    "by-week": ("pr. uge", "per uge"),
    "at-start": ("ved start",),
    "offered": ("tilbudt",),
    "accepted": ("accepteret",),
    "started": ("startet",),
    "ended": ("afsluttet",),
    "dropped-out": ("afbrudt",),
    "no-show": ("udeblevet",),
    "fixed": ("fast",),
    "forbidden": ("forbudt",),
    "proposed": ("foreslået",),
    "decided": ("besluttet",),
    "target-group": ("målgruppe",),
    "need": ("behov",),
    "task-type": ("opgavetype",),
    "priority-basis": ("prioritetsgrundlag",),
    "area": ("område",),
    "resource": ("ressource",),
    "movement-kind": ("bevægelsestype",),
}
"""Danish words for the values of choices."""

GOAL_ALIASES: Mapping[str, tuple[str, ...]] = {
    "placed": ("tildelte pladser", "tildelte"),
    "match": ("match",),
    "wait": ("ventetid",),
    "cost": ("udgift",),
}
"""Danish words for goals."""

_UNITS = {"kr": "kr", "percent": "%", "whole": "", "volumes": "courses"}


def plain(name: str) -> str:
    """A header, choice or table name without case, and with ``_`` for spaces and hyphens."""
    return re.sub(
        r"[\s_\-]+", "_", unicodedata.normalize("NFC", name).strip().rstrip(".:").casefold()
    )


@functools.cache
def _schema(record: type[Record]) -> dict[str, Any]:
    return record.model_json_schema()


def _column(record: type[Record], field: str, kind: Kind, *aliases: str, name: str = "") -> Column:
    schema = _schema(record)
    found = schema["properties"][field]
    types = found.get("anyOf", [found])
    limits: dict[str, Any] = next((part for part in types if "minimum" in part), {})
    description = found.get("description", "").replace("\n", " ")
    unit = next(
        (word for word in ("weeks", "minutes") if kind == "whole" and word in field),
        _UNITS.get(kind),
    )
    return Column(
        name=name or field.removesuffix("_ore").removesuffix("_id"),
        aliases=aliases,
        field=field,
        kind=kind,
        unit=unit or "",
        required=field in schema.get("required", ()),
        description=_in_kr(description) if kind == "kr" else description,
        least=limits.get("minimum"),
        most=limits.get("maximum"),
        choices=tuple(value for part in types for value in part.get("enum", ())),
    )


make_column = _column
"""For tables that are no part of a problem."""


def _in_kr(description: str) -> str:
    """Records count øre; files hold kr."""
    return description.replace("Øre", "Kr").replace("øre", "kr")


def _weight(record: type[Record], part: str, field: str, *aliases: str) -> Column:
    return _column(record, field, "whole", *aliases, name=f"weights.{part}.{field}")


PLAN = Table(
    name="plan",
    aliases=(),
    field="plan",
    record=Problem,
    columns=(
        _column(Problem, "title", "name", "titel"),
        _column(Problem, "as_of", "week", "opgørelsesuge", "i dag"),
        _column(Problem, "first_start", "week", "første start"),
        _column(Problem, "last_start", "week", "sidste start"),
        _weight(PriorityWeights, "priority", "first"),
        _weight(PriorityWeights, "priority", "second"),
        _weight(PriorityWeights, "priority", "third"),
        _weight(MatchWeights, "match", "wishes"),
        _weight(MatchWeights, "match", "known_staff"),
        _weight(MatchWeights, "match", "travel"),
        _weight(MatchWeights, "match", "rating"),
        _weight(MatchWeights, "match", "travel_scale_minutes"),
    ),
    required=True,
    in_plan=True,
)
"""The settings: keys of ``plan.toml``, or rows (setting, value) of the sheet ``plan``."""

STAGES = Table(
    name="stages",
    aliases=("hensyn", "goals"),
    field="stages",
    record=Stage,
    columns=(
        _column(Stage, "blend", "goal", "hensyn", "blend", name="goal"),
        _column(Stage, "tolerance", "tolerance"),
        _column(Stage, "gap_basis_points", "percent", "afstand", name="gap"),
    ),
    required=False,
    in_plan=True,
)

PROGRAMMES = Table(
    name="programmes",
    aliases=("indsatser",),
    field="programmes",
    record=Programme,
    columns=(
        _column(Programme, "id", "id"),
        _column(Programme, "name", "name", "navn"),
        _column(Programme, "budget_line_id", "id", "bevilling"),
        _column(Programme, "charged", "choice", "betales"),
        _column(Programme, "least_weeks", "whole", "mindst uger"),
        _column(Programme, "target_groups", "codes", "målgrupper"),
        _column(Programme, "statuses", "codes", "statusser"),
        _column(Programme, "least_age", "whole", "yngste alder"),
        _column(Programme, "most_age", "whole", "ældste alder"),
        _column(Programme, "first_start", "week", "første start"),
        _column(Programme, "last_start", "week", "sidste start"),
        _column(Programme, "volumes", "volumes", "antal forløb"),
    ),
    required=True,
    in_plan=True,
)

BUDGET_LINES = Table(
    name="budget_lines",
    aliases=("bevillinger", "budget"),
    field="budget_lines",
    record=BudgetLine,
    columns=(
        _column(BudgetLine, "id", "id"),
        _column(BudgetLine, "name", "name", "navn"),
        _column(BudgetLine, "parent_id", "id", "overordnet"),
        _column(BudgetLine, "reserve_ore", "kr", "reserve kr"),
    ),
    required=True,
    in_plan=True,
)

BUDGET_MOVEMENTS = Table(
    name="budget_movements",
    aliases=("bevillingsændringer", "budgetændringer"),
    field="budget_movements",
    record=BudgetMovement,
    columns=(
        _column(BudgetMovement, "budget_line_id", "id", "bevilling"),
        _column(BudgetMovement, "year", "whole", "år"),
        _column(BudgetMovement, "amount_ore", "kr", "beløb"),
        _column(BudgetMovement, "kind", "code", "type"),
        _column(BudgetMovement, "status", "choice"),
        _column(BudgetMovement, "date", "date", "dato"),
    ),
    required=True,
)

PEOPLE = Table(
    name="people",
    aliases=("unge", "personer"),
    field="people",
    record=Person,
    columns=(
        _column(Person, "id", "id", "ung", "person"),
        _column(Person, "seeks_place", "flag", "søger plads"),
        _column(Person, "target_groups", "codes", "målgrupper", "målgruppe", "target group"),
        _column(Person, "status", "code"),
        _column(Person, "age", "whole", "alder"),
        _column(Person, "last_eligible_week", "week", "sidste mulige uge"),
        _column(Person, "referral", "week", "henvist", "henvisning"),
        _column(Person, "earliest_start", "week", "tidligste start"),
        _column(Person, "latest_start", "week", "seneste start"),
        _column(Person, "weeks_needed", "whole", "uger", "behov for uger"),
        _column(Person, "priority", "whole", "prioritet"),
        _column(Person, "priority_basis", "code", "prioritetsgrundlag"),
        _column(Person, "needs", "codes", "behov"),
        _column(Person, "wishes", "codes", "ønsker"),
        _column(Person, "known_sites", "ids", "kendte steder"),
        _column(Person, "excluded_sites", "ids", "udelukkede steder"),
        _column(Person, "excluded_providers", "ids", "udelukkede leverandører"),
        _column(Person, "area", "code", "område", "bydel"),
        _column(Person, "most_travel_minutes", "whole", "højst rejseminutter"),
    ),
    required=True,
)

PROVIDERS = Table(
    name="providers",
    aliases=("leverandører",),
    field="providers",
    record=Provider,
    columns=(
        _column(Provider, "id", "id", "leverandør"),
        _column(Provider, "name", "name", "navn"),
        _column(Provider, "kind", "choice", "type"),
        _column(Provider, "cvr", "cvr", "cvr nummer", "cvr nr"),
    ),
    required=True,
)

SITES = Table(
    name="sites",
    aliases=("forløbssteder", "steder"),
    field="sites",
    record=Site,
    columns=(
        _column(Site, "id", "id", "forløbssted", "sted"),
        _column(Site, "name", "name", "navn"),
        _column(Site, "provider_id", "id", "leverandør"),
        _column(Site, "area", "code", "område", "bydel"),
        _column(Site, "places", "whole", "pladser"),
        _column(Site, "target_groups", "codes", "målgrupper"),
        _column(Site, "task_types", "codes", "opgavetyper"),
        _column(Site, "equipment", "codes", "udstyr"),
        _column(
            Site, "most_starts_a_week", "whole", "højst starter om ugen", "højst starter pr uge"
        ),
        _column(Site, "opens", "week", "åbner"),
        _column(Site, "closes", "week", "lukker"),
    ),
    required=True,
)

OFFERS = Table(
    name="offers",
    aliases=("indsatstilbud", "tilbud"),
    field="offers",
    record=Offer,
    columns=(
        _column(Offer, "id", "id", "indsatstilbud", "tilbud"),
        _column(Offer, "name", "name", "navn"),
        _column(Offer, "site_id", "id", "forløbssted", "sted"),
        _column(Offer, "programme_id", "id", "indsats"),
        _column(Offer, "contract_id", "id", "kontrakt"),
        _column(Offer, "price_ore", "kr", "pris"),
        _column(Offer, "price_per", "choice", "pris pr", "pris per"),
        _column(Offer, "weeks", "whole", "uger"),
        _column(Offer, "most_weeks", "whole", "højst uger"),
        _column(Offer, "extra_week_price_ore", "kr", "pris ekstra uge"),
        _column(Offer, "first_start", "week", "første start"),
        _column(Offer, "last_start", "week", "sidste start"),
        _column(Offer, "start_every_weeks", "whole", "start hver uge"),
        _column(Offer, "start_weeks", "weeks", "startuger"),
        _column(Offer, "fewest_participants", "whole", "mindst deltagere"),
    ),
    required=True,
)

CONTRACTS = Table(
    name="contracts",
    aliases=("kontrakter",),
    field="contracts",
    record=Contract,
    columns=(
        _column(Contract, "id", "id", "kontrakt"),
        _column(Contract, "provider_id", "id", "leverandør"),
        _column(Contract, "name", "name", "navn"),
        _column(Contract, "first_week", "week", "første uge"),
        _column(Contract, "last_week", "week", "sidste uge"),
        _column(Contract, "least_courses", "whole", "mindst forløb"),
        _column(Contract, "most_courses", "whole", "højst forløb"),
        _column(Contract, "least_ore", "kr", "mindst", "mindst kr", "least kr"),
        _column(Contract, "most_ore", "kr", "højst", "højst kr", "most kr", "loft"),
        _column(Contract, "least_applies", "choice", "mindst gælder"),
        _column(Contract, "take_or_pay", "flag", "betal eller brug"),
        _column(
            Contract,
            "shortfall_course_ore",
            "kr",
            "pris manglende forløb",
            name="shortfall_course_price",
        ),
        _column(Contract, "shortfall_budget_line_id", "id", "bevilling for manglende"),
    ),
    required=False,
)

CAPACITY = Table(
    name="capacity",
    aliases=("kapacitet",),
    field="capacity",
    record=Capacity,
    columns=(
        _column(Capacity, "site_id", "id", "forløbssted", "sted"),
        _column(Capacity, "resource", "code", "ressource"),
        _column(Capacity, "first_week", "week", "første uge"),
        _column(Capacity, "last_week", "week", "sidste uge"),
        _column(Capacity, "amount", "whole", "mængde"),
    ),
    required=False,
)

USES = Table(
    name="uses",
    aliases=("ressourceforbrug",),
    field="uses",
    record=Use,
    columns=(
        _column(Use, "offer_id", "id", "indsatstilbud", "tilbud"),
        _column(Use, "person_id", "id", "ung"),
        _column(Use, "resource", "code", "ressource"),
        _column(Use, "amount", "whole", "mængde"),
    ),
    required=False,
)

CLOSURES = Table(
    name="closures",
    aliases=("lukkeuger",),
    field="closures",
    record=Closure,
    columns=(
        _column(Closure, "site_id", "id", "forløbssted", "sted"),
        _column(Closure, "first_week", "week", "første uge"),
        _column(Closure, "last_week", "week", "sidste uge"),
        _column(Closure, "reason", "name", "årsag"),
    ),
    required=False,
)

TRAVEL = Table(
    name="travel",
    aliases=("rejsetider", "rejsetid"),
    field="travel",
    record=Travel,
    columns=(
        _column(Travel, "from_area", "code", "fra område", "fra", "from"),
        _column(Travel, "to_area", "code", "til område", "til", "to"),
        _column(Travel, "minutes", "whole", "minutter"),
    ),
    required=False,
)

RATINGS = Table(
    name="ratings",
    aliases=("vurderinger",),
    field="ratings",
    record=Rating,
    columns=(
        _column(Rating, "person_id", "id", "ung"),
        _column(Rating, "site_id", "id", "forløbssted", "sted"),
        _column(Rating, "points", "whole", "point"),
        _column(Rating, "date", "week", "dato", "uge"),
    ),
    required=False,
)

ENROLMENTS = Table(
    name="enrolments",
    aliases=("indskrivninger",),
    field="enrolments",
    record=Enrolment,
    columns=(
        _column(Enrolment, "id", "id", "indskrivning"),
        _column(Enrolment, "person_id", "id", "ung"),
        _column(Enrolment, "offer_id", "id", "indsatstilbud", "tilbud"),
        _column(Enrolment, "start", "week", "startuge"),
        _column(Enrolment, "weeks", "whole", "uger"),
        _column(Enrolment, "status", "choice"),
        _column(Enrolment, "last_week", "week", "sidste uge"),
        _column(Enrolment, "price_ore", "kr", "pris"),
    ),
    required=False,
)

PINS = Table(
    name="pins",
    aliases=("fastlåsninger",),
    field="pins",
    record=Pin,
    columns=(
        _column(Pin, "kind", "choice", "type"),
        _column(Pin, "person_id", "id", "ung"),
        _column(Pin, "offer_id", "id", "indsatstilbud", "tilbud"),
        _column(Pin, "start", "week", "startuge"),
        _column(Pin, "reason", "name", "årsag"),
    ),
    required=False,
)

CODES = Table(
    name="codes",
    aliases=("koder",),
    field="codes",
    record=CodeEntry,
    columns=(
        _column(CodeEntry, "kind", "choice", "type"),
        _column(CodeEntry, "code", "code", "kode"),
        _column(CodeEntry, "label_da", "name", "dansk"),
        _column(CodeEntry, "label_en", "name", "engelsk"),
        _column(CodeEntry, "valid_from", "week", "gælder fra"),
        _column(CodeEntry, "valid_to", "week", "gælder til"),
    ),
    required=False,
)

TABLES: tuple[Table, ...] = (
    PLAN,
    STAGES,
    PROGRAMMES,
    BUDGET_LINES,
    BUDGET_MOVEMENTS,
    PEOPLE,
    PROVIDERS,
    SITES,
    OFFERS,
    CONTRACTS,
    CAPACITY,
    USES,
    CLOSURES,
    TRAVEL,
    RATINGS,
    ENROLMENTS,
    PINS,
    CODES,
)
"""Every table, in the order in which faults are reported."""


@functools.cache
def columns_by_name(table: Table) -> Mapping[str, Column]:
    """Each column by its name, its field and its aliases, as `plain` writes them."""
    return {
        plain(name): column
        for column in table.columns
        for name in (column.name, column.field, *column.aliases)
        if not (name == column.field and "." in column.name)
    }
