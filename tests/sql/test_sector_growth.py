"""metrics.sector_growth: the edges, worked by hand. Levels in 亿元 at current prices, growth in % at constant prices."""

from __future__ import annotations

import pytest

from tests.figures import YI, ZONE_2022Q3


def quarter(given, period, columns, sector="total"):
    return given.one(
        "metrics.sector_growth", columns, f"period = '{period}' and sector = '{sector}'"
    )


def expect(given, period, **figures):
    """The total of a quarter has just these figures."""
    assert quarter(given, period, ", ".join(figures)) == figures


def test_the_zone_as_worked_in_the_methodology(given):
    given.gdp("2022Q3", ZONE_2022Q3)
    rows = given.rows(
        "metrics.sector_growth",
        "sector, round(share_pct, 4), round(contribution_pp, 4), round(contribution_rate_pct, 2), growth_ytd_real_pct",
    )
    assert rows == [
        ("primary", 1.3065, 0.0532, 1.56, 4.1),
        ("secondary", 36.2491, 0.9854, 28.96, 2.7),
        ("tertiary", 62.4444, 2.3638, 69.47, 3.8),
        ("total", 100.0, 3.4024, 100.0, 3.4),
    ]
    assert quarter(given, "2022Q3", "contribution_residual_pp")[
        "contribution_residual_pp"
    ] == pytest.approx(3.4 - 3.4024, abs=5e-5)


def test_round_numbers(given):
    # 110, 220, 330 after growth of 10 % each: bases 100, 200, 300, points 10/6, 20/6, 30/6
    given.gdp(
        "2022Q1",
        {"primary": (110, 10), "secondary": (220, 10), "tertiary": (330, 10), "total": (660, 10)},
    )
    rows = given.rows(
        "metrics.sector_growth",
        "sector, contribution_pp, contribution_rate_pct, contribution_method, contribution_reason",
    )
    approximate = "approximate: current-price weights"
    assert [r[:1] + r[3:] for r in rows] == [
        (s, approximate, None) for s in ("primary", "secondary", "tertiary", "total")
    ]
    assert [r[1] for r in rows] == pytest.approx([10 / 6, 20 / 6, 30 / 6, 10])
    assert [r[2] for r in rows] == pytest.approx([100 / 6, 200 / 6, 300 / 6, 100])


def test_the_first_quarter_is_its_own_year_to_date(given):
    given.gdp("2022Q1", {"total": (100, 5)})
    assert quarter(
        given,
        "2022Q1",
        "value_quarter_cny, quarter_reason, quarter_flag, growth_quarter_real_derived_pct",
    ) == {
        "value_quarter_cny": 100 * YI,
        "quarter_reason": None,
        "quarter_flag": None,
        "growth_quarter_real_derived_pct": 5,
    }


def test_a_quarter_is_a_difference_within_the_year(given):
    given.gdp("2021Q4", {"total": (400, 5)})
    given.gdp("2022Q1", {"total": (100, 5)})
    given.gdp("2022Q2", {"total": (230, 5)})
    assert (
        quarter(given, "2022Q1", "value_quarter_cny")["value_quarter_cny"] == 100 * YI
    )  # not 100 − 400
    assert quarter(given, "2022Q2", "value_quarter_cny")["value_quarter_cny"] == 130 * YI


def test_a_missing_quarter_gives_null_with_its_reason(given):
    given.gdp("2022Q1", {"total": (100, 5)})
    given.gdp("2022Q3", {"total": (350, 5)})  # no second quarter
    columns = "value_quarter_cny, quarter_reason, growth_quarter_nominal_pct, growth_quarter_real_derived_pct, growth_quarter_real_bound_pp"
    assert quarter(given, "2022Q3", columns) == {
        "value_quarter_cny": None,
        "quarter_reason": "no prior YTD",
        "growth_quarter_nominal_pct": None,
        "growth_quarter_real_derived_pct": None,
        "growth_quarter_real_bound_pp": None,
    }


def test_growth_only_is_not_said_to_lack_a_prior_quarter(given):
    given.gdp("2022Q1", {"total": (100, 5)})
    given.gdp("2022Q2", {"total": (None, 4)})
    row = quarter(
        given,
        "2022Q2",
        "value_quarter_cny, quarter_reason, growth_ytd_real_pct, growth_ytd_nominal_reason",
    )
    assert row == {
        "value_quarter_cny": None,
        "quarter_reason": "growth only",
        "growth_ytd_real_pct": 4,
        "growth_ytd_nominal_reason": "no value",
    }


def test_the_first_year_has_no_nominal_growth(given):
    given.gdp("2022Q1", {"total": (100, 5)})
    expect(
        given,
        "2022Q1",
        growth_ytd_nominal_pct=None,
        growth_ytd_nominal_reason="no base",
        deflator_ytd_change_pct=None,
        growth_quarter_nominal_pct=None,
    )


def test_nominal_growth_deflator_and_the_quarter_in_the_second_year(given):
    # year to date 100 → 108 is 8 %, real 5 %: the deflator rose 108/105 − 1 = 2.857 %; the quarter 60 → 66 is 10 %
    given.gdp("2021Q1", {"total": (40, 3)})
    given.gdp("2021Q2", {"total": (100, 3)})
    given.gdp("2022Q1", {"total": (42, 4)})
    given.gdp("2022Q2", {"total": (108, 5)})
    expect(
        given,
        "2022Q2",
        growth_ytd_nominal_pct=pytest.approx(8),
        deflator_ytd_change_pct=pytest.approx(100 * (1.08 / 1.05 - 1)),
        growth_quarter_nominal_pct=pytest.approx(10),
        growth_ytd_nominal_reason=None,
    )


@pytest.mark.parametrize(("base", "reason"), [(0, "base zero"), (-5, "base negative")])
def test_a_base_that_is_not_positive_has_no_growth(given, base, reason):
    given.gdp("2021Q1", {"total": (base, None)})
    given.gdp("2022Q1", {"total": (100, None)})
    expect(
        given,
        "2022Q1",
        growth_ytd_nominal_pct=None,
        growth_ytd_nominal_reason=reason,
        deflator_ytd_change_pct=None,
    )


def test_real_growth_of_the_quarter_is_derived_with_its_bound(given):
    # bases 105/1.05 = 100 and 206/1.03 = 200: the quarter is 101 over 100, so 1 %
    given.gdp("2022Q1", {"total": (105, 5)})
    given.gdp("2022Q2", {"total": (206, 3)})
    row = quarter(given, "2022Q2", "growth_quarter_real_derived_pct, growth_quarter_real_bound_pp")
    assert row["growth_quarter_real_derived_pct"] == pytest.approx(1)
    assert row["growth_quarter_real_bound_pp"] == pytest.approx(
        0.05 * (206 + 105) / (206 - 105) + 0.05
    )


def test_real_growth_of_the_quarter_is_never_shown_without_its_bound(given):
    # the year to date fell from 120 to 100 (a correction): no bound can be given, so no growth is shown
    given.gdp("2022Q1", {"total": (120, 5)})
    given.gdp("2022Q2", {"total": (100, 5)})
    expect(
        given,
        "2022Q2",
        value_quarter_cny=-20 * YI,
        growth_quarter_real_derived_pct=None,
        growth_quarter_real_bound_pp=None,
    )


def test_growth_of_minus_100_leaves_the_base_unknown(given):
    given.gdp(
        "2022Q1",
        {"primary": (1, 5), "secondary": (40, 3), "tertiary": (60, 4), "total": (101, 3.6)},
    )
    given.gdp(
        "2022Q2",
        {"primary": (0, -100), "secondary": (80, 3), "tertiary": (120, 4), "total": (200, 3.5)},
    )
    row = quarter(
        given,
        "2022Q2",
        "contribution_pp, contribution_rate_pct, contribution_residual_pp, share_pct",
    )
    assert row == {
        "contribution_pp": None,
        "contribution_rate_pct": None,
        "contribution_residual_pp": None,
        "share_pct": pytest.approx(100),
    }
    primary = "share_pct, contribution_pp, deflator_ytd_change_pct, growth_quarter_real_derived_pct, growth_quarter_real_bound_pp"
    assert quarter(given, "2022Q2", primary, "primary") == {
        "share_pct": 0,
        "contribution_pp": None,
        "deflator_ytd_change_pct": None,
        "growth_quarter_real_derived_pct": None,
        "growth_quarter_real_bound_pp": None,
    }
    assert quarter(given, "2022Q2", "contribution_reason")["contribution_reason"]


def test_all_zero_growth_has_points_but_no_rates(given):
    given.gdp(
        "2022Q1", {"primary": (10, 0), "secondary": (40, 0), "tertiary": (50, 0), "total": (100, 0)}
    )
    assert given.rows(
        "metrics.sector_growth", "sector, contribution_pp, contribution_rate_pct"
    ) == [
        ("primary", 0, None),
        ("secondary", 0, None),
        ("tertiary", 0, None),
        ("total", 0, None),
    ]


def test_rates_are_not_clipped(given):
    # bases 100, 100, 100; points 10/3, −5/3, −4/3: the total grew by 1/3 point, so the rates are 1000, −500, −400
    given.gdp(
        "2022Q1",
        {"primary": (110, 10), "secondary": (95, -5), "tertiary": (96, -4), "total": (301, 0.3)},
    )
    rates = [r[1] for r in given.rows("metrics.sector_growth", "sector, contribution_rate_pct")]
    assert rates == pytest.approx([1000, -500, -400, 100])


def test_a_missing_sector_leaves_the_sums_unknown_not_partial(given):
    given.gdp("2022Q1", {"primary": (10, 5), "secondary": (40, 5), "total": (100, 5)})
    rows = given.rows(
        "metrics.sector_growth",
        "sector, value_ytd_cny, share_pct, contribution_pp, contribution_rate_pct, contribution_reason",
    )
    why = "a sector or its growth is missing"
    assert rows == [
        ("primary", 10 * YI, None, None, None, why),
        ("secondary", 40 * YI, None, None, None, why),
        ("total", 100 * YI, None, None, None, why),
    ]


def test_a_missing_growth_leaves_the_points_unknown_and_the_shares_known(given):
    given.gdp(
        "2022Q1",
        {"primary": (10, None), "secondary": (40, 5), "tertiary": (50, 5), "total": (100, 5)},
    )
    rows = given.rows(
        "metrics.sector_growth", "sector, share_pct, contribution_pp, contribution_rate_pct"
    )
    assert rows == [
        ("primary", 10, None, None),
        ("secondary", 40, None, None),
        ("tertiary", 50, None, None),
        ("total", 100, None, None),
    ]


def test_sectors_that_are_all_zero_give_null_not_nan(given):
    given.gdp(
        "2022Q1", {"primary": (0, 1), "secondary": (0, 1), "tertiary": (0, 1), "total": (0, 1)}
    )
    rows = given.rows(
        "metrics.sector_growth", "sector, share_pct, contribution_pp, contribution_rate_pct"
    )
    assert rows == [
        (sector, None, None, None) for sector in ("primary", "secondary", "tertiary", "total")
    ]


def test_a_revision_supersedes(given):
    given.gdp("2022Q1", {"total": (100, 5)})
    given.gdp("2022Q1", {"total": (101, 5.5)}, revision=2)
    assert quarter(given, "2022Q1", "value_ytd_cny, growth_ytd_real_pct") == {
        "value_ytd_cny": 101 * YI,
        "growth_ytd_real_pct": 5.5,
    }


def test_a_revised_year_to_date_moves_both_quarters(given):
    given.gdp("2022Q1", {"total": (100, 5)})
    given.gdp("2022Q2", {"total": (230, 5)})
    given.gdp(
        "2022Q1", {"total": (104, 5)}, revision=2, received_at="2022-05-01"
    )  # before the second quarter came
    row = quarter(given, "2022Q2", "value_quarter_cny, quarter_flag")
    assert row == {"value_quarter_cny": 126 * YI, "quarter_flag": None}


def test_a_prior_quarter_received_later_is_a_mixed_vintage(given):
    given.gdp("2022Q1", {"total": (100, 5)})
    given.gdp("2022Q2", {"total": (230, 5)}, received_at="2022-07-15")
    given.gdp("2022Q1", {"total": (104, 5)}, revision=2, received_at="2022-09-01")
    row = quarter(given, "2022Q2", "value_quarter_cny, quarter_flag, quarter_reason")
    assert row == {
        "value_quarter_cny": 126 * YI,
        "quarter_flag": "mixed vintage",
        "quarter_reason": None,
    }
    # a second quarter of the new vintage mends it
    given.gdp("2022Q2", {"total": (236, 5)}, revision=2, received_at="2022-09-02")
    assert quarter(given, "2022Q2", "value_quarter_cny, quarter_flag") == {
        "value_quarter_cny": 132 * YI,
        "quarter_flag": None,
    }


def test_a_break_of_vintages_that_is_known_is_flagged(given):
    """It is told by the submission of the older quarter, and ends when another one of it stands."""
    [(older,)] = given.con.execute("select submission from ref.older_vintage").fetchall()
    given.gdp("2024Q2", {"total": (633599.4, 5.0)}, zone="CN", submission=older)
    given.gdp("2024Q3", {"total": (974553.8, 4.8)}, zone="CN")
    row = quarter(given, "2024Q3", "value_quarter_cny, quarter_flag")
    assert row == {"value_quarter_cny": 340954_4000_0000, "quarter_flag": "mixed vintage"}
    assert quarter(given, "2024Q2", "quarter_flag")["quarter_flag"] is None
    given.gdp("2024Q2", {"total": (633110.6, 5.0)}, zone="CN", revision=2)
    row = quarter(given, "2024Q3", "value_quarter_cny, quarter_flag")
    assert row == {"value_quarter_cny": 341443_2000_0000, "quarter_flag": None}


def test_zones_are_kept_apart(given):
    given.gdp("2022Q1", {"total": (100, 5)})
    given.gdp("2022Q2", {"total": (230, 5)}, zone="Z2")
    assert quarter(given, "2022Q2", "zone, value_quarter_cny") == {
        "zone": "Z2",
        "value_quarter_cny": None,
    }
