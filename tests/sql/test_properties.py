"""What holds for any figures: parts make up their wholes, whatever the levels and growths."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MODEST = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
YI = 100_000_000

levels = st.decimals(min_value="0.01", max_value="500000", places=2)
growths = st.decimals(min_value="-60", max_value="60", places=1)
sectors = st.tuples(*[st.tuples(levels, growths)] * 3)
years = st.lists(st.decimals(min_value="-900", max_value="90000", places=2), min_size=4, max_size=4)  # the quarters alone


def give(warehouse, period, parts, growth=None):
    """Three sectors and a total that is their sum."""
    names = ("primary", "secondary", "tertiary")
    warehouse.gdp(period, dict(zip(names, parts, strict=True)) | {"total": (sum(value for value, _ in parts), growth)})


@MODEST
@given(parts=sectors)
def test_points_of_the_sectors_sum_to_the_totals(momentary, parts):
    with momentary() as warehouse:
        give(warehouse, "2022Q1", parts)
        points = dict(warehouse.rows("metrics.sector_growth", "sector, contribution_pp"))
        total = points.pop("total")
        assert sum(points.values()) == pytest.approx(total, abs=1e-9)
        # F6, in decimals: the implied growth of the whole
        implied = sum(v for v, _ in parts) / sum(v / (1 + g / 100) for v, g in parts) - 1
        assert total == pytest.approx(float(implied * 100), abs=1e-6)


@MODEST
@given(parts=sectors)
def test_rates_sum_to_100_unless_nothing_grew(momentary, parts):
    with momentary() as warehouse:
        give(warehouse, "2022Q1", parts)
        rates = [r for _, r in warehouse.rows("metrics.sector_growth", "sector, contribution_rate_pct") if r is not None]
        points = [p for _, p in warehouse.rows("metrics.sector_growth", "sector, contribution_pp")]
        assert len(rates) in (0, 4)
        if rates:
            scale = max(abs(p) for p in points) / abs(points[-1])  # great rates of a small whole lose digits
            assert sum(rates[:3]) == pytest.approx(100, abs=1e-6 * max(1, scale))
            assert rates[3] == pytest.approx(100)


@MODEST
@given(parts=sectors)
def test_shares_sum_to_100(momentary, parts):
    with momentary() as warehouse:
        give(warehouse, "2022Q1", parts)
        shares = dict(warehouse.rows("metrics.sector_growth", "sector, share_pct"))
        assert shares.pop("total") == pytest.approx(100)
        assert sum(shares.values()) == pytest.approx(100)
        assert all(0 < share < 100 or share == pytest.approx(100) for share in shares.values())


@MODEST
@given(alone=years)
def test_the_quarters_of_a_year_sum_to_its_year_to_date(momentary, alone):
    with momentary() as warehouse:
        to_date = Decimal(0)
        for n, value in enumerate(alone, start=1):
            to_date += value
            warehouse.gdp(f"2022Q{n}", {"total": (to_date, 5)})
        quarters = [v for _, v in warehouse.rows("metrics.sector_growth", "period, value_quarter_cny")]
        assert quarters == [value * YI for value in alone]  # exactly: levels are decimals
        assert sum(quarters) == to_date * YI


@MODEST
@given(parts=sectors, factor=st.integers(min_value=2, max_value=1000))
def test_the_size_of_a_zone_changes_no_share_and_no_point(momentary, parts, factor):
    columns = "sector, share_pct, contribution_pp, growth_ytd_real_pct"
    with momentary() as warehouse:
        give(warehouse, "2022Q1", parts)
        small = warehouse.rows("metrics.sector_growth", columns)
    with momentary() as warehouse:
        give(warehouse, "2022Q1", [(value * factor, growth) for value, growth in parts])
        for row, large in zip(small, warehouse.rows("metrics.sector_growth", columns), strict=True):
            assert large[0] == row[0]
            assert large[1:3] == pytest.approx(row[1:3], abs=1e-9)


@MODEST
@given(value=levels, base=levels)
def test_nominal_growth_leads_back_to_the_value(momentary, value, base):
    with momentary() as warehouse:
        for period, level in (("2021Q1", base), ("2022Q1", value)):
            warehouse.gdp(period, {"total": (level, None)})
        growth = warehouse.one("metrics.sector_growth", "growth_ytd_nominal_pct as growth", "period = '2022Q1'")["growth"]
        assert float(base) * (1 + growth / 100) == pytest.approx(float(value))
