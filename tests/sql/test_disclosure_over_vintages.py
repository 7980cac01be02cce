"""public.enterprise_industry before and after a register is revised: nothing withheld is known from both together.

The attacker has every copy that was ever published, and knows which divisions were corrected and which were not.
"""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

from tests.sql.attacker import Print, attack_prints, published, sections
from tests.sql.enterprises import many, quick_plans, register  # noqa: F401 - a fixture
from tests.sql.test_disclosure_over_time import DIVISIONS, REVENUE, judge, shown

SEEDS = 60 if os.environ.get("JIBAO_DISCLOSURE_LONG") else 8
OTHERS = [*many(4, "27", 100, "b"), *many(4, "13", 30, "c"), *many(4, "39", 80, "d")]
# what is said of a quarter that a revision leaves out
TELLS = "a revision that tells of what is withheld"


def revise(given: Any, enterprises: list[dict[str, Any]], revision: int = 2, **more: Any) -> None:
    register(given, more.pop("period", "2022Q3"), enterprises, revision=revision, **more)


def judge_prints(given: Any, prints: list[Print], never_falls: bool = False) -> int:
    found = attack_prints(prints, sections(given), REVENUE, never_falls)
    judge(found, strict=True)
    return len(found)


# --- by hand ----------------------------------------------------------------------------------


def test_two_that_became_four_stay_withheld(given):
    """Shown, the 120 of 13 would give the 100 of 26 as it was: the attacker of the old rule did that sum."""
    two, four = many(2, "26", 50, "a"), many(4, "26", 50, "a")
    register(given, "2022Q3", [*two, *OTHERS])
    before = published(given, REVENUE)
    revise(given, [*four, *OTHERS])
    assert shown(given, "26") == shown(given, "13") == {"2022Q3": None}
    assert shown(given, "27") == {"2022Q3": 400}
    assert given.rows(
        "public.enterprise_industry", "value", f"level = 'total' and variable = '{REVENUE}'"
    ) == [(1040,)]
    reasons = "metrics.disclosure", "withheld_reason", f"industry = '26' and variable = '{REVENUE}'"
    assert given.rows(*reasons) == [("withheld before the revision",)]
    assert judge_prints(given, [before, published(given, REVENUE)]) == 3


@pytest.mark.parametrize("is_there", [True, False], ids=["comes", "goes"])
def test_an_industry_of_one_that_comes_or_goes_is_the_difference_of_all_sums(given, is_there):
    """Every sum of the later print less that of the earlier one would be its 70; so the later one is left out."""
    one, standing = many(1, "26", 70, "a"), [*many(2, "51", 90, "e"), *many(4, "65", 90, "f")]
    prints = [[*OTHERS, *standing], [*one, *OTHERS, *standing]]
    register(given, "2022Q3", prints[0 if is_there else 1])
    before = published(given, REVENUE)
    revise(given, prints[1 if is_there else 0])
    now = published(given, REVENUE)
    assert any(v is not None for v, *_ in before.figures.values())
    assert all(v is None for v, *_ in now.figures.values())
    assert (TELLS,) in given.rows("metrics.disclosure", "withheld_reason", "level = 'total'")
    assert judge_prints(given, [before, now]) > 2


def test_a_correction_of_many_is_shown_under_the_pattern_of_the_first(given):
    """The least sibling is another now, and which is withheld is not: else both prints together show all."""
    register(given, "2022Q3", [*many(2, "26", 50, "a"), *OTHERS])
    before = published(given, REVENUE)
    corrected = [e | {REVENUE: e[REVENUE] + 60} if e["industry"] == "13" else e for e in OTHERS]
    revise(given, [*many(2, "26", 55, "a"), *corrected])
    assert shown(given, "13") == {"2022Q3": None}
    assert (shown(given, "27"), shown(given, "39")) == ({"2022Q3": 400}, {"2022Q3": 320})
    assert judge_prints(given, [before, published(given, REVENUE)]) == 4


def test_a_later_quarter_is_decided_with_what_both_prints_of_the_earlier_one_showed(given):
    """Division 26 is shown for the first half-year and withheld for three quarters. A revision of the half-year that
    is known before the third quarter's register counts for it; one that comes after may not raise what that withholds.
    """
    half = [*many(3, "26", 60, "a"), *many(4, "27", 200, "b"), *many(4, "13", 60, "c")]
    third = [*many(2, "26", 100, "a"), *many(4, "27", 300, "b"), *many(4, "13", 90, "c")]
    register(given, "2022Q2", half, received_at="2022-07-10")
    register(given, "2022Q3", third, received_at="2022-10-10")
    before = published(given, REVENUE)
    assert shown(given, "26") == {"2022Q2": 180, "2022Q3": None}
    raised = [e | {REVENUE: e[REVENUE] + 5} if e["industry"] == "26" else e for e in half]
    revise(given, raised, period="2022Q2", received_at="2022-11-10")
    now = published(given, REVENUE)
    assert shown(given, "26") == {"2022Q2": None, "2022Q3": None}, "195 would be the least of 200"
    third_quarter = {c: v for c, v in before.figures.items() if c.period == "2022Q3"}
    assert {c: v[0] for c, v in third_quarter.items()} == {
        c: v[0] for c, v in now.figures.items() if c.period == "2022Q3"
    }, "what was published of the third quarter is what it was"
    judge_prints(given, [before, now])


# --- by linear programme ----------------------------------------------------------------------


def test_an_attacker_would_succeed_if_the_later_print_were_judged_alone(given):
    """No straw man: from two prints, each safe by itself, he finds the 100 of two enterprises."""
    register(given, "2022Q3", [*many(2, "26", 50, "a"), *OTHERS])
    before = published(given, REVENUE)
    given.con.execute("delete from ledger.submission")
    given.con.execute("delete from core.enterprise_quarter")
    register(given, "2022Q3", [*many(4, "26", 50, "a"), *OTHERS])
    found = attack_prints([before, published(given, REVENUE)], sections(given), REVENUE, True)
    assert any(b.truth == 100 and b.is_recovered(0.10) for b in found.values())


def give_prints(given: Any, seed: int, periods: tuple[str, ...], divisions: int) -> list[Print]:
    """Registers of a year, of which some are revised: enterprises are corrected, come, go or move to another industry."""
    chance = random.Random(seed)
    picked = chance.sample(DIVISIONS, divisions)
    panel = [
        {"name": f"{d}-{n}", "industry": d, REVENUE: 0.0, "pace": chance.choice((1, 5, 20, 100))}
        for d in picked
        for n in range(chance.choice((1, 2, 3, 4, 6)))
    ]
    prints: list[Print] = []

    def send(period: str, day: int, revision: int, lines: list[dict[str, Any]]) -> None:
        month = min(3 * int(period[5]), 11) + 1
        register(
            given,
            period,
            [{k: v for k, v in e.items() if k != "pace"} for e in lines],
            revision=revision,
            received_at=f"2022-{month:02}-{day:02}",
        )
        prints.append(published(given, REVENUE))

    sent: dict[str, list[dict[str, Any]]] = {}
    for period in periods:
        for e in panel:
            e[REVENUE] = round(e[REVENUE] + e["pace"] * chance.choice((0.1, 1, 1, 1, 3)), 2)
        sent[period] = [dict(e) for e in panel]
        send(period, 5, 1, sent[period])
        for day in range(6, 6 + chance.choice((0, 1, 2))):
            revised = chance.choice(list(sent))  # of this quarter or of one before
            lines = [dict(e) for e in sent[revised]]
            for e in chance.sample(lines, chance.randint(1, max(1, len(lines) // 2))):
                what = chance.choice(("more", "more", "less", "goes", "moves"))
                if what == "goes" and len(lines) > 1:
                    lines.remove(e)
                elif what == "moves":
                    e["industry"] = chance.choice(picked)
                else:
                    e[REVENUE] = round(e[REVENUE] * (0.7 if what == "less" else 1.4), 2)
            sent[revised] = lines
            month = min(3 * int(period[5]), 11) + 1
            register(
                given,
                revised,
                [{k: v for k, v in e.items() if k != "pace"} for e in lines],
                revision=day - 4,
                received_at=f"2022-{month:02}-{day:02}",
            )
            prints.append(published(given, REVENUE))
    return prints


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(SEEDS))
def test_nothing_withheld_is_known_from_the_prints_of_many_registers(given, seed):
    periods = ("2022Q1", "2022Q2", "2022Q3", "2022Q4")[: 2 + seed % 3]
    prints = give_prints(given, 1000 + seed, periods, 3 + seed % 6)
    judge_prints(given, prints, never_falls=True)
