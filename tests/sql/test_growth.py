"""metrics.growth and metrics.discrete_quarter: every growth of a figure, worked by hand. Levels in 亿元."""

from __future__ import annotations

import pytest

YI = 100_000_000


def year(given, indicator, start, levels, growths=None, **more):
    """A year of year-to-date levels of one indicator; None is a quarter that nobody sent."""
    form = given.declared(indicator)[0].code
    for n, level in enumerate(levels, start=1):
        if level is not None:
            growth = None if growths is None else growths[n - 1]
            given.figure(
                given.submission(form, f"{start}Q{n}", **more), indicator, level, growth=growth
            )


def growth(given, period, columns, indicator="retail_sales"):
    found = given.one(
        "metrics.growth", columns, f"period = '{period}' and indicator = '{indicator}'"
    )
    return tuple(found.values())


def test_two_years_of_quarters(given):
    # quarters alone 10, 12, 14, 20 and then 11, 15, 14, 25
    year(given, "retail_sales", 2021, [10, 22, 36, 56])
    year(given, "retail_sales", 2022, [11, 26, 40, 65])
    columns = (
        "value_quarter / 100000000, growth_nominal_pct, growth_quarter_nominal_pct, growth_qoq_pct"
    )
    assert growth(given, "2022Q1", columns) == pytest.approx(
        (11, 10, 10, -45)
    )  # 11 over the 20 of 2021Q4
    assert growth(given, "2022Q2", columns) == pytest.approx(
        (15, 100 * (26 / 22 - 1), 25, 100 * (15 / 11 - 1))
    )
    assert growth(given, "2022Q3", columns) == pytest.approx(
        (14, 100 * (40 / 36 - 1), 0, 100 * (14 / 15 - 1))
    )
    assert growth(given, "2022Q4", columns) == pytest.approx(
        (25, 100 * (65 / 56 - 1), 25, 100 * (25 / 14 - 1))
    )


def test_growth_over_the_quarter_before_is_said_to_be_unadjusted(given):
    year(given, "retail_sales", 2021, [10, 21])
    columns = "growth_qoq_pct, growth_qoq_annualised_pct, adjustment_zh, adjustment_en, is_seasonally_adjusted"
    # 11 over 10 is 10 %, at an annual rate 1.1^4 − 1 = 46.41 %
    assert growth(given, "2021Q2", columns) == (
        pytest.approx(10),
        pytest.approx(46.41),
        "未季调",
        "not seasonally adjusted",
        False,
    )
    assert growth(given, "2021Q1", columns + ", growth_qoq_reason") == (
        None,
        None,
        None,
        None,
        False,
        "no base",
    )


def test_a_missing_quarter_leaves_two_quarters_unknown_and_no_more(given):
    year(given, "retail_sales", 2021, [10, 22, 36, 56])
    year(given, "retail_sales", 2022, [11, None, 40, 65])  # the second quarter was not sent
    columns = "value_quarter, quarter_reason, growth_quarter_nominal_pct, growth_quarter_nominal_reason, growth_qoq_pct, growth_qoq_reason"
    assert growth(given, "2022Q3", columns) == (
        None,
        "no prior YTD",
        None,
        "no prior YTD",
        None,
        "no prior YTD",
    )
    # the fourth quarter is known, what it is compared with is not
    assert growth(given, "2022Q4", columns) == (
        25 * YI,
        None,
        pytest.approx(25),
        None,
        None,
        "no base",
    )


def test_a_quarter_is_looked_up_by_time_and_not_by_rows(given):
    year(given, "retail_sales", 2020, [8, 20, 33, 52])
    year(given, "retail_sales", 2022, [11])  # all of 2021 is missing
    columns = "growth_nominal_pct, growth_nominal_reason, growth_qoq_pct, growth_qoq_reason, growth_two_year_reason"
    assert growth(given, "2022Q1", columns) == (
        None,
        "no base",
        None,
        "no base",
        "no growth reported",
    )


@pytest.mark.parametrize(
    ("base", "value", "reason", "zh", "en"),
    [
        (0, 5, "base zero", None, None),
        (0, 0, "0/0", None, None),
        (-2, 3, "base negative", "由负转正", "turned positive"),
        (2, -3, "sign change", "由正转负", "turned negative"),
        (-2, -3, "base negative", "亏损扩大", "loss widened"),
        (-3, -2, "base negative", "亏损收窄", "loss narrowed"),
    ],
)
def test_where_there_is_no_rate_there_are_words_and_a_difference(
    given, base, value, reason, zh, en
):
    year(given, "budget_revenue", 2021, [base])
    year(given, "budget_revenue", 2022, [value])
    columns = "growth_nominal_pct, growth_nominal_reason, growth_quarter_nominal_pct, turn_zh, turn_en, change_value"
    assert growth(given, "2022Q1", columns, "budget_revenue") == (
        None,
        reason,
        None,
        zh,
        en,
        (value - base) * YI,
    )


def test_a_quarter_that_fell_below_zero_has_no_rate_though_its_year_to_date_has(given):
    # a tax refund: 10, 8 is a second quarter of −2; the year before 10, 22
    year(given, "budget_revenue", 2021, [10, 22])
    year(given, "budget_revenue", 2022, [10, 8])
    columns = "value_quarter, growth_nominal_pct, growth_quarter_nominal_pct, growth_quarter_nominal_reason, growth_qoq_reason"
    assert growth(given, "2022Q2", columns, "budget_revenue") == (
        -2 * YI,
        pytest.approx(100 * (8 / 22 - 1)),
        None,
        "sign change",
        "sign change",
    )


def test_a_revised_base_moves_the_growth_over_it(given):
    year(given, "retail_sales", 2021, [10])
    year(given, "retail_sales", 2022, [11])
    assert growth(given, "2022Q1", "growth_nominal_pct") == (pytest.approx(10),)
    year(given, "retail_sales", 2021, [8], revision=2)
    assert growth(given, "2022Q1", "growth_nominal_pct, growth_reported_pct") == (
        pytest.approx(37.5),
        None,
    )


def test_a_revised_base_moves_everything_that_is_computed_from_it(given):
    """GDP of 2021Q1 100 (+8 %), revised to 104 (+10 %); 2022Q1 108 (+5 %). And what was known before is still to be had."""
    year(given, "gdp", 2021, [100], [8], received_at="2021-04-10")
    year(given, "gdp", 2022, [108], [5], received_at="2022-04-10")
    columns = "growth_nominal_pct, growth_two_year_average_pct, deflator_change_pct, growth_quarter_nominal_pct"
    first = (8, 6.489436, 2.857143, 8)  # 108/100, √(1.08 · 1.05), 1.08/1.05
    latest = (3.846154, 7.470926, -1.098901, 3.846154)  # 108/104, √(1.10 · 1.05), 1.03846/1.05
    assert growth(given, "2022Q1", columns, "gdp") == pytest.approx(first, abs=1e-6)
    year(given, "gdp", 2021, [104], [10], revision=2, received_at="2022-05-01")
    assert growth(given, "2022Q1", columns, "gdp") == pytest.approx(latest, abs=1e-6)
    chain = given.one(
        "metrics.chain_index", "index_chained, value_constant_price", "period = '2022Q1'"
    )
    assert chain == {
        "index_chained": pytest.approx(105),
        "value_constant_price": pytest.approx(109.2 * YI),
    }  # 104 · 1.05
    # the sector's own growth was reported and stays: F7 of a first quarter is what was sent
    assert growth(
        given, "2022Q1", "growth_quarter_real_derived_pct, growth_reported_pct", "gdp"
    ) == (5, 5)
    before = given.one(
        "metrics.growth_as_of(timestamp '2022-04-30')",
        columns,
        "period = '2022Q1' and indicator = 'gdp'",
    )
    assert tuple(before.values()) == pytest.approx(first, abs=1e-6)


def test_a_difference_of_two_vintages_is_flagged_here_a_quarter_later_and_a_year_later(given):
    year(given, "retail_sales", 2021, [10, 22, 36])
    given.figure(
        given.submission("main_indicators", "2021Q1", revision=2, received_at="2021-12-01"),
        "retail_sales",
        11,
    )
    year(given, "retail_sales", 2022, [12, 26])
    flags = dict(given.rows("metrics.growth", "period, quarter_flag"))
    assert flags == {
        "2021Q1": None,
        "2021Q2": "mixed vintage",  # 22 − 11, the 11 of December
        "2021Q3": "mixed vintage a quarter earlier",
        "2022Q1": None,
        "2022Q2": "mixed vintage a year earlier",
    }


def mixed(given, *periods):
    """Of each quarter of retail sales its flag and how much of the revision falls into it, in 亿元."""
    rows = {
        period: (flag, value and float(value) / YI)
        for period, flag, value in given.rows(
            "metrics.growth",
            "period, quarter_flag, mixed_vintage_value",
            "indicator = 'retail_sales'",
        )
    }
    return [rows[period] for period in periods]


def revise(given, period, value, received_at, revision=2, growth=None, indicator="retail_sales"):
    form = given.declared(indicator)[0].code
    sent = given.submission(form, period, revision=revision, received_at=received_at)
    given.figure(sent, indicator, value, growth=growth)


def test_a_half_revised_year_says_how_much_of_the_revision_falls_into_each_quarter(given):
    year(given, "retail_sales", 2021, [10, 22, 36, 50])
    revise(given, "2021Q2", 25, "2022-03-01")  # Q1 and the rest of the year were not revised
    assert mixed(given, "2021Q1", "2021Q2", "2021Q3", "2021Q4") == [
        (None, None),
        ("mixed vintage", 3),
        ("mixed vintage", -3),
        ("mixed vintage a quarter earlier", None),
    ]
    revise(given, "2021Q1", 11, "2022-03-02")  # the answer to it, a day later
    revise(given, "2021Q3", 40, "2022-03-02")
    assert mixed(given, "2021Q1", "2021Q2", "2021Q3") == [(None, None)] * 3
    revise(given, "2021Q2", 26, "2022-06-01", revision=3)  # revised once more, and alone
    assert mixed(given, "2021Q2", "2021Q3") == [("mixed vintage", 1), ("mixed vintage", -1)]
    revise(given, "2021Q1", 11, "2022-06-02", revision=3)  # sent again as it was: so it stands
    revise(given, "2021Q3", 40, "2022-06-02", revision=3)
    # …but the second quarter was revised after it was last stated otherwise: the sender has confirmed both
    assert mixed(given, "2021Q2", "2021Q3") == [(None, None)] * 2


def test_a_revision_that_left_a_figure_alone_does_not_flag_it(given):
    for n, (primary, total) in enumerate(((10, 100), (22, 210)), start=1):
        given.gdp(f"2021Q{n}", {"primary": (primary, 4), "total": (total, 5)})
    given.gdp(
        "2021Q1", {"primary": (10, 4), "total": (103, 5)}, revision=2, received_at="2021-12-01"
    )
    columns = "sector, quarter_flag, mixed_vintage_value"
    rows = given.rows("metrics.sector_growth", columns, "period = '2021Q2'")
    assert rows == [("primary", None, None), ("total", "mixed vintage", -3 * YI)]


def test_growth_that_was_revised_alone_mixes_vintages_of_growth_and_no_amount(given):
    year(given, "retail_sales", 2021, [10, 22], [5, 5])
    revise(given, "2021Q1", 10, "2021-12-01", growth=6)
    assert mixed(given, "2021Q2") == [("mixed vintage", 0)]


def test_a_quarter_that_came_late_is_no_revision(given):
    year(given, "retail_sales", 2021, [None, 22])
    given.con.execute("delete from core.observation where period = '2021Q1'")
    revise(given, "2021Q1", 10, "2023-12-01", revision=1)
    assert mixed(given, "2021Q2") == [(None, None)]


def test_two_year_average_is_the_geometric_mean_of_reported_growth(given):
    # 2021 rose by 21 % after a fall of 10 %: sqrt(1.21 · 0.9) − 1 = 4.355 %, and not (21 − 10) / 2
    year(given, "gdp", 2020, [100], [-10])
    year(given, "gdp", 2021, [121], [21])
    columns = "growth_two_year_average_pct, growth_two_year_reason"
    assert growth(given, "2021Q1", columns, "gdp") == (
        pytest.approx(100 * ((1.21 * 0.9) ** 0.5 - 1)),
        None,
    )
    assert growth(given, "2020Q1", columns, "gdp") == (None, "no growth reported a year earlier")


def test_deflator_and_real_growth_of_the_quarter(given):
    # as in test_sector_growth: bases 105/1.05 and 206/1.03, so the quarter is 101 over 100
    year(given, "gdp", 2021, [100, 190], [3, 3])
    year(given, "gdp", 2022, [105, 206], [5, 3])
    columns = "growth_quarter_real_derived_pct, growth_quarter_real_bound_pp, deflator_change_pct"
    assert growth(given, "2022Q2", columns, "gdp") == pytest.approx(
        (1, 0.05 * (206 + 105) / 101 + 0.05, 100 * (206 / 190 / 1.03 - 1))
    )
    assert growth(given, "2022Q1", columns, "gdp") == pytest.approx((5, 0.05, 0))


def test_nominal_indicators_have_no_real_growth_of_the_quarter(given):
    year(given, "retail_sales", 2022, [10, 22], [3, 4])
    columns = "growth_quarter_real_derived_pct, growth_quarter_real_bound_pp, growth_quarter_real_reason, deflator_change_pct"
    assert growth(given, "2022Q2", columns) == (
        None,
        None,
        "growth is not reported at constant prices",
        None,
    )


def test_stocks_rates_and_plans_are_never_differenced(given):
    for period, persons, rate in (("2022Q1", 45000, 95.0), ("2022Q2", 45900, 98.8)):
        submission = given.submission("social_insurance", period)
        given.figure(submission, "insured_persons", persons, decimals=0)
        given.figure(submission, "insurance_coverage", rate, unit="%", decimals=1)
    rows = given.rows(
        "metrics.growth",
        "indicator, value_quarter, quarter_reason, growth_qoq_reason",
        "period = '2022Q2'",
    )
    assert rows == [
        ("insurance_coverage", None, "a rate is not differenced", "a rate is not differenced"),
        ("insured_persons", None, "a stock is not differenced", "a stock is not differenced"),
    ]


def test_a_rate_changes_in_points(given):
    for period, rate in (("2021Q3", 95.0), ("2022Q3", 98.8)):
        given.figure(
            given.submission("social_insurance", period),
            "insurance_coverage",
            rate,
            unit="%",
            decimals=1,
        )
    columns = "change_pp, growth_nominal_pct, growth_nominal_reason"
    expected = (pytest.approx(3.8), None, "a rate has no growth, only a change in points")
    assert growth(given, "2022Q3", columns, "insurance_coverage") == expected


def test_the_bound_of_a_quarter_is_one_printed_unit(given):
    year(given, "retail_sales", 2022, [10, 22])
    assert growth(given, "2022Q1", "value_quarter_bound") == (0.005 * YI,)
    assert growth(given, "2022Q2", "value_quarter_bound") == (0.01 * YI,)


def test_a_quarter_from_a_bound_is_qualified(given):
    given.figure(
        given.submission("main_indicators", "2022Q1"), "retail_sales", 10, qualifier="over"
    )
    given.figure(given.submission("main_indicators", "2022Q2"), "retail_sales", 22)
    assert growth(given, "2022Q2", "is_qualified, is_quarter_qualified") == (False, True)


def test_industries_are_series_of_their_own(given):
    for period, levels in (("2022Q1", {"13": 10, "14": 20}), ("2022Q2", {"13": 25, "14": 35})):
        submission = given.submission("main_indicators", period)
        for industry, level in levels.items():
            given.figure(submission, "retail_sales", level, industry=industry)
    rows = given.rows("metrics.growth", "industry, value_quarter / 100000000", "period = '2022Q2'")
    assert rows == [("13", 15), ("14", 15)]


def test_the_nations_product_is_domestic(given):
    given.gdp("2022Q1", {"total": (277175.8, 4.8)}, zone="CN")
    given.gdp("2022Q1", {"total": (100, 4.8)})
    titles = given.rows("metrics.growth", "zone, title_zh, title_en")
    assert titles == [
        ("CN", "国内生产总值", "Gross domestic product (GDP)"),
        ("Z1", "地区生产总值", "Gross regional product (GDP)"),
    ]
    assert [t for _, t in given.rows("metrics.headline", "zone, title_zh")] == [
        "国内生产总值",
        "地区生产总值",
    ]


def test_the_macros_take_plain_arguments(given):
    given.gdp("2020Q1", {"total": (100, 4)})
    given.gdp("2021Q1", {"total": (110, 5)})
    given.gdp("2022Q1", {"total": (121, 6)})
    assert given.rows(
        "metrics.growth('gdp', 'Z1', '2022Q1')",
        "period, growth_reported_pct, round(growth_nominal_pct, 9)",
    ) == [("2022Q1", 6, 10)]
    assert given.rows("metrics.growth('gdp', 'Z2', '2022Q1')", "period") == []
    said = given.rows(
        "metrics.headline_of('Z1', '2021Q1')",
        "indicator, value_text, growth_pct, growth_basis_zh, growth_basis_en",
    )
    assert said == [("gdp", "110.00 亿元", 5, "可比价", "real")]
    cagr = given.one(
        "metrics.cagr('gdp', 'Z1', '2022Q1', 2)",
        "base_period, compound_reported_pct as real, compound_nominal_pct as nominal",
    )
    assert cagr == {
        "base_period": "2020Q1",
        "real": pytest.approx(100 * ((1.05 * 1.06) ** 0.5 - 1)),
        "nominal": pytest.approx(10),
    }
