"""The command line: `jibao status` tells what came, what is missing, and how the last run ended."""

from __future__ import annotations

from pathlib import Path

from flows.cli.terminal import WarehouseOption, in_words, out, print_relation
from flows.warehouse import read_published


@in_words
def status(warehouse: WarehouseOption = Path("warehouse")) -> None:
    """Submissions by zone and quarter, what is missing, and the last run."""
    with read_published(warehouse) as con:
        print_relation(
            con.sql("""
            select c.zone, c.period, c.forms_due as due, c.forms_received as received, c.forms_rejected as rejected,
                c.findings_query as queries, c.rows_held as held, c.forms_missing as missing
            from metrics.completeness as c order by c.zone, c.period
        """)
        )
        last = con.execute(
            "select run, finished_at, accepted, partial, rejected from ledger.run order by finished_at desc limit 1"
        ).fetchone()
    if last:
        out.print(f"last run {last[0]}, finished {last[1]:%Y-%m-%d %H:%M} UTC: {last[2]} accepted, {last[3]} partial, {last[4]} rejected")
