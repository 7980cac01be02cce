"""metrics.indicator_growth: growth as reported and as levels give it, never mixed up, and why there is none."""

from __future__ import annotations

import pytest


def report(given, period, indicator, value, **more):
    form = given.declared(indicator)[0].code
    aside = {
        k: more.pop(k) for k in ("revision", "received_at", "status", "zone", "path") if k in more
    }
    submission = given.submission(form, period, **aside)
    given.figure(submission, indicator, value, **more)
    return submission


def growth(given, period, columns="growth_nominal_pct, growth_nominal_reason"):
    return tuple(given.one("metrics.indicator_growth", columns, f"period = '{period}'").values())


def test_nominal_growth_of_levels_stands_beside_what_was_reported(given):
    report(given, "2021Q3", "retail_sales", 40)
    report(given, "2022Q3", "retail_sales", 42, growth=4.5)
    columns = "value, unit, value_reported, unit_reported, growth_reported_pct, growth_nominal_pct, growth_nominal_reason, value_year_earlier"
    row = given.one("metrics.indicator_growth", columns, "period = '2022Q3'")
    assert row == {
        "value": 42_0000_0000,
        "unit": "元",
        "value_reported": 42,
        "unit_reported": "亿元",
        "growth_reported_pct": 4.5,
        "growth_nominal_pct": pytest.approx(5),
        "growth_nominal_reason": None,
        "value_year_earlier": 40_0000_0000,
    }


def test_the_first_year_has_no_base(given):
    report(given, "2022Q3", "retail_sales", 42, growth=4.5)
    assert growth(given, "2022Q3") == (None, "no base")


@pytest.mark.parametrize(
    ("base", "reason"), [(0, "base zero"), (-2, "base negative"), (None, "no base")]
)
def test_a_base_that_is_not_positive(given, base, reason):
    report(given, "2021Q3", "budget_revenue", base)
    report(given, "2022Q3", "budget_revenue", 7.34, growth=-5)
    assert growth(given, "2022Q3") == (None, reason)


def test_a_fall_to_nothing_is_minus_100(given):
    report(given, "2021Q3", "enterprises_revived", 27, decimals=0)
    report(given, "2022Q3", "enterprises_revived", 0, decimals=0)
    assert growth(given, "2022Q3") == (-100, None)


def test_a_fall_below_zero_has_no_rate(given):
    report(given, "2021Q3", "budget_revenue", 2)
    report(given, "2022Q3", "budget_revenue", -1)
    assert growth(given, "2022Q3") == (None, "sign change")


def test_another_quarter_is_no_base(given):
    report(given, "2021Q4", "retail_sales", 40)
    report(given, "2022Q3", "retail_sales", 42)
    assert growth(given, "2022Q3") == (None, "no base")


def test_units_do_not_matter_once_they_are_converted(given):
    report(given, "2021Q3", "logistics_revenue", 700, unit="万元", decimals=0)
    report(given, "2022Q3", "logistics_revenue", "0.0770", unit="亿元", decimals=4)
    assert growth(given, "2022Q3") == (pytest.approx(10), None)


def test_rates_never_get_growth(given):
    report(given, "2021Q3", "insurance_coverage", 95, unit="%")
    report(given, "2022Q3", "insurance_coverage", 98.8, unit="%")
    assert growth(given, "2022Q3") == (None, "a rate has no growth, only a change in points")


def test_plans_never_get_growth(given):
    report(given, "2021Q3", "chp_units_planned", 1, decimals=0)
    report(given, "2022Q3", "chp_units_planned", 2, decimals=0)
    assert growth(given, "2022Q3") == (None, "a plan has no growth")
    assert growth(given, "2022Q3", "basis") == ("plan",)


def test_stocks_and_annual_figures_are_compared_with_a_year_earlier(given):
    report(given, "2021Q3", "insured_persons", 45000, decimals=0)
    report(given, "2022Q3", "insured_persons", 45900, decimals=0)
    report(given, "2021Q3", "key_projects", 60, decimals=0)
    report(given, "2022Q3", "key_projects", 63, decimals=0)
    rows = given.rows(
        "metrics.indicator_growth", "indicator, basis, growth_nominal_pct", "period = '2022Q3'"
    )
    assert rows == [
        ("insured_persons", "stock", pytest.approx(2)),
        ("key_projects", "annual", pytest.approx(5)),
    ]


def test_growth_only(given):
    report(given, "2022Q3", "industry_va", None, growth=-2)
    columns = "value, value_reason, growth_reported_pct, growth_nominal_pct, growth_nominal_reason, price_basis"
    assert given.one("metrics.indicator_growth", columns) == {
        "value": None,
        "value_reason": "growth only",
        "growth_reported_pct": -2,
        "growth_nominal_pct": None,
        "growth_nominal_reason": "no value",
        "price_basis": "constant_price",
    }


def test_neither_value_nor_growth_is_not_reported(given):
    report(given, "2022Q3", "retail_sales", None)
    assert growth(given, "2022Q3", "value_reason, growth_nominal_reason") == (
        "not reported",
        "no value",
    )


def test_a_revision_supersedes_on_either_side(given):
    report(given, "2021Q3", "retail_sales", 50)
    report(given, "2021Q3", "retail_sales", 40, revision=2)
    report(given, "2022Q3", "retail_sales", 80)
    report(given, "2022Q3", "retail_sales", 42, revision=2)
    assert growth(given, "2022Q3", "value, growth_nominal_pct") == (42_0000_0000, pytest.approx(5))


def test_a_rejected_revision_does_not(given):
    report(given, "2022Q3", "retail_sales", 42)
    given.submission("main_indicators", "2022Q3", revision=2, status="rejected")
    assert growth(given, "2022Q3", "value") == (42_0000_0000,)


@pytest.mark.parametrize(
    ("now", "then", "qualified"),
    [("exact", "exact", False), ("over", "exact", True), ("exact", "nearly", True)],
)
def test_growth_over_a_bound_is_marked(given, now, then, qualified):
    report(given, "2021Q3", "vacancies", 4000, decimals=0, qualifier=then)
    report(given, "2022Q3", "vacancies", 5000, decimals=0, qualifier=now)
    assert growth(given, "2022Q3", "growth_nominal_pct, is_qualified, qualifier") == (
        pytest.approx(25),
        qualified,
        now,
    )


def test_the_department_is_the_indicators_own_where_it_has_one(given):
    submission = given.submission("logistics", "2022Q3")
    for indicator in ("express_outlets", "cold_stores"):
        given.figure(submission, indicator, 3, decimals=0)
    assert given.rows("metrics.indicator_growth", "indicator, department_zh") == [
        ("cold_stores", "商务/交通物流部门"),
        ("express_outlets", "商务/邮政管理部门"),
    ]


@pytest.mark.parametrize("other", [{"basis": "annual"}, {"industry": "13"}])
def test_another_basis_or_industry_is_no_base(given, other):
    report(given, "2021Q3", "retail_sales", 40, **other)
    report(given, "2022Q3", "retail_sales", 42)
    assert growth(given, "2022Q3") == (None, "no base")


def test_industries_are_compared_with_themselves(given):
    for period, levels in (("2021Q3", {"13": 10, "14": 20}), ("2022Q3", {"13": 11, "14": 19})):
        submission = given.submission("main_indicators", period)
        for industry, level in levels.items():
            given.figure(submission, "retail_sales", level, industry=industry)
    rows = given.rows(
        "metrics.indicator_growth", "industry, round(growth_nominal_pct, 6)", "period = '2022Q3'"
    )
    assert rows == [("13", 10), ("14", -5)]
