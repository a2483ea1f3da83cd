from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.load.run import LIMIT_MILLISECONDS, PageTimes, Result, markdown

PAGE = PageTimes("plan", requests=10, failures=0, p50=20, p95=LIMIT_MILLISECONDS, p99=400, most=500)
RESULT = Result(
    began_at="2016-07-04T12:00:00+00:00",
    seconds=120,
    planners=20,
    solves_under_way=2.0,
    cores=2,
    python="3.11.7",
    database="sqlite",
    load_before=0.1,
    load_after=2.5,
    others_share=0.04,
    pages=(PAGE, replace(PAGE, page="people")),
)


@pytest.mark.parametrize(
    ("page", "is_good"),
    [
        (PAGE, True),
        (replace(PAGE, failures=1), False),
        (replace(PAGE, p95=LIMIT_MILLISECONDS + 1), False),
    ],
)
def test_one_failure_or_one_slow_page_is_too_much(page: PageTimes, *, is_good: bool) -> None:
    assert replace(RESULT, pages=(PAGE, page)).is_good is is_good


def test_the_result_says_what_others_took_of_the_machine() -> None:
    said = markdown(RESULT)
    assert "2.0 solves ran; sqlite, 2 cores" in said
    assert "4% of the cores' time taken by others" in said
    assert "| plan | 10 | 0 | 20 | 300 | 400 | 500 |" in said
