"""derived.benchmarked_quarter: quarters that add up to the final year, by Denton's method."""

from __future__ import annotations

import itertools

import pytest

from flows.build.benchmark import benchmark, spread
from tests.figures import YI


def test_the_example_of_the_imfs_manual():
    """Quarterly National Accounts Manual (IMF 2001), example 6.2: an indicator of three years, two annual figures."""
    indicator = [98.2, 100.8, 102.2, 100.8, 99.0, 101.6, 102.7, 101.5, 100.5, 103.0, 103.5, 101.5]
    found = spread(indicator, [4000.0, 4161.4])
    assert found == pytest.approx(
        [969.8, 998.4, 1018.3, 1013.4, 1007.2, 1042.9, 1060.3, 1051.0, 1040.6, 1066.5, 1071.7, 1051.0],
        abs=0.06,
    )  # fmt: skip
    assert sum(found[:4]) == pytest.approx(4000.0)
    assert sum(found[4:8]) == pytest.approx(4161.4)
    # beyond the years the last ratio goes on
    assert [x / y for x, y in zip(found[8:], indicator[8:], strict=True)] == pytest.approx(
        [found[7] / indicator[7]] * 4
    )


def year(given, year, to_date, **more):
    for quarter, value in enumerate(to_date, start=1):
        given.gdp(f"{year}Q{quarter}", {"total": (value, 5)}, **more)


def test_a_year_that_was_revised_is_spread_over_its_quarters(given):
    year(given, 2022, (100, 210, 330, 460))
    assert benchmark(given.con) == 0, "nothing was revised"
    given.gdp("2022Q4", {"total": (483, 5)}, revision=2, received_at="2023-11-01")
    assert benchmark(given.con) == 1
    columns = "period, value_quarter_printed, value_benchmarked, benchmark_ratio"
    # one year: every quarter by the same twentieth, where the difference would put all 23 into the fourth
    assert given.rows("metrics.benchmarked_quarter", columns) == [
        ("2022Q1", 100 * YI, pytest.approx(105 * YI), pytest.approx(1.05)),
        ("2022Q2", 110 * YI, pytest.approx(115.5 * YI), pytest.approx(1.05)),
        ("2022Q3", 120 * YI, pytest.approx(126 * YI), pytest.approx(1.05)),
        ("2022Q4", 130 * YI, pytest.approx(136.5 * YI), pytest.approx(1.05)),
    ]
    # what was printed stays what it was
    assert given.rows("metrics.growth", "value_quarter", "period = '2022Q4'") == [(153 * YI,)]
    assert benchmark(given.con) == 0, "a series that stands is not computed again"


def test_two_years_are_benchmarked_together_without_a_step_between_them(given):
    year(given, 2021, (90, 190, 300, 420))
    year(given, 2022, (100, 210, 330, 460))
    given.gdp("2022Q4", {"total": (483, 5)}, revision=2, received_at="2023-11-01")
    benchmark(given.con)
    rows = dict(given.rows("metrics.benchmarked_quarter", "period, value_benchmarked"))
    values = [rows[p] / YI for p in sorted(rows)]
    assert values == pytest.approx(spread([90, 100, 110, 120, 100, 110, 120, 130], [420, 483]))
    assert (sum(values[:4]), sum(values[4:])) == (pytest.approx(420), pytest.approx(483))
    ratios = [v / p for v, p in zip(values, (90, 100, 110, 120, 100, 110, 120, 130), strict=True)]
    assert max(abs(b - a) for a, b in itertools.pairwise(ratios)) < 0.03, (
        "0.05 in one step otherwise"
    )
    growth = dict(
        given.rows("metrics.benchmarked_quarter", "period, growth_benchmarked_nominal_pct")
    )
    assert growth["2021Q1"] is None
    assert growth["2022Q4"] == pytest.approx(100 * (values[7] / values[3] - 1))


def test_a_series_that_changes_is_computed_anew_and_the_old_one_goes(given):
    year(given, 2022, (100, 210, 330, 460))
    given.gdp("2022Q4", {"total": (483, 5)}, revision=2, received_at="2023-11-01")
    benchmark(given.con)
    given.gdp("2022Q4", {"total": (506, 5)}, revision=3, received_at="2024-11-01")
    assert given.rows("metrics.benchmarked_quarter", "count(*)") == [(0,)], (
        "not beside what it was not computed from"
    )
    assert benchmark(given.con) == 1
    assert given.con.execute("select count(*) from derived.benchmarked_quarter").fetchone() == (4,)
    rows = given.rows("metrics.benchmarked_quarter", "sum(value_benchmarked)")
    assert rows == [(pytest.approx(506 * YI),)]
