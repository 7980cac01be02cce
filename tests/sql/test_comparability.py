"""How growth compares, the year as a whole, and growth of the register as an exact sum; by hand."""

from __future__ import annotations

import pytest

from tests.figures import YI
from tests.sql.enterprises import register

UNLIKE = "levels of unlike scope: see the growth reported"


def test_each_indicator_says_how_its_growth_compares(built):
    rows = dict(
        built.execute(
            "select indicator, growth_comparison from ref.indicator where headline is not null"
        ).fetchall()
    )
    assert rows["gdp"] == "constant_price"
    assert rows["industry_va"] == "same_scope"
    assert rows["fixed_asset_investment"] == "same_basis_revised"
    assert rows["retail_sales"] == "nominal"


@pytest.mark.parametrize("indicator", ["industry_va", "fixed_asset_investment"])
def test_no_growth_follows_from_levels_of_unlike_scope(given, indicator):
    """Investment of 110 after 100, and a growth of 5 on the base as it was revised since."""
    for period, value, growth in (("2021Q4", 100, 4), ("2022Q4", 110, 5)):
        given.figure(given.submission("main_indicators", period), indicator, value, growth=growth)
    row = given.one(
        "metrics.growth",
        "growth_reported_pct, growth_nominal_pct, growth_nominal_reason, deflator_change_pct, change_value",
        "period = '2022Q4'",
    )
    assert list(row.values()) == [5, None, UNLIKE, None, 10 * YI]
    assert given.rows(
        "metrics.indicator_growth", "growth_nominal_pct, growth_nominal_reason", "period = '2022Q4'"
    ) == [(None, UNLIKE)]
    assert given.rows("public.indicator", "growth_nominal_pct", "period = '2022Q4'") == [(None,)]
    assert given.rows(
        "metrics.fact", "status, reason", "measure = 'growth_nominal_pct' and period = '2022Q4'"
    ) == [("missing", UNLIKE)]
    # without a year before there is nothing that could be unlike
    assert given.rows("metrics.growth", "growth_nominal_reason", "period = '2021Q4'") == [
        ("no base",)
    ]


def test_the_quarter_of_such_an_indicator_has_no_growth_from_levels_either(given):
    for period, value in (("2021Q1", 20), ("2022Q1", 22)):
        given.figure(
            given.submission("main_indicators", period), "fixed_asset_investment", value, growth=5
        )
    row = given.one(
        "metrics.growth",
        "growth_quarter_nominal_pct as g, growth_quarter_nominal_reason as r",
        "period = '2022Q1'",
    )
    assert row == {"g": None, "r": UNLIKE}


# --- metrics.annual ----------------------------------------------------------------------------------


def test_a_year_is_its_fourth_quarter(given):
    for period, value in (
        ("2021Q4", 100),
        ("2022Q1", 20),
        ("2022Q2", 45),
        ("2022Q3", 70),
        ("2022Q4", 105),
    ):
        given.gdp(period, {"total": (value, 4)})
    columns = "year, value, growth_reported_pct, growth_nominal_pct, quarters, quarters_add_up"
    assert given.rows("metrics.annual", columns) == [
        (2021, 100 * YI, 4, None, 1, False),
        (2022, 105 * YI, 4, pytest.approx(5), 4, True),
    ]


# --- metrics.register_growth --------------------------------------------------------------------------


def give(name, industry, revenue, above=True):
    return {
        "name": name,
        "industry": industry,
        "revenue_ytd_cny": revenue,
        "above_threshold": above,
    }


@pytest.fixture
def two_years(given):
    """Same: A, 100 to 110. Crossed: B, 50 to 60. Moved from 13 to 14: D, 40 to 44. Left: E, 60. Entered: F, 30."""
    before = [
        give("A", "13", 100),
        give("B", "13", 50, above=False),
        give("D", "13", 40),
        give("E", "14", 60),
    ]
    now = [give("A", "13", 110), give("B", "13", 60), give("D", "14", 44), give("F", "14", 30)]
    register(given, "2021Q4", before)
    register(given, "2022Q4", now)
    return given


PARTS = "same_pp, entered_pp, left_pp, moved_pp, threshold_pp"


def test_growth_of_the_register_is_the_exact_sum_of_five_parts(two_years):
    rows = two_years.rows(
        "metrics.register_growth",
        f"level, industry, value, value_year_earlier, growth_pct, {PARTS}",
        "variable = 'revenue_ytd_cny' and period = '2022Q4'",
    )
    approx = pytest.approx
    whole = (244, 250, approx(-2.4), approx(5.6), approx(12), approx(-24), 0, approx(4))
    assert rows == [
        # 110, 60 and 0 on 100, 50 and 40: D went to another division
        (
            "division",
            "13",
            170,
            190,
            approx(-100 * 20 / 190),
            approx(1000 / 190),
            0,
            0,
            approx(-4000 / 190),
            approx(1000 / 190),
        ),
        (
            "division",
            "14",
            74,
            60,
            approx(100 * 14 / 60),
            0,
            approx(50),
            approx(-100),
            approx(4400 / 60),
            0,
        ),
        # inside the section, and inside the whole, D did not move
        ("section", "C", *whole),
        ("total", "total", *whole),
    ]
    for *_, growth, same, entered, left, moved, threshold in rows:
        assert same + entered + left + moved + threshold == approx(growth)


def test_the_enterprises_of_each_part_are_counted(two_years):
    row = two_years.one(
        "metrics.register_growth",
        "enterprises_same, enterprises_entered, enterprises_left, enterprises_moved, enterprises_crossed",
        "level = 'total' and variable = 'revenue_ytd_cny' and period = '2022Q4'",
    )
    assert list(row.values()) == [2, 1, 1, 0, 1]


def test_without_a_register_a_year_earlier_there_is_nothing_to_split(given):
    register(given, "2022Q4", [give("A", "13", 110)])
    assert given.rows("metrics.register_growth", "count(*)") == [(0,)]
