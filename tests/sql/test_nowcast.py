"""metrics.nowcast: what has not been sent, from what has; an estimate with an interval, scored; by hand."""

from __future__ import annotations

import pytest

from tests.figures import YI

RETAIL = "retail_sales"


def give(given, figures, indicator=RETAIL, form="main_indicators"):
    for period, value in figures.items():
        given.figure(given.submission(form, period), indicator, value)


def test_what_is_missing_follows_last_years_season_and_the_growth_known_before(given):
    give(given, {"2021Q1": 10, "2021Q2": 24, "2021Q3": 36, "2022Q1": 11})
    row = given.one("metrics.nowcast", "*", "period = '2022Q2'")
    # the first quarter grew by a tenth, so the half year is a tenth above 24; no quarter was ever held against another
    assert row["value_estimated"] == pytest.approx(26.4 * YI)
    assert row["growth_nominal_pct"] == pytest.approx(10)
    assert (row["status"], row["errors"], row["value_low"]) == ("estimate", 0, None)
    assert row["nowcast_reason"] == "fewer than three errors of the past: no interval"
    assert row["nowcast_method"] == "last year's season and the growth of the quarter before"


def test_the_interval_comes_from_the_errors_of_the_past(given):
    give(
        given,
        {
            "2021Q1": 10,
            "2021Q2": 20,
            "2021Q3": 30,
            "2021Q4": 40,
            "2022Q1": 10,
            "2022Q2": 25,
            "2022Q3": 30,
            "2022Q4": 40,
        },
    )
    # expected 20, 37.5 and 40 where 25, 30 and 40 came: −20 %, +25 %, 0
    rms = ((20**2 + 25**2) / 3) ** 0.5
    [score] = given.rows(
        "metrics.nowcast_score",
        "quarters, error_mean_pct, error_mean_absolute_pct, error_rms_pct, error_naive_pct",
    )
    assert score == (
        3,
        pytest.approx(5 / 3),
        pytest.approx(15),
        pytest.approx(rms),
        pytest.approx(20 / 3),
    )
    row = given.one(
        "metrics.nowcast", "value_estimated, value_low, value_high, errors", "period = '2023Q1'"
    )
    margin = 3.182 * rms / 100 * 10  # Student's t with three degrees
    assert list(row.values()) == [
        pytest.approx(10 * YI),
        pytest.approx((10 - margin) * YI),
        pytest.approx((10 + margin) * YI),
        3,
    ]


@pytest.mark.parametrize(
    ("degrees", "t"), [(0, None), (1, 12.706), (7, 2.365), (12, 2.179), (30, 2.042), (1000, 1.962)]
)
def test_students_t_as_printed_in_tables(built, degrees, t):
    assert built.execute("select t_quantile(?::integer)", [degrees]).fetchone() == (
        t and pytest.approx(t, abs=6e-3),
    )


def test_a_sector_that_is_missing_is_what_is_left_of_the_total(given):
    for period in ("2021Q1", "2021Q2"):
        given.gdp(
            period, {"primary": (1, 1), "secondary": (2, 1), "tertiary": (3, 1), "total": (6, 1)}
        )
    given.gdp("2022Q1", {"primary": (1, 1), "tertiary": (4, 1), "total": (7.5, 1)})
    row = given.one("metrics.nowcast", "*", "period = '2022Q1'")
    assert (row["indicator"], row["value_estimated"]) == ("va_secondary", pytest.approx(2.5 * YI))
    # three figures printed to 0.01
    assert row["value_high"] - row["value_low"] == pytest.approx(0.03 * YI)
    assert row["nowcast_method"] == "what is left of the total"


def test_a_total_that_is_missing_is_the_sum_of_its_sectors(given):
    given.gdp(
        "2021Q4", {"primary": (1, 1), "secondary": (2, 1), "tertiary": (3, 1), "total": (6, 1)}
    )
    given.gdp("2022Q1", {"primary": (1, 1), "secondary": (2, 1), "tertiary": (4, 1)})
    row = given.one("metrics.nowcast", "value_estimated, nowcast_method", "period = '2022Q1'")
    assert list(row.values()) == [pytest.approx(7 * YI), "the sum of the sectors"]


def test_a_total_takes_a_sector_as_expected_where_it_was_not_sent(given):
    whole = {"primary": (1, 1), "secondary": (2, 1), "tertiary": (3, 1), "total": (6, 1)}
    for period in ("2021Q1", "2021Q2", "2022Q1"):
        given.gdp(period, whole)
    given.gdp("2022Q2", {"primary": (1.5, 1), "secondary": (2, 1)})
    rows = given.rows(
        "metrics.nowcast", "indicator, value_estimated, nowcast_method", "period = '2022Q2'"
    )
    assert rows == [
        ("gdp", pytest.approx(6.5 * YI), "the sum of the sectors, sent or expected"),
        (
            "va_tertiary",
            pytest.approx(3 * YI),
            "last year's season and the growth of the quarter before",
        ),
    ]


def test_an_estimate_enters_no_other_view(given):
    give(given, {"2021Q1": 10, "2021Q2": 24, "2022Q1": 11})
    assert given.rows("metrics.nowcast", "count(*)", "period = '2022Q2'") == [(1,)]
    for view in ("growth", "fact", "headline", "indicator_growth", "figure", "dashboard"):
        assert given.rows(f"metrics.{view}", "count(*)", "period = '2022Q2'") == [(0,)], view


def test_chinas_first_quarter_of_2025_lay_in_the_interval(given):
    """GDP from 2022Q1 to 2024Q4 as they stand; 2025Q1 came to 318,758 (亿元, first print of April 2025)."""
    china = {
        "2022Q1": "277175.8", "2022Q2": "576287.3", "2022Q3": "891687.0", "2022Q4": "1234029.4",
        "2023Q1": "292368.8", "2023Q2": "608606.3", "2023Q3": "937047.0", "2023Q4": "1294271.7",
        "2024Q1": "304761.8", "2024Q2": "633599.4", "2024Q3": "974553.8", "2024Q4": "1348066.2",
    }  # fmt: skip
    for period, value in china.items():
        given.figure(given.submission("gdp", period, zone="CN"), "gdp", value, decimals=1)
    row = given.one(
        "metrics.nowcast", "value_estimated, value_low, value_high, errors", "period = '2025Q1'"
    )
    assert row["value_estimated"] == pytest.approx(304761.8 * 1348066.2 / 1294271.7 * YI)
    assert row["errors"] == 7
    assert row["value_low"] < 318758 * YI < row["value_high"]
