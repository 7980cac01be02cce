"""public.enterprise_industry over all quarters and years together: no withheld cell is known to within 10 %.

Each quarter by itself: `test_disclosure.py`. The attacker: `attacker.py`.
"""

from __future__ import annotations

import itertools
import os
import random
from typing import Any

import duckdb
import pytest

from flows import SQL_DIR
from flows.forms.catalogue import load_catalogue
from tests.sql.attacker import (
    FAR,
    KNOWN,
    Bounds,
    Cell,
    Programme,
    attack,
    figures_in,
    learn,
    published,
    sections,
    truth,
)
from tests.sql.enterprises import many, quick_plans, register  # noqa: F401 - a fixture

PROTECTION = 0.10
SEEDS = 30 if os.environ.get("JIBAO_DISCLOSURE_LONG") else 6
PERIODS = tuple(f"{year}Q{quarter}" for year in (2021, 2022) for quarter in (1, 2, 3, 4))
DIVISIONS = ("01", "05", "13", "26", "27", "39", "43", "44", "47", "51", "65")
REVENUE = "revenue_ytd_cny"


def give_years(
    warehouse: Any, seed: int, periods: tuple[str, ...], divisions: int, is_panel: bool
) -> None:
    """Registers of some divisions with few enterprises each: some come later, some stand idle for a quarter, some grow
    out of all proportion; where it is no panel, some go again.
    """
    chance = random.Random(seed)
    enterprises = [
        {
            "name": f"{division}-{n}",
            "industry": division,
            "from": chance.choice((0, 0, 0, 1, 2, 3)),
            "pace": chance.choice((1, 5, 20, 100, 1000)) * chance.uniform(0.5, 2),
        }
        for division in chance.sample(DIVISIONS, divisions)
        for n in range(chance.choice((1, 2, 3, 3, 4, 6, 9)))
    ]
    total: dict[str, float] = {}
    for at, period in enumerate(periods):
        if period.endswith("1"):
            total = {}
        there = [
            e
            for e in enterprises
            if at >= e["from"] and (is_panel or chance.random() > 0.1 or period.endswith("1"))
        ]
        for e in there:
            grown = e["pace"] * chance.choice((0.02, 0.5, 1, 1, 1, 1, 8))
            total[e["name"]] = total.get(e["name"], 0) + round(grown, 2)
        register(
            warehouse,
            period,
            [
                {"name": e["name"], "industry": e["industry"], REVENUE: round(total[e["name"]], 2)}
                for e in there
            ],
        )


def judge(found: dict[Cell, Bounds], strict: bool) -> None:
    """Nothing is recovered; what is withheld for its own sake can be greater by 10 %, and nothing is settled."""
    for cell, known in found.items():
        slack = 1e-6 * max(1.0, known.truth)
        assert known.least <= known.truth + slack and known.greatest >= known.truth - slack, (
            "the truth is possible"
        )
        assert known.greatest - known.least > slack, f"{cell} is settled: {known}"
        if strict:
            assert not known.is_recovered(PROTECTION), f"{cell}: {known}"
        if known.is_primary:
            assert known.greatest >= known.truth * (1 + PROTECTION) - slack, f"{cell}: {known}"


def shown(warehouse: Any, industry: str) -> dict[str, float | None]:
    """By quarter, what the public sees of the revenue of a division."""
    return dict(
        warehouse.rows(
            "public.enterprise_industry",
            "period, value",
            f"level = 'division' and industry = '{industry}' and variable = '{REVENUE}'",
        )
    )


def growing(number: int, industry: str, quarter: int, amount: float) -> list[dict[str, Any]]:
    """So many enterprises that earn as much in each quarter of the year."""
    return many(number, industry, amount * quarter, industry)


# --- by hand ----------------------------------------------------------------------------------


def test_what_was_withheld_stays_withheld_until_the_year_is_over(given):
    """Division 26 has two enterprises in the first half-year and four from the third quarter on."""
    for period, number in (("2021Q2", 2), ("2021Q3", 4), ("2021Q4", 4), ("2022Q1", 4)):
        quarter = int(period[5])
        others = [*growing(4, "27", quarter, 100), *growing(4, "13", quarter, 30)]
        register(given, period, [*growing(number, "26", quarter, 50), *others])
    assert shown(given, "26") == {"2021Q2": None, "2021Q3": None, "2021Q4": None, "2022Q1": 200}
    assert shown(given, "13") == {"2021Q2": None, "2021Q3": None, "2021Q4": None, "2022Q1": 120}
    assert shown(given, "27") == {"2021Q2": 800, "2021Q3": 1200, "2021Q4": 1600, "2022Q1": 400}
    reasons = given.rows(
        "metrics.disclosure",
        "period, withheld_reason",
        f"industry = '26' and variable = '{REVENUE}'",
    )
    earlier = "withheld earlier in the year"
    assert reasons == [
        ("2021Q2", "primary"),
        ("2021Q3", earlier),
        ("2021Q4", earlier),
        ("2022Q1", None),
    ]


def test_one_that_stood_idle_does_not_hide_another(given):
    """Division 13, the least, earned 3 % more since it was shown: with it, 26 would be known to within 4 of 300."""
    for quarter, two, idle in ((2, 3, 120), (3, 2, 124)):
        register(
            given,
            f"2022Q{quarter}",
            [
                *growing(two, "26", quarter, 50),
                *many(4, "13", idle / 4, "13"),
                *growing(4, "27", quarter, 100),
                *growing(4, "39", quarter, 120),
            ],
        )
    assert shown(given, "13")["2022Q3"] == 124
    assert shown(given, "26")["2022Q3"] is shown(given, "27")["2022Q3"] is None
    assert shown(given, "26")["2022Q2"] == 300


def test_a_section_that_is_all_that_is_withheld_is_shown(given):
    """01 and 05 lie in two sectors and are withheld together; both are section A, the total less the secondary sector."""
    register(
        given,
        "2022Q3",
        [*many(1, "01", 40, "a"), *many(2, "05", 35, "b"), *many(9, "26", 100, "c")],
    )
    where = f"variable = '{REVENUE}' and period = '2022Q3'"
    seen = {
        (level, industry): value
        for level, industry, value in given.rows(
            "public.enterprise_industry", "level, industry, value", where
        )
    }
    assert seen["section", "A"] == 110 == seen["total", "total"] - seen["sector", "secondary"]
    assert seen["division", "01"] is seen["division", "05"] is None


@pytest.mark.parametrize(
    ("coalition", "is_shown"), [(1, True), (2, True), (3, False)], ids=["alone", "two", "three"]
)
def test_a_coalition_of_so_many_is_guarded_against(given, coalition, is_shown):
    """400, 300, 200, 80 and 20: without the two largest 300 is left, without three 100, and without four 20, less than
    10 % of 400.
    """
    given.con.execute(
        "update ref.disclosure_parameter set parameter_value = ? where parameter = 'coalition_enterprises'",
        [coalition],
    )
    enterprises = [
        {"name": f"e{n}", "industry": "26", REVENUE: revenue}
        for n, revenue in enumerate((400, 300, 200, 80, 20))
    ]
    register(given, "2022Q3", enterprises)
    assert shown(given, "26") == {"2022Q3": 1000 if is_shown else None}


def test_a_coalition_that_a_cell_does_not_know_is_refused(given):
    given.con.execute(
        "update ref.disclosure_parameter set parameter_value = 4 where parameter = 'coalition_enterprises'"
    )
    register(given, "2022Q3", many(5, "26", 10))
    with pytest.raises(duckdb.Error, match="coalition_enterprises: 1, 2 or 3"):
        shown(given, "26")


# --- by linear programme ----------------------------------------------------------------------


def test_the_attacker_would_succeed_against_a_quarter_alone():
    """No straw man: of a cell that is shown before and after, and of one whose growth is told, he finds the value."""
    quarters = [Cell(f"2022Q{q}", "division", "26", "secondary") for q in (2, 3, 4)]
    programme = Programme([*quarters, quarters[0]._replace(period="2021Q2")])
    programme.know(quarters[0], 98)
    programme.know(quarters[2], 102)
    programme.at_most += [([(a, 1.0), (b, -1.0)], 0.0) for a, b in itertools.pairwise(quarters)]
    [(least, greatest)] = programme.solve([quarters[1]], 1.0).values()
    assert (least, greatest) == (98, 102)
    assert Bounds(least, greatest, 100, True).is_recovered(PROTECTION)


def test_the_attacker_knows_every_figure_of_the_public_view(built):
    """A column or a view that is added to the public's copy has to be added to what he knows."""
    columns = built.execute(
        "select column_name, data_type from duckdb_columns() where schema_name = 'public' and "
        "table_name = 'enterprise_industry'"
    ).fetchall()
    assert figures_in(columns) == KNOWN
    views = built.execute(
        "select view_name from duckdb_views() where schema_name = 'public' order by 1"
    )
    assert [v for (v,) in views.fetchall()] == [
        "enterprise_industry",
        "headline",
        "indicator",
        "sector_growth",
    ]


def test_no_sum_of_a_form_gives_a_confidential_indicator_away():
    """Figures of the office alone stand in no identity between indicators, by which others would give them."""
    confidential = (SQL_DIR / "reference" / "confidential_indicator.csv").read_text("utf-8")
    codes = [line.split(",")[0] for line in confidential.splitlines()[1:]]
    assert codes
    for form in load_catalogue().values():
        for rule in form.rules:
            said = f"{rule.good} {rule.show}"
            assert not any(code in said for code in codes), (form.code, rule.code)


def test_nothing_withheld_is_known_to_within_10_per_cent_from_all_quarters(momentary):
    with momentary() as warehouse:
        give_years(warehouse, 1, PERIODS[:4], 4, is_panel=True)
        found = attack(warehouse, REVENUE, never_falls=True)
        judge(found, strict=True)
    assert len(found) > 10


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(SEEDS))
def test_nothing_withheld_is_known_from_years_and_quarters_of_many_registers(momentary, seed):
    """Two years. Where enterprises leave, a year to date may fall, and the attacker cannot count on it."""
    is_panel = seed % 3 > 0
    with momentary() as warehouse:
        give_years(warehouse, 100 + seed, PERIODS, 4 + seed % 8, is_panel)
        for variable in (REVENUE, "enterprises"):
            judge(attack(warehouse, variable, never_falls=is_panel), strict=True)


@pytest.mark.torture
@pytest.mark.parametrize("seed", [100, 107, 129])
def test_tau_argus_finds_the_same_intervals(momentary, seed, tmp_path):
    """An auditor that is not ours: the audit of τ-ARGUS, where it is installed (`pip install pytauargus`)."""
    engine = pytest.importorskip("pytauargus._tauargus", reason="an option: pip install pytauargus")
    with momentary() as warehouse:
        give_years(warehouse, seed, PERIODS[:4], 4 + seed % 8, is_panel=True)
        so, ours = truth(warehouse, REVENUE), attack(warehouse, REVENUE, never_falls=True)
        known, _ = learn([published(warehouse, REVENUE)], sections(warehouse), REVENUE, True)
        known.write_jj(tmp_path / "table.jj", so)
    theirs = {row["cell"]: row for row in engine.audit_jj(str(tmp_path / "table.jj"))}
    assert len(ours) > 10
    for cell, bounds in ours.items():
        row = theirs[known.place[cell]]
        slack = 1e-4 * max(1.0, bounds.truth)
        assert row["min"] == pytest.approx(bounds.least, abs=slack), (cell, row, bounds)
        far = min(bounds.greatest, FAR)
        assert row["max"] == pytest.approx(far, abs=1e-4 * max(1.0, far)), (cell, row, bounds)


def test_what_was_published_of_a_quarter_is_not_altered_by_later_ones(momentary):
    """Whoever kept the copies of earlier quarters has nothing besides the newest one."""
    seen = []
    for periods in (PERIODS[:2], PERIODS[:4]):
        with momentary() as warehouse:
            give_years(warehouse, 7, periods, 5, is_panel=True)
            seen.append(
                warehouse.rows("public.enterprise_industry", "*", "period in ('2021Q1', '2021Q2')")
            )
    assert len(seen[0]) > 50 and seen[0] == seen[1]
