"""The yardstick: bare DuckDB scripts that read, check and load the same files by the same rules.

No ledger, no cells, no words, no vintages, no judge, no reply: what a good analyst would write in an
afternoon. They keep every rejected row with its reasons, and the accepted rows in a table.
"""

from __future__ import annotations

import csv
import io
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
from peers.columns import AMOUNTS, COUNTS, NOT_NEGATIVE, TEXTS

from flows import SQL_DIR
from flows.forms.catalogue import load_catalogue
from flows.model.errors import NotAQuantityError
from flows.model.quantity import parse_quantity
from flows.model.unit import load_units

FORM = "enterprise_quarter"


def run_register(csv_file: Path, target: Path) -> dict[str, int]:
    """Read, check and load the enterprise register: rows accepted, rows held, rules broken."""
    with duckdb.connect(str(target)) as con:
        con.execute((SQL_DIR / "macros" / "uscc_is_valid.sql").read_text(encoding="utf-8"))
        con.execute(
            f"create temp table industry as select code from read_csv('{SQL_DIR}/reference/industry.csv', all_varchar = true)"
        )
        names = ", ".join(f"'{c}_sent'" for c in (*TEXTS, *AMOUNTS, *COUNTS))
        amounts = ", ".join(
            f"(try_cast({c}_sent as decimal(18, 4)) * 1000)::decimal(18, 2) as {c}" for c in AMOUNTS
        )
        con.execute(f"""
            create temp table typed as
            select row_number() over () + 1 as source_row, *,
                case when uscc_is_valid(upper(trim(uscc_sent))) then upper(trim(uscc_sent)) end as uscc,
                nullif(trim(enterprise_sent), '') as enterprise, nullif(trim(industry_sent), '') as industry,
                case trim(above_threshold_sent) when '是' then true when '否' then false end as above_threshold,
                {amounts}, {", ".join(f"try_cast({c}_sent as bigint) as {c}" for c in COUNTS)}
            from read_csv('{csv_file}', header = true, all_varchar = true, names = [{names}])
        """)
        for column in AMOUNTS:
            _mend_odd_numbers(con, column)
        hard = hard_rules("typed", "select code from industry")
        rules = hard | soft_rules()
        outcomes = ", ".join(f'({sql}) as "{name}"' for name, sql in rules.items())
        con.execute(f"create temp table outcome as select source_row, {outcomes} from typed")
        listed = ", ".join(f"case when not \"{name}\" then '{name}' end" for name in rules)
        every = " and ".join(f'coalesce("{name}", true)' for name in rules)
        con.execute(f"""
            create table broken as
            select source_row, list_filter([{listed}], lambda x: x is not null) as rules from outcome where not ({every})
        """)
        held = " or ".join(f"list_contains(rules, '{name}')" for name in hard)
        con.execute(f"create temp table held as select source_row from broken where {held}")
        con.execute(
            "create table quarantine as select t.*, b.rules from typed as t join broken as b using (source_row) join held using (source_row)"
        )
        kept = ", ".join((*TEXTS, *AMOUNTS, *COUNTS))
        con.execute(
            f"create table enterprise_quarter as select source_row, {kept} from typed where source_row not in (from held)"
        )
        counts = con.execute(
            "select (select count(*) from enterprise_quarter), (select count(*) from held), (select sum(len(rules)) from broken)"
        ).fetchone()
    return dict(zip(("accepted", "held", "broken"), map(int, counts or ()), strict=True))


def soft_rules() -> dict[str, str]:
    """Conditions of which a row that breaks one is loaded, and asked about."""
    return {r.code: r.good for r in load_catalogue()[FORM].rules if r.severity == "query"}


def hard_rules(typed: str, industries: str) -> dict[str, str]:
    """Conditions of which a row that breaks one is held: those of the form, and those of its columns."""
    rules = {r.code: r.good for r in load_catalogue()[FORM].rules if r.severity == "quarantine"}
    rules |= {f"NUMBER-{c}": f"{c}_sent is null or {c} is not null" for c in (*AMOUNTS, *COUNTS)}
    rules |= {f"RANGE-{c}": f"coalesce({c} >= 0, true)" for c in NOT_NEGATIVE}
    rules |= {f"REQUIRED-{c}": f"{c}_sent is not null" for c in TEXTS}
    rules["USCC"] = "uscc_sent is null or uscc is not null"
    rules["FLAG"] = "above_threshold_sent is null or above_threshold is not null"
    rules["INDUSTRY"] = f"industry is null or industry in ({industries})"
    rules["KEY"] = (
        f"uscc is null or uscc not in (select uscc from {typed} where uscc is not null group by uscc having count(*) > 1)"
    )
    return rules


def _mend_odd_numbers(con: duckdb.DuckDBPyConnection, column: str) -> None:
    """`约123.4` is a number that a cast refuses."""
    odd = con.execute(
        f"select distinct {column}_sent from typed where {column}_sent is not null and {column} is null"
    ).fetchall()
    rows = []
    for (text,) in odd:
        try:
            rows.append((text, parse_quantity(text).value))
        except NotAQuantityError:
            continue
    if rows:
        odd_text = pa.table(
            {
                "text": [r[0] for r in rows],
                "value": pa.array([r[1] for r in rows], pa.decimal128(18, 4)),
            }
        )
        con.register("odd_text", odd_text)
        con.execute(
            f"update typed set {column} = (o.value * 1000)::decimal(18, 2) from odd_text as o where {column}_sent = o.text and {column} is null"
        )


def run_small(raw: Path, target: Path) -> dict[str, int]:
    """Read, check and load every small indicator form: figures accepted, rows held."""
    lines = {(f.code, i.title.zh): i for f in load_catalogue().values() for i in f.indicators}
    rows = []
    for path in sorted(raw.glob("*/*/*.csv")):
        content = path.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("gb18030")
        form = path.name.split(".")[0]
        for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
            rows.append((path.parts[-3], path.parts[-2], form, number, *row.values()))
    names = ("zone", "period", "form", "source_row", "line", "unit", "value_sent", "growth_sent")
    sent = pa.table({name: [r[n] for r in rows] for n, name in enumerate(names)})
    known = pa.table(
        {"form": [f for f, _ in lines], "line": [t for _, t in lines], "indicator": [i.code for i in lines.values()],
         "base_unit": [i.unit for i in lines.values()], "low": [i.min for i in lines.values()], "high": [i.max for i in lines.values()]}
    )  # fmt: skip
    units = pa.table(
        {
            "unit": list(load_units()),
            "base_unit": [u.base_unit for u in load_units().values()],
            "factor": pa.array(
                [Decimal(u.factor) for u in load_units().values()], pa.decimal128(18, 4)
            ),
        }
    )
    with duckdb.connect(str(target)) as con:
        for name, table in (("sent", sent), ("known", known), ("units", units)):
            con.register(name, table)
        con.execute("""
            create temp table typed as
            select s.*, k.indicator, try_cast(s.value_sent as double) * u.factor::double as value, try_cast(s.growth_sent as double) as growth,
                k.indicator is not null as line_known, u.base_unit = k.base_unit as unit_fits,
                coalesce(s.value_sent, '') = '' or try_cast(s.value_sent as double) is not null as is_number,
                coalesce(value between coalesce(k.low, -1e30) and coalesce(k.high, 1e30), true) as in_range,
                count(*) over (partition by s.zone, s.period, s.line) = 1 as is_unique
            from sent as s left join known as k using (form, line) left join units as u on s.unit = u.unit
        """)
        good = "line_known and unit_fits and is_number and in_range and is_unique"
        con.execute(
            f"create table observation as select zone, period, indicator, value, growth from typed where {good}"
        )
        con.execute(f"create table quarantine as select * from typed where ({good}) is not true")
        counts = con.execute(
            "select (select count(*) from observation), (select count(*) from quarantine)"
        ).fetchone()
    return dict(zip(("accepted", "held"), map(int, counts or ()), strict=True))


if __name__ == "__main__":
    print(run_register(Path(sys.argv[1]), Path(sys.argv[2])))
