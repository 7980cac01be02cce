"""jibao beside other tools on the same register: same file, same rules, counts held equal, time and memory by size.

    make bench-peers                                  10,000, 100,000 and 1,000,000 rows, three turns
    python benchmarks/peers/run.py --rows 1000 10000 --turns 1 --only pandera_polars jibao

Each tool has an environment of its own below `--environments`, made from its lock in `environments/`. Each keeps the rows
it accepts and the rows it holds with their reasons; those of `jibao` are in its warehouse, beside all else that a run writes.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from bare_duckdb import hard_rules, soft_rules
from bench import Took, anew, median, run
from columns import AMOUNTS, COUNTS, TEXTS
from make_submissions import make_register

from flows import SQL_DIR

ENVIRONMENTS = {
    "pandas_by_hand": "pandas",
    "pandera_polars": "pandera",
    "pointblank_polars": "pointblank",
    "dlt_sql": "dlt",
    "dbt_build": "dbt",
    "plain_gx": "gx",
}
NAMES = {
    "bare": "bare DuckDB",
    "pandas_by_hand": "pandas by hand",
    "pandera_polars": "pandera on polars",
    "pointblank_polars": "pointblank on polars",
    "dlt_sql": "dlt and SQL",
    "dbt_build": "dbt build",
    "plain_gx": "Great Expectations as its users write it",
    "jibao": "jibao run",
}


def make_environment(home: Path, name: str) -> Path:
    """The Python of a tool's own environment, made where it is not there."""
    python = home / name / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", home / name], check=True)
        lock = HERE / "environments" / f"{name}.txt"
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", lock], check=True)
    return python


def rules_in_sql(industries: Path) -> dict[str, object]:
    """The rules and the reading of a row as SQL, for the tools that take SQL; tables have stand-ins for names."""
    macro = (SQL_DIR / "macros" / "uscc_is_valid.sql").read_text(encoding="utf-8")
    amounts = ", ".join(
        f"(try_cast(ltrim({c}_sent, '约') as decimal(18, 4)) * 1000)::decimal(18, 2) as {c}"
        for c in AMOUNTS
    )
    counts = ", ".join(f"try_cast({c}_sent as bigint) as {c}" for c in COUNTS)
    typed = f"""
        select *,
            case when uscc_is_valid(upper(trim(uscc_sent))) then upper(trim(uscc_sent)) end as uscc,
            nullif(trim(enterprise_sent), '') as enterprise, nullif(trim(industry_sent), '') as industry,
            case trim(above_threshold_sent) when '是' then true when '否' then false end as above_threshold,
            {amounts}, {counts}
        from sent_table
    """
    codes = f"select code from read_csv('{industries}', header = false, all_varchar = true, names = ['code'])"
    hard = hard_rules("typed_table", codes)
    rules = hard | soft_rules()
    cases = ", ".join(
        f"case when not ({rule.replace('typed_table', 'typed')}) then '{name}' end"
        for name, rule in rules.items()
    )
    held = ", ".join(f"'{name}'" for name in hard)
    sent = "(select row_number() over () + 1 as source_row, * from sent) as sent"
    statements = [
        macro,
        f"create or replace table typed as {typed.replace('sent_table', sent)}",
        f"""create or replace table broken as select * from (
            select source_row, list_filter([{cases}], x -> x is not null) as rules from typed
        ) where len(rules) > 0""",
        f"""create or replace table quarantine as
            select t.*, b.rules from typed as t join broken as b using (source_row) where list_has_any(b.rules, [{held}])""",
        f"""create or replace table enterprise_quarter as
            select source_row, {", ".join((*TEXTS, *AMOUNTS, *COUNTS))} from typed
            where source_row not in (select source_row from quarantine)""",
    ]
    told = "select (select count(*) from enterprise_quarter), (select count(*) from quarantine), (select sum(len(rules)) from broken)"
    return {
        "macro": macro,
        "typed": typed,
        "rules": rules,
        "hard": list(hard),
        "statements": statements,
        "counts": told,
    }


def counts_of_jibao(warehouse: Path) -> tuple[int, int]:
    """What `jibao run` accepted and held."""
    with duckdb.connect(str(warehouse / "jibao.duckdb"), read_only=True) as con:
        row = con.execute("select rows_accepted, rows_held from ledger.submission").fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def measure(
    home: Path, pythons: dict[str, Path], rows: int, turns: int, only: list[str]
) -> dict[str, Took]:
    """Each tool `turns` times, one after the other; their counts must be those of the bare script."""
    file = make_register(home / "register", rows)
    industries = home / "industries.txt"
    with (SQL_DIR / "reference" / "industry.csv").open(encoding="utf-8") as source:
        codes = [row["code"] for row in csv.DictReader(source)]
    industries.write_text("\n".join(codes), encoding="utf-8")
    rules = json.dumps(rules_in_sql(industries), ensure_ascii=False)
    took: dict[str, list[Took]] = {name: [] for name in only}
    accepted: dict[str, tuple[int, int]] = {}
    for _ in range(turns):
        for name in only:
            with tempfile.TemporaryDirectory(dir=home) as folder:
                target = Path(folder)
                (target / "rules.json").write_text(rules, encoding="utf-8")
                if name == "jibao":
                    took[name].append(anew(home / "register", target / "warehouse"))
                    accepted[name] = counts_of_jibao(target / "warehouse")
                    continue
                if name == "bare":
                    took[name].append(
                        run(
                            sys.executable,
                            HERE.parent / "bare_duckdb.py",
                            file,
                            target / "bare.duckdb",
                        )
                    )
                    with duckdb.connect(str(target / "bare.duckdb"), read_only=True) as con:
                        row = con.execute(
                            "select (select count(*) from enterprise_quarter), (select count(*) from quarantine)"
                        ).fetchone()
                    accepted[name] = (int(row[0]), int(row[1])) if row else (0, 0)
                    continue
                took[name].append(run(pythons[name], HERE / f"{name}.py", file, target, industries))
                counts = json.loads((target / "counts.json").read_text(encoding="utf-8"))
                accepted[name] = (counts["accepted"], counts["held"])
    if len(set(accepted.values())) != 1:
        raise RuntimeError(f"the tools do not agree on {rows:,} rows: {accepted}")
    return {name: median(turns) for name, turns in took.items()}


def main() -> None:
    """The table, a line a tool and size."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    options.add_argument("--turns", type=int, default=3)
    options.add_argument("--only", nargs="+", choices=list(NAMES), default=list(NAMES))
    options.add_argument("--environments", type=Path, default=HERE / ".environments")
    options.add_argument("--chart", type=Path, help="write seconds and memory by rows as SVG")
    wanted = options.parse_args()
    pythons = {
        name: make_environment(wanted.environments, ENVIRONMENTS[name])
        for name in wanted.only
        if name in ENVIRONMENTS
    }
    print(
        f"{platform.machine()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}, turns: {wanted.turns}\n"
    )
    print(
        "| rows | tool | s | CPU s | MB | clock against bare DuckDB |\n| --: | --- | --: | --: | --: | --: |"
    )
    points = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in wanted.rows:
            home = Path(folder) / str(rows)
            home.mkdir()
            found = measure(home, pythons, rows, wanted.turns, wanted.only)
            bare = found.get("bare")
            for name, took in sorted(found.items(), key=lambda item: item[1].wall_s):
                ratio = f"{took.wall_s / bare.wall_s:.2f}×" if bare else ""
                print(
                    f"| {rows:,} | {NAMES[name]} | {took.wall_s:.2f} | {took.cpu_s:.2f} | {took.memory_mb:,.0f} | {ratio} |",
                    flush=True,
                )
                points.append(
                    {"tool": NAMES[name], "rows": rows, "s": took.wall_s, "MB": took.memory_mb}
                )
    if wanted.chart:
        draw(points, wanted.chart, wanted.environments)


def draw(points: list[dict[str, object]], target: Path, environments: Path) -> None:
    """Seconds and memory against rows, by `draw.py` in its own environment."""
    python = make_environment(environments, "plot")
    subprocess.run(
        [python, HERE / "draw.py", target], input=json.dumps(points).encode(), check=True
    )


if __name__ == "__main__":
    main()
