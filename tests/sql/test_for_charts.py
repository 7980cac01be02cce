"""What SQL, BI and pandas are given: quarters, zones, one wide and one long table, and the list of the views."""

from __future__ import annotations

import csv
import datetime as dt

import pytest

from flows import SQL_DIR
from tests.figures import YI, ZONE_2022Q3

TWO = "two totals: by industry it is another number"


def test_a_quarter_has_its_days_and_its_names(built):
    row = built.execute("select * from ref.period where period = '2022Q3'").fetchone()
    assert row == (
        "2022Q3",
        2022,
        3,
        dt.date(2022, 7, 1),
        dt.date(2022, 9, 30),
        "2022年三季度",
        "third quarter of 2022",
        "2022年1-9月",
        "January to September 2022",
    )
    days = built.execute(
        "select count(*), sum(end_on - start_on + 1) from ref.period where year = 2024"
    ).fetchone()
    assert days == (4, 366)
    gaps = built.execute("""
        select count(*) from (select start_on - lag(end_on) over (order by period) as gap from ref.period)
        where gap <> 1
    """).fetchone()
    assert gaps == (0,)


def test_the_dashboard_has_a_quarter_in_a_row(given):
    given.gdp("2022Q3", ZONE_2022Q3, zone="150571")
    main = given.submission("main_indicators", "2022Q3", zone="150571")
    given.figure(main, "retail_sales", "41.82", growth="3.6")
    income = given.submission("income", "2022Q3", zone="150571")
    given.figure(income, "income_urban", 34125, growth="6.0", decimals=0)
    given.figure(income, "income_rural", 18519, growth="8.1", decimals=0)
    row = given.one(
        "metrics.dashboard",
        "* exclude (zone_title_en)",
        "zone = '150571' and period = '2022Q3'",
    )
    assert row["zone_title_zh"] == "通辽经济技术开发区"
    assert (row["start_on"], row["end_on"]) == (dt.date(2022, 7, 1), dt.date(2022, 9, 30))
    assert row["gdp_cny"] == pytest.approx(107.92 * YI)
    assert (row["gdp_growth_real_pct"], row["retail_growth_pct"]) == (3.4, 3.6)
    assert row["secondary_share_pct"] == pytest.approx(3912 / 107.92)
    assert row["income_ratio"] == pytest.approx(34125 / 18519)
    assert row["gdp_quarter_cny"] is None and row["gdp_by_industry_cny"] is None
    assert (row["totals_flag"], row["has_open_query"]) == (None, False)


@pytest.fixture
def two_totals(given):
    """China, 2024Q1: 304,761.8 in form gdp, 296,299 by industry, as first released."""
    given.gdp(
        "2024Q1",
        {
            "primary": (11458.8, 3.3),
            "secondary": (108277.4, 6.0),
            "tertiary": (185025.6, 5.0),
            "total": (304761.8, 5.3),
        },
        zone="CN",
    )
    submission = given.submission("value_added_by_industry", "2024Q1", zone="CN")
    given.figure(submission, "value_added", 296299, growth=5.3, decimals=0)
    given.figure(submission, "value_added", 12295, growth=3.5, decimals=0, industry="A")
    return given


def test_where_a_quarter_has_two_totals_each_row_says_so(two_totals):
    row = two_totals.one(
        "metrics.dashboard", "gdp_cny, gdp_by_industry_cny, gdp_difference_cny, totals_flag"
    )
    assert list(row.values()) == [
        pytest.approx(304761.8 * YI),
        pytest.approx(296299 * YI),
        pytest.approx(8462.8 * YI),
        TWO,
    ]
    said = two_totals.rows(
        "metrics.fact", "indicator, industry, flag", "measure = 'value' and flag is not null"
    )
    assert said == [("gdp", None, TWO), ("value_added", None, TWO)]
    titles = two_totals.rows("metrics.fact", "distinct title_zh", "indicator = 'gdp'")
    assert titles == [("国内生产总值",)], "one indicator has one title in every row"
    assert two_totals.rows("metrics.industry_structure", "industry, totals_flag") == [("A", TWO)]


def test_totals_that_round_to_one_another_are_one(given):
    given.gdp("2024Q1", {"total": (100.4, 5)})
    submission = given.submission("value_added_by_industry", "2024Q1")
    given.figure(submission, "value_added", 100, growth=5, decimals=0)
    # 0.4 lies within half of 1 and half of 0.01
    row = given.one("staging.gdp_totals", "gdp_difference_cny, rounding_cny, totals_differ")
    assert list(row.values()) == [40_000_000, 50_500_000, False]
    assert given.rows("metrics.dashboard", "totals_flag") == [(None,)]


def test_a_fact_says_what_kind_of_number_it_is(given):
    given.gdp("2022Q2", {"total": (70, 3)})
    given.gdp("2022Q3", {"total": (107.92, 3.4)})
    columns = "measure, value, unit, status, reason"
    where = "period = '2022Q3' and indicator = 'gdp'"
    rows = {r[0]: r[1:] for r in given.rows("metrics.fact", columns, where)}
    assert rows["value"] == (10_792_000_000, "元", "reported", None)
    assert rows["growth_reported_pct"] == (3.4, "%", "reported", None)
    assert rows["value_quarter"] == (3_792_000_000, "元", "derived", None)
    assert rows["growth_nominal_pct"] == (None, "%", "missing", "no base")
    assert rows["share_pct"][2:] == ("missing", "a sector is missing or the sum is zero")
    assert "change_pp" not in rows, "only a rate changes in points"
    assert all((value is None) == (reason is not None) for value, _, _, reason in rows.values())


def test_a_bound_and_an_open_query_are_told_in_the_long_table(given):
    submission = given.submission("main_indicators", "2022Q3")
    given.figure(submission, "retail_sales", 40, growth=3, qualifier="nearly")
    given.finding(submission, outcome="broken", severity="query", code="FIGURE-OUTLIER", row=2)
    [row] = given.rows("metrics.fact", "value, flag, has_open_query", "measure = 'value'")
    assert row == (4_000_000_000, "qualified", True)
    assert given.rows("metrics.dashboard", "has_open_query") == [(True,)]


def test_the_catalogue_lists_every_view_and_says_what_fills_it(built):
    with (SQL_DIR / "reference" / "view_source.csv").open(encoding="utf-8") as source:
        listed = [line["view_name"] for line in csv.DictReader(source)]
    made = [
        f"{p.parent.name}.{p.stem}"
        for s in ("metrics", "public")
        for p in (SQL_DIR / s).glob("*.sql")
    ]
    assert sorted(listed) == sorted(made), (
        "a view of metrics or public has its line in sql/reference/view_source.csv"
    )
    rows = built.execute("select * from metrics.catalogue").fetchall()
    assert len(rows) == len(made)
    assert all(all(row) for row in rows), "words in both languages"


def test_the_rows_of_a_view_are_counted_when_they_are_asked_for(given):
    given.gdp("2022Q3", ZONE_2022Q3)
    assert given.rows("metrics.rows_of('metrics.sector_growth')", "*") == [
        ("metrics.sector_growth", 4)
    ]
    assert given.rows("metrics.rows_of('metrics.income_gap')", "*") == [("metrics.income_gap", 0)]
