"""The guide is on a page of its own, with all its pictures."""

from __future__ import annotations

import re

from api.settings import Settings
from api.store import Store
from tests.api.site import ROOT, Site


def test_everybody_reads_the_guide_with_all_its_pictures(
    sqlite_store: Store, settings: Settings
) -> None:
    browser = Site.make(sqlite_store, settings).logged_in("finance", "finance")
    assert 'href="/help"' in browser.get("/").text
    page = browser.get("/help").text
    pictures = re.findall(r'<img src="(/static/guide/[^"]+)" alt="[^"]{10,}"', page)
    assert len(pictures) == len(re.findall("<img (?!class)", page))
    kept = {path.name for path in (ROOT / "api/static/guide").iterdir()}
    assert {path.rpartition("/")[2] for path in pictures} == kept
    for path in pictures:
        assert browser.get(path).headers["content-type"] == "image/webp"
