"""Prices of offers and terms of contracts, by JSON, CSV and workbook."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from pydantic import ConfigDict, Field
from starlette.requests import Request

from api.errors import NoVersionNamed
from api.json.accepting import TABLE_RESPONSES, WantedForm
from api.json.problem_details import RESPONSES
from api.json.requests import OwnRequest, as_json
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.changes import tag_of
from api.services.price_lists import PriceChange, change_prices
from api.services.problems import ProblemVersion, latest_version
from api.services.sheets import price_csv, price_workbook
from api.state import state_of
from api.table_files import file_response
from providers import Contract, Record
from scheduler.files.price_list import PriceRow, price_rows
from scheduler.language import Message
from scheduler.scenarios import SetPrice, SetTerms

ROUTER = APIRouter(prefix="/problems", tags=["prices"], responses=RESPONSES)
IfMatch = Annotated[
    str | None,
    Header(description="The `ETag` of the version that was seen. Another's edit is never undone."),
]
_PRICE: dict[str, Any] = {
    "offer_id": "bought-course",
    "price_ore": 2_000_100,
    "price_per": "course",
    "extra_week_price_ore": None,
}
_CONTRACT: dict[str, Any] = {
    "id": "K-1",
    "provider_id": "enterprise",
    "name": "Lot 1",
    "first_week": "2016-W27",
    "last_week": "2017-W26",
    "least_courses": 20,
    "most_courses": 60,
    "most_ore": 125_000_000,
}


class PriceLists(Record):
    """Every price and contract of a problem's latest version."""

    version: int
    """1, 2, 3 …"""
    prices: tuple[PriceRow, ...]
    contracts: tuple[Contract, ...]


class PriceEdit(Record):
    """Prices and terms that shall be otherwise; whoever is not named keeps theirs."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"prices": [_PRICE], "contracts": [_CONTRACT]}]}
    )

    prices: Annotated[tuple[SetPrice, ...], Field(max_length=10_000)] = ()
    """By offer."""
    contracts: Annotated[tuple[Contract, ...], Field(max_length=10_000)] = ()
    """Whole contracts, by their ids; the provider stays."""


class PriceEditAnswer(Record):
    """The version with the prices."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"problem_id": 1, "version": 2, "version_id": 7}]}
    )

    problem_id: int
    version: int
    """1, 2, 3 …"""
    version_id: int


@ROUTER.get(
    "/{problem_id}/prices",
    summary="Prices and contracts",
    response_model=PriceLists,
    responses=TABLE_RESPONSES,
)
def read_prices_json(
    request: Request,
    response: Response,
    problem_id: int,
    form: WantedForm,
    _caller: Annotated[Caller, may(Action.READ_PROBLEM)],
) -> PriceLists | Response:
    """Of the latest version; as CSV the prices alone."""
    version = _latest(request, problem_id)
    if form != "json":
        content = price_workbook if form == "xlsx" else lambda one: price_csv(one, "prices")
        return _tagged(file_response(content(version.problem), form, "prices"), version)
    _tagged(response, version)
    return PriceLists(
        version=version.number,
        prices=price_rows(version.problem),
        contracts=version.problem.contracts,
    )


@ROUTER.get(
    "/{problem_id}/contracts",
    summary="Contracts",
    response_model=tuple[Contract, ...],
    responses=TABLE_RESPONSES,
)
def read_contracts_json(
    request: Request,
    response: Response,
    problem_id: int,
    form: WantedForm,
    _caller: Annotated[Caller, may(Action.READ_PROBLEM)],
) -> tuple[Contract, ...] | Response:
    """Of the latest version; a workbook has the prices too."""
    version = _latest(request, problem_id)
    if form != "json":
        content = price_workbook if form == "xlsx" else lambda one: price_csv(one, "contracts")
        return _tagged(file_response(content(version.problem), form, "contracts"), version)
    _tagged(response, version)
    return version.problem.contracts


@ROUTER.patch("/{problem_id}/prices", summary="Change prices", dependencies=[OwnRequest])
def change_prices_json(
    request: Request,
    response: Response,
    problem_id: int,
    edit: Annotated[PriceEdit, as_json(PriceEdit)],
    caller: Annotated[Caller, may(Action.WRITE_PRICE)],
    if_match: IfMatch = None,
) -> PriceEditAnswer:
    """A new version with these prices and terms, if the one that was seen is still the latest."""
    if if_match is None:
        raise NoVersionNamed(Message("Send the ETag of the problem that you saw in If-Match."))
    base = if_match.strip().removeprefix("W/").strip('"')
    terms = (SetTerms(contract=contract) for contract in edit.contracts)
    changes: tuple[PriceChange, ...] = (*edit.prices, *terms)
    store = state_of(request).store
    version = change_prices(store, problem_id, base, changes, caller.account_id)
    _tagged(response, version)
    return PriceEditAnswer(
        problem_id=version.problem_id, version=version.number, version_id=version.id
    )


def _latest(request: Request, problem_id: int) -> ProblemVersion:
    with state_of(request).store.read() as session:
        return latest_version(session, problem_id)


def _tagged(response: Response, version: ProblemVersion) -> Response:
    response.headers["etag"] = f'"{tag_of(version)}"'
    return response
