"""What an office asks each quarter: pulls over time, the plan's outlook, per head, prices, energy; worked by hand."""

from __future__ import annotations

import pytest

from tests.figures import YI


def sectors(primary, secondary, tertiary):
    return {"primary": primary, "secondary": secondary, "tertiary": tertiary, "total": (None, None)}


# --- metrics.sector_contribution -------------------------------------------------------------------


def test_the_pull_of_a_sector_year_to_date_in_the_quarter_and_over_four_quarters(given):
    # levels that grew by 10, 25 and 0 per cent, so that a year earlier is 100, 80 and 100 at Q1
    given.gdp("2021Q1", sectors((100, 0), (80, 0), (100, 0)))
    given.gdp("2021Q4", sectors((400, 0), (320, 0), (400, 0)))
    given.gdp("2022Q1", sectors((110, 10), (100, 25), (100, 0)))
    given.gdp("2022Q2", sectors((220, 10), (180, 12.5), (240, 20)))
    pulls = {
        (span, sector): pp
        for span, sector, pp in given.rows(
            "metrics.sector_contribution", "span, sector, contribution_pp", "period = '2022Q2'"
        )
    }
    # year to date: bases 200, 160, 200 of 560; increments 20, 20, 40
    assert pulls["ytd", "primary"] == pytest.approx(20 / 5.6)
    assert pulls["ytd", "tertiary"] == pytest.approx(40 / 5.6)
    assert pulls["ytd", "total"] == pytest.approx(80 / 5.6)
    # the quarter: levels 110, 80, 140 on bases 100, 80, 100 of 280
    assert pulls["quarter", "primary"] == pytest.approx(10 / 2.8)
    assert pulls["quarter", "secondary"] == pytest.approx(0)
    assert pulls["quarter", "tertiary"] == pytest.approx(40 / 2.8)
    # over four quarters 2021Q2 is needed, and was not sent
    assert pulls["four_quarters", "total"] is None
    reason = given.rows(
        "metrics.sector_contribution",
        "distinct contribution_reason",
        "span = 'four_quarters' and period = '2022Q2'",
    )
    assert reason == [("a sector, its growth or a quarter of the year is missing",)]
    rolling = given.one(
        "metrics.sector_contribution",
        "value_cny, increment_cny, contribution_pp",
        "span = 'four_quarters' and period = '2022Q1' and sector = 'secondary'",
    )
    # 100 of this quarter and 320 − 80 of last year; bases 80 and the same 240; of 1,120 in all
    assert list(rolling.values()) == [340 * YI, 20 * YI, pytest.approx(20 / 11.2)]


def test_the_interval_of_a_pull_is_what_printed_digits_leave(given):
    given.gdp("2022Q1", sectors((100, 10), (100, 0), (100, 0)))
    row = given.one(
        "metrics.sector_contribution",
        "contribution_low_pp, contribution_pp, contribution_high_pp",
        "sector = 'primary' and span = 'ytd'",
    )
    # levels are printed to 0.01, growth to 0.1: the sector grew by 9.95 to 10.05, the others from 99.94 to 100.06
    low, high = 0.005, 0.05
    base = lambda level, growth: level / (1 + growth / 100)  # noqa: E731
    own_high, own_low = base(100 + low, 10 - high), base(100 - low, 10 + high)
    rest_high, rest_low = 2 * base(100 + low, -high), 2 * base(100 - low, high)
    assert row["contribution_low_pp"] == pytest.approx(
        100 * (100 - low - own_high) / (own_high + rest_high)
    )
    assert row["contribution_high_pp"] == pytest.approx(
        100 * (100 + low - own_low) / (own_low + rest_low)
    )
    assert row["contribution_low_pp"] < row["contribution_pp"] < row["contribution_high_pp"]


def test_chinas_sectors_pull_as_the_contribution_of_sector_growth(given):
    """The same figure by another way: year to date is F9."""
    given.gdp("2024Q4", {"primary": (91635.8, 3.5), "secondary": (490305.4, 5.3), "tertiary": (766124.9, 5.0), "total": (1348066.2, 5.0)}, zone="CN")  # fmt: skip
    one = given.rows("metrics.sector_growth", "sector, contribution_pp")
    other = given.rows("metrics.sector_contribution", "sector, contribution_pp", "span = 'ytd'")
    assert other == [(s, pytest.approx(pp, abs=1e-9)) for s, pp in one]
    # a whole year is its own four quarters
    year = given.rows(
        "metrics.sector_contribution", "sector, contribution_pp", "span = 'four_quarters'"
    )
    assert year == other


# --- metrics.plan_outlook ---------------------------------------------------------------------------


@pytest.fixture
def revenue(given):
    """Budget revenue: 30 of 100 by June two years ago, 40 of 100 last year, 44 this June; the plan says 105."""
    for period, value in (
        ("2020Q2", 30),
        ("2020Q4", 100),
        ("2021Q2", 40),
        ("2021Q4", 100),
        ("2022Q2", 44),
    ):
        given.figure(given.submission("budget", period), "budget_revenue", value)

    def plan(**said):
        target = given.submission("plan_targets", "2022Q1")
        given.figure(target, "target_budget_revenue", 105, basis="plan", **said)
        return given.one("metrics.plan_outlook", "*", "period = '2022Q2'")

    return plan


def test_where_the_year_ends_at_last_years_pace(revenue):
    row = revenue()
    assert row["expected_value"] == pytest.approx(44 / 0.4 * YI)  # 110
    assert (row["expected_low_value"], row["expected_high_value"]) == (
        pytest.approx(44 / 0.4 * YI),
        pytest.approx(44 / 0.3 * YI),
    )
    assert row["expected_years"] == 2
    # 61 are to come where 60 came last year
    assert row["growth_needed_pct"] == pytest.approx(100 * (61 / 60 - 1))
    assert row["progress_pct"] == pytest.approx(100 * 44 / 105)
    assert row["progress_gap_pp"] == pytest.approx(100 * 44 / 105 - 40)
    assert row["expected_gap_pct"] == pytest.approx(100 * (110 / 105 - 1))
    assert row["outlook_reason"] == "reached at this pace"


@pytest.mark.parametrize(
    ("qualifier", "judged"),
    [
        ("over", "reached at this pace"),  # a floor: 110 at the least
        ("about", "above the band"),  # 1 % around 105
        ("under", "above the ceiling"),
        ("band", "reached at this pace"),  # of 105-108 the lower end is the floor
    ],
)
def test_a_floor_a_band_and_a_ceiling_are_judged_as_such(revenue, qualifier, judged):
    row = revenue(qualifier=qualifier)
    assert (row["target_qualifier"], row["outlook_reason"]) == (qualifier, judged)


def test_a_plan_that_sets_growth_alone_needs_growth(given):
    for period, value, growth in (("2021Q3", 75, 6), ("2021Q4", 100, 6), ("2022Q3", 78, 3)):
        given.gdp(period, {"total": (value, growth)})
    given.figure(
        given.submission("plan_targets", "2022Q1"),
        "target_gdp",
        None,
        growth=6,
        basis="plan",
        growth_qualifier="about",
    )
    row = given.one("metrics.plan_outlook", "*", "period = '2022Q3'")
    # three quarters of the year grew by 3: 1.06 = 0.75 · 1.03 + 0.25 · (1 + x)
    assert row["growth_needed_pct"] == pytest.approx(15)
    assert (row["growth_gap_pp"], row["expected_gap_pct"]) == (-3, None)
    assert row["outlook_reason"] == "below the band"
    assert row["expected_value"] == pytest.approx(104 * YI)


def test_without_a_year_before_nothing_is_expected(given):
    given.gdp("2022Q3", {"total": (78, 3)})
    given.figure(
        given.submission("plan_targets", "2022Q1"), "target_gdp", 110, growth=6, basis="plan"
    )
    row = given.one(
        "metrics.plan_outlook",
        "expected_value, expected_reason, outlook_reason",
        "period = '2022Q3'",
    )
    assert list(row.values()) == [None, "no full year earlier", None]


# --- per head, after prices, energy, leading indicators ---------------------------------------------


def test_output_per_head_and_per_square_kilometre(given):
    for period, people in (("2021Q4", 12), ("2022Q4", 13)):
        given.gdp(period, {"total": (100, 5)})
        given.figure(given.submission("population", period), "resident_population", people)
    given.gdp("2022Q3", {"total": (70, 5)})
    given.figure(given.submission("land", "2021Q4"), "land_area", 50)
    rows = given.rows(
        "metrics.per_head",
        "period, residents_period, per_head_value, round(land_km2, 9), per_km2_value",
        "indicator = 'gdp'",
    )
    assert rows == [
        ("2021Q4", "2021Q4", pytest.approx(100 * YI / 120_000), 50, pytest.approx(2 * YI)),
        ("2022Q3", "2021Q4", pytest.approx(70 * YI / 120_000), 50, pytest.approx(1.4 * YI)),
        # a whole year is divided by the mean of its two ends
        ("2022Q4", "2022Q4", pytest.approx(100 * YI / 125_000), 50, pytest.approx(2 * YI)),
    ]


def test_without_population_or_land_it_says_so(given):
    given.gdp("2022Q3", {"total": (70, 5)})
    assert given.rows("metrics.per_head", "per_head_value, per_head_reason, per_km2_reason") == [
        (None, "no population submitted", "no area submitted")
    ]


def test_growth_of_income_after_prices(given):
    """NBS, 2023: income per head grew by 6.3 % in nominal and by 6.1 % in real terms, consumer prices by 0.2 %."""
    given.figure(
        given.submission("income", "2023Q4"), "income_urban", 51821, growth=5.1, decimals=0
    )
    given.figure(given.submission("prices", "2023Q4"), "cpi", "100.2", decimals=1)
    row = given.one(
        "metrics.deflated_growth",
        "growth_real_derived_pct, growth_real_bound_pp, growth_real_reason",
    )
    assert row["growth_real_derived_pct"] == pytest.approx(
        (1.051 / 1.002 - 1) * 100
    )  # 4.89; printed 4.8
    # half of 0.1 in growth and half of 0.1 in the index, each carried through
    assert row["growth_real_bound_pp"] == pytest.approx(0.05 / 1.002 + 1.051 / 1.002**2 * 0.05)
    assert abs(row["growth_real_derived_pct"] - 4.8) < row["growth_real_bound_pp"] + 0.05
    assert row["growth_real_reason"] is None


def test_without_the_index_there_is_no_real_growth(given):
    given.figure(
        given.submission("income", "2023Q4"), "income_urban", 51821, growth=5.1, decimals=0
    )
    given.figure(given.submission("prices", "2023Q4"), "ppi", "97", decimals=1)
    assert given.rows(
        "metrics.deflated_growth", "indicator, growth_real_derived_pct, growth_real_reason"
    ) == [("income_urban", None, "no price index submitted")]


def test_energy_per_unit_of_output_and_its_change_at_constant_prices(given):
    given.gdp("2023Q4", {"total": (200, 5)})
    energy = given.submission("energy", "2023Q4")
    given.figure(energy, "energy_used", 30, growth=2.9)
    given.figure(energy, "electricity_used", 12.5, growth=6)
    rows = given.rows(
        "metrics.energy_intensity",
        "indicator, unit, intensity_value, intensity_change_pct, elasticity_ratio",
    )
    assert rows == [
        # 12.5 亿千瓦时 over 200 亿元 is 625 千瓦时 a 万元
        (
            "electricity_used",
            "千瓦时",
            pytest.approx(625),
            pytest.approx((1.06 / 1.05 - 1) * 100),
            pytest.approx(1.2),
        ),
        # 30 万吨 over 2,000,000 万元 is 0.15 吨标准煤 a 万元
        ("energy_used", "吨标准煤", pytest.approx(0.15), pytest.approx(-2), pytest.approx(0.58)),
    ]


def test_leading_indicators_stand_beside_output(given):
    for period, loans, electricity, gdp in (("2022Q4", 8, 5, 4), ("2023Q1", 9.5, 3, 5)):
        submission = given.submission("leading_indicators", period)
        given.figure(submission, "loans_balance", 100, growth=loans)
        given.figure(submission, "leading_electricity", 10, growth=electricity)
        given.gdp(period, {"total": (100, gdp)})
    rows = given.rows(
        "metrics.leading_board",
        "indicator, growth_pct, growth_change_pp, pace_zh, pace_en, gdp_growth_real_pct, growth_difference_pp",
        "period = '2023Q1'",
    )
    assert rows == [
        ("leading_electricity", 3, -2, "放缓", "slower", 5, -2),
        ("loans_balance", 9.5, 1.5, "加快", "faster", 5, 4.5),
    ]
