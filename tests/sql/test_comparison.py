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
