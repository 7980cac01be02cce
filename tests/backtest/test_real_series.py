"""All of `raw/`: the nation's quarters from 2015 in dated vintages, provinces, cities and development zones.

Nothing here is made up; what the national office prints beside what is computed from its years to date.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.forms.catalogue import load_catalogue
from tests.figures import YI
from tests.sent import RAW

pytestmark = pytest.mark.torture

NUMBER = re.compile(r"约?-?[0-9]+(\.[0-9]+)?(%左右)?")
OFFICIAL = Path(__file__).with_name("china_quarters.csv")
WAITING = {  # of registers, which no publisher prints
    *(f"enterprise_{name}" for name in ("concentration", "demography", "event", "growth")),
    *(f"enterprise_{name}" for name in ("industry", "threshold", "top")),
    *("disclosure", "register_growth", "bulletin_register_change"),
}


@pytest.fixture(scope="module")
def ask(whole_warehouse: Any) -> Iterator[Callable[..., list[Any]]]:
    with duckdb.connect(str(whole_warehouse.path), read_only=True) as con:
        yield lambda sql, *values: con.execute(sql, values).fetchall()


def numbers(path: Path) -> int:
    """The cells of a file of `raw/` that hold a figure."""
    with path.open(encoding="utf-8", errors="replace", newline="") as source:
        return sum(bool(NUMBER.fullmatch(cell)) for row in csv.reader(source) for cell in row)


def test_zones_quarters_and_figures_are_as_many_as_promised(ask: Callable[..., list[Any]]) -> None:
    [(zones, quarters)] = ask(
        "select count(distinct zone), count(distinct period) from staging.observation"
    )
    assert (zones, quarters) == (23, 46)
    assert sum(numbers(path) for path in RAW.glob("*/*/*.csv")) >= 3000
    [(loaded,)] = ask("select count(value) + count(growth_reported_pct) from core.observation")
    assert loaded >= 3000, "beside them quarters alone, checked against the years to date"
    [(nation,)] = ask(
        "select count(distinct period) from staging.observation where zone = 'CN' and indicator = 'gdp'"
    )
    assert nation == 45, "2015Q1 to 2026Q1, without a gap"


def test_every_file_loads_whole_and_names_its_source(ask: Callable[..., list[Any]]) -> None:
    assert ask("select path from ledger.submission where status <> 'accepted'") == []
    assert ask("select path from ledger.submission where rows_held > 0") == []
    codes = dict(
        ask("""
        select code, count(*) from ledger.finding
        where outcome = 'broken' and severity = 'query' and explanation is null group by code
    """)
    )
    # gaps that are gaps; growth that prices or a revised base set apart from levels; 2025-12 gave no reason
    assert codes.keys() == {
        *("CON-STAGE", "FIGURE-LEVEL-GROWTH", "GDP-WEIGHTED", "LINE-LEVEL", "LINE-MISSING"),
        *("PERIOD-GAP", "REVISION-REASON", "VAI-WEIGHTED"),
    }
    lines = list(csv.DictReader((RAW / "manifest.csv").open(encoding="utf-8")))
    added = [x for x in lines if not x["path"].startswith(("150571/", "CN/202"))]
    assert len(added) > 80
    assert all("（" in x["sender"] for x in added), "publisher, and where it was read"
    assert {x["path"] for x in lines} == {
        p.relative_to(RAW).as_posix() for p in RAW.glob("*/*/*") if "archive" not in p.parts
    }


def test_views_have_rows_or_say_what_they_wait_for(ask: Callable[..., list[Any]]) -> None:
    words = {
        view: (zh, en)
        for view, zh, en in ask(
            "select view_name, filled_by_zh, filled_by_en from metrics.catalogue"
        )
    }
    empty = {view for view in words if ask(f"select count(*) from {view}") == [(0,)]}
    assert {view.split(".")[1] for view in empty} == WAITING
    assert all(len(zh) > 5 and len(en) > 10 for zh, en in (words[view] for view in empty))


def test_three_provinces_whose_2023_was_frozen_are_ranked(ask: Callable[..., list[Any]]) -> None:
    """As their releases print it; a fall comes last."""
    assert ask("""
        select bulletin_line, string_agg(zone || ' ' || growth_size, ', ' order by number_place)
        from metrics.bulletin_ranking group by all order by all
    """) == [
        ("ranking.gdp", "330000 6.0, 110000 5.2, 610000 4.3"),
        ("ranking.va_primary", "330000 4.2, 610000 4.0, 110000 -4.6"),
        ("ranking.va_secondary", "330000 5.0, 610000 4.5, 110000 0.4"),
        ("ranking.va_tertiary", "330000 6.7, 110000 6.1, 610000 4.1"),
    ]


def test_the_edition_of_china_2024_was_revised_and_zhejiangs_of_2023_waits(
    ask: Callable[..., list[Any]],
) -> None:
    levels = "measure = 'value_ytd_cny' and metric = 'sector_growth'"
    assert ask(f"""
        select item, value_published::double / {YI}, value_now::double / {YI}
        from metrics.revised_since_edition where move = 'revised' and {levels} order by item
    """) == [
        ("primary", 91413.9, 91635.8),
        ("secondary", 492087.1, 490305.4),
        ("tertiary", 765582.5, 766124.9),
        ("total", 1349083.5, 1348066.2),
    ]  # fmt: skip
    assert ask(f"""
        select item, value_published::double / {YI}, value_given::double / {YI}
        from metrics.waiting_revision where zone = '330000' and measure = 'value' order by item
    """) == [
        ("gdp/ytd", 82553, 85620),
        ("va_primary/ytd", 2332, None),
        ("va_secondary/ytd", 33953, None),
        ("va_tertiary/ytd", 46268, None),
    ]
    [(stands,)] = ask(
        f"select value::double / {YI} from staging.observation where zone = '330000' and period = '2023Q4' and indicator = 'gdp'"
    )
    assert stands == 82553, "with its sectors, until somebody decides otherwise"


def test_derived_quarters_of_china_lie_within_their_bounds_of_the_official_ones(
    ask: Callable[..., list[Any]],
) -> None:
    derived = {
        (period, indicator): rest
        for period, indicator, *rest in ask("""
            select period, indicator, value_quarter, value_quarter_bound, growth_quarter_real_derived_pct,
                growth_quarter_real_bound_pp
            from metrics.growth where zone = 'CN'
        """)
    }
    levels = growths = 0
    for row in csv.DictReader(OFFICIAL.open(encoding="utf-8")):
        place = row["period"], row["indicator"]
        value, bound, growth, growth_bound = derived[place]
        if printed := row["value_quarter_100m_cny"]:  # the bound, and the rounding of the printed
            assert abs(float(value) / YI - float(printed)) <= float(bound) / YI + 0.0501, place
            levels += 1
        if printed := row["growth_quarter_pct"]:
            assert abs(growth - float(printed)) <= growth_bound + 1e-9, place
            growths += 1
    assert (levels, growths) == (48, 33)


def printed_quarters(name: str) -> Iterator[tuple[str, str, float]]:
    """Line, quarter and 亿元 of what an export of the national site prints as quarters alone (当季值)."""
    with (RAW / "CN/history" / name).open(encoding="utf-8", newline="") as source:
        rows = list(csv.reader(source))
    heading = next(row for row in rows if row[0] == "指标")
    periods = [f"{text[:4]}Q{'一二三四'.index(text[6]) + 1}" for text in heading[1:]]
    for row in rows:
        if row[0].endswith("_当季值(亿元)"):
            for period, cell in zip(periods, row[1:], strict=True):
                if cell:
                    yield row[0].removesuffix("_当季值(亿元)"), period, float(cell)


def test_quarters_that_the_exports_print_are_the_differences_of_their_years_to_date(
    ask: Callable[..., list[Any]],
) -> None:
    """Where they were not, the cell would be asked about (VALUE-QUARTER). The newest export stands: its quarters are those
    of the views, line by line. The quarters alone of 2020Q4 to 2022Q1 are in tests/receive/test_history.py.
    """
    for name in ("gdp.r1.csv", "gdp.r8.csv", *(f"value_added_by_industry.r{n}.csv" for n in "12")):
        assert len(list(printed_quarters(name))) >= 52, name
    assert ask("select count(*) from ledger.finding where code = 'VALUE-QUARTER'") == [(0,)]
    derived = {
        (industry, period): float(value) / YI
        for industry, period, value in ask("""
            select industry, period, value_quarter from metrics.discrete_quarter
            where zone = 'CN' and indicator = 'value_added' and value_quarter is not null
        """)
    }
    lines = load_catalogue()["value_added_by_industry"].indicators
    industries = {line.title.zh: line.industry for line in lines if line.industry}
    compared = 0
    for line, period, printed in printed_quarters("value_added_by_industry.r2.csv"):
        if line in industries and period != "2021Q4":  # the quarter before that is not there
            place = industries[line], period
            assert derived[place] == pytest.approx(printed, abs=0.1501), place
            compared += 1
    assert compared == 12 * 17


def test_income_of_residents_is_the_sum_of_its_sources_in_every_quarter(
    ask: Callable[..., list[Any]],
) -> None:
    """As the office prints them, in whole yuan: 41 quarters, and growth that follows from the levels as printed."""
    levels = ask("""
        select sum(value) filter (indicator = 'income_residents'), sum(value) filter (indicator <> 'income_residents')
        from staging.observation
        where form = 'household' and indicator like 'income%' group by period
    """)
    assert len(levels) == 41
    assert all(abs(total - parts) <= 2 for total, parts in levels)
    growths = ask("""
        select growth_nominal_pct, growth_reported_pct, value from metrics.indicator_growth
        where form = 'household' and growth_nominal_pct is not null and growth_reported_pct is not null
    """)
    assert len(growths) > 280
    # half a digit of the growth, half a yuan now and a year before
    for computed, printed, value in growths:
        assert abs(computed - float(printed)) <= 0.05 + 110 / float(value), (computed, printed)


def test_the_revision_triangle_shows_the_vintages_with_their_dates(
    ask: Callable[..., list[Any]],
) -> None:
    known = ask("""
        select distinct known_from::date::varchar from metrics.revision_triangle
        where zone = 'CN' and indicator = 'gdp' order by all
    """)
    assert {day for (day,) in known} >= {
        *("2020-05-31", "2022-04-30", "2024-05-31", "2025-03-31", "2025-12-26", "2026-06-30"),
        *("2020-10-19", "2024-08-31", "2024-11-30"),
    }
    # 2021 as printed in April 2022, finally verified, and after the fifth economic census
    year = ask("""
        select known_from::date::varchar, round(value / 1e8, 1) from metrics.revision_triangle
        where zone = 'CN' and indicator = 'gdp' and period = '2021Q4' order by vintage
    """)
    assert [(day, float(value)) for day, value in year] == [
        ("2022-04-30", 1143669.7),
        ("2024-05-31", 1149237.0),
        ("2025-03-31", 1173823.0),
        ("2026-06-30", 1173823.0),
    ]
    [(n, mean)] = ask("""
        select figures, mean_revision from metrics.revision_quality
        where zone = 'CN' and indicator = 'gdp' and measure = 'value' and horizon = 'latest'
    """)
    assert n > 40
    assert 0.5 < mean < 2, "per cent: the census and the final verifications raised output"


def test_levels_before_the_census_are_linked_to_what_the_office_printed_later(
    ask: Callable[..., list[Any]],
) -> None:
    """The office's own back series after the census (as printed in July 2026), which `raw/` does not hold: it has no sectors."""
    linked = dict(
        ask("""
        select period, value_linked from metrics.linked_series where zone = 'CN' and indicator = 'gdp'
    """)
    )
    printed = {"2015Q4": 702511.5, "2017Q4": 847382.9, "2019Q4": 1005872.4, "2020Q1": 209671.1}
    for period, value in printed.items():
        assert float(linked[period]) / YI == pytest.approx(value, rel=0.003), period
    assert ask("""
        select distinct growth_flag from metrics.growth
        where zone = 'CN' and indicator = 'gdp' and period in ('2020Q3', '2020Q4', '2021Q1', '2021Q2')
    """) == [("break since a year earlier",)]


def test_growth_of_incomes_after_prices_is_what_the_office_prints(
    ask: Callable[..., list[Any]],
) -> None:
    """扣除价格因素的实际增长 of the statistical communiqués of 2022, 2023 and 2024."""
    printed = {
        ("income_residents", "2022Q4"): 2.9,
        ("income_residents", "2023Q4"): 6.1,
        ("income_residents", "2024Q4"): 5.1,
        ("consumption_residents", "2022Q4"): -0.2,
        ("consumption_residents", "2023Q4"): 9.0,
        ("consumption_residents", "2024Q4"): 5.1,
    }
    for (indicator, period), official in printed.items():
        [(real, bound)] = ask(
            """
            select growth_real_derived_pct, growth_real_bound_pp from metrics.deflated_growth
            where zone = 'CN' and indicator = ? and period = ?
            """,
            indicator,
            period,
        )
        assert 0 < bound < 0.15, "two figures printed to a tenth"
        assert real == pytest.approx(official, abs=0.05 + bound), (indicator, period)
