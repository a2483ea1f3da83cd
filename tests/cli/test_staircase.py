"""What a budget buys is a staircase, seen through the command line."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from scheduler.cli.app import run

STAIRCASE = Path(__file__).parents[2] / "examples" / "staircase"


@pytest.mark.parametrize(
    ("price_kr", "bought", "left_kr"),
    [(20_000, 125, 0), (20_001, 124, 19_876), (21_000, 119, 1_000), (22_000, 113, 14_000)],
)
def test_the_price_decides_how_many_courses_the_money_buys(
    price_kr: int, bought: int, left_kr: int, tmp_path: Path, capsys
) -> None:
    path = tmp_path / "staircase"
    shutil.copytree(STAIRCASE, path)
    offers = (path / "offers.csv").read_text(encoding="utf-8-sig")
    assert offers.count("20000") == 1
    changed = offers.replace("20000", str(price_kr))
    (path / "offers.csv").write_text(changed, encoding="utf-8-sig")

    assert run(["solve", str(path), "--json", "--time-limit", "100"]) == 0

    plan = json.loads(capsys.readouterr().out)
    placed = Counter(row["programme_id"] for row in plan["placements"])
    assert placed == {"bought": bought, "own": 60}
    paid = Counter()
    for row in plan["placements"]:
        paid[row["programme_id"]] += row["cost_ore"]
    assert paid == {"bought": (2_500_000 - left_kr) * 100, "own": 750_000 * 100}
    assert (plan["stages"][0]["name"], plan["stages"][0]["proof"]) == ("placed", "optimal")
