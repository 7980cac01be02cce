"""metrics.reconciliation: both sides of each identity; what could not be checked is NULL, never true."""

from __future__ import annotations

import pytest

from tests.figures import YI, ZONE_2022Q3


def identity(given, name, columns="left_value, right_value, difference, tolerance, holds, reason"):
    return given.one(
        "metrics.reconciliation", columns, f"identity = '{name}' and period = '2022Q3'"
    )


def with_total(value, growth=3.4):
    return ZONE_2022Q3 | {"total": (value, growth)}


def test_the_sectors_add_up(given):
    given.gdp("2022Q3", ZONE_2022Q3)
    row = identity(
        given, "sector_sum", "left_value, right_value, difference, tolerance, unit, holds, reason"
    )
    assert row == {
        "left_value": 107.92 * YI,
        "right_value": 107.92 * YI,
        "difference": 0,
        "tolerance": pytest.approx(0.02 * YI),  # four figures, each half of 0.01
        "unit": "元",
        "holds": True,
        "reason": None,
    }


@pytest.mark.parametrize(
    ("total", "holds"), [(107.94, True), (107.90, True), (107.95, False), (107.89, False)]
)
def test_the_tolerance_is_what_rounding_explains(given, total, holds):
    given.gdp("2022Q3", with_total(total))
    assert identity(given, "sector_sum")["holds"] is holds


def test_the_tolerance_follows_the_printed_digits(given):
    submission = given.submission("gdp", "2022Q3")
    for line, value in (("va_primary", 1), ("va_secondary", 39), ("va_tertiary", 67), ("gdp", 109)):
        given.figure(submission, line, value, decimals=0)  # printed to 1: the bound is 2
    assert identity(given, "sector_sum")["holds"] is True
    assert identity(given, "sector_sum")["tolerance"] == pytest.approx(2 * YI)


@pytest.mark.parametrize("left_out", ["primary", "total"])
def test_a_missing_side_is_unchecked_not_a_pass(given, left_out):
    given.gdp(
        "2022Q3", {sector: both for sector, both in ZONE_2022Q3.items() if sector != left_out}
    )
    for name in ("sector_sum", "growth_bracket", "growth_weighted"):
        found = given.rows(
            "metrics.reconciliation", "holds, reason, difference", f"identity = '{name}'"
        )
        if not (
            name == "growth_weighted" and left_out == "total"
        ):  # without a total there is no such row
            assert found == [(None, "unchecked: a side is missing", None)], name


def test_growth_only_leaves_the_sum_unchecked_and_the_bracket_checked(given):
    given.gdp("2022Q3", {sector: (None, growth) for sector, (_, growth) in ZONE_2022Q3.items()})
    assert identity(given, "sector_sum")["holds"] is None
    assert identity(given, "growth_bracket")["holds"] is True
    assert identity(given, "growth_weighted")["holds"] is None


@pytest.mark.parametrize(
    ("growth", "nearest", "holds"),
    [
        (3.4, 3.4, True),
        (2.7, 2.7, True),
        (4.2, 4.1, True),
        (4.3, 4.1, False),
        (2.6, 2.7, True),
        (2.5, 2.7, False),
    ],
)
def test_growth_of_the_total_lies_between_the_sectors(given, growth, nearest, holds):
    given.gdp("2022Q3", with_total(107.92, growth))
    row = identity(given, "growth_bracket")
    assert (row["left_value"], row["right_value"], row["tolerance"], row["holds"]) == (
        growth,
        nearest,
        0.1,
        holds,
    )


@pytest.mark.parametrize(
    ("growth", "holds"), [(3.4, True), (3.5, True), (3.6, False), (3.2, False)]
)
def test_growth_of_the_total_is_near_the_weighted_one(given, growth, holds):
    given.gdp("2022Q3", with_total(107.92, growth))  # weighted: 3.4024
    row = identity(given, "growth_weighted")
    assert row["right_value"] == pytest.approx(3.4024, abs=5e-5)
    assert row["difference"] == pytest.approx(growth - 3.4024, abs=5e-5)
    assert row["holds"] is holds


@pytest.mark.parametrize(
    ("stored", "holds"), [(40.34, True), (40.39, True), (40.33, False), (40.41, False)]
)
def test_a_level_and_its_growth_imply_the_level_a_year_earlier(given, stored, holds):
    # 41.82 ± 0.005 after growth of 3.6 ± 0.05 %: 40.3668, between 40.342 and 40.391; the stored one is ± 0.005
    given.figure(given.submission("main_indicators", "2021Q3"), "retail_sales", stored)
    given.figure(given.submission("main_indicators", "2022Q3"), "retail_sales", 41.82, growth=3.6)
    row = identity(given, "level_and_growth_retail_sales")
    assert row["left_value"] == pytest.approx(41.82 / 1.036 * YI)
    assert row["right_value"] == pytest.approx(stored * YI)
    assert row["tolerance"] == pytest.approx((0.02431 + 0.005) * YI, rel=1e-3)
    assert row["holds"] is holds


@pytest.mark.parametrize(
    ("indicator", "value", "growth"),
    [("gdp", 107.92, 3.4), ("retail_sales", None, 3.6), ("retail_sales", 41.82, None)],
)
def test_growth_at_constant_prices_or_alone_implies_no_level(given, indicator, value, growth):
    form = "gdp" if indicator == "gdp" else "main_indicators"
    given.figure(given.submission(form, "2021Q3"), indicator, 40)
    given.figure(given.submission(form, "2022Q3"), indicator, value, growth=growth)
    assert (
        given.rows("metrics.reconciliation", "identity", "identity like 'level_and_growth%'") == []
    )


def name_enterprises(given, tier, *names):
    submission = given.submission("cultivation_pool", "2022Q3")
    pool = [{"tier": tier, "enterprise": name} for name in names]
    given.entries("core.cultivation_pool", submission, *pool)


@pytest.mark.parametrize(
    ("names", "named", "holds"),
    [
        (("虚构企业甲", "虚构企业乙"), 2, True),
        (("虚构企业甲",), 1, False),
        (("虚构企业甲", "虚构企业甲"), 1, False),
    ],
)
def test_enterprises_stated_are_enterprises_named_each_once(given, names, named, holds):
    given.figure(
        given.submission("cultivation", "2022Q3"), "specialised_smes_approved", 2, decimals=0
    )
    name_enterprises(given, "specialised_sme", *names)
    row = identity(given, "cultivation_list_specialised_sme")
    assert (row["left_value"], row["right_value"], row["holds"]) == (2, named, holds)


def test_who_has_left_the_list_is_not_counted(given):
    given.figure(
        given.submission("cultivation", "2022Q3"), "threshold_pool_enterprises", 1, decimals=0
    )
    submission = given.submission("cultivation_pool", "2022Q3")
    pool = [
        {"tier": "threshold_pool", "enterprise": "虚构企业甲", "status": "in_pool"},
        {"tier": "threshold_pool", "enterprise": "虚构企业乙", "status": "exited"},
    ]
    given.entries("core.cultivation_pool", submission, *pool)
    row = identity(given, "cultivation_list_threshold_pool")
    assert (row["left_value"], row["right_value"], row["holds"]) == (1, 1, True)


def test_the_plan_of_a_year_is_not_held_against_the_plan_before(given):
    for period, value in (("2021Q1", 10), ("2022Q1", 20)):
        given.figure(
            given.submission("plan_targets", period), "target_budget_revenue", value, growth=6.0
        )
    assert (
        given.rows("metrics.reconciliation", "identity", "identity like 'level_and_growth%'") == []
    )


def test_a_list_that_was_not_sent_is_unchecked(given):
    given.figure(
        given.submission("cultivation", "2022Q3"), "threshold_pool_enterprises", 5, decimals=0
    )
    row = identity(given, "cultivation_list_threshold_pool")
    assert (row["left_value"], row["right_value"], row["holds"]) == (5, None, None)
    assert row["reason"] == "unchecked: a side is missing"


def test_identities_speak_of_what_stands_now(given):
    given.gdp("2022Q3", with_total(120))
    assert identity(given, "sector_sum")["holds"] is False
    given.gdp("2022Q3", ZONE_2022Q3, revision=2)
    assert identity(given, "sector_sum")["holds"] is True


INDUSTRIES = {
    "A": 10,
    "BTD": 40,
    "C": 35,
    "E": 5,
    "F": 9,
    "G": 6,
    "H": 2,
    "J": 8,
    "K": 7,
    "I": 4,
    "L": 3,
    "MTS": 6,
}


def by_industry(given, total, industries):
    submission = given.submission("value_added_by_industry", "2022Q3")
    given.figure(submission, "value_added", total)
    for industry, value in industries.items():
        given.figure(submission, "value_added", value, industry=industry)


def test_the_industries_add_up_and_a_part_of_one_is_no_addend(given):
    by_industry(given, 100.03, INDUSTRIES)
    row = identity(given, "industry_sum_value_added_by_industry")
    assert row == {
        "left_value": 100.03 * YI,
        "right_value": 100 * YI,
        "difference": pytest.approx(0.03 * YI),
        "tolerance": pytest.approx(0.06 * YI),  # the total and eleven industries, each half of 0.01
        "holds": True,
        "reason": None,
    }


def test_the_industries_that_do_not_add_up_are_told_and_those_that_are_not_all_there_are_unchecked(
    given,
):
    by_industry(given, 101, INDUSTRIES)
    assert identity(given, "industry_sum_value_added_by_industry", "holds, is_hard") == {
        "holds": False,
        "is_hard": True,
    }
    given.con.execute("delete from core.observation where industry = 'H'")
    row = identity(given, "industry_sum_value_added_by_industry", "holds, reason")
    assert row == {"holds": None, "reason": "unchecked: a side is missing"}
