from __future__ import annotations

from pathlib import Path

from benchmarks.load.cost import ROOT, markdown, measure


def test_each_page_is_asked_for_and_has_a_line(tmp_path: Path) -> None:
    costs = list(measure(tmp_path, ROOT / "examples" / "staircase", looks=1))
    table = markdown(costs)
    assert {"person", "person in a plan", "plan, places"} <= {each.page for each in costs}
    assert all(each.again_ms > 0 and each.kilobytes > 0 for each in costs)
    assert all(f"| {each.page} |" in table for each in costs)
