"""What is measured, as Prometheus reads it: requests as they are answered, the rest when asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from prometheus_client import (
    CollectorRegistry,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.services.operating_figures import OperatingFigures, operating_figures
from api.store import Store

_BUCKETS_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_JSON = "/api/v1"
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


class Measurements:
    """Everything that ``/metrics`` shows.

    Labels are names of the program's own: the pattern of a route, never an address, which may name
    a person.

    Parameters
    ----------
    store
        Asked for figures whenever somebody looks.
    is_dispatching
        Whether runs are being looked for.
    """

    def __init__(self, store: Store, is_dispatching: Callable[[], bool]) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "ungeplan_http_request_seconds",
            "Time from a request to the end of its answer",
            ("method", "route", "status"),
            registry=self.registry,
            buckets=_BUCKETS_SECONDS,
        )
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.registry.register(_Figures(store, is_dispatching))


class _Figures(Collector):
    """Looks into the database when asked."""

    def __init__(self, store: Store, is_dispatching: Callable[[], bool]) -> None:
        self._store = store
        self._is_dispatching = is_dispatching

    def describe(self) -> Iterator[Metric]:
        """Nothing: the database is not asked before somebody looks."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The figures now; without a database, that it is away."""
        yield GaugeMetricFamily(
            "ungeplan_dispatcher_up",
            "Whether runs are being looked for",
            float(self._is_dispatching()),
        )
        try:
            with self._store.read() as session:
                figures = operating_figures(session)
        except SQLAlchemyError:
            yield GaugeMetricFamily("ungeplan_database_up", "Whether the database answers", 0.0)
            return
        yield GaugeMetricFamily("ungeplan_database_up", "Whether the database answers", 1.0)
        yield from _families(figures)


def _families(figures: OperatingFigures) -> Iterator[Metric]:
    runs = GaugeMetricFamily("ungeplan_runs", "Runs by state", labels=("state",))
    for state, count in figures.runs.items():
        runs.add_metric((state,), count)
    yield runs
    yield CounterMetricFamily(
        "ungeplan_run_repeated_attempts",
        "How often a run was begun again, since a worker or a solver was gone",
        figures.repeated_attempts,
    )
    gauges: tuple[tuple[str, str, float | None], ...] = (
        (
            "ungeplan_oldest_queued_run_seconds",
            "How long the first run in the queue has waited",
            figures.oldest_queued_seconds,
        ),
        ("ungeplan_last_run_seconds", "Time of the run that ended last", figures.last_run_seconds),
        (
            "ungeplan_last_run_memory_bytes",
            "Most memory of the run that ended last",
            figures.last_run_memory_bytes,
        ),
        ("ungeplan_problem_versions", "Versions of problems", figures.problem_versions),
        ("ungeplan_plans", "Plans", figures.plans),
        ("ungeplan_database_bytes", "Size of the database", figures.database_bytes),
    )
    for name, meaning, value in gauges:
        if value is not None:
            yield GaugeMetricFamily(name, meaning, float(value))


class MeasureRequests:
    """Middleware: the time of each request is kept by the pattern of its route.

    Parameters
    ----------
    app
        What answers.
    requests
        Where times are kept.
    """

    def __init__(self, app: ASGIApp, *, requests: Histogram) -> None:
        self._app = app
        self._requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on, and takes the time."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._requests.labels(method, route_of(scope), str(status)).observe(
                time.perf_counter() - began
            )


def route_of(scope: Scope) -> str:
    """The pattern of the route that was taken, such as ``/plans/{plan_id}``; else ``none``."""
    if scope["path"].startswith("/static/"):
        return "/static"
    pattern = getattr(scope.get("route"), "path", None)
    if pattern is None:
        return "none"
    # A route of a router inside another knows its own part of the pattern only.
    is_inside = scope["path"].startswith(f"{_JSON}/") and not pattern.startswith(_JSON)
    return f"{_JSON}{pattern}" if is_inside else str(pattern)
