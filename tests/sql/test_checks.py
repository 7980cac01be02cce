"""sql/checks: each returns a row where the warehouse is wrong, and the build then stops with its words."""

from __future__ import annotations

import pytest

from flows import SQL_DIR
from flows.build import step as build

SECTORS = {"primary": (10, 5), "secondary": (40, 5), "tertiary": (50, 5), "total": (100, 5)}


def break_ledger_adds_up(given):
    given.submission("gdp", "2022Q3", rows_read=4, rows_accepted=2, rows_held=1)


def break_observation_has_a_source(given):
    given.figure(given.submission("gdp", "2022Q3", status="rejected"), "gdp", 1)


def break_observation_is_unique(given):
    submission = given.submission("gdp", "2022Q3")
    given.figure(submission, "gdp", 1)
    given.figure(submission, "gdp", 2)


def break_nation_is_one(given):
    given.con.execute("update ref.zone set kind = 'nation' where zone = '150571'")


def break_shares_add_up(given):
    # the view cannot give such shares from any rows: a mistake in it is what the check is for
    given.con.execute("""
        create or replace view metrics.sector_growth as
        select 'Z1' as zone, '2022Q3' as period, unnest(['primary', 'secondary', 'tertiary']) as sector, 33.3 as share_pct
    """)


def break_adjusted_years_add_up(given):
    for quarter in range(1, 5):
        given.row(
            "derived.seasonal_adjustment",
            zone="Z1",
            period=f"2022Q{quarter}",
            value_quarter=100,
            value_adjusted=100.1,
            series_hash="h",
        )


def break_series_break_is_sound(given):
    given.row(
        "ref.series_break",
        zone="Z1",
        indicator="gdp",
        period="2022",
        break_kind="census",
        note_zh="普查",
    )


BREAKERS = {
    name.removeprefix("break_"): make
    for name, make in list(globals().items())
    if name.startswith("break_")
}
CHECKS = sorted(path.stem for path in (SQL_DIR / "checks").glob("*.sql"))


def test_an_empty_and_a_sound_warehouse_pass(given):
    build._audit(given.con)
    given.gdp("2022Q3", SECTORS, rows_read=4, rows_accepted=4)
    build._audit(given.con)


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_stops_the_build_and_says_why(given, name):
    assert name in BREAKERS, f"sql/checks/{name}.sql has no example here that breaks it"
    BREAKERS[name](given)
    with pytest.raises(build.BuildError) as stopped:
        build._audit(given.con)
    title = build.open_relation(SQL_DIR / "checks" / f"{name}.sql").title_en
    assert str(stopped.value).startswith(f"checks.{name}: {title} Not so for [(")
