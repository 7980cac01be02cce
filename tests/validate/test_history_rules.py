"""Rules across submissions: other forms of the quarter, earlier quarters, other zones, as known at receipt.

Each test sends a few files, quarter after quarter, and says what is found in which of them. Nothing here is data:
the figures are round numbers of no zone, and enterprises are called 虚构企业.
"""

from __future__ import annotations

import dataclasses
import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.model.errors import DisagreementError
from flows.model.finding import Finding
from flows.validate.history import gather_history
from flows.validate.history_rule import load_history_rules
from flows.validate.history_rules import _evaluate as evaluate
from flows.validate.history_rules import outcomes_of
from flows.warehouse.database import scratch
from tests.history import CATALOGUE, Compared, credit_code, judge_folder, write


@pytest.fixture
def compare(tmp_path: Path) -> Callable[..., Compared]:
    """`compare({"2022Q3/gdp": text, …}, received={…})`: what all rules find when these are all there is."""

    def run(
        files: dict[str, str],
        received: dict[str, str] | None = None,
        zones: str = "",
        judge: bool = False,
    ) -> Compared:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        raw = folder / "raw"
        raw.mkdir()
        write(raw, files, received or {})
        if zones:
            (raw / "zone.csv").write_text(zones, encoding="utf-8")
        return judge_folder(raw, folder / "work", judge=folder / "judge" if judge else None)

    return run


def form(*lines: str, headings: str = "指标名称,计量单位,本年累计,同比增长") -> str:
    return headings + "\n" + "".join(f"{line}\n" for line in lines)


def quarters(form: str, *texts: str) -> dict[str, str]:
    """The files of one form in 2022, from the first quarter on."""
    return {f"2022Q{n}/{form}": text for n, text in enumerate(texts, start=1)}


def place_of(finding: Finding) -> tuple[str, str, str | None]:
    """Where a finding of the zone stands and how severe it is: `("2022Q3/gdp", "query", "C2")`."""
    file = finding.path.removeprefix("150571/").removesuffix(".csv")
    return file, finding.severity, finding.cell


def retail(value: str, growth: str = "", unit: str = "亿元") -> str:
    """A form of one line, 社会消费品零售总额; the two others of the form are growth only."""
    return form(
        f"社会消费品零售总额,{unit},{value},{growth}",
        "规模以上工业增加值,亿元,,5.0",
        "固定资产投资,亿元,20,5.0",
    )


def jobs(value: str) -> str:
    return form(f"城镇新增就业人数,人,{value}")


# --- own history: magnitude, year to date -------------------------------------------------------------------------


def test_a_tenfold_change_is_asked_about(compare):
    found = compare(quarters("main_indicators", retail("10"), retail("20"), retail("420.5")))
    finding = found.only("FIGURE-MAGNITUDE")
    assert place_of(finding) == ("2022Q3/main_indicators", "query", "C2")
    assert (finding.stage, finding.heading, finding.value) == ("history", "本年累计", "420.5")
    assert finding.row_key == "社会消费品零售总额"
    # the words quote what was reported, 20 亿元, and never 20 x 3/2
    assert (
        finding.message_zh
        == "“社会消费品零售总额”报 420.5 亿元，2022Q2报的是 20 亿元；按每季度平均计算，是以往中位数的 14 倍"
    )
    assert (
        finding.message_en
        == "“Total retail sales of consumer goods” is given as 420.5 亿元 and was 20 亿元 for 2022Q2; computed per quarter gone by, it is 14 times the median of its own history"
    )
    assert finding.mend_en.startswith("check the unit (元, 万元, 亿元; 人, 万人)")
    assert found.judged["2022Q3/main_indicators"]["status"] == "accepted", (
        "a query holds nothing back"
    )


def test_a_slip_between_units_is_held_and_not_compared_with(compare):
    """万 for 亿 in the second quarter: held, and the third quarter is compared with the first alone."""
    found = compare(
        quarters("main_indicators", retail("10"), retail("20", unit="万元"), retail("31"))
    )
    finding = found.only("FIGURE-UNIT-SLIP")
    assert place_of(finding) == ("2022Q2/main_indicators", "quarantine", "C2")
    assert (
        finding.message_zh
        == "“社会消费品零售总额”报 20 万元，2022Q1报的是 10 亿元，按每季度平均相差一千倍以上，多半是万、亿之误"
    )
    assert finding.message_en.endswith(
        "is given as 20 万元 and was 10 亿元 for 2022Q1: per quarter gone by more than a thousand times apart, most likely 万 for 亿"
    )
    assert found.codes == ["FIGURE-UNIT-SLIP"], (
        "neither a fall of the year to date nor, in the third quarter, a rise"
    )
    judged = found.judged["2022Q2/main_indicators"]
    assert (
        judged["status"],
        judged["rows_read"],
        judged["rows_accepted"],
        judged["rows_held"],
    ) == ("partial", 3, 2, 1)
    [held] = found.held["2022Q2/main_indicators"]
    assert (held["row"], held["cell"], held["code"], held["value"]) == (
        2,
        "C2",
        "FIGURE-UNIT-SLIP",
        "20",
    )
    assert '"value":"20"' in held["data"] and held["mend_zh"].startswith("改正计量单位或数值")
    assert "retail_sales" not in [
        row["indicator"] for row in found.accepted["2022Q2/main_indicators"]
    ]


def test_a_revision_ten_times_off_is_asked_about_and_can_be_answered(compare):
    """Without any history: 万 for 亿, or the mend of it. Which of the two nobody knows, so neither is held."""
    for before, after in (("亿元", "万元"), ("万元", "亿元")):
        found = compare(
            {
                "2022Q3/main_indicators": retail("31", unit=before),
                "2022Q3/main_indicators.r2": retail("31", unit=after),
                "2022Q2/employment": jobs("2"),
                "2022Q2/employment.r2": jobs("40"),
            }
        )
        finding = found.only("FIGURE-REVISED-SIZE")
        assert place_of(finding) == ("2022Q3/main_indicators.r2", "query", "C2")
        assert finding.message_zh == (
            f"“社会消费品零售总额”改报 31 {after}，原报 31 {before}（150571/2022Q3/main_indicators.csv）："
            "相差 10000 倍，请核对计量单位"
        )
    found = compare(
        {"2022Q3/main_indicators": retail("31"), "2022Q3/main_indicators.r2": retail("200")}
    )
    assert "FIGURE-REVISED-SIZE" not in found.codes


def test_a_count_that_grows_from_little_is_no_error_of_units(compare):
    found = compare(quarters("employment", jobs("1"), jobs("14")))
    assert found.codes == []
    assert found.results["2022Q2/employment"]["FIGURE-MAGNITUDE"] == (1, 0, 0)


def test_without_history_the_rules_are_unchecked_without_a_word(compare):
    found = compare({"2022Q3/main_indicators": retail("30", "3.6")})
    assert found.findings == [f for f in found.findings if f.stage not in ("cross", "history")]
    results = found.results["2022Q3/main_indicators"]
    assert results["FIGURE-MAGNITUDE"] == (0, 0, 2), "two levels, counted as unchecked"
    assert results["FIGURE-YTD-FALLS"] == (0, 0, 2)
    assert results["FIGURE-LEVEL-GROWTH"] == (0, 0, 2), (
        "level and growth of retail sales; investment grows over a revised base"
    )


def test_a_year_to_date_that_falls_is_asked_about_and_a_first_quarter_starts_anew(compare):
    found = compare(
        {
            "2021Q4/main_indicators": retail("40"),
            "2022Q1/main_indicators": retail("10.0"),
            "2022Q2/main_indicators": retail("9.5"),
        }
    )
    finding = found.only("FIGURE-YTD-FALLS")
    assert (finding.path, finding.cell) == ("150571/2022Q2/main_indicators.csv", "C2")
    assert (
        finding.message_zh == "“社会消费品零售总额”2022Q2累计 9.5 亿元，少于2022Q1累计的 10.0 亿元"
    )
    assert finding.message_en.endswith(
        "is 9.5 亿元 for the year to date of 2022Q2, less than the 10.0 亿元 of 2022Q1"
    )


def test_rounding_alone_is_no_fall(compare):
    assert compare(quarters("main_indicators", retail("10.04"), retail("10.0"))).codes == []


def test_a_count_that_falls_is_held(compare):
    found = compare(quarters("employment", jobs("120"), jobs("119"), jobs("125")))
    finding = found.only("FIGURE-COUNT-FALLS")
    assert place_of(finding) == ("2022Q2/employment", "quarantine", "C2")
    assert finding.message_zh == "“城镇新增就业人数”本年累计报 119 人，少于2022Q1已报的 120 人"
    assert (
        finding.message_en
        == "“New urban jobs” is given as 119 人 for the year to date, fewer than the 120 人 given for 2022Q1"
    )
    assert found.judged["2022Q2/employment"]["status"] == "rejected", "it was the only row"
    assert found.accepted["2022Q2/employment"] == []


def test_a_revision_is_held_against_the_quarter_after_it(compare):
    files = {
        "2022Q1/main_indicators": retail("10.0"),
        "2022Q2/main_indicators": retail("20.0"),
        "2022Q1/main_indicators.r2": retail("21.0"),
    }
    found = compare(files, received={"2022Q1/main_indicators.r2": "2022-08-01T09:00:00+08:00"})
    finding = found.only("FIGURE-YTD-FALLS")
    assert finding.path == "150571/2022Q1/main_indicators.r2.csv"
    assert (
        finding.message_zh == "“社会消费品零售总额”2022Q2累计 20.0 亿元，少于2022Q1累计的 21.0 亿元"
    )


def test_what_came_later_was_not_known(compare):
    """The second quarter came before the first was revised: it is judged by what stood then."""
    files = {
        "2022Q1/main_indicators": retail("10"),
        "2022Q2/main_indicators": retail("20"),
        "2022Q1/main_indicators.r2": retail("19.9"),
    }
    later = compare(files, received={"2022Q1/main_indicators.r2": "2022-08-01T09:00:00+08:00"})
    assert later.results["2022Q2/main_indicators"]["FIGURE-MAGNITUDE"] == (2, 0, 0)
    assert later.codes == ["REVISION-REASON"]


# --- level and growth ---------------------------------------------------------------------------------------------


def test_level_growth_and_the_year_before_agree_within_the_printed_digits(compare):
    # F5: 41.82 at 3.6 % means 40.342 to 40.391 a year earlier
    fits = {
        "2021Q3/main_indicators": retail("40.37"),
        "2022Q3/main_indicators": retail("41.82", "3.6"),
    }
    assert compare(fits).codes == []
    found = compare(fits | {"2021Q3/main_indicators": retail("40.41")})
    level, finding = found.of("FIGURE-LEVEL-GROWTH")
    assert [(f.path, f.cell, f.value) for f in (level, finding)] == [
        ("150571/2022Q3/main_indicators.csv", "C2", "41.82"),
        ("150571/2022Q3/main_indicators.csv", "D2", "3.6"),
    ], "which of the two is off cannot be told"
    assert level.message_zh == finding.message_zh
    assert (
        finding.message_zh
        == "“社会消费品零售总额”报 41.82 亿元、同比 3.6%，由此推算的上年同期数为 40.3425 亿元 至 40.3911 亿元，而2021Q3报的是 40.41 亿元"
    )
    assert (
        "growth 3.6 %, from which a year earlier computes to 40.3425 亿元 to 40.3911 亿元, while 40.41 亿元 was reported for 2021Q3"
        in finding.message_en
    )


@pytest.mark.torture
def test_last_year_s_file_under_this_year_s_name_is_asked_about_at_every_figure(compare):
    gdp = form(
        "地区生产总值,亿元,100,3.0",
        "第一产业增加值,亿元,10,3.0",
        "第二产业增加值,亿元,40,3.0",
        "第三产业增加值,亿元,50,3.0",
    )
    found = compare({"2021Q3/gdp": gdp, "2022Q3/gdp": "地区生产总值,,,\n" + gdp})
    copied = [f for f in found.findings if f.code == "YEAR-COPIED"]
    assert [(f.path, f.severity, f.cell) for f in copied] == [
        ("150571/2022Q3/gdp.csv", "query", f"C{n}") for n in (3, 4, 5, 6)
    ]
    assert (
        copied[0].message_zh
        == "“地区生产总值”报 100 亿元，与2021Q3报的相同；整份报表 4 个数都与上年同期一字不差"
    )
    changed = gdp.replace("100,3.0", "101,3.0")
    assert not [
        f
        for f in compare({"2021Q3/gdp": gdp, "2022Q3/gdp": changed}).findings
        if f.code == "YEAR-COPIED"
    ]


def test_growth_sent_as_an_index_is_held_in_every_row(compare):
    text = form(
        "地区生产总值,亿元,107.92,103.4",
        "第一产业增加值,亿元,1.41,104.1",
        "第二产业增加值,亿元,39.12,102.7",
        "第三产业增加值,亿元,67.39,103.8",
    )
    found = compare({"2022Q3/gdp": text})
    findings = found.of("GROWTH-INDEX")
    assert [(f.severity, f.cell, f.value) for f in findings] == [
        ("quarantine", "D2", "103.4"),
        ("quarantine", "D3", "104.1"),
        ("quarantine", "D4", "102.7"),
        ("quarantine", "D5", "103.8"),
    ]
    assert (
        findings[0].message_zh
        == "“地区生产总值”的增速报 103.4%，是以上年为100的指数：所报的 4 个增速都在 80 与 130 之间"
    )
    assert findings[0].message_en.endswith(
        "which is an index with last year at 100: all 4 growth rates of the form lie between 80 and 130"
    )
    assert found.codes == ["GROWTH-INDEX"] * 4, "what is known is not asked about as well"
    assert found.judged["2022Q3/gdp"]["status"] == "rejected", "no row is left to load"


@pytest.mark.torture
def test_one_rate_is_an_index_where_the_levels_say_so_and_asked_about_where_nothing_does(compare):
    """到位资金 of the zone grew by 80 per cent in 2022Q3: real, and no index."""
    budget = "一般公共预算收入,亿元,{},{}"
    asked = compare({"2022Q3/budget": form(budget.format("7.34", "95"))}).only("GROWTH-INDEX-LIKE")
    assert (asked.severity, asked.cell, asked.value) == ("query", "D2", "95")
    assert (
        asked.message_zh
        == "“一般公共预算收入”的增速报 95%，在 90 与 120 之间，像是以上年为100的指数"
    )
    assert compare({"2022Q3/budget": form(budget.format("7.34", "80"))}).codes == []
    assert compare({"2022Q3/budget": form(budget.format("7.34", "翻一番"))}).codes == []
    before = {"2021Q3/budget": form(budget.format("7.72", ""))}
    # 7.34 / 7.72 is 95.08: a fall of 4.9 per cent
    known = compare(before | {"2022Q3/budget": form(budget.format("7.34", "95"))})
    finding = known.only("GROWTH-INDEX")
    assert (finding.severity, finding.cell) == ("quarantine", "D2")
    assert finding.further_cells == "C2", "growth beside the level that says so"
    assert finding.message_zh.endswith(
        "2021Q3报的是 7.72 亿元，本期报 7.34 亿元，由此计算的增速是 -4.9%"
    )
    assert "GROWTH-INDEX-LIKE" not in known.codes
    # 15.05 / 7.72 is a growth of 94.9 per cent
    grown = compare(before | {"2022Q3/budget": form(budget.format("15.05", "95"))})
    assert not {"GROWTH-INDEX", "GROWTH-INDEX-LIKE"} & set(grown.codes)


def test_a_level_that_bears_out_a_rate_speaks_for_the_others_too(compare):
    """Retail sales doubled, as the levels of two years say: nobody can know the other rate to be an index."""
    found = compare(
        {
            "2021Q3/main_indicators": form("社会消费品零售总额,亿元,20,"),
            "2022Q3/main_indicators": form(
                "社会消费品零售总额,亿元,40.0,100", "固定资产投资,亿元,20.0,105"
            ),
        }
    )
    assert found.of("GROWTH-INDEX") == []
    assert [f.row_key for f in found.of("GROWTH-INDEX-LIKE")] == ["固定资产投资"]


def test_an_index_among_rates_is_held_alone(compare):
    found = compare(
        {
            "2021Q3/main_indicators": retail("20", "5.0"),
            "2022Q3/main_indicators": retail("20.6", "103.0"),
        }
    )
    assert [f.row_key for f in found.of("GROWTH-INDEX")] == ["社会消费品零售总额"]
    assert found.judged["2022Q3/main_indicators"]["rows_held"] == 1


# --- the quarter alone, sectors exchanged ---------------------------------------------------------------------------


def sectors(total: str, primary: str, secondary: str, tertiary: str) -> str:
    return form(
        f"地区生产总值,亿元,{total},3.4",
        f"第一产业增加值,亿元,{primary},3.4",
        f"第二产业增加值,亿元,{secondary},3.4",
        f"第三产业增加值,亿元,{tertiary},3.4",
    )


def test_a_form_of_quarters_alone_is_held_where_all_of_it_falls(compare):
    # half a year is 70, the third quarter alone 37.92
    found = compare(
        {
            "2022Q2/gdp": sectors("70.00", "1.00", "25.00", "44.00"),
            "2022Q3/gdp": sectors("37.92", "0.41", "14.12", "23.39"),
        }
    )
    findings = found.of("FIGURE-QUARTER-ALONE")
    assert [(f.severity, f.cell) for f in findings] == [
        ("quarantine", f"C{n}") for n in (2, 3, 4, 5)
    ]
    assert (
        findings[0].message_zh
        == "“地区生产总值”报 37.92 亿元，是当季数，不是本年累计：本报表的 4 个累计数都少于2022Q2的累计，这一项那时报的是 70.00 亿元"
    )
    assert findings[0].mend_zh.endswith("若2022Q2的数有误，先报送那个季度的修订件")
    assert found.codes == ["FIGURE-QUARTER-ALONE"] * 4


@pytest.mark.torture
def test_a_quarter_alone_that_does_not_fall_is_known_by_the_year_before(compare):
    """A second quarter of 12 after a first of 10; 21 a year before, and growth of 5 per cent: 22.05 and no 12."""
    files = {
        "2021Q2/main_indicators": form("社会消费品零售总额,亿元,21.0,"),
        "2022Q1/main_indicators": form("社会消费品零售总额,亿元,10.0,"),
    }
    found = compare(files | {"2022Q2/main_indicators": form("社会消费品零售总额,亿元,12.0,5.0")})
    finding = found.only("FIGURE-QUARTER-ALONE")
    assert (finding.severity, finding.cell) == ("quarantine", "C2")
    assert finding.message_zh.endswith(
        "加上2022Q1累计的 10.0 亿元，才与2021Q2累计的 21.0 亿元和所报增速相符"
    )
    # 15 and 10 make 25, which nothing leads to: asked about, not known
    asked = compare(files | {"2022Q2/main_indicators": form("社会消费品零售总额,亿元,15.0,5.0")})
    assert asked.of("FIGURE-QUARTER-ALONE") == []
    # 22.05 is the year to date
    whole = compare(files | {"2022Q2/main_indicators": form("社会消费品零售总额,亿元,22.05,5.0")})
    assert whole.of("FIGURE-QUARTER-ALONE") == []


@pytest.mark.torture
def test_sectors_that_changed_places_are_held_both(compare):
    before = {"2021Q3/gdp": sectors("100.00", "1.40", "36.60", "62.00")}
    found = compare(before | {"2022Q3/gdp": sectors("107.92", "1.41", "67.39", "39.12")})
    findings = found.of("SECTORS-EXCHANGED")
    assert [(f.severity, f.cell) for f in findings] == [("quarantine", "C4"), ("quarantine", "C5")]
    assert (
        findings[0].message_zh
        == "“第二产业增加值”报 67.39 亿元（2021Q3报 36.60 亿元），“第三产业增加值”报 39.12 亿元（2021Q3报 62.00 亿元）：两个产业的数互换了"
    )
    assert found.judged["2022Q3/gdp"]["rows_accepted"] == 2
    straight = compare(before | {"2022Q3/gdp": sectors("107.92", "1.41", "39.12", "67.39")})
    assert straight.of("SECTORS-EXCHANGED") == []
    near = {"2021Q3/gdp": sectors("100.00", "1.40", "48.60", "50.00")}
    alike = compare(near | {"2022Q3/gdp": sectors("103.40", "1.40", "51.00", "51.00")})
    assert alike.of("SECTORS-EXCHANGED") == [], "sectors of one size cannot be told apart"


def test_against_the_quarter_before_a_sector_is_known_too(compare):
    """No year earlier: a quarter's average of the quarter before, in which agriculture is smaller."""
    found = compare(
        {
            "2022Q2/gdp": sectors("70.00", "1.00", "25.00", "44.00"),
            "2022Q3/gdp": sectors("107.92", "39.12", "1.41", "67.39"),
        }
    )
    assert [f.row_key for f in found.of("SECTORS-EXCHANGED")] == [
        "第一产业增加值",
        "第二产业增加值",
    ]


# --- change over a year, zones beside each other --------------------------------------------------------------------


@pytest.mark.torture
def test_below_ten_zones_a_change_by_half_is_asked_about(compare):
    found = compare(
        {"2021Q3/main_indicators": retail("20"), "2022Q3/main_indicators": retail("31")}
    )
    finding = found.only("FIGURE-OUTLIER")
    assert (
        finding.message_zh
        == "“社会消费品零售总额”报 31 亿元，是2021Q3（20 亿元）的 1.55 倍，变动超过 50%"
    )
    assert finding.message_en.endswith(
        "is 31 亿元, 1.55 times that of 2021Q3 (20 亿元); a change of more than 50 %"
    )
    assert (
        compare(
            {"2021Q3/main_indicators": retail("20"), "2022Q3/main_indicators": retail("30")}
        ).codes
        == []
    )


def test_among_ten_zones_the_hidiroglou_berthelot_edit_finds_the_outlier(compare):
    zones = "zone,title_zh,title_en\n" + "".join(
        f"90{n:04},虚构区{n},Zone {n}\n" for n in range(11)
    )
    files = {}
    for n in range(11):
        grown = 20 * (1.03 + n / 500) if n else 29
        files |= {
            f"90{n:04}/2021Q3/main_indicators": retail("20"),
            f"90{n:04}/2022Q3/main_indicators": retail(f"{grown:.2f}".removesuffix(".00")),
        }
    found = compare(files, zones=zones)
    finding = found.only("FIGURE-OUTLIER")  # 45 % would pass among fewer than ten
    assert finding.zone == "900000"
    assert (
        finding.message_zh
        == "“社会消费品零售总额”报 29 亿元，是2021Q3（20 亿元）的 1.45 倍，而 11 个同类地区的中位数是 1.04 倍"
    )
    assert finding.message_en.endswith("; the median of 11 zones is 1.04")


@pytest.mark.torture
def test_a_zone_is_no_more_than_the_zone_above_it(compare):
    def gdp(factor: float) -> str:
        lines = (
            ("地区生产总值", 100, 3.4),
            ("第一产业增加值", 10, 3.4),
            ("第二产业增加值", 40, 3.4),
            ("第三产业增加值", 50, 3.4),
        )
        return form(*(f"{name},亿元,{value * factor:g},{growth}" for name, value, growth in lines))

    assert compare({"CN/2022Q3/gdp": gdp(100), "2022Q3/gdp": gdp(1)}).codes == []
    found = compare({"CN/2022Q3/gdp": gdp(100), "2022Q3/gdp": gdp(1000)})
    assert len(found.of("PARENT-EXCEEDED")) == 4
    finding = found.of("PARENT-EXCEEDED")[0]
    assert (finding.zone, finding.cell) == ("150571", "C2")
    assert finding.message_zh == "“地区生产总值”报 100000 亿元，大于上级地区（CN）的 10000 亿元"


# --- figures by industry: each with its own, and told by the name of its line ---------------------------------------

INDUSTRIES = {
    "农林牧渔业": 7, "工业": 32, "制造业": 27, "建筑业": 7, "批发和零售业": 10, "交通运输、仓储和邮政业": 4, "住宿和餐饮业": 2, "金融业": 8,
    "房地产业": 6, "信息传输、软件和信息技术服务业": 5, "租赁和商务服务业": 3, "其他行业": 16,
}  # fmt: skip


def by_industry(factor: float = 1, **changes: float) -> str:
    """Thirteen lines that add up; all grow alike."""
    levels = {name: value * factor for name, value in INDUSTRIES.items()} | changes
    total = sum(value for name, value in levels.items() if name != "制造业")
    return form(
        *(f"{name},亿元,{value:g},5.0" for name, value in {"地区生产总值": total, **levels}.items())
    )


def test_each_industry_is_held_against_its_own_history(compare):
    files = {
        "2021Q2/value_added_by_industry": by_industry(1.9),
        "2022Q1/value_added_by_industry": by_industry(),
    }
    found = compare(files | {"2022Q2/value_added_by_industry": by_industry(2)})
    assert found.codes == []
    results = found.results["2022Q2/value_added_by_industry"]
    for code in ("FIGURE-YTD-FALLS", "FIGURE-MAGNITUDE", "FIGURE-UNIT-SLIP", "FIGURE-OUTLIER"):
        assert results[code] == (13, 0, 0), f"{code}: thirteen lines, each once"


def test_an_industry_that_falls_is_told_by_the_name_of_its_line(compare):
    later = by_industry(2, 批发和零售业=8, 其他行业=44)
    found = compare(
        {"2022Q1/value_added_by_industry": by_industry(), "2022Q2/value_added_by_industry": later}
    )
    finding = found.only("FIGURE-YTD-FALLS")
    assert (finding.row_key, finding.cell) == ("批发和零售业增加值", "C7")
    assert finding.message_zh == "“批发和零售业增加值”2022Q2累计 8 亿元，少于2022Q1累计的 10 亿元"


def test_a_revision_names_the_industries_that_it_moves(compare):
    files = {
        "2022Q1/value_added_by_industry": by_industry(),
        "2022Q1/value_added_by_industry.r2": by_industry(住宿和餐饮业=3, 其他行业=15),
    }
    finding = compare(files).only("REVISION-REASON")
    assert (
        "改动 2 处：住宿和餐饮业增加值 2 亿元 → 3 亿元；其他行业增加值 16 亿元 → 15 亿元"
        in finding.message_zh
    )


@pytest.mark.parametrize(
    ("line", "settled"),
    [
        ("修订原因：第五次全国经济普查后修订历史数据", "第五次全国经济普查后修订历史数据"),
        ("（注：修订说明：第五次全国经济普查后修订历史数据）", "第五次全国经济普查后修订历史数据"),
        ("修订原因：普查", None),  # fewer than ten characters explain nothing
        ("修订：第五次全国经济普查后修订历史数据", None),
    ],
)
def test_a_reason_that_the_file_itself_gives_settles_the_revision(compare, line, settled):
    revised = f"{line}\n{by_industry(住宿和餐饮业=3, 其他行业=15)}"
    files = {"2022Q1/value_added_by_industry": by_industry()}
    found = compare(files | {"2022Q1/value_added_by_industry.r2": revised})
    assert found.only("REVISION-REASON").explanation == settled
    assert any(f.code == "EXPLANATION-SHORT" for f in found.findings) == line.endswith("：普查")


@pytest.mark.torture
def test_an_industry_is_no_more_than_that_of_the_zone_above(compare):
    above, here = (
        {"CN/2022Q3/value_added_by_industry": by_industry(2)},
        "2022Q3/value_added_by_industry",
    )
    assert compare(above | {here: by_industry()}).codes == []
    finding = compare(above | {here: by_industry(房地产业=13)}).only("PARENT-EXCEEDED")
    assert finding.message_zh == "“房地产业增加值”报 13 亿元，大于上级地区（CN）的 12 亿元"


def test_two_totals_of_two_vintages_are_not_held_against_each_other(compare):
    """GDP stands in two forms; by vintage the two may differ, and no rule asks why."""
    gdp = form(
        "地区生产总值,亿元,102.9,5.0",
        "第一产业增加值,亿元,6.9,5.0",
        "第二产业增加值,亿元,40,5.0",
        "第三产业增加值,亿元,56,5.0",
    )
    assert compare({"2022Q1/gdp": gdp, "2022Q1/value_added_by_industry": by_industry()}).codes == []


# --- revisions and gaps ---------------------------------------------------------------------------------------------


def test_a_revision_needs_its_reason(compare):
    found = compare(
        {
            "2022Q3/main_indicators": retail("41.82", "3.6"),
            "2022Q3/main_indicators.r2": retail("41.2", "2.6"),
        }
    )
    finding = found.only("REVISION-REASON")
    assert place_of(finding) == ("2022Q3/main_indicators.r2", "query", None)
    assert finding.row_key is None
    assert (
        finding.message_zh
        == "与已受理的“150571/2022Q3/main_indicators.csv”相比，改动 1 处：社会消费品零售总额 41.82 亿元 → 41.2 亿元"
    )
    assert finding.message_en.endswith(
        "Total retail sales of consumer goods 41.82 亿元 → 41.2 亿元"
    )
    assert finding.mend_zh == "请说明修订原因（更正差错、核实数据、口径调整、普查修订等）"


def test_the_largest_change_comes_first_and_a_line_left_out_is_one(compare):
    first = form(
        "农村危房改造户数,户,12",
        "保障性租赁住房建设套数,套,129",
        headings="指标名称,计量单位,本年累计",
    )
    second = form("保障性租赁住房建设套数,套,131", headings="指标名称,计量单位,本年累计")
    finding = compare({"2022Q3/housing": first, "2022Q3/housing.r2": second}).only(
        "REVISION-REASON"
    )
    assert (
        "改动 2 处：农村危房改造户数 12 户 → —；保障性租赁住房建设套数 129 套 → 131 套"
        in finding.message_zh
    )


def test_a_revision_that_changes_no_figure_needs_none(compare):
    found = compare({"2022Q3/employment": jobs("120"), "2022Q3/employment.r2": jobs("120.0")})
    assert found.codes == []
    assert found.results["2022Q3/employment.r2"]["REVISION-REASON"] == (1, 0, 0)
    assert "REVISION-REASON" not in found.results["2022Q3/employment"], (
        "there was nothing to revise"
    )


def test_an_unexplained_revision_is_still_asked_about_in_the_next(compare):
    found = compare(
        {
            "2022Q3/employment": jobs("120"),
            "2022Q3/employment.r2": jobs("130"),
            "2022Q3/employment.r3": jobs("130.0"),
        }
    )
    assert sorted(
        (f.path[-6:-4], f.message_zh.split("：")[1]) for f in found.of("REVISION-REASON")
    ) == [
        ("r2", "城镇新增就业人数 120 人 → 130 人"),
        ("r3", "城镇新增就业人数 120 人 → 130.0 人"),
    ]


def test_a_register_says_how_many_rows_a_revision_moves(compare):
    head = "企业名称,兑现状态\n"
    files = {
        "2022Q3/policy_beneficiaries": head
        + "虚构企业甲,已兑现\n虚构企业乙,分批兑现\n虚构企业丙,已审定\n",
        "2022Q3/policy_beneficiaries.r2": head
        + "虚构企业甲,已兑现\n虚构企业乙,已兑现\n虚构企业丁,已审定\n",
    }
    assert (
        compare(files)
        .only("REVISION-REASON")
        .message_zh.endswith("改动 3 处：新增 1 行，改动 1 行，删去 1 行")
    )


def test_a_quarter_that_was_left_out_is_asked_for(compare):
    found = compare({"2022Q1/employment": jobs("10"), "2022Q4/employment": jobs("40")})
    finding = found.only("PERIOD-GAP")
    assert finding.path == "150571/2022Q4/employment.csv"
    assert finding.message_zh == "这张报表报过 2022Q1，其后 2 个季度没有报，现在报 2022Q4"
    assert (
        finding.message_en
        == "the form was sent for 2022Q1, then not for 2 quarters, and now for 2022Q4"
    )


# --- registers ------------------------------------------------------------------------------------------------------

ENTERPRISE = (
    "统一社会信用代码,单位详细名称,行业代码,是否规模以上,总产值本季,总产值本年累计,营业收入本年累计,营业收入上年同期累计,"
    "利润总额本年累计,期末从业人员\n"
)


def enterprises(
    count: int,
    quarter: int,
    change: Callable[[int], dict[str, str]] = lambda _: {},
    unit: str = "",
    left_out: int = -1,
) -> str:
    """A register that grows by 10,000 a quarter and enterprise; `change(n)` overrides columns by name."""
    text = ENTERPRISE.replace(
        "总产值本季,总产值本年累计", f"总产值本季{unit},总产值本年累计{unit}"
    ).replace("营业收入本年累计", f"营业收入本年累计{unit}")
    for n in range(count):
        if n == left_out:
            continue
        row = {
            "uscc": credit_code(n), "name": f"虚构企业{n}", "industry": "3110", "above": "是", "quarter": "10000",
            "output": str(10000 * quarter), "revenue": str(10000 * quarter + n), "year_earlier": "", "profit": "125", "employees": "25",
        } | change(n)  # fmt: skip
        text += ",".join(row.values()) + "\n"
    return text


def test_a_year_to_date_is_the_quarter_before_plus_the_quarter(compare):
    def off(n: int) -> dict[str, str]:
        return {3: {"output": "20500"}, 4: {"output": "20001"}}.get(n, {})  # 1 千元 is rounding

    found = compare(quarters("enterprise_quarter", enterprises(5, 1), enterprises(5, 2, off)))
    finding = found.only("ENT-YTD-STEP")
    assert (finding.cell, finding.row_key, finding.value) == ("F5", credit_code(3), "20500")
    assert finding.further_cells == "E5", "the quarter that is added"
    assert (
        finding.message_zh
        == "总产值本年累计 20500000 元，2022Q1累计 10000000 元加本季 10000000 元为 20000000 元，相差 500000 元"
    )
    assert finding.message_en.startswith(
        "output is CNY 20500000 for the year to date; CNY 10000000 of 2022Q1 plus CNY 10000000 of the quarter is"
    )
    assert found.results["2022Q1/enterprise_quarter"]["ENT-YTD-STEP"] == (5, 0, 0), (
        "a first quarter is the year to date"
    )


def test_each_amount_that_is_off_is_marked_and_not_the_first_alone(compare):
    def off(n: int) -> dict[str, str]:
        return {"quarter": "500", "output": "9000", "revenue": "9500"} if n == 3 else {}

    found = compare(
        {
            "2022Q1/enterprise_quarter": enterprises(5, 1),
            "2022Q2/enterprise_quarter": enterprises(5, 2, off),
        }
    )
    output, revenue = found.of("ENT-YTD-FALLS")
    assert (output.column, output.value, output.row) == ("output_ytd_cny", "9000", 5)
    assert (revenue.column, revenue.value, revenue.row) == ("revenue_ytd_cny", "9500", 5)
    assert revenue.message_zh == "营业收入本年累计 9500000 元，少于2022Q1累计的 10003000 元"
    assert found.results["2022Q2/enterprise_quarter"]["ENT-YTD-FALLS"] == (4, 2, 0)


def test_the_tolerance_follows_the_unit_of_the_sheet(compare):
    """In 万元 three figures may be 15,000 元 apart by rounding alone."""

    def in_wan(n: int) -> dict[str, str]:
        return {
            "quarter": "1000",
            "output": "2001" if n == 1 else "2003" if n == 2 else "2000",
            "revenue": "2000",
        }

    first = enterprises(
        3, 1, lambda _: {"quarter": "1000", "output": "1000", "revenue": "1000"}, unit="(万元)"
    )
    found = compare(
        {
            "2022Q1/enterprise_quarter": first,
            "2022Q2/enterprise_quarter": enterprises(3, 2, in_wan, unit="(万元)"),
        }
    )
    assert found.only("ENT-YTD-STEP").row_key == credit_code(2)


def test_revenue_that_falls_and_a_wrong_year_before(compare):
    files = {
        "2021Q3/enterprise_quarter": enterprises(3, 3),
        "2022Q2/enterprise_quarter": enterprises(3, 2),
        "2022Q3/enterprise_quarter": enterprises(
            3,
            3,
            lambda n: (
                {"revenue": "19000"}
                if n == 0
                else {"year_earlier": "30002"}
                if n == 1
                else {"year_earlier": "31002"}
            ),
        ),
    }
    found = compare(files)
    fall = found.only("ENT-YTD-FALLS")
    assert (fall.cell, fall.row_key) == ("G2", credit_code(0))
    assert fall.message_zh == "营业收入本年累计 19000000 元，少于2022Q2累计的 20000000 元"
    wrong = found.only("ENT-YEAR-EARLIER")
    assert (wrong.cell, wrong.value, wrong.row_key) == ("H4", "31002", credit_code(2))
    assert wrong.message_zh == "营业收入上年同期填 31002000 元，2021Q3报的是 30002000 元"
    assert (
        wrong.message_en
        == "revenue a year earlier is given as 31002000 元, while 30002000 元 was reported for 2021Q3"
    )


def test_an_enterprise_that_moves_unlike_the_others_is_asked_about(compare):
    def grown(n: int) -> dict[str, str]:
        return {"revenue": "90000"} if n == 7 else {"revenue": str(31000 + 40 * n)}

    found = compare(
        {
            "2021Q3/enterprise_quarter": enterprises(20, 3),
            "2022Q3/enterprise_quarter": enterprises(20, 3, grown),
        }
    )
    finding = found.only("ENT-OUTLIER")
    assert (finding.cell, finding.row_key) == ("G9", credit_code(7))
    assert (
        finding.message_zh
        == "营业收入本年累计 90000000 元，是2021Q3（30007000 元）的 3 倍，而 20 家企业的中位数是 1.05 倍"
    )
    few = compare(
        {
            "2021Q3/enterprise_quarter": enterprises(9, 3),
            "2022Q3/enterprise_quarter": enterprises(9, 3, grown),
        }
    )
    assert few.only("ENT-OUTLIER").message_en.endswith(
        "3 times that of 2021Q3 (CNY 30007000); a change of more than 50 %"
    )


def test_a_column_in_another_unit_sends_the_register_back(compare):
    first = {"2022Q1/enterprise_quarter": enterprises(12, 1)}
    in_yuan = enterprises(
        12, 2, lambda _: {"output": "20000000", "revenue": "20000000", "quarter": "10000000"}
    )
    found = compare(first | {"2022Q2/enterprise_quarter": in_yuan})
    finding = found.of("REGISTER-UNIT-SLIP")[0]
    assert (finding.severity, finding.column, finding.row) == ("reject", "output_ytd_cny", None)
    assert (finding.cell, finding.heading) == ("F1", "总产值本年累计"), "the whole column"
    assert (
        finding.message_zh
        == "“总产值本年累计”的中位数是2022Q1的 1000 倍（都折算为每季度），全栏的计量单位有误"
    )
    assert found.judged["2022Q2/enterprise_quarter"]["status"] == "rejected"
    assert found.accepted["2022Q2/enterprise_quarter"] == []
    assert len(found.held["2022Q2/enterprise_quarter"]) == 12, "every row whole, and once"
    assert set(found.codes) == {"REGISTER-UNIT-SLIP"}, (
        "what is sent back is not asked about row by row"
    )
    tenfold = enterprises(
        12, 2, lambda _: {"output": "200000", "revenue": "200000", "quarter": "190000"}
    )
    asked = compare(first | {"2022Q2/enterprise_quarter": tenfold})
    assert [f.column for f in asked.of("REGISTER-MAGNITUDE")] == [
        "output_ytd_cny",
        "revenue_ytd_cny",
    ]
    assert asked.judged["2022Q2/enterprise_quarter"]["status"] == "accepted"


def test_enterprises_of_the_last_list_that_are_missing_are_named(compare):
    found = compare(
        {
            "2022Q3/enterprise_quarter": enterprises(5, 3),
            "2022Q4/enterprise_quarter": enterprises(
                5, 4, lambda n: {"output": "4O000"} if n == 3 else {}, left_out=2
            ),
        }
    )
    finding = found.only("ENTRY-DROPPED")
    assert finding.message_zh == "2022Q3名录中的 1 个没有出现：虚构企业2"
    assert finding.message_en == "1 of the list of 2022Q3 are not there: 虚构企业2"
    assert found.judged["2022Q4/enterprise_quarter"]["status"] == "partial", (
        "enterprise 3 is held: it was sent, and is not missing"
    )


def test_a_list_of_the_year_starts_anew_in_january(compare):
    head = "企业名称,兑现状态\n"
    files = {
        "2022Q4/policy_beneficiaries": head + "虚构企业甲,已兑现\n",
        "2023Q1/policy_beneficiaries": head + "虚构企业乙,已审定\n",
    }
    assert compare(files).codes == []


def test_who_passes_the_threshold_is_to_be_counted(compare):
    def below(n: int) -> dict[str, str]:
        revenue = {0: "20000", 1: "19999", 2: "20000"}[n]  # 千元
        return {
            "above": "否",
            "revenue": revenue,
            "industry": {2: "E"}.get(n, "3110"),
            "output": "20000",
            "quarter": "20000",
        }

    found = compare({"2022Q1/enterprise_quarter": enterprises(3, 1, below)})
    finding = found.only("ENT-UNCOUNTED")
    assert (finding.row_key, finding.severity, finding.cell) == (credit_code(0), "query", "G2")
    assert (
        "“虚构企业0”营业收入本年累计 20000000 元，已达标准（规模以上工业：年主营业务收入2000万元及以上），却填为规模以下：应统未统"
        in finding.message_zh
    )
    assert found.results["2022Q1/enterprise_quarter"]["ENT-UNCOUNTED"] == (1, 1, 0), (
        "construction has no bound"
    )


def test_a_candidate_of_the_pool_is_called_one(compare):
    pool = "培育层级,企业名称,状态\n小升规培育库,虚构企业0,在库\n"
    register = enterprises(1, 1, lambda _: {"above": "否", "revenue": "25000"})
    found = compare(
        {"2022Q1/enterprise_quarter": register, "2022Q1/cultivation_pool": pool},
        {"2022Q1/cultivation_pool": "2022-04-01T09:00:00+08:00"},
    )
    assert found.only("ENT-UNCOUNTED").message_en.startswith(
        "“虚构企业0” (under cultivation) has revenue of CNY 25000000"
    )


def test_who_stays_below_the_threshold_over_the_year_is_noted(compare):
    found = compare(
        {"2022Q4/enterprise_quarter": enterprises(1, 4, lambda _: {"revenue": "19000"})}
    )
    finding = found.only("ENT-BELOW-THRESHOLD")
    assert finding.severity == "note"
    assert finding.message_zh.endswith(
        "低于标准（规模以上工业：年主营业务收入2000万元及以上）：关注退库"
    )
    assert (
        compare(
            {"2022Q3/enterprise_quarter": enterprises(1, 3, lambda _: {"revenue": "15000"})}
        ).codes
        == []
    ), "the year is not over"


PROJECTS = "项目名称,项目领域,建设阶段\n"


def test_a_stage_moves_forward(compare):
    files = {
        "2022Q2/project_ledger": PROJECTS
        + "虚构项目甲,工业,主体完工\n虚构项目乙,工业,主体完工\n虚构项目丙,工业,拟建\n",
        "2022Q3/project_ledger": PROJECTS
        + "虚构项目甲,工业,开工\n虚构项目乙,工业,停工\n虚构项目丙,工业,运营\n",
    }
    finding = compare(files).only("STAGE-BACK")
    assert (finding.cell, finding.value, finding.row_key) == ("C2", "开工", "虚构项目甲")
    assert finding.message_zh == "“虚构项目甲”报为“开工”，而2022Q2已是“主体完工”"
    assert (
        finding.message_en
        == "“虚构项目甲” is given as “construction started”, while it was “main structure completed” for 2022Q2"
    )


def test_a_contract_once_signed_is_not_to_be_signed(compare):
    head = "项目或投资方,对象类型,签约阶段\n"
    files = {
        "2022Q2/contract_ledger": head + "虚构投资方,投资方,新签约\n",
        "2022Q3/contract_ledger": head + "虚构投资方,投资方,推动签约\n",
    }
    assert (
        compare(files).only("STAGE-BACK").message_zh
        == "“虚构投资方”报为“推动签约”，而2022Q2已是“新签约”"
    )


# --- other forms of the quarter -------------------------------------------------------------------------------------

POOL = "培育层级,企业名称,状态\n"


def cultivation(planned: int) -> str:
    return form(f"小升规培育库企业数,家,{planned}", headings="指标名称,计量单位,数量")


@pytest.mark.torture
@pytest.mark.parametrize("later", ["cultivation", "cultivation_pool"])
def test_the_number_stated_is_that_of_the_list_whichever_comes_later(compare, later):
    pool = (
        POOL
        + "小升规培育库,虚构企业甲,在库\n小升规培育库,虚构企业乙,在库\n小升规培育库,虚构企业丙,已退出\n"
    )
    files = {"2022Q3/cultivation": cultivation(3), "2022Q3/cultivation_pool": pool}
    found = compare(files, received={f"2022Q3/{later}": "2022-10-20T09:00:00+08:00"})
    finding = found.only("LIST-COUNT")
    assert finding.path == f"150571/2022Q3/{later}.csv", "who came first could not know"
    assert finding.cell == ("C2" if later == "cultivation" else None)
    assert (
        finding.message_zh == "“小升规培育库企业数”报 3 家，“企业梯度培育名录”中列有 2 个，应当相等"
    )
    assert finding.message_en.endswith(
        "is given as 3 家, “Enterprises under cultivation” names 2; the two should be equal"
    )
    assert compare(files | {"2022Q3/cultivation": cultivation(2)}).codes == []


@pytest.mark.torture
def test_an_open_list_may_be_shorter_and_not_longer(compare):
    projects = PROJECTS + "".join(f"虚构项目{n},工业,开工\n" for n in range(3))
    counted = form(
        "全年实施重点项目数,个,{}",
        "前期手续全部完成的重点项目数,个,1",
        headings="指标名称,计量单位,数量",
    )
    files = {"2022Q3/project_ledger": projects}
    assert compare(files | {"2022Q3/key_projects": counted.format(5)}).codes == []
    finding = compare(files | {"2022Q3/key_projects": counted.format(2)}).only("LIST-COUNT")
    assert (
        finding.message_zh == "“全年实施重点项目数”报 2 个，“重点项目台账”中列有 3 个，名录不应更多"
    )


def insured(persons: int, rate: str) -> str:
    return form(f"参保人数,人,{persons}", f"参保率,%,{rate}", headings="指标名称,计量单位,数值")


def test_the_population_that_insurance_implies_is_stable(compare):
    assert (
        compare(
            {
                "2022Q2/social_insurance": insured(45000, "97.0"),
                "2022Q3/social_insurance": insured(45872, "98.8"),
            }
        ).codes
        == []
    )
    finding = compare(
        {
            "2022Q2/social_insurance": insured(45000, "97.0"),
            "2022Q3/social_insurance": insured(45872, "88.8"),
        }
    ).only("INS-POPULATION-CHANGE")
    assert (finding.cell, finding.further_cells) == ("C2", "C3"), "persons and coverage"
    assert (
        finding.message_zh
        == "参保人数 45872 人、参保率 88.8%，推算应参保人口 51658 人（51628 至 51687），2022Q2推算为 46392 人"
    )


def test_what_is_not_plausible_is_only_noted(compare):
    gdp = form(
        "地区生产总值,亿元,100,3.0",
        "第一产业增加值,亿元,10,3.0",
        "第二产业增加值,亿元,40,3.0",
        "第三产业增加值,亿元,50,3.0",
    )
    main = form(
        "社会消费品零售总额,亿元,51,3.0",
        "规模以上工业增加值,亿元,,-2.0",
        "固定资产投资,亿元,20,5.0",
    )
    found = compare({"2022Q3/gdp": gdp, "2022Q3/main_indicators": main})
    assert [(f.code, f.severity, f.cell) for f in found.findings if f.stage == "cross"] == [
        ("PLAUS-INDUSTRY-GROWTH", "note", "D3"),
        ("PLAUS-RETAIL-TERTIARY", "note", "C2"),
    ]
    assert (
        found.only("PLAUS-INDUSTRY-GROWTH").message_zh
        == "规模以上工业增加值同比 -2%，第二产业增加值同比 3%，方向相反"
    )
    assert found.only("PLAUS-RETAIL-TERTIARY").message_en.startswith(
        "retail sales are 51 亿元, more than value added of the tertiary sector, 50 亿元"
    )


# --- the rules themselves -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def nothing_known():
    """Every relation that a rule may read, without a row."""
    with scratch() as con:
        gather_history(con, list(CATALOGUE.values()), [])
        yield con


def test_words_are_made_of_broken_rows_alone(nothing_known):
    """Of a register's million rows that hold no word is asked: here one would stop the run."""
    asked = """
        select
            '1' as submission, null as sheet, n::integer as source_row, 'value' as field, null as row_key, n <> 7 as holds,
            if(n = 7, 'said of ' || n, error('words of a row that holds')) as said
        from range(10) as r (n)
    """
    rule = dataclasses.replace(load_history_rules()[0], sql=asked, forms=("gdp",))
    con = nothing_known.cursor()
    con.execute("begin")
    con.execute("insert into known.focus values ('1')")
    con.execute("insert into known.arrival by name select '1' as submission, 'gdp' as form")
    con.execute(f"create temp table outcome_{rule.number} (submission varchar, outcome tinyint)")
    assert evaluate(con, rule)
    assert con.execute(f"select said from broken_{rule.number}").fetchall() == [("said of 7",)]
    assert outcomes_of(con, rule)[:2] == (10, 1)
    con.execute("rollback")


_FURTHER = "STRUCT(source_row INTEGER, field VARCHAR)[]"


@pytest.mark.parametrize("comparison", load_history_rules(), ids=lambda c: c.check.code)
def test_a_rule_selects_what_its_words_name(nothing_known, comparison):
    columns = dict(
        nothing_known.execute(
            f"select column_name, column_type from (describe {comparison.sql})"
        ).fetchall()
    )
    assert list(columns)[:6] == ["submission", "sheet", "source_row", "field", "row_key", "holds"]
    assert columns["holds"] == "BOOLEAN"
    words = comparison.check.words
    for text in (words.title, words.message, words.mend):
        assert set(re.findall(r"{(\w+)}", text.zh + text.en)) <= set(columns)
    assert columns.get("further", _FURTHER) == _FURTHER
    assert set(comparison.forms) <= {"indicator", "register", *CATALOGUE}


def test_every_rule_is_broken_by_a_test_of_this_file():
    here = Path(__file__).read_text(encoding="utf-8")
    assert [c.check.code for c in load_history_rules() if f'"{c.check.code}"' not in here] == []


# --- one run or many, one judge or two ------------------------------------------------------------------------------

HISTORY = {
    "2021Q3/main_indicators": retail("28.0"),
    "2022Q1/main_indicators": retail("10.0"),
    "2022Q1/employment": jobs("120"),
    "2022Q1/enterprise_quarter": enterprises(12, 1),
    "2022Q2/main_indicators": retail("20.0", unit="万元"),
    "2022Q2/employment": jobs("110"),
    "2022Q2/enterprise_quarter": enterprises(
        12, 2, lambda n: {"output": "25000"} if n == 3 else {}, left_out=5
    ),
    "2022Q2/employment.r2": jobs("130"),
    "2022Q3/main_indicators": retail("31.0", "3.6"),
    "2022Q3/employment": jobs("125"),
    "2022Q3/enterprise_quarter": enterprises(12, 3),
}


def said(compared: Compared) -> list[tuple[Any, ...]]:
    return sorted(
        (f.path, f.code, f.cell or "", f.row_key or "", f.message_zh) for f in compared.findings
    )


@pytest.mark.torture
def test_quarter_by_quarter_or_all_at_once_the_findings_are_the_same(tmp_path):
    """What a rebuild of the warehouse has to give back: also what was held, and so never compared with."""
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    raw.mkdir()
    warehouse.mkdir()
    by_quarter: list[tuple[Any, ...]] = []
    for number, until in enumerate(("2021Q3", "2022Q1", "2022Q2", "2022Q3")):
        write(raw, {name: text for name, text in HISTORY.items() if name[:6] <= until}, {})
        by_quarter += said(judge_folder(raw, tmp_path / f"work{number}", warehouse, load=True))
    at_once = judge_folder(raw, tmp_path / "work")
    assert said(at_once) == sorted(by_quarter)
    codes = set(at_once.codes)
    assert {"FIGURE-UNIT-SLIP", "FIGURE-COUNT-FALLS", "ENT-YTD-STEP", "ENTRY-DROPPED"} <= codes
    assert "FIGURE-YTD-FALLS" not in codes, (
        "the slip is held and the third quarter is not compared with it"
    )


@pytest.mark.torture
def test_both_judges_name_the_same_subjects(compare, tmp_path):
    compare(HISTORY, judge=True)
    stored = {}
    for path in tmp_path.rglob("*.json"):
        for result in json.loads(path.read_text(encoding="utf-8")).get("results", []):
            stored[result["expectation_config"]["meta"]["code"]] = (
                len(result["result"].get("unexpected_index_list") or []),
                result,
            )
    assert set(stored) == {
        c.check.code
        for c in load_history_rules()
        if any(
            c.applies_to(CATALOGUE[f])
            for f in ("main_indicators", "enterprise_quarter", "employment")
        )
    }
    assert {code: n for code, (n, _) in stored.items() if n} == {
        "FIGURE-UNIT-SLIP": 1,
        "FIGURE-COUNT-FALLS": 2,
        "ENT-YTD-STEP": 2,
        "ENTRY-DROPPED": 1,
        "PERIOD-GAP": 1,
        "FIGURE-LEVEL-GROWTH": 2,
    }
    assert stored["FIGURE-UNIT-SLIP"][1]["expectation_config"]["severity"] == "critical"


def test_a_judge_that_disagrees_stops_the_run(compare, monkeypatch):
    from flows.validate import step as validate

    monkeypatch.setattr(validate, "outcomes_of", lambda con, c: (*_counted(con, c)[:2], 7))
    with pytest.raises(DisagreementError, match="across_figures"):
        compare({"2022Q1/employment": jobs("120"), "2022Q2/employment": jobs("110")}, judge=True)


def _counted(con: Any, comparison: Any) -> tuple[int, int, int]:
    from flows.validate.history_rules import outcomes_of

    return outcomes_of(con, comparison)


# --- growths and amounts that nothing else bears out ----------------------------------------------


@pytest.mark.torture
def test_a_growth_beyond_what_is_ordinary_is_asked_about_unless_a_level_bears_it_out(compare):
    budget = "一般公共预算收入,亿元,{},{}"
    asked = compare({"2022Q3/budget": form(budget.format("7.34", "340"))}).only("GROWTH-LARGE")
    assert (asked.severity, asked.cell, asked.value) == ("query", "D2", "340")
    assert "超过 200%" in asked.message_zh
    for growth in ("200", "-97.5", "增长3.4倍"):
        assert compare({"2022Q3/budget": form(budget.format("7.34", growth))}).codes == []
    grown = {
        "2021Q3/budget": form(budget.format("2.0", "")),
        "2022Q3/budget": form(budget.format("8.8", "340")),
    }
    assert "GROWTH-LARGE" not in compare(grown).codes


@pytest.mark.parametrize(
    ("level", "unit", "why"),
    [
        ("418200", "亿元", "一个地区没有这么大的数"),
        ("41.82", "元", "不到报表所印计量单位的万分之一"),
        ("59000", "万元", "与同表的 固定资产投资 6200.00 亿元 相差一千倍以上"),
    ],
)
def test_an_amount_without_a_history_is_held_against_its_form_and_file(compare, level, unit, why):
    investment = "固定资产投资,亿元,6200.00,6.6"
    rows = form(f"社会消费品零售总额,{unit},{level},3.6", investment)
    asked = {f.cell: f for f in compare({"2022Q3/main_indicators": rows}).of("FIGURE-APART")}
    assert (asked["C2"].severity, why in (asked["C2"].message_zh or "")) == ("query", True)
    ordinary = form("社会消费品零售总额,亿元,41.82,3.6", investment)
    assert compare({"2022Q3/main_indicators": ordinary}).of("FIGURE-APART") == []


def test_decimals_in_a_smaller_unit_than_the_form_prints_are_asked_about(compare):
    main = "社会消费品零售总额,{},{},3.6", "固定资产投资,{},{},6.6"

    def asked(*levels):
        rows = form(*(line.format(*level) for line, level in zip(main, levels, strict=True)))
        return [f.cell for f in compare({"2022Q3/main_indicators": rows}).of("FIGURE-APART")]

    assert asked(("万元", "41.82"), ("万元", "37.66")) == ["C2", "C3"]
    assert asked(("万元", "418200"), ("万元", "376600")) == []
    assert asked(("万元", "932"), ("万元", "3766")) == [], "whole numbers in a smaller unit"
    assert asked(("万元", "932.5"), ("亿元", "37.66")) == [], "another of the file is larger"

    def asked_of_energy(*rows):
        return [f.cell for f in compare({"2022Q3/energy": form(*rows)}).of("FIGURE-APART")]

    electricity, coal = "全社会用电量,{},{},6.0", "原煤消费量,{},{},2.0"
    assert asked_of_energy(electricity.format("千瓦时", "12.50")) == ["C2"]
    assert asked_of_energy(electricity.format("亿千瓦时", "125000")) == ["C2"]
    ordinary = electricity.format("万千瓦时", "900"), coal.format("吨", "800")
    assert asked_of_energy(*ordinary) == []
    assert asked_of_energy(electricity.format("亿千瓦时", "12.50"), ordinary[1]) == []


def test_an_amount_per_head_that_no_head_has_is_asked_about(compare):
    incomes = "城镇常住居民人均可支配收入,元,{},6.0", "农村常住居民人均可支配收入,元,18519,8.1"
    for level in ("3.4125", "34", "3412500"):
        sent = form(incomes[0].format(level), incomes[1])
        assert [f.cell for f in compare({"2022Q3/income": sent}).of("FIGURE-APART")][:1] == ["C2"]
    ordinary = form(incomes[0].format("34125"), incomes[1])
    assert compare({"2022Q3/income": ordinary}).of("FIGURE-APART") == []


def test_an_amount_with_a_history_is_held_against_that_alone(compare):
    before = form("社会消费品零售总额,亿元,0.02,3.6", "固定资产投资,亿元,62.00,6.6")
    now = form("社会消费品零售总额,亿元,0.03,3.6", "固定资产投资,亿元,62.00,6.6")
    found = compare({"2021Q3/main_indicators": before, "2022Q3/main_indicators": now})
    assert {f.path.split("/")[1] for f in found.of("FIGURE-APART")} == {"2021Q3"}


@pytest.mark.torture
def test_a_fraction_beside_a_history_of_per_cents_is_asked_about(compare):
    before = {"2022Q2/budget": form("一般公共预算收入,亿元,4.10,34.0")}
    now = "一般公共预算收入,亿元,7.34,{}"
    asked = compare(before | {"2022Q3/budget": form(now.format("0.34"))}).only(
        "GROWTH-FRACTION-LIKE"
    )
    assert (asked.severity, asked.cell) == ("query", "D2")
    assert "2022Q2 报的是 34" in asked.message_zh
    asked = compare(before | {"2022Q3/budget": form(now.format("1.34"))}).only(
        "GROWTH-FRACTION-LIKE"
    )
    assert "像是以上年为 1 的比率" in asked.message_zh
    for growth in ("0.3", "34.12", "-5.10"):
        found = compare(before | {"2022Q3/budget": form(now.format(growth))})
        assert "GROWTH-FRACTION-LIKE" not in found.codes
    alone = compare({"2022Q3/budget": form(now.format("0.34"))})
    assert "GROWTH-FRACTION-LIKE" not in alone.codes
