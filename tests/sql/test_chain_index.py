"""metrics.chain_index and metrics.compound_growth: growth chained year by year, and what breaks the chain."""

from __future__ import annotations

import pytest

YI = 100_000_000


def chain(given, series, indicator="gdp"):
    """First quarters by year: level in 亿元 and growth in per cent."""
    form = given.declared(indicator)[0].code
    for year, (level, growth) in series.items():
        given.figure(given.submission(form, f"{year}Q1"), indicator, level, growth=growth)


def index(given, columns="period, round(index_chained, 9)"):
    return given.rows("metrics.chain_index", columns)


def test_the_first_year_is_100_and_each_year_is_linked_to_the_one_before(given):
    chain(given, {2020: (100, 2), 2021: (115, 10), 2022: (120, -5)})
    # 100, 100 · 1.10, 110 · 0.95; the 2 % of the first year leads to a year that is not here
    assert index(given) == [("2020Q1", 100), ("2021Q1", 110), ("2022Q1", 104.5)]
    assert {base for (base,) in index(given, "distinct index_base_period")} == {"2020Q1"}


def test_levels_at_the_prices_of_the_first_year_and_the_deflator(given):
    chain(given, {2020: (100, 2), 2021: (115, 10), 2022: (120, -5)})
    rows = index(given, "period, value_constant_price, deflator_index, deflator_change_pct")
    assert [r[1] for r in rows] == pytest.approx([100 * YI, 110 * YI, 104.5 * YI])
    assert [r[2] for r in rows] == pytest.approx([100, 100 * 115 / 110, 100 * 120 / 104.5])
    assert rows[0][3] is None
    assert [r[3] for r in rows[1:]] == pytest.approx(
        [100 * (1.15 / 1.10 - 1), 100 * (120 / 115 / 0.95 - 1)]
    )


def test_growth_without_a_level_is_chained_all_the_same(given):
    chain(given, {2020: (None, 4), 2021: (None, 5), 2022: (None, -2)}, "industry_va")
    assert index(given) == [("2020Q1", 100), ("2021Q1", 105), ("2022Q1", 102.9)]
    assert {r for (r,) in index(given, "distinct deflator_reason")} == {"growth only"}


@pytest.mark.parametrize("hole", [{}, {2021: (110, None)}])
def test_a_hole_breaks_the_chain_and_nothing_bridges_it(given, hole):
    chain(given, {2020: (100, 2), 2022: (120, 5), 2023: (130, 5)} | hole)
    why = "the chain is broken: a year or its growth is missing"
    rows = index(given, "period, index_chained, index_reason, value_constant_price, deflator_index")
    assert rows[0] == ("2020Q1", 100, None, 100 * YI, 100)
    assert [r[1:] for r in rows[1:]] == [(None, why, None, None)] * (len(rows) - 1)


def test_a_first_year_without_growth_is_a_base_like_any_other(given):
    chain(given, {2020: (100, None), 2021: (115, 10)})
    assert index(given) == [("2020Q1", 100), ("2021Q1", 110)]


def test_a_fall_to_nothing_ends_the_chain(given):
    chain(given, {2020: (100, 2), 2021: (0, -100), 2022: (5, 3)})
    assert index(given, "period, index_chained") == [
        ("2020Q1", 100),
        ("2021Q1", None),
        ("2022Q1", None),
    ]


def test_quarters_are_chained_apart(given):
    given.gdp("2021Q1", {"total": (100, 1)})
    given.gdp("2021Q2", {"total": (210, 1)})
    given.gdp("2022Q1", {"total": (110, 5)})
    given.gdp("2022Q2", {"total": (230, 6)})
    assert index(given) == [("2021Q1", 100), ("2021Q2", 100), ("2022Q1", 105), ("2022Q2", 106)]


def test_compound_growth_goes_as_far_as_history(given):
    # 100 → 121 in two years is 10 % a year; 1.1 · 0.9 over two years is −0.504 %
    chain(given, {2020: (100, 2), 2021: (105, 10), 2022: (121, -10)})
    rows = given.rows(
        "metrics.compound_growth",
        "period, years, base_period, compound_nominal_pct, compound_reported_pct",
    )
    assert [r[:3] for r in rows] == [
        ("2021Q1", 1, "2020Q1"),
        ("2022Q1", 1, "2021Q1"),
        ("2022Q1", 2, "2020Q1"),
    ]
    assert [r[3] for r in rows] == pytest.approx([5, 100 * (121 / 105 - 1), 10])
    assert [r[4] for r in rows] == pytest.approx([10, -10, 100 * (0.99**0.5 - 1)])


def test_compound_growth_over_a_base_that_is_not_positive(given):
    chain(given, {2020: (0, 2), 2021: (-3, 2), 2022: (5, 2)}, "budget_revenue")
    rows = given.rows(
        "metrics.compound_growth", "period, years, compound_nominal_pct, compound_nominal_reason"
    )
    assert rows == [
        ("2021Q1", 1, None, "base zero"),
        ("2022Q1", 1, None, "base negative"),
        ("2022Q1", 2, None, "base zero"),
    ]


def test_one_year_has_no_compound_growth(given):
    chain(given, {2020: (100, 2)})
    assert given.rows("metrics.compound_growth", "*") == []
