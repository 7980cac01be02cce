"""How long seasonal adjustment takes: all series anew, none of them changed, one of them revised.

    python benchmarks/bench_seasonal.py             3,000 series of 40 quarters
    python benchmarks/bench_seasonal.py 300 40

Synthetic series, put straight into `core`: a steady rise, a season of the zone's own, and chance movements from hashes, the same
each time. What is timed is `flows.build.seasonal.adjust`, by which a build brings its tables up.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import duckdb

from flows.build.seasonal import adjust
from flows.build.step import build
from flows.forms.catalogue import load_catalogue
from flows.load.step import prepare
from flows.warehouse.database import write_to

_SUBMISSIONS = """
insert into ledger.submission by name
select
    i.form || p.zone || p.period || '.r1' as submission, i.form, p.zone, p.period, 1 as revision, 'accepted' as status,
    p.zone || '/' || p.period || '/' || i.form || '.csv' as path, 'a department' as sender,
    timestamp '2015-04-10' + interval (p.n * 3) month as received_at, 'run' as run
from place as p, (select distinct form from adjusted) as i
"""
_OBSERVATIONS = """
insert into core.observation by name
with alone as (
    select
        p.*, a.*,
        1e8 * power(1.015, p.n) * (1 + (hash(p.zone || a.indicator || p.n) % 1000 / 1000.0 - 0.5) * 0.04)
        * (1 + [-0.2, -0.05, 0.05, 0.2][p.n % 4 + 1] * (0.5 + hash(p.zone || a.indicator) % 100 / 100.0)) as quarter
    from place as p, adjusted as a
)
select
    a.zone, a.period, a.indicator, a.basis, a.base_unit as unit, a.quoted_unit as unit_reported, 2 as decimals_reported,
    sum(a.quarter) over (partition by a.zone, a.indicator, left(a.period, 4) order by a.n)::decimal(18, 2) as value,
    'exact' as qualifier, a.form, a.form || a.zone || a.period || '.r1' as submission
from alone as a
"""
_REVISED = """
insert into ledger.submission by name
select * replace (submission || '.r2' as submission, 2 as revision, received_at + interval 1 year as received_at)
from ledger.submission where zone = 'Z0000' and period = '2016Q2';
insert into core.observation by name
select * replace (submission || '.r2' as submission, if(indicator = (select min(indicator) from adjusted), value + 1, value) as value)
from core.observation where zone = 'Z0000' and period = '2016Q2';
"""


def fill(con: duckdb.DuckDBPyConnection, series: int, quarters: int) -> None:
    """As many series, twelve indicators a zone; at current prices, so that each is adjusted once."""
    con.execute(
        """
        create temp table adjusted as
        select i.indicator, i.form, i.basis, i.quoted_unit, u.base_unit
        from ref.indicator as i inner join ref.unit as u on i.quoted_unit = u.unit
        where i.flow_type = 'flow' and i.basis = 'ytd' and i.price_basis <> 'constant_price'
        order by i.indicator limit 12
        """
    )
    con.execute(
        f"""
        create temp table place as
        select 'Z' || lpad(z::varchar, 4, '0') as zone, (2015 + q // 4)::varchar || 'Q' || (q % 4 + 1) as period, q as n
        from range({-(-series // 12)}) as s(z), range({quarters}) as t(q)
        """
    )
    con.execute(
        "insert into ref.zone (zone, kind, parent) select distinct zone, 'development_zone', 'CN' from place"
    )
    con.execute(_SUBMISSIONS)
    con.execute(_OBSERVATIONS)


def timed(con: duckdb.DuckDBPyConnection) -> tuple[int, float, float]:
    """How many series were computed, the seconds it took, and those of this process and its own."""
    started, used = time.perf_counter(), os.times()
    computed = adjust(con)
    now = os.times()
    return computed, time.perf_counter() - started, sum(now[:4]) - sum(used[:4])


def main() -> None:
    """Fill a warehouse in a folder of its own, and time three builds of its adjusted series."""
    series, quarters = (int(a) for a in (sys.argv[1:] + ["3000", "40"][len(sys.argv) - 1 :]))
    catalogue = load_catalogue()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "jibao.duckdb"
        prepare(path, catalogue)
        build(path, catalogue)
        with write_to(path) as con:
            fill(con, series, quarters)
            print("| what | series computed | s | CPU s |\n| --- | --: | --: | --: |")
            for what, before in (
                ("all anew", ""),
                ("nothing changed", ""),
                ("one figure revised", _REVISED),
            ):
                if before:
                    con.execute(before)
                print(f"| {what} | {'{:,} | {:.2f} | {:.2f}'.format(*timed(con))} |")
            rows = con.execute(
                "select method || ', ' || verdict from metrics.seasonal_diagnostic"
            ).fetchall()
            print(dict(Counter(words for (words,) in rows)))
            [(off,)] = con.execute(
                """
                select max(abs(total) / size) from (
                    select sum(value_adjusted - value_quarter) as total, sum(value_quarter) as size
                    from derived.seasonal_adjustment group by series_hash, left(period, 4)
                )
                """
            ).fetchall()
            print(f"the years of the adjusted series are off their sums by {off:.1e} at most")


if __name__ == "__main__":
    main()
