"""metrics.headline: the ten main indicators as an office quotes them."""

from __future__ import annotations

import pytest


def quoted(given, indicator, value, **more):
    form = given.declared(indicator)[0].code
    given.figure(given.submission(form, "2022Q3"), indicator, value, **more)
    return given.one("metrics.headline", "value_text, growth_pct, growth_basis_zh, value_reason")


@pytest.mark.parametrize(
    ("indicator", "value", "how", "text"),
    [
        ("gdp", 107.92, {}, "107.92 亿元"),
        ("gdp", "107.90", {}, "107.90 亿元"),  # a zero that was printed stays
        ("gdp", "277175.8", {"decimals": 1}, "277175.8 亿元"),
        ("gdp", 108, {"decimals": 0}, "108 亿元"),
        (
            "gdp",
            "1079234",
            {"unit": "万元", "decimals": 0},
            "107.92 亿元",
        ),  # said in the unit it is quoted in
        (
            "gdp",
            "1079250",
            {"unit": "万元", "decimals": 0},
            "107.93 亿元",
        ),  # a half rounds away from zero
        ("budget_revenue", "-0.25", {}, "-0.25 亿元"),
        ("income_urban", 34125, {"decimals": 0}, "34125 元"),
        ("retail_sales", 0, {"decimals": 0}, "0 亿元"),
    ],
)
def test_a_value_is_said_with_its_unit_and_its_digits(given, indicator, value, how, text):
    assert quoted(given, indicator, value, **how)["value_text"] == text
    [(number, unit, sent)] = given.rows(
        "metrics.headline", "value, unit, (select value from core.observation)"
    )
    assert (number, unit) == (sent, "元"), "and to be computed with, in the base unit"


@pytest.mark.parametrize(
    ("qualifier", "text"),
    [
        ("nearly", "近1.5亿元"),
        ("over", "1.5余亿元"),
        ("about", "约1.5亿元"),
        ("under", "不足1.5亿元"),
    ],
)
def test_qualifiers_stay(given, qualifier, text):
    said = quoted(given, "retail_sales", 1.5, decimals=1, qualifier=qualifier)["value_text"]
    assert said.replace(" ", "") == text


def test_growth_only_is_null_with_its_reason(given):
    assert quoted(given, "industry_va", None, growth=-2) == {
        "value_text": None,
        "growth_pct": -2,
        "growth_basis_zh": "可比价",
        "value_reason": "growth only",
    }


def test_nothing_reported_is_not_called_growth_only(given):
    assert quoted(given, "retail_sales", None)["value_reason"] == "not reported"


def test_growth_is_named_for_its_prices(given):
    assert quoted(given, "retail_sales", 41.82, growth=3.6)["growth_basis_zh"] == "名义"


def test_the_order_is_the_offices_and_other_indicators_stay_out(given):
    for form, lines in {
        "gdp": ["va_tertiary", "gdp"],
        "income": ["income_rural"],
        "budget": ["budget_revenue"],
        "housing": ["rental_dwellings_built"],
    }.items():
        submission = given.submission(form, "2022Q3")
        for line in lines:
            given.figure(submission, line, 1)
    assert given.rows("metrics.headline", "ord, indicator") == [
        (1, "gdp"),
        (4, "va_tertiary"),
        (7, "budget_revenue"),
        (10, "income_rural"),
    ]
