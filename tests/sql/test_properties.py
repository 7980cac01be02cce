"""What holds for any figures: parts make up their wholes, whatever the levels and growths."""

from __future__ import annotations

import contextlib
import itertools
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MODEST = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
YI = 100_000_000

levels = st.decimals(min_value="0.01", max_value="500000", places=2)
growths = st.decimals(min_value="-60", max_value="60", places=1)
sectors = st.tuples(*[st.tuples(levels, growths)] * 3)
years = st.lists(
    st.decimals(min_value="-900", max_value="90000", places=2), min_size=4, max_size=4
)  # the quarters alone


def give(warehouse, period, parts, growth=None):
    """Three sectors and a total that is their sum."""
    names = ("primary", "secondary", "tertiary")
    warehouse.gdp(
        period,
        dict(zip(names, parts, strict=True))
        | {"total": (sum(value for value, _ in parts), growth)},
    )


@contextlib.contextmanager
def given_sectors(momentary, parts):
    """A warehouse of one quarter."""
    with momentary() as warehouse:
        give(warehouse, "2022Q1", parts)
        yield warehouse


@MODEST
@given(parts=sectors)
def test_points_of_the_sectors_sum_to_the_totals(momentary, parts):
    with given_sectors(momentary, parts) as warehouse:
        points = dict(warehouse.rows("metrics.sector_growth", "sector, contribution_pp"))
        total = points.pop("total")
        assert sum(points.values()) == pytest.approx(total, abs=1e-9)
        # F6, in decimals: the implied growth of the whole
        implied = sum(v for v, _ in parts) / sum(v / (1 + g / 100) for v, g in parts) - 1
        assert total == pytest.approx(float(implied * 100), abs=1e-6)


@MODEST
@given(parts=sectors)
def test_rates_sum_to_100_unless_nothing_grew(momentary, parts):
    with given_sectors(momentary, parts) as warehouse:
        rates = [
            r
            for _, r in warehouse.rows("metrics.sector_growth", "sector, contribution_rate_pct")
            if r is not None
        ]
        points = [p for _, p in warehouse.rows("metrics.sector_growth", "sector, contribution_pp")]
        assert len(rates) in (0, 4)
        if rates:
            scale = max(abs(p) for p in points) / abs(
                points[-1]
            )  # great rates of a small whole lose digits
            assert sum(rates[:3]) == pytest.approx(100, abs=1e-6 * max(1, scale))
            assert rates[3] == pytest.approx(100)


@MODEST
@given(parts=sectors)
def test_shares_sum_to_100(momentary, parts):
    with given_sectors(momentary, parts) as warehouse:
        shares = dict(warehouse.rows("metrics.sector_growth", "sector, share_pct"))
        assert shares.pop("total") == pytest.approx(100)
        assert sum(shares.values()) == pytest.approx(100)
        assert all(0 < share < 100 or share == pytest.approx(100) for share in shares.values())


@MODEST
@given(alone=years)
def test_the_quarters_of_a_year_sum_to_its_year_to_date(momentary, alone):
    with momentary() as warehouse:
        to_date = Decimal(0)
        for n, to_date in enumerate(itertools.accumulate(alone), start=1):
            warehouse.gdp(f"2022Q{n}", {"total": (to_date, 5)})
        quarters = [
            v for _, v in warehouse.rows("metrics.sector_growth", "period, value_quarter_cny")
        ]
        assert quarters == [value * YI for value in alone]  # exactly: levels are decimals
        assert sum(quarters) == to_date * YI


@MODEST
@given(parts=sectors, factor=st.integers(min_value=2, max_value=1000))
def test_the_size_of_a_zone_changes_no_share_and_no_point(momentary, parts, factor):
    columns = "sector, share_pct, contribution_pp, growth_ytd_real_pct"
    with given_sectors(momentary, parts) as warehouse:
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
        growth = warehouse.one(
            "metrics.sector_growth", "growth_ytd_nominal_pct as growth", "period = '2022Q1'"
        )["growth"]
        assert float(base) * (1 + growth / 100) == pytest.approx(float(value))


@MODEST
@given(parts=sectors)
def test_adjusted_shares_print_to_100_and_stay_within_one_digit(momentary, parts):
    with given_sectors(momentary, parts) as warehouse:
        rows = warehouse.rows("metrics.sector_structure", "sector, share_pct, share_adjusted_pct")
        assert sum(round(adjusted * 10) for _, _, adjusted in rows) == 1000
        assert all(abs(adjusted - share) < 0.1 + 1e-9 for _, share, adjusted in rows)


@MODEST
@given(growth=st.lists(growths, min_size=1, max_size=8))
def test_the_chain_index_and_the_growth_agree(momentary, growth):
    with momentary() as warehouse:
        for n, rate in enumerate(growth):
            warehouse.gdp(f"{2000 + n}Q1", {"total": (100, rate)})
        rows = warehouse.rows("metrics.chain_index", "period, index_chained")
        assert rows[0][1] == 100
        for (_, before), (_, now), rate in zip(rows, rows[1:], growth[1:], strict=False):
            assert (now / before - 1) * 100 == pytest.approx(float(rate), abs=1e-9)
        # and the average growth leads from the first to the last
        if len(growth) > 1:
            years = len(growth) - 1
            average = warehouse.one(
                "metrics.compound_growth", "max(compound_reported_pct) as pct", f"years = {years}"
            )["pct"]
            assert 100 * (1 + average / 100) ** years == pytest.approx(rows[-1][1])


@MODEST
@given(alone=years)
def test_growth_of_a_year_to_date_equals_the_sum_of_its_quarters(momentary, alone):
    with momentary() as warehouse:
        for n, to_date in enumerate(itertools.accumulate(alone), start=1):
            submission = warehouse.submission("main_indicators", f"2022Q{n}")
            warehouse.figure(submission, "retail_sales", to_date)
        rows = warehouse.rows("metrics.growth", "period, value, value_quarter")
        for n, (_, value, _) in enumerate(rows, start=1):
            assert value == sum(quarter for _, _, quarter in rows[:n])


@MODEST
@given(zone=sectors, nation=sectors)
def test_the_three_effects_of_shift_share_add_up_to_the_change(momentary, zone, nation):
    with momentary() as warehouse:
        give(warehouse, "2022Q1", zone)
        names = ("primary", "secondary", "tertiary")
        warehouse.gdp("2022Q1", dict(zip(names, nation, strict=True)), zone="CN")
        columns = (
            "sector, contribution_pp, national_effect_pp, mix_effect_pp, competitive_effect_pp"
        )
        rows = warehouse.rows("metrics.shift_share", columns)
        assert len(rows) == 4
        for _, change, national, mix, competitive in rows:
            assert national + mix + competitive == pytest.approx(change, abs=1e-8)
        points = dict(
            warehouse.rows("metrics.sector_growth", "sector, contribution_pp", "zone = 'Z1'")
        )
        assert {s: c for s, c, *_ in rows} == {
            s: pytest.approx(p, abs=1e-8) for s, p in points.items()
        }


@MODEST
@given(parts=sectors)
def test_diversification_lies_between_one_part_and_even_parts(momentary, parts):
    with given_sectors(momentary, parts) as warehouse:
        row = warehouse.one(
            "metrics.diversification",
            "herfindahl_ratio as h, herfindahl_normalised_ratio as n, evenness_ratio as e",
        )
        assert 1 / 3 - 1e-9 <= row["h"] <= 1 + 1e-9
        assert -1e-9 <= row["n"] <= 1 + 1e-9
        assert -1e-9 <= row["e"] <= 1 + 1e-9
