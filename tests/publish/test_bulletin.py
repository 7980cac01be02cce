"""The bulletin: both languages, every headline, nothing undefined printed, and no figure that a view did not give."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.model.period import Period
from flows.publish.bulletin import (
    link_pages,
    place_growth,
    place_pulls,
    place_shares,
    render_bulletin,
    write_number,
    write_signed,
)

SECTORS = {
    "primary": "va_primary",
    "secondary": "va_secondary",
    "tertiary": "va_tertiary",
    "total": "gdp",
}
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """The page as its readers meet it: text as it is shown, and tags that must be closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.shown: list[str] = []
        self.feed(html)
        assert not self.open, f"left open: {self.open}"

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.shown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.shown.append(data)


def assert_sound(html: str) -> Page:
    """What holds of every bulletin, whatever there is to tell."""
    page = Page(html)
    assert not re.search(r"\b(None|nan|NaN|inf|undefined|null)\b", page.text)
    assert not re.search(r'="[^"]*\b(None|nan|inf)\b', html)
    assert '<html lang="zh-CN">' in html and 'lang="en"' in html
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert not [a for tag, a in page.tags if tag in ("script", "link", "img", "iframe")]
    assert not re.search(r"https?://|url\((?!#)|@import", html)
    for tag, attributes in page.tags:
        if tag == "svg":
            assert (
                attributes.get("aria-hidden") == "true"
                or attributes.get("aria-label")
                or attributes.get("aria-labelledby")
            )
    return page


# --- the page of the repository's own submissions -----------------------------------------------


@pytest.fixture(scope="module")
def real(warehouse: Path) -> str:
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return render_bulletin(con)


@pytest.fixture(scope="module")
def page(real: str) -> Page:
    return assert_sound(real)


def test_it_is_published_with_the_warehouse_and_links_to_every_page(
    warehouse: Path, real: str
) -> None:
    published = warehouse.parent / "published"
    page = (published / "bulletin.html").read_text(encoding="utf-8")
    there = {
        p.relative_to(published).as_posix()
        for p in published.glob("*/*/index.html")
        if p.relative_to(published).parts[0] not in ("public", "site")
    }
    links = re.findall(r'href="([^"#]+)"', page)
    assert len(there) == len(links) and set(links) == there
    assert links.index("CN/2024Q4/index.html") < links.index("CN/2022Q1/index.html")
    by_zone: dict[str, list[str]] = {}
    for name in there:
        by_zone.setdefault(name.split("/")[0], []).append(name.split("/")[1])
    assert page == link_pages(real, by_zone)
    assert_sound(page)


def test_a_figure_under_query_says_so_in_words_at_every_number(told: Told) -> None:
    growth = {"primary": 4.1, "secondary": 2.7, "tertiary": 3.8, "total": 3.4}
    levels = {"primary": 1.41, "secondary": 39.12, "tertiary": 67.39, "total": 107.92}
    for period in ("2022Q1", "2022Q2", "2022Q3"):
        told.gdp(period, {s: (levels[s], growth[s]) for s in levels})
    told.con.execute("""
        insert into ledger.finding (submission, form, zone, period, code, severity, outcome, row, "column")
        values ('s3', 'gdp', '150571', '2022Q3', 'X', 'query', 'broken', 2, 'value')
    """)
    words = "待核实 under query"
    text = told.page.text
    assert f"Gross regional product (GDP) 107.92 亿元 {words} +3.4 可比价 real {words}" in text
    assert len(re.findall(rf"\d 亿元 {words} \+", text)) == 4, "they stand in row 2 together"
    for figure in (
        "占增加值 %，现价，四舍五入 of value added, current prices, rounded",
        "percentage points; approximate, current-price weights",
    ):
        assert f"{figure} {words}" in text
    assert "2022Q3 +3.4%（待核实 under query）" in text and "2022Q2 +3.4%," in text
    assert "2022Q3 累计 year to date +3.4%，待核实 under query" in text


def test_zones_come_before_the_nation(page: Page) -> None:
    zone, nation = (
        page.text.index("Tongliao Economic and Technological Development Zone"),
        page.text.index("国内生产总值"),
    )
    assert zone < nation
    assert "2022年1-9月 January to September 2022, year to date, 2022Q3" in page.text
    assert "2024年1-12月 January to December 2024, year to date, 2024Q4" in page.text


@pytest.mark.parametrize(
    "said",
    [
        "地区生产总值 Gross regional product (GDP) 107.92 亿元 +3.4 可比价 real",
        "第一产业增加值 Primary sector value added 1.41 亿元 +4.1",
        "第二产业增加值 Secondary sector value added 39.12 亿元 +2.7",
        "第三产业增加值 Tertiary sector value added 67.39 亿元 +3.8",
        "规模以上工业增加值 Value added of industry above designated size 只报增速 growth only −2.0 可比价 real",
        "社会消费品零售总额 Total retail sales of consumer goods 41.82 亿元 +3.6 名义 nominal",
        "一般公共预算收入 General public budget revenue 7.34 亿元 −5.0 名义 nominal",
        "固定资产投资 Fixed asset investment 37.66 亿元 +6.6",
        "城镇常住居民人均可支配收入 Per capita disposable income of urban residents 34125 元 +6.0",
        "农村常住居民人均可支配收入 Per capita disposable income of rural residents 18519 元 +8.1",
        "国内生产总值 Gross domestic product (GDP) 1348066.2 亿元 +5.0",
        "1.3 : 36.2 : 62.4",
        "第一产业 Primary sector 1.41 1.3 +4.1 +0.05 1.6",
        "第二产业 Secondary sector 39.12 36.2 +2.7 +0.99 29.0",
        "第三产业 Tertiary sector 67.39 62.4 +3.8 +2.36 69.5",
        "合计 Total 107.92 100.0 +3.4 +3.40 100.0",
        "residual, approximate: growth reported less the sum of the contributions −0.002",
        "成立 7 条，不成立 0 条，未核验 0 条",
        "✓ 成立 holds 三次产业增加值之和 = 地区生产总值 the three sectors add up to GDP",
        "招商引资项目台账 Ledger of investment contracts 1 处待说明 to be explained",
    ],
)
def test_it_says_what_the_views_say(page: Page, said: str) -> None:
    assert said in page.text


def test_every_headline_is_on_the_page(page: Page, warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as con:
        figures = con.execute(
            "select title_en, value_text from metrics.headline where zone = '150571'"
        ).fetchall()
    assert len(figures) == 10
    assert all(
        title in page.text and (value or "只报增速") in page.text for title, value in figures
    )


def test_the_chart_marks_the_quarter_of_mixed_vintage(real: str, page: Page) -> None:
    assert real.count('fill="url(#hatchCN)"') == 1
    assert "2024Q3 当季 quarter +4.4% ± 0.29，混用两次发布 mixed vintage" in page.text
    assert "Q3†" in page.text and "† 2024Q3：" in page.text
    assert "The discrete quarter mixes vintages" in page.text


def test_the_chart_can_be_read_without_seeing_it(page: Page) -> None:
    assert "累计实际增长 real growth year to date: 2022Q1 +4.8%, 2022Q2 +2.7%" in page.text
    assert "2022Q2 +2.7 +0.8 0.19" in page.text  # the table beneath it


def test_it_says_when_it_was_built(page: Page) -> None:
    assert re.search(r"生成于 \d{4}-\d\d-\d\d \d\d:\d\d（北京时间）", page.text)


# --- pages of what is missing, held or broken ---------------------------------------------------


class Told:
    """A warehouse of one's own, told a few figures."""

    def __init__(self, path: Path) -> None:
        self.con = duckdb.connect(str(path))
        self.number = 0

    def send(
        self, form: str, period: str, zone: str = "150571", status: str = "accepted", **more: Any
    ) -> str:
        self.number += 1
        line = {
            "submission": f"s{self.number}", "path": f"{zone}/{period}/{form}.csv", "form": form, "zone": zone, "period": period,
            "revision": 1, "received_at": dt.datetime(2022, 10, 20), "status": status, "rows_read": 4,  # noqa: DTZ001
            "rows_accepted": 0 if status == "rejected" else 4, "rows_held": 0,
        } | more  # fmt: skip
        self.insert("ledger.submission", line)
        return str(line["submission"])

    def gdp(self, period: str, sectors: dict[str, tuple[float | None, float | None]]) -> None:
        submission = self.send("gdp", period)
        for sector, (value, growth) in sectors.items():
            number = None if value is None else Decimal(str(value))
            self.insert("core.observation", {
                "zone": "150571", "period": period, "indicator": SECTORS[sector], "basis": "ytd", "unit": "元",
                "value": None if number is None else number * 100_000_000, "value_reported": number,
                "unit_reported": None if number is None else "亿元", "decimals_reported": None if number is None else 2,
                "growth_reported_pct": growth, "growth_decimals": None if growth is None else 1, "qualifier": "exact",
                "obs_status": "A", "form": "gdp", "submission": submission, "source_row": 2,
            })  # fmt: skip

    def insert(self, table: str, line: dict[str, Any]) -> None:
        self.con.execute(
            f"insert into {table} ({', '.join(line)}) values ({', '.join('?' * len(line))})",
            list(line.values()),
        )

    @property
    def page(self) -> Page:
        return assert_sound(render_bulletin(self.con))


@pytest.fixture
def told(empty_build: Path, tmp_path: Path) -> Iterator[Told]:
    warehouse = Told(Path(shutil.copy(empty_build, tmp_path / "told.duckdb")))
    yield warehouse
    warehouse.con.close()


def test_an_empty_warehouse_has_a_page(told: Told) -> None:
    assert "尚无数据。 There are no figures yet." in told.page.text
    assert "尚未入库 nothing has been loaded yet" in told.page.text


def test_a_zone_whose_submissions_were_all_rejected_is_told_so(told: Told) -> None:
    told.send("gdp", "2022Q3", status="rejected")
    assert (
        "本季没有入库的主要指标 no headline figure has been loaded for this quarter"
        in told.page.text
    )
    assert "退回 rejected 地区生产总值" in told.page.text
    assert "没有可核对的关系 nothing to reconcile" in told.page.text


def test_what_was_not_reported_is_a_dash_and_never_a_zero(told: Told) -> None:
    told.gdp(
        "2022Q3",
        {
            "primary": (1.41, None),
            "secondary": (None, None),
            "tertiary": (67.39, 3.8),
            "total": (107.92, 3.4),
        },
    )
    text = told.page.text
    assert "第二产业 Secondary sector — — — — —" in text
    assert "未报 not reported —" in text
    assert "1.3 :" not in text  # no structure of two sectors out of three
    assert "A sector or its growth is missing: contributions were not computed." in text
    assert "? 未核验 unchecked 三次产业增加值之和 = 地区生产总值" in text


def test_what_does_not_hold_comes_first_with_its_difference(told: Told) -> None:
    told.gdp(
        "2022Q3",
        {
            "primary": (1.41, 4.1),
            "secondary": (39.12, 2.7),
            "tertiary": (67.39, 3.8),
            "total": (108.92, 3.4),
        },
    )
    text = told.page.text
    assert "不成立 1 条" in text and "1 broken" in text
    assert (
        "✕ 不成立 broken 三次产业增加值之和 = 地区生产总值 the three sectors add up to GDP 差 1.00 亿元"
        in text
    )
    assert text.index("✕ 不成立") < text.index("✓ 成立")


def test_a_shrinking_sector_pulls_to_the_left(told: Told) -> None:
    told.gdp(
        "2022Q3",
        {"primary": (10, 5), "secondary": (40, -8.5), "tertiary": (50, 3), "total": (100, -2)},
    )
    text = told.page.text
    assert "第二产业 Secondary sector −3.64" in text or "第二产业 Secondary sector −3.65" in text


def test_partly_loaded_and_explained_and_missing_submissions_are_listed(told: Told) -> None:
    told.gdp("2022Q3", {"total": (107.92, 3.4)})
    told.send("budget", "2022Q3", status="partial", rows_held=2)
    told.send("housing", "2022Q2")
    text = told.page.text
    assert "部分入库 partly loaded" in text and "未入库 2 行 held" in text
    assert "未报 missing" in text and "住房保障" in text


def test_a_rejected_submission_is_open_until_another_stands_in_its_place(told: Told) -> None:
    told.send("gdp", "2022Q3", status="rejected")
    told.send("budget", "2022Q3", status="rejected")
    assert "退回 rejected 地区生产总值" in told.page.text
    told.send("gdp", "2022Q3", revision=2)
    text = told.page.text
    assert "退回 rejected 地区生产总值" not in text and "退回 rejected 财政预算收入情况" in text


def test_a_single_quarter_has_no_chart_and_two_have_one(told: Told) -> None:
    told.gdp("2022Q2", {"total": (70, -1.5)})
    assert "实际增长 Real growth" not in told.page.text
    told.gdp("2022Q3", {"total": (107.92, 3.4)})
    assert (
        "实际增长 Real growth" in told.page.text and "2022Q2 −1.5%, 2022Q3 +3.4%" in told.page.text
    )


def test_the_first_file_of_a_new_quarter_does_not_displace_a_complete_one(told: Told) -> None:
    complete = {"primary": (1, 3), "secondary": (40, 3), "tertiary": (59, 3), "total": (100, 3)}
    told.gdp("2022Q3", complete)
    told.gdp("2022Q4", {"total": (140, 3.5)})
    text = told.page.text
    assert text.index("year to date, 2022Q3") < text.index("year to date, 2022Q4")
    anchors = [a["href"] for tag, a in told.page.tags if tag == "a"]
    sections = {f"#{a['id']}" for tag, a in told.page.tags if tag == "section" and a.get("id")}
    assert {"#z150571", "#z150571-2022Q4"} <= set(anchors) & sections, "both can be reached"
    told.gdp("2023Q1", complete)
    assert "year to date, 2022Q3" not in told.page.text


def test_words_of_a_submission_cannot_be_markup(told: Told) -> None:
    told.send("<script>alert(1)</script>", "2022Q3", status="rejected")
    assert (
        "<script>alert(1)</script>" in told.page.text
    )  # as text: assert_sound holds that there is no such tag


# --- numbers and places -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "decimals", "plain", "signed"),
    [
        (3.4, 1, "3.4", "+3.4"),
        (Decimal("-2.000000"), 1, "−2.0", "−2.0"),
        (0, 1, "0.0", "0.0"),
        (-0.0024, 2, "0.00", "0.00"),
        (-0.0024, 3, "−0.002", "−0.002"),
        (0.25, 1, "0.3", "+0.3"),
        (2.675, 2, "2.68", "+2.68"),
        (236.3, 1, "236.3", "+236.3"),
        (100, 0, "100", "+100"),
        (None, 1, "—", "—"),
        (float("nan"), 1, "—", "—"),
        (float("inf"), 1, "—", "—"),
    ],
)
def test_numbers_are_written_as_in_print(
    value: Any, decimals: int, plain: str, signed: str
) -> None:
    assert (write_number(value, decimals), write_signed(value, decimals)) == (plain, signed)


def test_a_span_is_named_by_its_months() -> None:
    assert Period(2022, 1).title_en == "January to March 2022"


def test_shares_fill_the_bar() -> None:
    placed = place_shares([{"share_pct": v} for v in (1.3, 36.3, 62.4)])
    assert [(s["x"], s["width"]) for s in placed] == [(0, 1.3), (1.3, 36.3), (37.6, 62.4)]
    assert place_shares([{"share_pct": v} for v in (1.3, None, 62.4)]) == []


def test_pulls_start_from_zero_to_both_sides() -> None:
    placed = place_pulls([{"contribution_pp": v} for v in (-1.0, 0.0, 3.0)])
    assert [(p["x"], p["width"], p["zero"]) for p in placed] == [
        (0, 25, 25),
        (25, 0.4, 25),
        (25, 75, 25),
    ]
    assert [p["width"] for p in place_pulls([{"contribution_pp": 0.0}])] == [0.4]


def growth(*values: float | None) -> list[dict[str, Any]]:
    return [
        {
            "period": f"{2022 + n // 4}Q{n % 4 + 1}",
            "ytd": value,
            "quarter": value,
            "bound": 0.1,
            "flag": None,
        }
        for n, value in enumerate(values)
    ]


def test_a_chart_has_round_steps_and_keeps_all_inside() -> None:
    for values in ((4.8, 2.7), (-6.8, 18.3), (0.0, 0.0), (250.0, -100.0)):
        chart = place_growth(growth(*values), top=20, bottom=200)
        assert chart is not None and 2 <= len(chart["ticks"]) <= 9
        assert all(
            20 <= p["y"] <= 200 and 20 <= p["whisker"]["y1"] <= p["whisker"]["y2"] <= 200
            for p in chart["points"]
        )


def test_a_missing_quarter_leaves_a_gap_and_breaks_the_line() -> None:
    chart = place_growth(growth(4.8, None, 3.2, 3.1))
    assert chart is not None
    assert [p["follows"] for p in chart["points"]] == [False, False, True]
    first, second, third = (p["x"] for p in chart["points"])
    assert second - first == pytest.approx(2 * (third - second), abs=0.05)
    assert place_growth(growth(4.8)) is None
