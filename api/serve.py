"""``ungeplan serve``: the database is made ready, and the pages are served until Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import uvicorn

from api.app import make_app
from api.runs.cluster import cluster_client
from api.runs.dispatcher import Dispatcher
from api.services.accounts import add_first_account
from api.services.examples import add_examples
from api.settings import Settings, read_settings
from api.store import Store, open_store
from api.store.migrate import migrate
from api.texts import add_texts
from scheduler.language import Message


def serve(
    environment: Mapping[str, str],
    instead: Mapping[str, object],
    examples: tuple[Path, ...],
    say: Callable[[Message], None],
) -> None:
    """The application runs until it is asked to stop.

    Parameters
    ----------
    environment
        Where settings come from.
    instead
        Settings that go before it, by name; none is not given.
    examples
        Folders of problems to put into an empty database.
    say
        Tells whoever started it where the pages are.

    Raises
    ------
    InputError
        If a setting is wrong.
    """
    add_texts()
    settings = read_settings(environment, **instead)
    store = open_store(settings.database)
    try:
        make_ready(store, settings, examples, say)
        say(Message("Open {address} in a browser. Ctrl-C stops.", address=settings.origin))
        dispatcher = Dispatcher(settings, store, cluster_client)
        uvicorn.run(
            make_app(settings, store, dispatcher),
            host=settings.host,
            port=settings.port,
            ssl_certfile=settings.tls_certificate,
            ssl_keyfile=None if settings.tls_key is None else str(settings.tls_key),
            proxy_headers=bool(settings.public_url),
            server_header=False,
            log_level="warning",
            timeout_graceful_shutdown=5,
            # Longer than people think between two clicks, and than proxies keep a connection: one
            # that is closed just as a request comes along is a page that fails.
            timeout_keep_alive=75,
        )
    finally:
        store.close()


def make_ready(
    store: Store, settings: Settings, examples: tuple[Path, ...], say: Callable[[Message], None]
) -> None:
    """The tables are made; the first account and the examples are in an empty database."""
    migrate(store)
    with store.write() as session:
        first = add_first_account(session)
        if first is None:
            return
        account, password = first
        if settings.load_examples:
            add_examples(session, account.id, examples)
    say(
        Message(
            "The first account: name {name}, password {password} (shown this once).",
            name=account.name,
            password=password,
        )
    )
