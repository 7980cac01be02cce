"""Seasonal adjustment: on synthetic quarters made here, since no real series of the repository has five years."""

from __future__ import annotations

import subprocess
import sys

import pytest

from flows.build.seasonal import adjust, split_series

SEASON = (0.8, 0.95, 1.05, 1.2)  # its product is 0.9576: not quite 1, as real ones are not


def synthetic_quarters(count, growth=0.02):
    """Quarters alone of an invented series: a steady rise times a season that stays the same."""
    return [100 * (1 + growth) ** n * SEASON[n % 4] for n in range(count)]


def give_synthetic(given, quarters, start=2015, indicator="retail_sales", growth=None):
    """The synthetic quarters as year-to-date submissions from `start`Q1 on."""
    form = given.declared(indicator)[0].code
    to_date = 0.0
    for n, quarter in enumerate(quarters):
        to_date = quarter + (to_date if n % 4 else 0)
        submission = given.submission(form, f"{start + n // 4}Q{n % 4 + 1}")
        given.figure(submission, indicator, round(to_date, 4), growth=growth, decimals=4)


def test_a_steady_rise_with_a_fixed_season_is_laid_bare(given):
    give_synthetic(given, synthetic_quarters(24))
    assert adjust(given.con) == 1
    rows = given.rows(
        "metrics.seasonal_adjustment",
        "period, growth_qoq_pct, growth_qoq_adjusted_pct, is_seasonally_adjusted, adjustment_zh",
    )
    assert len(rows) == 24
    assert {row[3:] for row in rows} == {(True, "季节调整")}
    raw, adjusted = [r[1] for r in rows[1:]], [r[2] for r in rows[1:]]
    assert min(raw) < -30 and max(raw) > 15  # the season is all that the raw figures show
    assert adjusted == pytest.approx([2] * 23, abs=0.05)


def test_the_settings_and_the_span_stand_beside_the_figures(given):
    give_synthetic(given, synthetic_quarters(20))
    adjust(given.con)
    columns = "distinct method, transform, seasonal_window, is_robust, quarters, first_period, last_period, price_basis"
    assert given.rows("metrics.seasonal_adjustment", columns) == [
        ("STL", "log", 7, True, 20, "2015Q1", "2019Q4", "nominal")
    ]
    [(version,)] = given.rows("metrics.seasonal_adjustment", "distinct method_version")
    assert version.startswith("statsmodels 0.")


def test_below_five_years_there_is_no_row_and_the_view_says_so(given):
    give_synthetic(given, synthetic_quarters(19))
    assert adjust(given.con) == 0
    assert given.rows("derived.seasonal_adjustment", "*") == []
    columns = "distinct value_adjusted, growth_qoq_adjusted_pct, is_seasonally_adjusted, adjustment_zh, adjustment_reason"
    assert given.rows("metrics.seasonal_adjustment", columns) == [
        (None, None, False, "未季调", "fewer than five years of quarters without a gap")
    ]


def test_a_gap_starts_the_count_anew(given):
    quarters = synthetic_quarters(44)
    give_synthetic(given, quarters)
    # without 2018Q3, that quarter and the next are unknown: 24 quarters from 2019Q1 are left at the end
    given.con.execute("delete from core.observation where period = '2018Q3'")
    assert adjust(given.con) == 1
    assert given.rows(
        "derived.seasonal_adjustment", "distinct first_period, last_period, quarters"
    ) == [("2019Q1", "2025Q4", 28)]
    early = given.one(
        "metrics.seasonal_adjustment", "value_adjusted, adjustment_reason", "period = '2016Q1'"
    )
    assert early == {
        "value_adjusted": None,
        "adjustment_reason": "fewer than five years of quarters without a gap",
    }
    assert given.one("metrics.seasonal_adjustment", "adjustment_reason", "period = '2018Q4'") == {
        "adjustment_reason": "no prior YTD"
    }


def test_a_series_that_did_not_change_is_not_computed_again(given):
    give_synthetic(given, synthetic_quarters(20))
    assert [adjust(given.con), adjust(given.con)] == [1, 0]
    given.figure(
        given.submission("main_indicators", "2019Q4", revision=2), "retail_sales", 999, decimals=4
    )
    # until it is computed again, nothing adjusted stands beside the revised figures
    assert given.rows("metrics.seasonal_adjustment", "distinct is_seasonally_adjusted") == [
        (False,)
    ]
    assert adjust(given.con) == 1
    assert given.rows("derived.seasonal_adjustment", "count(*)") == [(20,)]


def test_growth_that_was_revised_alone_is_a_revision_of_the_series(given):
    quarters = synthetic_quarters(20)
    give_synthetic(given, quarters)
    assert adjust(given.con) == 1
    again = given.submission("main_indicators", "2019Q4", revision=2)
    given.figure(again, "retail_sales", round(sum(quarters[16:]), 4), growth=3.1, decimals=4)
    assert given.rows("metrics.seasonal_adjustment", "distinct is_seasonally_adjusted") == [
        (False,)
    ]
    assert adjust(given.con) == 1
    assert given.rows("metrics.seasonal_adjustment", "distinct is_seasonally_adjusted") == [(True,)]


def test_quarters_at_constant_prices_are_adjusted_too(given):
    # reported growth of 8 % a year on top of the first year's levels
    quarters = synthetic_quarters(4)
    to_date = [sum(quarters[: n + 1]) for n in range(4)]
    for year in range(2015, 2021):
        for n in range(4):
            given.gdp(
                f"{year}Q{n + 1}", {"total": (round(to_date[n] * 1.1 ** (year - 2015), 2), 8)}
            )
    assert adjust(given.con) == 2
    rows = given.rows(
        "metrics.seasonal_adjustment",
        "price_basis, round(value_quarter / 100000000, 1)",
        "period = '2020Q1'",
    )
    assert rows == [
        ("constant_price", round(quarters[0] * 1.08**5, 1)),
        ("nominal", round(quarters[0] * 1.1**5, 1)),
    ]


def test_a_base_year_of_its_own_is_never_mixed_in(given):
    """A chain whose third quarters begin a year before its first ones has no quarters at one year's prices in the first year."""
    for year in range(2015, 2021):
        for n in range(1, 5):
            if (year, n) >= (2015, 3):
                given.gdp(f"{year}Q{n}", {"total": (100 * n * 1.05 ** (year - 2015), 5)})
    adjust(given.con)
    # first quarters have their base in 2016, third and fourth ones in 2015: of each year the third would mix them
    assert given.rows("derived.seasonal_adjustment", "distinct price_basis") == [("nominal",)]


def test_a_series_with_losses_is_adjusted_by_sums():
    values = [n - 3 + season for n, season in zip(range(24), (-2, 0, 0, 2) * 6, strict=True)]
    parts = split_series(values, 4, 7, robust=True)
    assert (parts.transform, parts.factor) == ("none", None)
    assert list(parts.adjusted) == pytest.approx([n - 3 for n in range(24)], abs=1e-6)


def test_statsmodels_is_imported_only_where_a_series_qualifies():
    program = "import sys, flows.build.step; sys.exit('statsmodels' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
