"""`jibao catalogue` lists the views: what one row of each is, how many it has now, and what fills
one that is empty.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from flows.cli.terminal import WarehouseOption, in_words, out
from flows.warehouse.database import fetch_rows, read_published


@in_words
def catalogue(
    warehouse: WarehouseOption = Path("warehouse"),
    empty: Annotated[bool, typer.Option("--empty", help="Only the views without a row.")] = False,
) -> None:
    """Views, what a row of each is, their rows now, and what an empty one waits for."""
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("视图 view", "行数 rows", "一行是 one row is", "在等 waits for"):
        table.add_column(
            heading,
            justify="right" if heading.endswith("rows") else "left",
            no_wrap=heading.endswith("view"),
            overflow="fold",
        )
    shown = 0
    with read_published(warehouse) as con:
        views = fetch_rows(con, "from metrics.catalogue as c order by c.view_name")
        for view in views:
            # one by one: DuckDB plans all of them together in ten times as long
            [(rows,)] = con.execute(f"select count(*) from {view['view_name']}").fetchall()
            if rows and empty:
                continue
            shown += 1
            waits = "" if rows else f"{view['filled_by_zh']}\n{view['filled_by_en']}"
            words = f"{view['title_zh']}\n{view['title_en']}"
            table.add_row(view["view_name"], f"{rows:,}", words, waits)
    out.print(table)
    out.print(f"{len(views)} 个视图中的 {shown} 个 · {shown} of {len(views)} views")
