"""Time every view of `metrics`, for one zone and for all, over synthetic figures put straight into `core`.

    python benchmarks/bench_views.py                                 5,000,000 observations, 500,000 enterprise quarters
    python benchmarks/bench_views.py --observations 100_000_000 --enterprise-quarters 10_000_000 --folder /a/large/disk

The figures are made in SQL by DuckDB from hashes, the same each time. A view's time is that of reading each of its
columns in each of its rows (`bit_xor(hash(row))`). Four years of quarters, so nothing is seasonally adjusted. A query that
takes longer than `--limit` is given up and its line says so; `--write FILE` adds the section to a Markdown file.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from flows.build import build
from flows.forms import load_catalogue
from flows.load import prepare

QUARTERS = 16
ZONE = "Z000007"
# in the register of a zone
ENTERPRISES_A_ZONE = 250

PLACES = """
create temp table place as
select z.zone, (2021 + q // 4)::varchar || 'Q' || (q % 4 + 1) as period, q as n
from (select 'Z' || lpad(i::varchar, 6, '0') as zone from range({zones}) as s(i) union all select 'CN') as z, range({quarters}) as t(q)
"""
SUBMISSIONS = """
insert into ledger.submission by name
select
    f.form || p.zone || p.period as submission, f.form, p.zone, p.period, 1 as revision, 'accepted' as status, '-' as path,
    0 as rows_read, 0 as rows_accepted, 0 as rows_held, timestamp '2021-04-10' + interval (p.n * 3) month as received_at, 'bench' as run
from place as p, (select distinct form from ref.indicator union all select 'enterprise_quarter') as f
order by p.zone, p.period
"""
OBSERVATIONS = """
insert into core.observation by name
select
    p.zone, p.period, i.indicator, i.basis, u.base_unit as unit,
    ((1000000 + hash(p.zone || i.indicator) % 1000000) * (1 + p.n * 0.01) * if(i.basis = 'ytd', p.n % 4 + 1, 1))::decimal(28, 6) as value,
    value / u.factor as value_reported, i.quoted_unit as unit_reported, 2 as decimals_reported,
    (hash(p.zone || p.period || i.indicator) % 200 / 10.0 - 5)::decimal(18, 6) as growth_reported_pct, 1 as growth_decimals,
    'exact' as qualifier, 'A' as obs_status, i.form, i.form || p.zone || p.period as submission, 2 as source_row
from place as p, ref.indicator as i inner join ref.unit as u on i.quoted_unit = u.unit
order by p.zone, p.period
"""
ENTERPRISES = """
insert into core.enterprise_quarter by name
select
    p.zone, p.period, p.zone || '-' || e as uscc, '企业' || e as enterprise, e % 10 > 2 as above_threshold,
    (select list(code order by code) from ref.industry where level = 'class')[(hash(e) % 1300 + 1)::bigint] as industry,
    (hash(p.zone || e) % 90000000 + 1000000)::decimal(18, 2) as output_quarter_cny, output_quarter_cny * (p.n % 4 + 1) as output_ytd_cny,
    output_ytd_cny * 0.95 as output_ytd_year_earlier_cny, output_quarter_cny as revenue_quarter_cny, output_ytd_cny as revenue_ytd_cny,
    output_ytd_cny * 0.95 as revenue_ytd_year_earlier_cny, output_ytd_cny * 0.06 as profit_ytd_cny,
    output_ytd_cny * 0.05 as profit_ytd_year_earlier_cny, output_ytd_cny * 0.03 as tax_ytd_cny, output_ytd_cny * 0.02 as rnd_ytd_cny,
    (hash(e) % 500 + 5)::integer as employees, (hash(e) % 480 + 5)::integer as employees_year_earlier,
    'enterprise_quarter' || p.zone || p.period as submission, e + 2 as source_row
from place as p, range({enterprises}) as s(e)
where p.zone <> 'CN' and p.zone < 'Z' || lpad('{registers}', 6, '0')
order by p.zone, p.period
"""


def main() -> None:
    """Make the warehouse, build it, print the section of Markdown line by line, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--observations", type=int, default=5_000_000)
    parser.add_argument("--enterprise-quarters", type=int, default=500_000)
    parser.add_argument("--folder", type=Path, default=None, help="where the file and what spills go; a temporary folder if not given")
    parser.add_argument("--limit", type=float, default=120, help="seconds after which a query is given up")
    parser.add_argument("--memory", default="12GB", help="DuckDB's memory_limit; what is above it spills into the folder")
    parser.add_argument("--write", type=Path, default=None, help="a Markdown file to which the section is added")
    parser.add_argument("views", nargs="*", help="only these views of metrics")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jibao-bench-", dir=asked.folder) as folder:
        run_file = Path(folder) / "bench.duckdb"
        started = time.perf_counter()
        zones = fill(run_file, asked.observations, asked.enterprise_quarters, asked.memory)
        made = time.perf_counter() - started
        started = time.perf_counter()
        build(run_file, load_catalogue())
        built = time.perf_counter() - started
        with duckdb.connect(str(run_file), read_only=True) as con:
            con.execute(f"set memory_limit = '{asked.memory}'")
            con.execute(f"set temp_directory = '{folder}/spilled'")
            section = []
            for line in (*describe(con, zones, made, built, asked), *measure(con, asked)):
                print(line, flush=True)
                section.append(line)
    if asked.write:
        with asked.write.open("a", encoding="utf-8") as file:
            file.write("\n" + "\n".join(section) + "\n")


def fill(run_file: Path, observations: int, enterprise_quarters: int, memory: str) -> int:
    """Tables and synthetic rows; a build before them, for the catalogue. Returns the number of zones."""
    catalogue = load_catalogue()
    prepare(run_file, catalogue)
    build(run_file, catalogue)
    with duckdb.connect(str(run_file)) as con:
        con.execute(f"set memory_limit = '{memory}'")
        con.execute(f"set temp_directory = '{run_file.parent}/spilled'")
        con.execute("set preserve_insertion_order = false")
        [(indicators,)] = con.execute("select count(*) from ref.indicator").fetchall()
        zones = max(10, observations // (indicators * QUARTERS))
        registers = min(zones, max(10, enterprise_quarters // (ENTERPRISES_A_ZONE * QUARTERS)))
        enterprises = ENTERPRISES.format(registers=registers, enterprises=enterprise_quarters // (registers * QUARTERS))
        con.execute(PLACES.format(zones=zones, quarters=QUARTERS))
        for statement in (SUBMISSIONS, OBSERVATIONS, enterprises):
            con.execute(statement)
    return zones


def describe(con: duckdb.DuckDBPyConnection, zones: int, made: float, built: float, asked: argparse.Namespace) -> Iterator[str]:
    """The heading of the section: sizes, machine, command."""
    observations, enterprises, submissions = (
        con.execute(f"select count(*) from {table}").fetchall()[0][0]
        for table in ("core.observation", "core.enterprise_quarter", "ledger.submission")
    )
    yield f"### {observations:,} observations and {enterprises:,} enterprise quarters\n"
    yield (
        f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M} UTC: {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__} with {asked.memory}. {zones:,} zones and the nation, {QUARTERS} quarters, "
        f"{submissions:,} submissions; made in {made:.0f} s, built in {built:.1f} s. A query was given up after {asked.limit:.0f} s.\n"
    )
    yield f"    python benchmarks/bench_views.py {' '.join(sys.argv[1:])}\n"


def measure(con: duckdb.DuckDBPyConnection, asked: argparse.Namespace) -> Iterator[str]:
    """A table of each view for one zone (the better of two, unless the first was given up) and for all."""
    yield "| view | rows, one zone | one zone, s | rows, all | all zones, s |\n| --- | --: | --: | --: | --: |"
    columns = con.execute("""
        select table_name, bool_or(column_name = 'zone') from duckdb_columns() where schema_name = 'metrics' group by table_name order by 1
    """).fetchall()
    for view, has_zone in columns:
        if asked.views and view not in asked.views:
            continue
        whole = f"select count(*), bit_xor(hash(v)) from metrics.{view} as v"
        one = f"{whole} where v.zone = '{ZONE}'"
        few = ("", "")
        if has_zone:
            few = clock(con, one, asked.limit)
            if few[0]:
                few = min(few, clock(con, one, asked.limit), key=lambda found: float(found[1].lstrip("> ")))
        yield "| " + " | ".join((view, *few, *clock(con, whole, asked.limit))) + " |"


def clock(con: duckdb.DuckDBPyConnection, query: str, limit: float) -> tuple[str, str]:
    """Rows and seconds; what takes longer than the limit is given up and said so."""
    timer = threading.Timer(limit, con.interrupt)
    timer.start()
    started = time.perf_counter()
    try:
        [(rows, _)] = con.execute(query).fetchall()
    except duckdb.InterruptException:
        return "", f"> {limit:.0f}"
    except duckdb.OutOfMemoryException:
        return "", "out of memory"
    finally:
        timer.cancel()
    return f"{rows:,}", f"{time.perf_counter() - started:.2f}"


if __name__ == "__main__":
    main()
