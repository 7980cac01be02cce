"""metrics.zone_ranking and metrics.zone_vs_nation: zones among each other and beside the nation."""

from __future__ import annotations

import pytest


@pytest.fixture
def zones(given):
    """Retail sales of 2022Q3: Z1 to Z4 and the nation."""

    def sent(zone, value, growth):
        given.figure(
            given.submission("main_indicators", "2022Q3", zone=zone),
            "retail_sales",
            value,
            growth=growth,
        )

    sent("CN", 320305, 0.7)
    for zone, value, growth in (
        ("Z1", 40, 3.6),
        ("Z2", 60, 3.6),
        ("Z3", 20, -1),
        ("Z4", None, None),
    ):
        sent(zone, value, growth)
    return given


def test_places_and_percentiles_without_the_nation(zones):
    columns = "zone, rank_value, zones_value, percentile_value_pct, rank_growth, zones_growth, percentile_growth_pct"
    assert zones.rows("metrics.zone_ranking", columns) == [
        ("Z1", 2, 3, 50, 1, 3, 100),  # as fast as Z2: both are first
        ("Z2", 1, 3, 100, 1, 3, 100),
        ("Z3", 3, 3, 0, 3, 3, 0),
        ("Z4", None, 3, None, None, 3, None),
    ]


def test_what_is_missing_has_no_place_and_says_why(zones):
    assert zones.rows(
        "metrics.zone_ranking", "rank_value_reason, rank_growth_reason", "zone = 'Z4'"
    ) == [("not reported", "no growth reported")]


def test_one_zone_has_nobody_to_compare_with(given):
    given.figure(given.submission("main_indicators", "2022Q3"), "retail_sales", 40, growth=3.6)
    columns = "rank_value, percentile_value_pct, rank_value_reason, rank_growth_reason"
    assert given.rows("metrics.zone_ranking", columns) == [
        (1, None, *["one zone: nothing to compare with"] * 2)
    ]


def test_quarters_are_ranked_apart(zones):
    zones.figure(
        zones.submission("main_indicators", "2022Q4", zone="Z3"), "retail_sales", 90, growth=5
    )
    assert zones.rows("metrics.zone_ranking", "period, rank_value, zones_value", "zone = 'Z3'") == [
        ("2022Q3", 3, 3),
        ("2022Q4", 1, 1),
    ]


def test_growth_beside_the_nations_is_a_difference_in_points(zones):
    columns = "zone, growth_reported_pct::double, growth_nation_pct::double, growth_difference_pp, growth_difference_reason"
    assert zones.rows("metrics.zone_vs_nation", columns) == [
        ("Z1", 3.6, 0.7, pytest.approx(2.9), None),
        ("Z2", 3.6, 0.7, pytest.approx(2.9), None),
        ("Z3", -1, 0.7, pytest.approx(-1.7), None),
        ("Z4", None, 0.7, None, "no growth reported"),
    ]
    [(share,)] = zones.rows("metrics.zone_vs_nation", "share_of_nation_pct", "zone = 'Z1'")
    assert share == pytest.approx(100 * 40 / 320305)


def test_without_the_nation_there_is_no_difference(given):
    given.figure(given.submission("main_indicators", "2022Q3"), "retail_sales", 40, growth=3.6)
    assert given.rows(
        "metrics.zone_vs_nation", "growth_difference_pp, growth_difference_reason"
    ) == [(None, "the nation is not reported")]


def test_a_rate_is_no_share_of_the_nations(given):
    for zone in ("CN", "Z1"):
        given.figure(
            given.submission("social_insurance", "2022Q3", zone=zone),
            "insurance_coverage",
            95,
            unit="%",
        )
    assert given.rows("metrics.zone_vs_nation", "value, value_nation, share_of_nation_pct") == [
        (95, 95, None)
    ]


# --- what printed digits leave of a place -----------------------------------------------------------


def test_a_place_that_printed_digits_leave_open_has_a_first_and_a_last(given):
    """40 printed without decimals may be anything from 39.5 to 40.5; 40.3 is printed to a hundredth."""
    for zone, value, decimals, growth in (
        ("Z1", "40", 0, 3.6),
        ("Z2", "40.30", 2, 3.6),
        ("Z3", "39", 0, 3.5),
    ):
        submission = given.submission("main_indicators", "2022Q3", zone=zone)
        given.figure(submission, "retail_sales", value, growth=growth, decimals=decimals)
    columns = "zone, rank_value, rank_value_best, rank_value_worst, rank_growth, rank_growth_worst"
    assert given.rows("metrics.zone_ranking", columns) == [
        ("Z1", 2, 1, 2, 1, 2),  # behind or before Z2, and before Z3 in any case
        ("Z2", 1, 1, 1, 1, 2),
        ("Z3", 3, 3, 3, 3, 3),
    ]


# --- metrics.zone_dispersion -------------------------------------------------------------------------


def test_zones_that_draw_together_have_a_smaller_spread_and_a_slope_below_zero(given):
    # a year earlier 100, 200 and 400; the smaller the zone, the faster it grew
    for zone, value, growth in (("Z1", 130, 30), ("Z2", 240, 20), ("Z3", 440, 10)):
        given.figure(
            given.submission("budget", "2022Q4", zone=zone), "budget_revenue", value, growth=growth
        )
    given.figure(given.submission("budget", "2022Q4", zone="CN"), "budget_revenue", 9999, growth=50)
    row = given.one("metrics.zone_dispersion", "*")
    assert (row["zones"], row["zones_compared"]) == (3, 3)  # without the nation
    assert row["mean_value"] == pytest.approx(270e8)
    assert (row["median_value"], row["least_value"], row["most_value"]) == (240e8, 130e8, 440e8)
    # deviations −140, −30, 170 of 270; a year earlier −400/3, −100/3, 500/3 of 700/3
    now = ((140**2 + 30**2 + 170**2) / 3) ** 0.5 / 270
    before = ((4**2 + 1 + 5**2) / 3) ** 0.5 / 7
    assert row["variation_ratio"] == pytest.approx(now)
    assert row["variation_year_earlier_ratio"] == pytest.approx(before)
    assert row["sigma_change_ratio"] == pytest.approx(now - before)
    assert row["sigma_change_ratio"] < 0
    # equal steps of ln 2 in the level, equal steps of −10 points in growth: a line
    assert row["beta_pp"] == pytest.approx(-10 / 0.6931471805599453)
    assert row["beta_r_squared_ratio"] == pytest.approx(1)


def test_two_zones_have_a_spread_and_no_slope(given):
    for zone, value in (("Z1", 10), ("Z2", 30)):
        given.figure(
            given.submission("budget", "2022Q4", zone=zone), "budget_revenue", value, growth=0
        )
    row = given.one("metrics.zone_dispersion", "variation_ratio, beta_pp, beta_reason")
    assert list(row.values()) == [0.5, None, "fewer than three zones with level and growth"]


# --- metrics.industry_comparison ----------------------------------------------------------------------


def test_an_industry_beside_the_nations(given):
    """Industry: 60 of the zone's 100, 40 of the nation's 100; it grew by 20 here and by 0 there, the rest by 0 and by 10."""
    for zone, industry, rest in (("Z1", (72, 20), (40, 0)), ("CN", (40, 0), (66, 10))):
        submission = given.submission("value_added_by_industry", "2024Q1", zone=zone)
        given.figure(
            submission, "value_added", industry[0] + rest[0], growth=6 if zone == "CN" else 12
        )
        given.figure(submission, "value_added", industry[0], growth=industry[1], industry="BTD")
        given.figure(submission, "value_added", rest[0], growth=rest[1], industry="F")
    row = given.one("metrics.industry_comparison", "*", "industry = 'BTD'")
    assert row["location_quotient_ratio"] == pytest.approx((72 / 112) / (40 / 106))
    # 60 of 100 a year earlier; the nation grew by 6 in all
    assert row["base_share_pct"] == pytest.approx(60)
    effects = [row[f"{part}_effect_pp"] for part in ("national", "mix", "competitive")]
    assert effects == [pytest.approx(3.6), pytest.approx(-3.6), pytest.approx(12)]
    assert sum(effects) == pytest.approx(row["contribution_pp"])


def test_without_the_nation_an_industry_has_no_quotient(given):
    submission = given.submission("value_added_by_industry", "2024Q1")
    given.figure(submission, "value_added", 100, growth=5)
    given.figure(submission, "value_added", 60, growth=5, industry="BTD")
    row = given.one(
        "metrics.industry_comparison",
        "location_quotient_ratio as q, location_quotient_reason as r, shift_share_reason as s",
    )
    assert list(row.values()) == [None, "the nation is not reported", "the nation is not reported"]
