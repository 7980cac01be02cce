"""metrics.disclosure and public.enterprise_industry: nothing withheld can be worked out from what is shown.

The adversary is a linear programme: it knows every figure shown, that the figures of a level add up to
their parents, that a section is the sum of its divisions, that none is negative, and nothing else.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.sql.enterprises import many, quick_plans, register  # noqa: F401 - a fixture

MODEST = settings(
    max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
PROTECTION = 0.10
DIVISIONS = (
    "01",
    "02",
    "05",
    "06",
    "11",
    "13",
    "26",
    "27",
    "39",
    "43",
    "44",
    "47",
    "51",
    "52",
    "65",
)
Key = tuple[str, str, str]


def shown(
    warehouse: Any, variable: str = "revenue_ytd_cny", period: str = "2022Q3"
) -> dict[Key, Decimal | None]:
    """What the public sees of one variable: the figure of each cell, None where it is withheld."""
    where = f"variable = '{variable}' and period = '{period}'"
    rows = warehouse.rows(
        "public.enterprise_industry", "level, industry, sector, value, conf_status", where
    )
    assert all((value is None) == (status == "C") for *_, value, status in rows)
    return {(level, industry, sector): value for level, industry, sector, value, _ in rows}


def truth(warehouse: Any, variable: str = "revenue_ytd_cny") -> dict[Key, tuple[float, bool]]:
    """What is so: value of each cell, and whether the cell is withheld for its own sake."""
    rows = warehouse.rows(
        "metrics.disclosure",
        "level, industry, sector, value, is_primary",
        f"variable = '{variable}'",
    )
    return {
        (level, industry, sector): (float(value), primary)
        for level, industry, sector, value, primary in rows
    }


def equations(warehouse: Any, cells: list[Key]) -> list[tuple[Key, list[Key]]]:
    """Each sum that a reader knows to hold: a cell and the cells that make it up, from the classification alone."""
    section = dict(
        warehouse.con.execute(
            "select code, section from ref.industry where level = 'division'"
        ).fetchall()
    )
    found: list[tuple[Key, list[Key]]] = []
    for cell in cells:
        level, industry, sector = cell
        parts = {
            "total": [c for c in cells if c[0] == "sector"],
            "sector": [c for c in cells if c[0] == "sector_section" and c[2] == industry],
            "sector_section": [
                c
                for c in cells
                if c[0] == "division" and section[c[1]] == industry and c[2] == sector
            ],
            "section": [c for c in cells if c[0] == "division" and section[c[1]] == industry],
        }.get(level, [])
        if parts:
            found.append((cell, parts))
    return found


def bounds_of(warehouse: Any, variable: str = "revenue_ytd_cny") -> dict[Key, tuple[float, float]]:
    """The least and the greatest that each withheld cell can be, as far as a linear programme can tell."""
    public = shown(warehouse, variable)
    cells = list(public)
    place = {cell: n for n, cell in enumerate(cells)}
    rows, right = [], []
    for cell, parts in equations(warehouse, cells):
        row = np.zeros(len(cells))
        row[place[cell]] = -1
        row[[place[p] for p in parts]] = 1
        rows.append(row)
        right.append(0.0)
    scale = max([float(v) for v in public.values() if v is not None], default=1.0) or 1.0
    known = [
        (float(v) / scale, float(v) / scale) if v is not None else (0.0, None)
        for v in public.values()
    ]
    found = {}
    for cell, value in public.items():
        if value is None:
            ends = []
            for sign in (1, -1):
                goal = np.zeros(len(cells))
                goal[place[cell]] = sign
                result = linprog(
                    goal,
                    A_eq=np.array(rows) if rows else None,
                    b_eq=right or None,
                    bounds=known,
                    method="highs",
                )
                assert result.status in (0, 3), result.message
                ends.append(np.inf if result.status == 3 else abs(result.fun) * scale)
            found[cell] = (ends[0], ends[1])
    return found


# --- by hand ----------------------------------------------------------------------------------


def test_two_enterprises_are_too_few_and_the_smallest_sibling_goes_with_them(given):
    register(
        given,
        "2022Q3",
        [
            *many(2, "26", 50, "a"),
            *many(4, "27", 100, "b"),
            *many(4, "13", 30, "c"),
            *many(4, "39", 80, "d"),
        ],
    )
    public = shown(given)
    assert public["division", "26", "secondary"] is None, "two enterprises"
    assert public["division", "13", "secondary"] is None, (
        "the least of the others, 120 of 400, 320 and 120"
    )
    assert public["division", "27", "secondary"] == 400
    assert public["division", "39", "secondary"] == 320
    assert (
        public["section", "C", "secondary"]
        == public["sector", "secondary", "secondary"]
        == public["total", "total", "total"]
        == 940
    )
    reasons = dict(
        given.rows(
            "metrics.disclosure",
            "industry, withheld_reason",
            "level = 'division' and variable = 'revenue_ytd_cny'",
        )
    )
    assert reasons == {"26": "primary", "13": "secondary", "27": None, "39": None}


def test_one_that_dominates_is_withheld_though_many_report(given):
    register(
        given,
        "2022Q3",
        [
            {"name": "big", "industry": "26", "revenue_ytd_cny": 860},
            *many(14, "26", 10, "a"),
            *many(9, "27", 90, "b"),
        ],
    )
    assert shown(given)["division", "26", "secondary"] is None, "86 % are one enterprise's"
    assert given.rows(
        "metrics.disclosure", "is_primary", "industry = '26' and variable = 'revenue_ytd_cny'"
    ) == [(True,)]


def test_85_per_cent_exactly_is_not_yet_dominance(given):
    register(
        given,
        "2022Q3",
        [{"name": "big", "industry": "26", "revenue_ytd_cny": 850}, *many(15, "26", 10, "a")],
    )
    assert shown(given)["division", "26", "secondary"] == 1000


def test_the_second_largest_could_work_out_the_largest(given):
    """1000 − 600 − 345 = 55 is less than 10 % of 600."""
    register(
        given,
        "2022Q3",
        [
            {"name": "x1", "industry": "26", "revenue_ytd_cny": 600},
            {"name": "x2", "industry": "26", "revenue_ytd_cny": 345},
            *many(11, "26", 5, "a"),
            *many(6, "27", 300, "b"),
        ],
    )
    assert shown(given)["division", "26", "secondary"] is None


def test_losses_count_by_their_size(given):
    """Profits of 100, −98 and −1 add to 1: by absolute value two enterprises are nearly all of it."""
    register(
        given,
        "2022Q3",
        [
            {"name": n, "industry": "26", "profit_ytd_cny": p}
            for n, p in (("a", 100), ("b", -98), ("c", -1))
        ],
    )
    assert shown(given, "profit_ytd_cny") == dict.fromkeys(shown(given, "profit_ytd_cny"))


def test_nothing_below_a_withheld_cell_is_shown(given):
    """Section E is withheld with D, and its division, which is safe, with it: D would follow from the sector."""
    register(
        given,
        "2022Q3",
        [*many(1, "44", 100, "a"), *many(5, "47", 60, "b"), *many(30, "26", 100, "c")],
    )
    public = shown(given)
    assert (
        public["section", "D", "secondary"]
        is public["section", "E", "secondary"]
        is public["division", "47", "secondary"]
        is None
    )
    assert public["division", "26", "secondary"] == 3000
    [(reason,)] = given.rows(
        "metrics.disclosure", "withheld_reason", "industry = '47' and variable = 'revenue_ytd_cny'"
    )
    assert reason == "within a withheld cell"


def test_a_section_in_two_sectors_does_not_give_away_its_part(given):
    """Section C less its part in the secondary sector would be division 43."""
    register(
        given,
        "2022Q3",
        [
            *many(1, "43", 40, "a"),
            *many(9, "26", 100, "b"),
            *many(9, "51", 50, "c"),
            *many(9, "65", 90, "d"),
        ],
    )
    public = shown(given)
    assert ("section", "C", "several") not in public, "it is its parts, as far as they are shown"
    assert public["sector_section", "C", "secondary"] == 900
    assert public["sector_section", "C", "tertiary"] is public["division", "43", "tertiary"] is None
    assert public["section", "F", "tertiary"] is None, "the smaller of F and I goes with it"
    assert public["section", "I", "tertiary"] == 810


def test_a_zone_with_two_enterprises_shows_nothing(given):
    register(given, "2022Q3", many(2, "26", 100))
    for variable in ("revenue_ytd_cny", "enterprises"):
        public = shown(given, variable)
        assert len(public) == 5
        assert set(public.values()) == {None}


def test_each_variable_is_judged_on_its_own(given):
    """All five have revenue, one alone does research."""
    rows = many(5, "26", 100)
    register(
        given, "2022Q3", [row | {"rnd_ytd_cny": 40 if row["name"] == "m0" else 0} for row in rows]
    )
    assert shown(given)["division", "26", "secondary"] == 500
    assert set(shown(given, "rnd_ytd_cny").values()) == {None}
    assert shown(given, "enterprises")["division", "26", "secondary"] == 5


def test_a_sum_of_zeros_tells_that_each_is_zero(given):
    register(given, "2022Q3", many(5, "26", 0))
    assert set(shown(given).values()) == {None}


def test_growth_and_the_quarter_are_of_figures_that_are_shown(given):
    """Q2: 3 enterprises of 100. Q3: of 150. A year before, 2 enterprises: the base is withheld."""
    register(given, "2021Q3", many(2, "26", 90))
    register(given, "2022Q2", many(3, "26", 100))
    register(given, "2022Q3", many(3, "26", 150))
    register(given, "2023Q3", many(3, "26", 180))
    columns = "period, value, growth_pct, value_quarter, growth_reason, quarter_reason, conf_status, obs_status"
    assert given.rows(
        "public.enterprise_industry", columns, "level = 'division' and variable = 'revenue_ytd_cny'"
    ) == [
        ("2021Q3", None, None, None, "withheld", "withheld", "C", "Q"),
        ("2022Q2", 300, None, None, "no base", "no prior YTD", "F", "A"),
        ("2022Q3", 450, None, 150, "the base is withheld", None, "F", "A"),
        ("2023Q3", 540, pytest.approx(20), None, None, "no prior YTD", "F", "A"),
    ]


def test_figures_of_the_office_alone_are_not_in_it(given):
    submission = given.submission("key_projects", "2022Q3")
    for indicator, value in (("key_projects", 63), ("chp_units_planned", 2)):
        given.figure(submission, indicator, value, decimals=0)
    assert given.rows("public.indicator", "indicator") == [("key_projects",)]


# --- whatever the register ---------------------------------------------------------------------

revenues = st.one_of(
    st.integers(min_value=1, max_value=50), st.integers(min_value=1, max_value=100_000), st.just(0)
)
registers = st.lists(
    st.tuples(st.sampled_from(DIVISIONS), st.lists(revenues, min_size=1, max_size=6)),
    min_size=1,
    max_size=12,
    unique_by=lambda cell: cell[0],
)


def give(warehouse: Any, cells: list[tuple[str, list[int]]]) -> None:
    register(
        warehouse,
        "2022Q3",
        [
            {"name": f"{division}-{n}", "industry": division, "revenue_ytd_cny": value}
            for division, values in cells
            for n, value in enumerate(values)
        ],
    )


@pytest.mark.torture
@MODEST
@given(cells=registers)
def test_a_linear_programme_cannot_recover_what_is_withheld(momentary, cells):
    """A cell withheld for its own sake can be 10 % more or less than it is; no withheld cell is settled."""
    with momentary() as warehouse:
        give(warehouse, cells)
        for variable in ("revenue_ytd_cny", "enterprises"):
            so = truth(warehouse, variable)
            for cell, (least, greatest) in bounds_of(warehouse, variable).items():
                value, is_primary = so[cell]
                slack = 1e-6 * max(1.0, value)
                assert least <= value + slack and greatest >= value - slack, "the truth is possible"
                assert greatest - least > slack, f"{cell} is settled: {value}"
                if is_primary:
                    assert greatest >= value * (1 + PROTECTION) - slack, (
                        f"{cell}: {value} is at most {greatest}"
                    )
                    assert least <= value * (1 - PROTECTION) + slack, (
                        f"{cell}: {value} is at least {least}"
                    )


@pytest.mark.torture
@MODEST
@given(cells=registers)
def test_what_is_withheld_of_a_shown_cell_is_itself_safe(momentary, cells):
    """What a reader can subtract, a shown cell less its shown parts, is a sum that the primary rule lets pass."""
    members = dict(cells)
    with momentary() as warehouse:
        give(warehouse, cells)
        public = shown(warehouse)
        section = dict(
            warehouse.con.execute(
                "select code, section from ref.industry where level = 'division'"
            ).fetchall()
        )
        sector = dict(
            warehouse.con.execute(
                "select code, sector from ref.industry where level = 'division'"
            ).fetchall()
        )

        def within(cell: Key) -> set[str]:
            level, industry, of = cell
            return {
                d
                for d in members
                if level == "total"
                or (level == "sector" and sector[d] == industry)
                or (level == "division" and d == industry)
                or (level == "sector_section" and section[d] == industry and sector[d] == of)
                or (level == "section" and section[d] == industry)
            }

        for cell, parts in equations(warehouse, list(public)):
            if public[cell] is not None and (hidden := [p for p in parts if public[p] is None]):
                values = sorted(
                    (v for p in hidden for d in within(p) for v in members[d]), reverse=True
                )
                total, first, second = sum(values), values[0], (*values, 0)[1]
                assert (
                    len(values) >= 3
                    and first <= 0.85 * total
                    and total - first - second >= 0.1 * first - 1e-9
                ), (cell, hidden, values)


@pytest.mark.torture
@MODEST
@given(cells=registers)
def test_what_is_shown_is_the_truth_and_enough_is_shown(momentary, cells):
    with momentary() as warehouse:
        give(warehouse, cells)
        so, public = truth(warehouse), shown(warehouse)
        wholes = {("section", industry, "several") for industry in "ABC"}
        assert set(public) <= set(so) and set(so) - set(public) <= wholes
        assert all(float(v) == so[c][0] for c, v in public.items() if v is not None)
        if not any(primary for _, primary in so.values()):
            assert None not in public.values(), "nothing is withheld without a reason"
            assert set(so) == set(public)


def test_an_attacker_would_succeed_without_the_complement(given):
    """The linear programme is no straw man: with the primary cell alone withheld it finds its value."""
    register(
        given,
        "2022Q3",
        [*many(2, "26", 50, "a"), *many(4, "27", 100, "b"), *many(4, "13", 30, "c")],
    )
    cells = {"26": (0, None), "27": (400, 400), "13": (120, 120)}
    ends = [
        linprog([s, 0, 0], A_eq=[[1, 1, 1]], b_eq=[620], bounds=list(cells.values())).fun * s
        for s in (1, -1)
    ]
    assert ends == [pytest.approx(100), pytest.approx(100)]
    least, greatest = bounds_of(given)["division", "26", "secondary"]
    assert (least, greatest) == (pytest.approx(0), pytest.approx(220))


def test_the_parameters_are_in_the_catalogue(given):
    rows = dict(given.rows("ref.disclosure_parameter", "parameter, parameter_value"))
    assert rows == {
        "least_enterprises": 3,
        "dominance_pct": 85,
        "protection_pct": 10,
        "coalition_enterprises": 1,
    }
    assert all(a <= b for a, b in pairwise(sorted(rows)))
