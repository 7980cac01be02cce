"""Shares as printed, industries, diversification, location quotient, shift-share, income gap; by hand."""

from __future__ import annotations

import math

import pytest

from tests.figures import YI, ZONE_2022Q3


def sectors(primary, secondary, tertiary):
    """Three sectors (level, growth) and a total without a growth of its own."""
    return {
        "primary": primary,
        "secondary": secondary,
        "tertiary": tertiary,
        "total": (sum(v for v, _ in (primary, secondary, tertiary)), None),
    }


# --- metrics.sector_structure --------------------------------------------------------------------


def test_the_zones_shares_as_printed_and_as_adjusted(given):
    given.gdp("2022Q3", ZONE_2022Q3)
    rows = given.rows(
        "metrics.sector_structure",
        "sector, round(share_pct, 4), share_printed_pct, share_adjusted_pct",
    )
    assert rows == [
        ("primary", 1.3065, 1.3, 1.3),
        ("secondary", 36.2491, 36.2, 36.3),
        ("tertiary", 62.4444, 62.4, 62.4),
    ]


def test_the_change_of_a_share_is_in_points(given):
    given.gdp("2021Q1", sectors((10, 1), (40, 1), (50, 1)))
    given.gdp("2022Q1", sectors((10, 1), (50, 1), (65, 1)))
    rows = given.rows(
        "metrics.sector_structure",
        "sector, share_year_earlier_pct, share_change_pp, share_change_reason",
        "period = '2022Q1'",
    )
    assert rows == [
        ("primary", 10, pytest.approx(-2), None),
        ("secondary", 40, 0, None),
        ("tertiary", 50, pytest.approx(2), None),
    ]
    assert given.rows(
        "metrics.sector_structure", "distinct share_change_reason", "period = '2021Q1'"
    ) == [("no share a year earlier",)]


def test_shares_of_the_quarter_alone(given):
    given.gdp("2022Q1", sectors((10, 1), (40, 1), (50, 1)))
    given.gdp("2022Q2", sectors((15, 1), (70, 1), (115, 1)))  # the quarter: 5, 30, 65
    rows = given.rows("metrics.sector_structure", "sector, share_quarter_pct", "period = '2022Q2'")
    assert rows == [("primary", 5), ("secondary", 30), ("tertiary", 65)]
    given.gdp("2023Q3", sectors((15, 1), (70, 1), (115, 1)))
    assert given.rows(
        "metrics.sector_structure",
        "distinct share_quarter_pct, share_quarter_reason",
        "period = '2023Q3'",
    ) == [(None, "no prior YTD")]


def test_a_missing_sector_leaves_no_share_to_adjust(given):
    given.gdp("2022Q1", {"primary": (10, 1), "secondary": (40, 1), "total": (100, 1)})
    rows = given.rows(
        "metrics.sector_structure", "distinct share_pct, share_adjusted_pct, share_reason"
    )
    assert rows == [(None, None, "a sector is missing or the sum is zero")]


# --- metrics.industry_structure ------------------------------------------------------------------


def by_industry(given, period, total, parts):
    submission = given.submission("gdp", period)
    given.figure(submission, "gdp", total[0], growth=total[1])
    for industry, (value, growth) in parts.items():
        given.figure(submission, "gdp", value, growth=growth, industry=industry)


def test_industries_in_their_total(given):
    by_industry(given, "2021Q1", (200, 5), {"C": (110, 5), "13": (60, 5)})
    # bases 110/1.1 = 100 and 63/1.05 = 60 in a total of 220/1.1 = 200: increments 10 and 3 of 20
    by_industry(given, "2022Q1", (220, 10), {"C": (110, 10), "13": (63, 5)})
    columns = "industry, level, share_of_total_pct, share_change_pp, coverage_pct, contribution_pp, contribution_rate_pct, contribution_reason"
    assert given.rows("metrics.industry_structure", columns, "period = '2022Q1'") == [
        (
            "13",
            "division",
            *(
                pytest.approx(x)
                for x in (100 * 63 / 220, 100 * 63 / 220 - 30, 100 * 63 / 220, 1.5, 15)
            ),
            None,
        ),
        ("C", "section", *(pytest.approx(x) for x in (50, -5, 50, 5, 50)), None),
    ]


def test_an_industry_without_its_total_or_growth(given):
    submission = given.submission("gdp", "2022Q1")
    given.figure(submission, "gdp", 10, growth=5, industry="13")
    columns = "share_of_total_pct, share_reason, contribution_pp, contribution_reason"
    assert given.rows("metrics.industry_structure", columns) == [
        (None, "no total", None, "no total")
    ]
    given.figure(submission, "gdp", 100, growth=None)
    assert given.rows("metrics.industry_structure", columns) == [
        (10, None, None, "a level or its growth is missing")
    ]


def test_a_total_that_did_not_grow_gives_points_and_no_rate(given):
    by_industry(given, "2022Q1", (100, 0), {"13": (11, 10)})
    columns = "contribution_pp, contribution_rate_pct, contribution_reason"
    assert given.rows("metrics.industry_structure", columns) == [
        (pytest.approx(1), None, "total growth is zero: points only, no rate")
    ]


def value_added(given, period, total, parts):
    submission = given.submission("value_added_by_industry", period)
    given.figure(submission, "value_added", total[0], growth=total[1])
    for industry, (value, growth) in parts.items():
        given.figure(submission, "value_added", value, growth=growth, industry=industry)


MADE_UP = (
    "industry, level, within_industry, coverage_pct, contribution_pp, contribution_rate_pct, total_growth_implied_pct,"
    " contribution_residual_pp, contribution_method"
)
APPROXIMATE = "approximate: current-price weights"


def test_parts_that_make_up_the_total_are_what_contributions_are_measured_in(given):
    """F6, F8, F9. A: 50 / 1.25 = 40 a year earlier, BTD: 110 / 1.1 = 100, C inside it: 66 / 1.1 = 60.

    Together 160 on 140, +14.29 %, where 14.0 is reported; increments 10 and 10 of 20. C adds to nothing.
    """
    value_added(given, "2022Q1", (160, 14), {"A": (50, 25), "BTD": (110, 10), "C": (66, 10)})
    implied = pytest.approx(100 * 20 / 140)
    residual = pytest.approx(14 - 100 * 20 / 140)
    half = (
        *(None, 100, pytest.approx(100 * 10 / 140), pytest.approx(50)),
        *(implied, residual, APPROXIMATE),
    )
    assert given.rows("metrics.industry_structure", MADE_UP) == [
        ("A", "section", *half),
        ("BTD", "aggregate", *half),
        (
            "C",
            "section",
            "BTD",
            100,
            pytest.approx(100 * 6 / 140),
            pytest.approx(30),
            implied,
            residual,
            APPROXIMATE,
        ),
    ]


@pytest.mark.parametrize(
    ("total", "parts", "coverage"),
    [
        ((160, 10), {"A": (50, 25)}, 31.25),  # a part is missing
        (
            (160, 10),
            {"A": (50, 25), "C": (66, 10)},
            31.25,
        ),  # and what is inside it does not stand in for it
        ((160, 10), {"A": (50, 25), "BTD": (110, None)}, 100),  # a growth is missing
        (
            (160, 10),
            {"A": (50, 25), "BTD": (109.9, 10)},
            99.9375,
        ),  # 0.1 apart where three halves of 0.01, three times, are 0.045
    ],
)
def test_parts_that_do_not_are_measured_in_the_total_as_reported(given, total, parts, coverage):
    """160 / 1.1 = 145.45 a year earlier, an increment of 14.55; A: 10 of it."""
    value_added(given, "2022Q1", total, parts)
    row = given.one("metrics.industry_structure", MADE_UP, "industry = 'A'")
    assert (
        row["coverage_pct"],
        row["total_growth_implied_pct"],
        row["contribution_residual_pp"],
    ) == (pytest.approx(coverage), None, None)
    assert row["contribution_pp"] == pytest.approx(100 * 10 / (160 / 1.1))
    assert row["contribution_rate_pct"] == pytest.approx(100 * 10 / (160 - 160 / 1.1))
    assert row["contribution_method"] == f"{APPROXIMATE}, in the total as reported"


def test_rounding_alone_does_not_unmake_a_total(given):
    value_added(given, "2022Q1", (160.04, 14), {"A": (50, 25), "BTD": (110, 10)})
    assert given.one("metrics.industry_structure", "contribution_method", "industry = 'A'") == {
        "contribution_method": APPROXIMATE
    }


def test_the_growth_of_a_total_that_is_not_reported_follows_from_its_parts(given):
    value_added(given, "2022Q1", (160, None), {"A": (50, 25), "BTD": (110, 10)})
    columns = (
        "contribution_pp, total_growth_implied_pct, contribution_residual_pp, contribution_reason"
    )
    row = given.one("metrics.industry_structure", columns, "industry = 'A'")
    assert list(row.values()) == [
        pytest.approx(100 * 10 / 140),
        pytest.approx(100 * 20 / 140),
        None,
        None,
    ]


def test_parts_that_together_did_not_grow_have_points_and_no_rate(given):
    """A: 40 to 50, BTD: 100 to 90; 140 in both years."""
    value_added(given, "2022Q1", (140, 0.1), {"A": (50, 25), "BTD": (90, -10)})
    columns = "industry, contribution_pp, contribution_rate_pct, contribution_reason"
    reason = "total growth is zero: points only, no rate"
    assert given.rows("metrics.industry_structure", columns) == [
        ("A", pytest.approx(100 * 10 / 140), None, reason),
        ("BTD", pytest.approx(-100 * 10 / 140), None, reason),
    ]


def test_a_total_of_another_form_is_no_total(given):
    given.figure(given.submission("gdp", "2022Q1"), "gdp", 160, growth=14)
    submission = given.submission("value_added_by_industry", "2022Q1")
    given.figure(submission, "value_added", 50, growth=25, industry="A")
    assert given.rows("metrics.industry_structure", "total_value, share_reason") == [
        (None, "no total")
    ]


# --- metrics.diversification ---------------------------------------------------------------------


def test_what_is_inside_an_industry_is_not_counted_beside_it(given):
    value_added(given, "2022Q1", (160, 14), {"A": (40, 25), "BTD": (120, 10), "C": (66, 10)})
    row = given.one(
        "metrics.diversification", "classification, parts, coverage_pct, herfindahl_ratio"
    )
    assert list(row.values()) == ["section", 2, 100, pytest.approx(0.25**2 + 0.75**2)]


def test_diversification_of_three_sectors(given):
    given.gdp("2022Q1", sectors((10, 1), (40, 1), (50, 1)))
    row = given.one("metrics.diversification", "*")
    herfindahl = 0.1**2 + 0.4**2 + 0.5**2  # 0.42
    entropy = -(0.1 * math.log(0.1) + 0.4 * math.log(0.4) + 0.5 * math.log(0.5))
    assert (row["classification"], row["parts"], row["coverage_pct"]) == ("sector", 3, 100)
    assert row["herfindahl_ratio"] == pytest.approx(herfindahl)
    assert row["herfindahl_normalised_ratio"] == pytest.approx((herfindahl - 1 / 3) / (1 - 1 / 3))
    assert row["entropy_nat"] == pytest.approx(entropy)
    assert row["evenness_ratio"] == pytest.approx(entropy / math.log(3))


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"primary": (10, 1), "secondary": (40, 1)}, "a part is missing"),
        ({"primary": (-1, 1), "secondary": (40, 1), "tertiary": (50, 1)}, "a part is negative"),
        ({"primary": (0, 1), "secondary": (0, 1), "tertiary": (0, 1)}, "the sum is zero"),
    ],
)
def test_diversification_that_cannot_be_measured(given, parts, reason):
    given.gdp("2022Q1", parts)
    columns = "herfindahl_ratio, herfindahl_normalised_ratio, entropy_nat, evenness_ratio, diversification_reason"
    assert given.rows("metrics.diversification", columns) == [(None, None, None, None, reason)]


def test_all_in_one_sector_is_no_diversity(given):
    given.gdp("2022Q1", sectors((0, 1), (0, 1), (50, 1)))
    row = given.one(
        "metrics.diversification",
        "herfindahl_ratio, herfindahl_normalised_ratio, entropy_nat, evenness_ratio",
    )
    assert list(row.values()) == pytest.approx([1, 1, 0, 0])


def test_levels_of_the_classification_are_measured_apart(given):
    by_industry(
        given, "2022Q1", (100, 5), {"C": (60, 5), "D": (20, 5), "13": (30, 5), "14": (30, 5)}
    )
    rows = given.rows(
        "metrics.diversification",
        "classification, parts, coverage_pct, round(herfindahl_ratio, 9)",
        "classification <> 'sector'",
    )
    assert rows == [("division", 2, 60, 0.5), ("section", 2, 80, pytest.approx(0.625))]


# --- against the nation ---------------------------------------------------------------------------


def test_location_quotient(given):
    given.gdp("2022Q1", sectors((5, 1), (40, 1), (55, 1)), zone="CN")
    given.gdp("2022Q1", sectors((10, 1), (40, 1), (50, 1)))
    rows = given.rows(
        "metrics.location_quotient",
        "zone, sector, share_pct, share_nation_pct, share_difference_pp, location_quotient_ratio",
    )
    assert rows == [
        ("Z1", "primary", 10, 5, pytest.approx(5), pytest.approx(2)),
        ("Z1", "secondary", 40, 40, 0, 1),
        ("Z1", "tertiary", 50, 55, pytest.approx(-5), pytest.approx(50 / 55)),
    ]


def test_no_location_quotient_without_the_nation(given):
    given.gdp("2022Q1", sectors((10, 1), (40, 1), (50, 1)))
    assert given.rows(
        "metrics.location_quotient", "distinct location_quotient_ratio, location_quotient_reason"
    ) == [(None, "the nation is not reported")]
    given.gdp("2022Q1", {"primary": (5, 1), "secondary": (40, 1)}, zone="CN")
    rows = given.rows("metrics.location_quotient", "sector, location_quotient_reason")
    assert rows[0] == ("primary", "a sector of the nation is missing")


def test_shift_share_by_hand(given):
    # nation: bases 100, 200, 200 grow by 0, 5, 10 %: 0 + 10 + 20 of 500, so 6 %
    given.gdp("2022Q1", sectors((100, 0), (210, 5), (220, 10)), zone="CN")
    # zone: bases 10, 40, 50 grow by 10, 10, 4 %: increments 1, 4, 2, so 7 of 100
    given.gdp("2022Q1", sectors((11, 10), (44, 10), (52, 4)))
    columns = "sector, contribution_pp, national_effect_pp, mix_effect_pp, competitive_effect_pp, shift_share_reason"
    expected = {
        "primary": (1, 0.6, -0.6, 1),  # 10·6 %, 10·(0 − 6) %, 10·(10 − 0) %
        "secondary": (4, 2.4, -0.4, 2),
        "tertiary": (2, 3, 2, -3),
        "total": (7, 6, 1, 0),
    }
    rows = given.rows("metrics.shift_share", columns)
    assert {row[0]: row[1:5] for row in rows} == {
        s: pytest.approx(e, abs=1e-9) for s, e in expected.items()
    }
    assert {row[5] for row in rows} == {None}
    yuan = given.rows(
        "metrics.shift_share",
        "sector, change_cny, national_effect_cny, mix_effect_cny, competitive_effect_cny",
    )
    assert {row[0]: row[1:] for row in yuan} == {
        s: pytest.approx([x * YI for x in e], abs=1) for s, e in expected.items()
    }


def test_shift_share_says_what_is_missing(given):
    given.gdp("2022Q1", sectors((11, 10), (44, 10), (52, 4)))
    columns = (
        "distinct national_effect_pp, mix_effect_pp, competitive_effect_pp, shift_share_reason"
    )
    assert given.rows("metrics.shift_share", columns) == [
        (None, None, None, "the nation is not reported")
    ]
    given.gdp(
        "2022Q1", {"primary": (100, 0), "secondary": (210, None), "tertiary": (220, 10)}, zone="CN"
    )
    assert given.rows("metrics.shift_share", columns) == [
        (None, None, None, "a sector of the nation or its growth is missing")
    ]


def test_a_zone_without_a_sector_has_no_total(given):
    given.gdp("2022Q1", sectors((100, 0), (210, 5), (220, 10)), zone="CN")
    given.gdp("2022Q1", {"primary": (11, 10), "secondary": (44, 10)})
    rows = given.rows(
        "metrics.shift_share",
        "sector, round(national_effect_cny / 100000000, 9), contribution_pp, shift_share_reason",
    )
    why = "a sector or its growth is missing"
    assert rows == [
        ("primary", 0.6, None, f"{why}: yuan only, no points"),
        ("secondary", 2.4, None, f"{why}: yuan only, no points"),
        ("total", None, None, why),
    ]


# --- metrics.income_gap ---------------------------------------------------------------------------


def incomes(given, period, urban, rural):
    submission = given.submission("income", period)
    for line, pair in (("income_urban", urban), ("income_rural", rural)):
        if pair is not None:
            given.figure(submission, line, pair[0], growth=pair[1], decimals=0)


def test_the_zones_income_gap(given):
    incomes(given, "2022Q3", (34125, 6), (18519, 8.1))
    row = given.one("metrics.income_gap", "*")
    assert (
        row["income_gap_cny"],
        round(row["income_ratio"], 3),
        round(row["income_year_earlier_implied_ratio"], 3),
    ) == (
        15606,
        1.843,
        1.879,
    )
    assert row["income_ratio_change_implied"] < 0  # narrowing
    assert row["growth_rural_less_urban_pp"] == pytest.approx(2.1)
    assert (row["income_ratio_change"], row["income_ratio_change_reason"]) == (
        None,
        "no ratio a year earlier",
    )


def test_the_ratio_a_year_earlier_is_the_one_that_was_sent(given):
    incomes(given, "2021Q3", (30000, 5), (15000, 5))
    incomes(given, "2022Q3", (36000, 6), (20000, 8))
    row = given.one(
        "metrics.income_gap",
        "income_ratio, income_year_earlier_ratio, income_ratio_change",
        "period = '2022Q3'",
    )
    assert list(row.values()) == pytest.approx([1.8, 2, -0.2])


@pytest.mark.parametrize(
    ("urban", "rural", "reason"),
    [
        (None, (18519, 8.1), "urban income is missing"),
        ((34125, 6), None, "rural income is missing"),
        ((34125, 6), (0, 8), "base zero"),
    ],
)
def test_no_ratio(given, urban, rural, reason):
    incomes(given, "2022Q3", urban, rural)
    assert given.rows(
        "metrics.income_gap", "income_ratio, income_ratio_reason, income_ratio_change_reason"
    ) == [(None, reason, "no ratio")]
