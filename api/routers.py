"""Finds the routes: every module of a package that has a ``ROUTER``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from fastapi import APIRouter


def routers_of(package: ModuleType) -> Iterator[APIRouter]:
    """The routers of a package's modules, in the order of their names."""
    for module in modules_of(package):
        router = getattr(module, "ROUTER", None)
        if isinstance(router, APIRouter):
            yield router


def modules_of(package: ModuleType) -> Iterator[ModuleType]:
    """The modules of a package, in the order of their names."""
    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__))
    for name in names:
        yield importlib.import_module(f"{package.__name__}.{name}")
