"""Which instances the benchmarks run on: the tiny ones, unless another is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.material import Material
from benchmarks.registry import INSTANCES, TINY, Instance


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `benchmarks.run` says."""
    group = parser.getgroup("ungeplan benchmarks")
    group.addoption("--bench-instance", choices=sorted(INSTANCES), help="Only this one.")
    group.addoption("--bench-seed", type=int, default=1, help="The seed of the instance.")
    group.addoption(
        "--bench-patience",
        type=float,
        default=2.0,
        help="Our run is stopped at so many times what it should take.",
    )
    group.addoption(
        "--bench-peer-seconds",
        type=float,
        help="The most a peer has; without it ten times our time, however long.",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every benchmark runs on every instance that it suits, and every peer on its instances."""
    if "material" not in metafunc.fixturenames:
        return
    instances = asked_for(metafunc.config)
    name = metafunc.function.__name__
    if name == "test_command":
        instances = [instance for instance in instances if instance.has_command]
    if name in {"test_explain", "test_report"}:
        instances = [instance for instance in instances if instance.size.is_explained]
    names, cases = ["material"], [_case(instance) for instance in instances]
    if "peer" in metafunc.fixturenames:
        names = ["material", "peer"]
        cases = [_case(instance, peer) for instance in instances for peer in instance.peers]
    metafunc.parametrize(names, cases, indirect=["material"])


def asked_for(config: pytest.Config) -> list[Instance]:
    """The instance asked for, or every tiny one."""
    name = config.getoption("bench_instance")
    if name is not None:
        return [INSTANCES[name]]
    return [instance for instance in INSTANCES.values() if instance.size is TINY]


def _case(instance: Instance, *more: str) -> Any:
    """All benchmarks of an instance share one process, so that it is solved once."""
    return pytest.param(
        instance,
        *more,
        id="-".join([instance.name, *more]),
        marks=pytest.mark.xdist_group(instance.name),
    )


@pytest.fixture
def material(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    _at_work: dict[str, Material],
) -> Material:
    """The instance at work, the same for all its benchmarks."""
    instance, option = request.param, request.config.getoption
    if instance.name not in _at_work:
        _at_work[instance.name] = Material(
            instance,
            option("bench_seed"),
            tmp_path_factory.mktemp("bench"),
            patience=option("bench_patience"),
            peer_seconds=option("bench_peer_seconds"),
        )
    return _at_work[instance.name]


@pytest.fixture(scope="session")
def _at_work(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Material]:
    """By name; a tiny city has been taken from files to files before anything is timed."""
    if request.config.getoption("benchmark_enable"):
        Material(INSTANCES["tiny-blend"], 0, tmp_path_factory.mktemp("warm-up")).report()
    return {}
