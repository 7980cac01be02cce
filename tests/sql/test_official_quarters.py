"""China's single quarters, derived from the year to date, beside those that the National Bureau of Statistics prints itself.

`tests/backtest/china_quarters.csv`: NBS, quarterly accounts at current prices (累计值, 当季值) and their indices less 100, of one
vintage, as of June 2026 (after the fifth economic census); empty where the table at hand has no figure.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.figures import YI

OFFICIAL = list(
    csv.DictReader(
        (Path(__file__).parents[1] / "backtest" / "china_quarters.csv").open(encoding="utf-8")
    )
)


@pytest.fixture
def derived(given):
    submissions = {
        period: given.submission("gdp", period, zone="CN")
        for period in {r["period"] for r in OFFICIAL}
    }
    for row in OFFICIAL:
        given.figure(
            submissions[row["period"]],
            row["indicator"],
            row["value_ytd_100m_cny"],
            growth=row["growth_ytd_pct"] or None,
            decimals=1,
        )
    columns = "period, indicator, value_quarter, growth_quarter_real_derived_pct, growth_quarter_real_bound_pp, quarter_flag"
    return {
        (period, name): rest
        for period, name, *rest in given.rows("metrics.growth", columns, "zone = 'CN'")
    }


def test_discrete_quarters_are_the_official_ones_and_growth_lies_within_its_bound(derived):
    levels = growths = 0
    for row in OFFICIAL:
        value, growth, bound, flag = derived[row["period"], row["indicator"]]
        place = f"{row['period']} {row['indicator']}"
        assert flag is None, place
        if row["value_quarter_100m_cny"]:  # each of the three is rounded apart
            assert float(value) / YI == pytest.approx(
                float(row["value_quarter_100m_cny"]), abs=0.1001
            ), place
            levels += 1
        if row["growth_quarter_pct"]:
            assert abs(growth - float(row["growth_quarter_pct"])) <= bound + 1e-9, place
            assert bound < 0.4, f"{place}: a bound that excludes something"
            growths += 1
    # the total 2022Q2 to 2025Q4; three sectors 2022Q2 to 2024Q4
    assert (levels, growths) == (15 + 33, 33)
