"""Every setting that the environment gives, in one place.

Nothing else in the program reads the environment. ``docs/reference/settings.md`` is written from
here.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from scheduler.errors import InputError
from scheduler.language import Message

PREFIX = "UNGEPLAN_"


class Settings(BaseModel):
    """How the application runs; read once, at its start."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True
    )

    data_folder: Path = Path("data")
    """Where the SQLite database lies, unless `database_url` says otherwise."""
    database_url: str = ""
    """The database, such as `postgresql+psycopg://user@host/name`; none: SQLite in the data
    folder."""
    host: str = "127.0.0.1"
    """The address to listen on."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """The port to listen on."""
    public_url: str = ""
    """What people write in their browser, such as `https://plan.example.org`, where a proxy stands
    in front and takes care of HTTPS."""
    tls_certificate: Path | None = None
    """A certificate file (PEM), to speak HTTPS without a proxy."""
    tls_key: Path | None = None
    """The certificate's key (PEM)."""
    allow_plain_http: bool = False
    """Listen beyond this machine without HTTPS: passwords and people's data can then be read on the
    way."""
    session_idle_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 30
    """Somebody who has done nothing for so long must log in again."""
    session_hours: Annotated[int, Field(ge=1, le=24 * 7)] = 10
    """Everybody must log in again after so long."""
    upload_megabytes: Annotated[int, Field(ge=1, le=32)] = 10
    """The most that one upload may be."""
    upload_seconds: Annotated[int, Field(ge=1, le=300)] = 5
    """The longest that reading an upload may take."""
    upload_memory_megabytes: Annotated[int, Field(ge=128, le=8192)] = 512
    """The most memory that reading an upload may take."""
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    """How many runs are worked on at a time."""
    threads_per_run: Annotated[int, Field(ge=1, le=64)] = 2
    """How many processor cores a run uses."""
    lease_seconds: Annotated[int, Field(ge=2, le=600)] = 30
    """A run whose worker has been silent for so long is given to another."""
    dask_scheduler: str = ""
    """The address of a Dask scheduler to work on, such as `tls://dask.example.org:8786`; none: the
    application starts workers of its own."""
    dask_tls_ca: Path | None = None
    """The authority (PEM) that the Dask cluster's certificates are signed by."""
    dask_tls_certificate: Path | None = None
    """The certificate (PEM) to show to the Dask cluster."""
    dask_tls_key: Path | None = None
    """That certificate's key (PEM)."""
    metrics_token: Annotated[str, Field(repr=False, pattern=r"^(\S{24,})?$")] = ""
    """Who sends this as a bearer token may read `/metrics`, 24 characters at least; none: only this
    machine may, and nobody where `public_url` is set."""
    load_examples: bool = True
    """Put the examples into an empty database."""

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("TLS_CERTIFICATE and TLS_KEY go together")
        if self.public_url and urlsplit(self.public_url).scheme not in {"http", "https"}:
            raise ValueError("PUBLIC_URL must begin with https:// or http://")
        if not (is_loopback(self.host) or self.is_https or self.allow_plain_http):
            raise ValueError(
                f"HOST {self.host} can be reached from other machines: set TLS_CERTIFICATE and"
                " TLS_KEY, or PUBLIC_URL to the https:// address of a proxy, or"
                " ALLOW_PLAIN_HTTP=true"
            )
        where = urlsplit(self.dask_scheduler)
        if self.dask_scheduler and where.scheme != "tls" and not is_loopback(where.hostname or ""):
            raise ValueError("DASK_SCHEDULER beyond this machine must begin with tls://")
        if where.scheme == "tls" and None in {
            self.dask_tls_ca,
            self.dask_tls_certificate,
            self.dask_tls_key,
        }:
            raise ValueError("DASK_TLS_CA, DASK_TLS_CERTIFICATE and DASK_TLS_KEY are needed")
        return self

    @property
    def is_https(self) -> bool:
        """Whether people reach the pages by HTTPS."""
        return self.tls_certificate is not None or self.public_url.startswith("https://")

    @property
    def origin(self) -> str:
        """The address of the pages as browsers write it, without a slash at its end."""
        if self.public_url:
            where = urlsplit(self.public_url)
            return f"{where.scheme}://{where.netloc}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.is_https else 'http'}://{host}:{self.port}"

    @property
    def database(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{(self.data_folder / 'ungeplan.db').as_posix()}"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_settings(environment: Mapping[str, str], **instead: object) -> Settings:
    """The settings that the environment gives; `instead` go before it.

    Raises
    ------
    InputError
        If a setting is wrong, or a variable with our prefix is no setting.
    """
    given = {name: value for name, value in environment.items() if name.startswith(PREFIX)}
    fields = {PREFIX + name.upper(): name for name in Settings.model_fields}
    faults = [
        Message("{name} is not a setting of Ungeplan.", name=name)
        for name in sorted(given)
        if name not in fields
    ]
    values: dict[str, object] = {
        fields[name]: value for name, value in given.items() if name in fields and value
    }
    values |= {name: value for name, value in instead.items() if value is not None}
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        faults += [_fault(fault) for fault in error.errors(include_url=False, include_input=False)]
        settings = Settings()
    if faults:
        raise InputError(faults)
    return settings


def _fault(fault: Mapping[str, object]) -> Message:
    place = fault["loc"]
    assert isinstance(place, tuple)
    name = PREFIX + str(place[0]).upper() if place else PREFIX + "*"
    why = str(fault["msg"]).removeprefix("Value error, ")
    return Message("{setting}: {what}", setting=name, what=why)
