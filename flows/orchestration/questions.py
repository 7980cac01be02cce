"""The open questions, those first that could alter a published number most (selective editing)."""

from __future__ import annotations

from typing import Any

import duckdb

from flows.orchestration.markdown import tabulate
from flows.warehouse.database import fetch_rows

_IN_REPORT = 10

# a look that costs little: where nothing is asked, the influence of nothing is not computed
_ANY = "select exists(from staging.open_query)"


def list_questions(
    con: duckdb.DuckDBPyConnection, most: int, run: str | None = None
) -> list[dict[str, Any]]:
    """So many open questions of the submissions that stand, of all or of those that a run brought,
    by what they could move (`metrics.query_influence`).
    """
    [(is_any,)] = con.execute(_ANY).fetchall()
    if not is_any:
        return []
    of_run = f"select s.submission from ledger.submission as s where s.run = '{run}'"
    brought = f"where q.submission in ({of_run})" if run else ""
    # no parameters: to convert one DuckDB imports pandas, for which `jibao status` would wait
    return fetch_rows(
        con,
        f"""
        select q.zone, q.period, q.form, q.path, q.cell, q.code, q.item_zh, q.item_en,
            q.influence_pp, q.message_zh, q.message_en
        from metrics.query_influence as q
        {brought}
        order by q.influence_pp desc nulls last, q.period desc, q.zone, q.path, q.question
        limit {most}
        """,
    )


def say_influence(points: float | None) -> str:
    """How far a number could move, in words."""
    return "—" if points is None else f"{points:.2f}"


def tell_questions(con: duckdb.DuckDBPyConnection, run: str) -> str:
    """What the run asks about, first what could alter a published number most."""
    head = (
        "影响（百分点）could move, points",
        "文件 file",
        "单元格 cell",
        "指标 item",
        "问题 question",
    )
    lines = [
        (
            say_influence(q["influence_pp"]),
            q["path"],
            q["cell"] or "",
            " ".join(dict.fromkeys(w for w in (q["item_zh"], q["item_en"]) if w)),
            f"{q['message_zh']} · {q['message_en']}",
        )
        for q in list_questions(con, _IN_REPORT, run)
    ]
    heading = "## 先答哪些 · Which questions to answer first"
    return f"{heading}\n\n{tabulate(head, lines)}" if lines else ""
