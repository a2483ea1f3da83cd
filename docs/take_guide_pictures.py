"""``make guide``: the pictures of the planner's guide, taken from the application as it is.

All people on them are synthetic: the problem is a part of the example city.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from scheduler.files import write_problem
from scheduler.generate import copenhagen_2016
from tests.api.served import served
from tests.walks.walker import Walker, chromium, log_in, walker

PICTURES = Path(__file__).parents[1] / "api" / "static" / "guide"
_WIDTH, _HEIGHT = 1000, 760
_QUALITY = 0.8
_PEOPLE = 70
_PATIENCE_MILLISECONDS = 300_000


def main() -> None:
    """Every picture is taken anew."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, served(Path(place)) as site, chromium() as browser:
        wrong, good = _workbooks(Path(place))
        with walker(browser, site.address, "da", _WIDTH, javascript=True) as planner:
            # A run takes as long as it takes where much else is going on.
            planner.page.set_default_timeout(_PATIENCE_MILLISECONDS)
            camera = _Camera(planner, browser)
            log_in(planner, "administrator", site.password)
            _upload(planner, camera, wrong, good)
            _run(planner, camera)
            _change(planner, camera)


class _Camera:
    """Takes what the walker sees, as a small picture."""

    def __init__(self, one: Walker, browser: Browser) -> None:
        self._page = one.page
        self._darkroom = browser.new_page()

    def take(self, name: str, *, height: int = _HEIGHT, at: str = "") -> None:
        """The top of the page, or from the first element that `at` selects."""
        self._page.mouse.move(0, 0)
        top = 0.0
        if at:
            box = self._page.locator(at).first.bounding_box()
            assert box is not None
            top = max(0, box["y"] + self._page.evaluate("scrollY") - 24)
        page_height = self._page.evaluate("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": top, "width": _WIDTH, "height": min(height, page_height - top)}
        picture = self._page.screenshot(clip=clip, full_page=True)  # type: ignore[arg-type]
        target = PICTURES / f"{name}.webp"
        target.write_bytes(self._small(picture))
        sys.stdout.write(f"{target.name}: {target.stat().st_size} bytes\n")

    def _small(self, picture: bytes) -> bytes:
        """As WebP, which the browser can write and nothing else here needs to."""
        source = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
        address = self._darkroom.evaluate(
            """async ([source, quality]) => {
                const image = new Image();
                image.src = source;
                await image.decode();
                const canvas = document.createElement("canvas");
                canvas.width = image.width;
                canvas.height = image.height;
                canvas.getContext("2d").drawImage(image, 0, 0);
                return canvas.toDataURL("image/webp", quality);
            }""",
            [source, _QUALITY],
        )
        return base64.b64decode(address.partition(",")[2])


def _workbooks(folder: Path) -> tuple[Path, Path]:
    """A synthetic town, with a wrong cell and without."""
    city = copenhagen_2016()
    kept = {person.id for person in city.people[:_PEOPLE]}

    def of(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(row for row in rows if row.person_id is None or row.person_id in kept)

    rows = {name: of(getattr(city, name)) for name in ("enrolments", "pins", "ratings", "uses")}
    people = city.people[:_PEOPLE]
    title = "Lilleby (syntetisk)"
    town = city.model_copy(update={"title": title, "people": people, **rows})
    good, wrong = folder / "lilleby.xlsx", folder / "lilleby-med-fejl.xlsx"
    write_problem(town, good)
    first = town.people[0].model_copy(update={"target_groups": ("autist",)})
    offer = town.offers[0].model_copy(update={"site_id": "site-99"})
    changed = {"people": (first, *town.people[1:]), "offers": (offer, *town.offers[1:])}
    write_problem(town.model_copy(update=changed), wrong)
    return wrong, good


def _upload(planner: Walker, camera: _Camera, wrong: Path, good: Path) -> None:
    planner.follow("New problem")
    planner.page.set_input_files("#files", wrong)
    planner.press("Upload")
    planner.page.get_by_role("alert").wait_for()
    camera.take("fejl", height=720)
    planner.page.set_input_files("#files", good)
    planner.press("Upload")
    planner.sees("Lilleby")
    planner.follow("Young people")
    planner.sees("Young people")
    camera.take("unge")
    planner.follow("Lilleby")


def _run(planner: Walker, camera: _Camera) -> None:
    planner.follow("Run")
    planner.sees("New run")
    planner.type("Gap, per cent", "2")
    camera.take("beregn", height=1100)
    planner.press("Run")
    link = planner.page.get_by_role("link", name=planner.say("See the plan"))
    link.wait_for()
    camera.take("beregning", height=640)
    planner.page.goto("/")
    camera.take("overblik", height=620)
    planner.page.go_back()
    planner.follow("See the plan")
    planner.sees("Plan {number}")
    camera.take("plan", height=1500)
    planner.follow("Who starts")
    planner.page.locator("#found").wait_for()
    camera.take("starter", at=".app-tabs")


def _change(planner: Walker, camera: _Camera) -> None:
    planner.page.locator("#found tbody a").first.click()
    planner.page.locator(".app-offer").first.wait_for()
    camera.take("ung", height=1300)
    planner.follow("Rule {offer} out", planner.page.locator(".app-offer--chosen"))
    planner.sees("Rule a placement out")
    planner.type("Why", "Vil hellere et andet sted hen")
    planner.press("Save the change")
    planner.sees("Changes")
    camera.take("aendringer", height=560)
    planner.follow("Run again")
    planner.sees("New run")
    planner.type("Gap, per cent", "2")
    planner.press("Run")
    planner.follow("See the plan")
    planner.follow("Compare with another plan")
    planner.sees("From plan {other} to plan {number}")
    camera.take("forskel", height=1300)


if __name__ == "__main__":
    main()
