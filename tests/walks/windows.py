"""The windows that each way is walked in: language, scripts and width."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import get_args

import pytest
from playwright.sync_api import Browser

from scheduler.language import Language
from tests.api.served import Served
from tests.api.site import PASSWORD
from tests.walks.walker import Walker, log_in, walker


@dataclass(frozen=True)
class Window:
    """How somebody looks at the pages."""

    language: Language
    javascript: bool
    width: int

    @contextmanager
    def opened(self, browser: Browser, site: Served) -> Iterator[Walker]:
        """Nobody is logged in yet."""
        with walker(
            browser, site.address, self.language, self.width, javascript=self.javascript
        ) as one:
            yield one

    @contextmanager
    def of(self, role: str, browser: Browser, site: Served) -> Iterator[Walker]:
        """The account of the role is logged in."""
        with self.opened(browser, site) as one:
            log_in(one, role, PASSWORD)
            yield one

    def __str__(self) -> str:
        return f"{self.language}-{'js' if self.javascript else 'plain'}-{self.width}"


IN_SHORT = (Window("da", True, 1280), Window("en", False, 390))
"""Each language, each width, with and without scripts; the others are walked by make test-all."""
ALL = [Window(*each) for each in itertools.product(get_args(Language), (True, False), (1280, 390))]


def _walked(in_short: Sequence[Window]) -> pytest.MarkDecorator:
    marks = {window: () if window in in_short else pytest.mark.slow for window in ALL}
    params = [pytest.param(window, marks=marks[window], id=str(window)) for window in ALL]
    return pytest.mark.parametrize("window", params)


in_every_window = _walked(IN_SHORT)
in_every_window_once_in_short = _walked(IN_SHORT[:1])
"""For a walk that takes long."""
