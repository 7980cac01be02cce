"""Every kind of page by axe-core, in Chromium: nothing that is serious for who hears a page or has only a keyboard."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.browser import CHROMIUM, open_browser

PAGES = (
    *(
        f"site/{name}.html"
        for name in ("index", "ranking", "quality", "revisions", "calendar", "downloads")
    ),
    *(f"site/dictionary/{name}.html" for name in ("index", "methodology", "public.indicator")),
    *(f"site/CN/{name}.html" for name in ("index", "quality", "revisions", "series/gdp")),
    "150571/2022Q3/index.html",
    "public/150571/2022Q3/index.html",
    "public/site/index.html",
    "public/site/CN/series/gdp.html",
)
RUN = """
axe.run().then(found => found.violations
    .filter(v => ["serious", "critical"].includes(v.impact))
    .map(v => `${v.id}: ${v.nodes[0].html.slice(0, 200)}`))
"""


@pytest.mark.torture
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")
def test_axe_finds_nothing_serious_on_any_page(whole_warehouse: Any, tmp_path: Path) -> None:
    axe = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    published = whole_warehouse.folder / "published"
    with open_browser(tmp_path / "profile") as page:
        for width in (1280, 360):
            page.resize(width)
            for name in PAGES:
                page.open((published / name).as_uri())
                assert page.ask(f"(() => {{ {axe}; return typeof axe }})()") == "object"
                assert page.ask(RUN) == [], f"{name} at {width}"
        page.open("data:text/html,<html><body><img src=x><a href=y></a></body></html>")
        page.ask(f"(() => {{ {axe}; return 1 }})()")
        assert page.ask(RUN), "it would say so"
