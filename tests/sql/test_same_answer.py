"""One question, one answer: no view's last digits depend on the order in which threads add.

`docs/methodology/figures.md#same-answer` says how each sum is taken. An answer is the number of rows and the sum of
their hashes: it sees every bit of a double and does not care for the order of rows.
"""

from __future__ import annotations

import decimal
import itertools
import math
import os
import random
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.synthetic.sets import Wanted, synthesize

_VIEWS = """
select schema_name || '.' || view_name from duckdb_views()
where schema_name in ('metrics', 'staging', 'public') order by all
"""
THREADS = (8, 2, 1)
READS = 51 if os.environ.get("JIBAO_ANSWERS_LONG") else 9  # of each view
Answer = tuple[int, int | None]


def answers(con: duckdb.DuckDBPyConnection, view: str, reads: int) -> set[Answer]:
    """The different answers of so many reads of a view, by 8, 2 and 1 threads in turn; an empty view is read once."""
    found: set[Answer] = set()
    # planned once: for most views that takes longer than reading them
    con.execute(f"prepare reading as select count(*), sum(hash(v)::hugeint) from {view} as v")
    for threads in itertools.islice(itertools.cycle(THREADS), reads):
        con.execute(f"set threads = {threads}")
        [answer] = con.execute("execute reading").fetchall()
        found.add(answer)
        if answer == (0, None):
            break
    return found


def wandering(path: Path, reads: int) -> tuple[dict[str, int], int]:
    """The views of a warehouse that give more than one answer, with how many they give; and how many views have rows."""
    with duckdb.connect(str(path), read_only=True) as con:
        views = [view for (view,) in con.execute(_VIEWS).fetchall()]
        assert len(views) > 60
        by_view = {view: answers(con, view, reads) for view in views}
    filled = sum(found != {(0, None)} for found in by_view.values())
    return {view: len(found) for view, found in by_view.items() if len(found) > 1}, filled


@pytest.fixture
def synthetic(run_quarter: Callable[..., Any], tmp_path: Path) -> Iterator[Path]:
    """The published file of a run over three made-up zones, six quarters and their enterprises."""
    wanted = Wanted(zones=3, quarters=6, enterprises=60, errors=0.01)
    synthesize(tmp_path / "raw", wanted)
    run_quarter(tmp_path / "raw", tmp_path / "warehouse")
    yield tmp_path / "warehouse" / "jibao.duckdb"


@pytest.mark.torture
def test_many_reads_of_every_view_give_one_answer(warehouse: Path) -> None:
    wander, filled = wandering(warehouse, READS)
    assert wander == {}
    assert filled > 30


@pytest.mark.torture
def test_many_reads_of_several_zones_and_their_enterprises_give_one_answer(
    synthetic: Path,
) -> None:
    wander, filled = wandering(synthetic, READS)
    assert wander == {}
    assert filled > 45


def exports_of(warehouse: Path) -> dict[str, bytes]:
    """Every CSV file that is published, by its path."""
    folder = warehouse / "published"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.csv")}


@pytest.mark.torture
def test_two_builds_of_raw_publish_the_same_bytes(
    run_quarter: Callable[..., Any], whole_warehouse: Any, tmp_path: Path
) -> None:
    shutil.copytree(whole_warehouse.raw, tmp_path / "raw")
    run_quarter(tmp_path / "raw", tmp_path / "warehouse")
    first, second = exports_of(whole_warehouse.folder), exports_of(tmp_path / "warehouse")
    assert len(first) > 50
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


@pytest.fixture
def amounts() -> list[float]:
    """Levels a year earlier as growth implies them: no order of adding these as doubles gives what another does."""
    digits = random.Random(15)
    return [
        round(digits.uniform(1e8, 1e12), 2) / (1 + digits.uniform(-5, 9) / 100) for _ in range(60)
    ]


def shuffled(amounts: list[float]) -> Iterator[list[float]]:
    for seed in range(20):
        order = amounts.copy()
        random.Random(seed).shuffle(order)
        yield order


def sums(given: Any, expression: str, amounts: list[float]) -> set[Any]:
    """What an aggregate of `amount` gives over the same amounts in twenty orders."""
    return {
        given.con.execute(
            f"select {expression} from (select unnest(?) as amount)", [order]
        ).fetchone()[0]
        for order in shuffled(amounts)
    }


def test_a_sum_of_addends_does_not_depend_on_their_order(given: Any, amounts: list[float]) -> None:
    assert len(sums(given, "sum(amount)", amounts)) > 1
    [exact] = sums(given, "sum(addend(amount))", amounts)
    assert float(exact) == pytest.approx(math.fsum(amounts), rel=1e-15)
    assert len(sums(given, "avg(addend(amount))", amounts)) == 1


def test_squares_of_enterprises_are_exact(given: Any, amounts: list[float]) -> None:
    cents = [round(a, 2) for a in amounts]
    expression = "gauge('revenue_ytd_cny', amount::decimal(18, 2), null, kept := 10).squares"
    with decimal.localcontext(prec=60):
        exact = sum(Decimal(str(a)) ** 2 for a in cents)
    assert sums(given, expression, cents) == {exact}


@pytest.mark.parametrize(
    ("amount", "addend"),
    [
        ("100 / 1.03::double", Decimal("97.087378640777")),
        ("null", None),
        ("12345.5", Decimal("12345.5")),
        # no figure is so large: the sum is then missing, and no reader sees an error
        ("1e27", None),
        ("'infinity'::double", None),
    ],
)
def test_an_addend_has_twelve_decimals(given: Any, amount: str, addend: Decimal | None) -> None:
    assert given.con.execute(f"select addend({amount})").fetchone() == (addend,)
