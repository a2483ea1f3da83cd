"""Prices of offers and terms of contracts as CSV files, as buyers send them and get them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from providers import Contract, DomainId, Name, Ore, Record
from scheduler.errors import InputError
from scheduler.faults import did_you_mean
from scheduler.faults.known import or_nearest
from scheduler.files.columns import CONTRACTS, Table, columns_by_name, make_column, plain
from scheduler.files.csv_rows import csv_rows
from scheduler.files.csv_text import Cell
from scheduler.files.inputs import Grid
from scheduler.files.places import Faults, Refused, Source
from scheduler.files.table_reading import RowBudget, TableRead, read_table
from scheduler.files.writing import row_cells
from scheduler.language import Message
from scheduler.problem import Problem
from scheduler.scenarios import SetPrice, SetTerms

ListName = Literal["prices", "contracts"]


class PriceRow(Record):
    """An offer with its price."""

    id: DomainId
    """The offer's id."""
    name: Name | None = None
    """What the offer or its site is called; for people, and not read back."""
    provider: Name | None = None
    """Whose it is; for people, and not read back."""
    price_ore: Ore
    """The price in øre, per course or per week as `price_per` says."""
    price_per: Literal["course", "week"] = "course"
    """What the price is for."""
    extra_week_price_ore: Ore | None = None
    """Price in øre of each active week after the offer's own."""


PRICES = Table(
    name="prices",
    aliases=("priser",),
    field="offers",
    record=PriceRow,
    columns=(
        make_column(PriceRow, "id", "id", "indsatstilbud", "tilbud", "offer"),
        make_column(PriceRow, "name", "name", "navn"),
        make_column(PriceRow, "provider", "name", "leverandør"),
        make_column(PriceRow, "price_ore", "kr", "pris"),
        make_column(PriceRow, "price_per", "choice", "pris pr", "pris per"),
        make_column(PriceRow, "extra_week_price_ore", "kr", "pris ekstra uge"),
    ),
    required=True,
)
LISTS: dict[ListName, Table] = {"prices": PRICES, "contracts": CONTRACTS}


class PriceList(Record):
    """What a CSV file says."""

    changes: tuple[SetPrice | SetTerms, ...]
    """In the order of the file."""
    rows: tuple[int, ...]
    """The row of each, as Excel counts."""


def read_price_list(name: str, content: bytes) -> PriceList:
    """What a CSV file says: prices or contracts, whichever its header fits.

    Parameters
    ----------
    name
        The file's, for messages.
    content
        Of the file.

    Raises
    ------
    InputError
        With every fault and its cell.
    """
    faults = Faults()
    source = Source(name)
    try:
        table = _table_of(content)
        rows = csv_rows(content, lambda header: _known(table, header))
        read = read_table(Grid(table, source, rows, is_csv=True), faults, RowBudget())
        _tell_twice(read, faults)
        if not read.records and not faults:
            faults.add(source.at(None, None, Message("there is no row")))
    except Refused as refused:
        faults.add(source.at(None, None, refused.what))
    if faults:
        raise InputError(faults.messages())
    changes = tuple(_change(record) for record in read.records)
    return PriceList(changes=changes, rows=tuple(read.rows))


def demand_known(name: str, given: PriceList, problem: Problem) -> None:
    """Every offer and contract that a file of that name lists is in the problem.

    Raises
    ------
    InputError
        With each that is not, and what was probably meant.
    """
    offers = {offer.id for offer in problem.offers}
    contracts = {contract.id for contract in problem.contracts}
    faults = Faults()
    for row, change in zip(given.rows, given.changes, strict=True):
        is_price = isinstance(change, SetPrice)
        value = change.offer_id if isinstance(change, SetPrice) else change.contract.id
        known: Collection[str] = offers if is_price else contracts
        if value not in known:
            what = Message("the id of an offer") if is_price else Message("the id of a contract")
            expected = or_nearest(what, did_you_mean(value, sorted(known)))
            faults.add(Source(name).at_value(row, "id", value, expected))
    if faults:
        raise InputError(faults.messages())


def price_list_cells(problem: Problem, name: ListName) -> tuple[list[str], list[list[Cell]]]:
    """The header and the rows of a list, as it is read back."""
    table = LISTS[name]
    records: Sequence[Record] = problem.contracts if name == "contracts" else price_rows(problem)
    header = [column.name for column in table.columns]
    return header, [row_cells(record, table) for record in records]


def price_rows(problem: Problem) -> tuple[PriceRow, ...]:
    """Each offer with its price and whose it is."""
    sites = {site.id: site for site in problem.sites}
    providers = {provider.id: provider.name for provider in problem.providers}
    return tuple(
        PriceRow(
            id=offer.id,
            name=offer.name or sites[offer.site_id].name,
            provider=providers[sites[offer.site_id].provider_id],
            price_ore=offer.price_ore,
            price_per=offer.price_per,
            extra_week_price_ore=offer.extra_week_price_ore,
        )
        for offer in problem.offers
    )


def _table_of(content: bytes) -> Table:
    """The table whose columns the header line names more of."""

    def fitting(table: Table) -> int:
        first = next(csv_rows(content, lambda header: _known(table, header)), (1, []))
        return _known(table, first[1])

    return max((PRICES, CONTRACTS), key=fitting)


def _known(table: Table, header: Sequence[str]) -> int:
    names = columns_by_name(table)
    return sum(plain(name) in names for name in header)


def _change(record: Record) -> SetPrice | SetTerms:
    if isinstance(record, Contract):
        return SetTerms(contract=record)
    assert isinstance(record, PriceRow)
    return SetPrice(
        offer_id=record.id,
        price_ore=record.price_ore,
        price_per=record.price_per,
        extra_week_price_ore=record.extra_week_price_ore,
    )


def _tell_twice(read: TableRead, faults: Faults) -> None:
    seen: set[str] = set()
    for record, row in zip(read.records, read.rows, strict=True):
        assert isinstance(record, PriceRow | Contract)
        if record.id in seen:
            expected = Message("each id once")
            message = read.source.at_value(row, read.header("id"), record.id, expected)
            faults.add(message, read.order(row, "id"))
        seen.add(record.id)
