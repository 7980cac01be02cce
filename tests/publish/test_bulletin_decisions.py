"""What a person decides shows in the pages that it alters: freeze, accept, withdraw."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.publish.bulletin_check import check_page
from flows.publish.bulletin_files import can_write_pdf
from flows.publish.bulletin_pages import PAGE, place_of
from tests.figures import GDP, HEADINGS

REVISED = GDP.replace("107.92", "108.92").replace("67.39", "68.39")
INCOME = HEADINGS + "城镇常住居民人均可支配收入,元,33100,3\n"


@pytest.mark.torture
def test_freeze_accept_and_withdraw_show_in_the_pages_that_they_alter(
    run_quarter: Callable[..., Any], tmp_path: Path
) -> None:
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    folder = raw / "150571" / "2022Q3"
    folder.mkdir(parents=True)
    where = ["--raw", str(raw), "--warehouse", str(warehouse)]

    def decide(*command: str) -> None:
        ended = CliRunner().invoke(app, [*command, *where])
        assert ended.exit_code == 0, ended.output

    def run() -> tuple[str, str]:
        """The words of both editions of the page, each of which is verified."""
        run_quarter(raw, warehouse, pages=True)
        read = []
        for audience in ("internal", "public"):
            place = place_of(warehouse / "published", "150571", "2022Q3", audience)
            page = (place / PAGE).read_text(encoding="utf-8")
            assert check_page(page.encode(), unsigned=True).discrepancies == []
            assert (place / "bulletin.zh.pdf").exists() == can_write_pdf()
            body = re.sub("<sup.*?</sup>|<[^>]*>", "", page[: page.index("<footer")])
            read.append(html.unescape(body))
        return read[0], read[1]

    def site(name: str) -> list[str]:
        """The words of a page of the zone in the site, the office's and the public's; none where there is none."""
        tops = (warehouse / "published/site", warehouse / "published/public/site")
        pages = [top / "150571" / name for top in tops]
        return [
            re.sub("<[^>]*>", " ", p.read_text(encoding="utf-8")) if p.exists() else ""
            for p in pages
        ]

    (folder / "gdp.csv").write_text(GDP, encoding="utf-8")
    (folder / "income.csv").write_text(INCOME, encoding="utf-8")
    for page in run():
        assert "尚未封存为发布版" in page and "有何变动" not in page

    decide("freeze", "2022Q3")
    for page in run():
        assert "发布版 2022Q3.1" in page and "已发布" in page and "有何变动" not in page

    assert all("发布版 2022Q3.1" in page for page in site("index.html"))

    (folder / "gdp.r2.csv").write_text(REVISED, encoding="utf-8")
    for page in run():
        assert "107.92亿元" in page and "108.92" not in page, "it waits to be accepted"
    assert all("107.92" in page and "108.92" not in page for page in site("series/gdp.html"))

    decide("accept", "150571", "2022Q3", "gdp", "--reason", "服务业年报核实后予以上调")
    for page in run():
        told = "地区生产总值由107.92亿元修订为108.92亿元（原因：服务业年报核实后予以上调）"
        assert told in page and "修订数" in page, page
        assert "地区生产总值108.92亿元" in page and "33100元" in page
    office, public = site("series/gdp.html")
    assert "107.92" in office and "108.92" in office and "版本" in office
    assert "108.92" in public and "107.92" not in public
    assert "服务业年报核实后予以上调" in site("revisions.html")[0]
    assert all("33100" in page for page in site("series/income_urban.html"))

    decide("withdraw", "150571/2022Q3/income.csv", "--reason", "此表报错了地区，应予作废")
    for page in run():
        assert "城镇常住居民人均可支配收入33100元" in page, page
        assert "撤回的数" in page and "五、财政与收入" not in page
        assert "income.csv" not in page
    assert site("series/income_urban.html") == ["", ""]
