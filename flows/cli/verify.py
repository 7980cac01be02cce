"""The command line: `jibao verify` holds archive, ledger, warehouse and exports together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import duckdb
import typer

from flows.cli.terminal import Lang, RawOption, WarehouseOption, escape, in_words, out
from flows.model.discrepancy import Discrepancy
from flows.model.text import lines_of


@in_words
def verify(
    raw: RawOption = Path("raw"),
    warehouse: WarehouseOption = Path("warehouse"),
    lang: Annotated[Lang, typer.Option(help="Language of the answer.")] = Lang.zh,
) -> None:
    """Hold what was received against what is loaded and published; nothing is written.

    Exit codes:
    0  all of it agrees;
    1  something does not;
    2  the warehouse or a table of raw/ cannot be read.
    """
    discrepancies = _verify_all(raw, warehouse)
    faults = [d for d in discrepancies if d.is_fault]
    for discrepancy in sorted(discrepancies, key=lambda d: (not d.is_fault, d.check, d.subject)):
        mark = "[red]✕[/]" if discrepancy.is_fault else "[dim]◇[/]"
        problem = discrepancy.zh if lang is Lang.zh else discrepancy.en
        out.print(
            f"{mark} {escape(discrepancy.check)}  {escape(discrepancy.subject)}: {escape(problem)}",
            soft_wrap=True,
            emoji=False,
        )
    notes = len(discrepancies) - len(faults)
    if faults:
        verdict = {
            Lang.zh: f"{len(faults)} 处不符，{notes} 条提示",
            Lang.en: f"{len(faults)} faults, {notes} notes",
        }
    else:
        verdict = {
            Lang.zh: f"全部相符，{notes} 条提示",
            Lang.en: f"all of it agrees; {notes} notes",
        }
    out.print(f"[{'red' if faults else 'green'}]{verdict[lang]}[/]", soft_wrap=True)
    raise typer.Exit(1 if faults else 0)


def _verify_all(raw: Path, warehouse: Path) -> list[Discrepancy]:
    from flows.publish.verify import verify_editions, verify_published
    from flows.receive.verify import verify_archive
    from flows.reply.receipt import LEDGER
    from flows.warehouse.database import read_published
    from flows.warehouse.verify import verify_database

    if not raw.is_dir():
        raise FileNotFoundError(f"没有文件夹 there is no folder {raw}")
    with read_published(warehouse) as con:
        ledger = con.execute("select submission, path, sha256 from ledger.submission").fetchall()
        discrepancies = [
            *verify_archive(raw, ledger),
            *verify_database(con),
            *verify_published(con, warehouse / "published"),
            *verify_editions(raw),
        ]
        receipts = warehouse / "replies" / LEDGER
        if not _is_chain_whole(con, receipts):
            discrepancies.append(
                Discrepancy(
                    "receipts",
                    str(receipts),
                    "回执链断开，或与仓库不符",
                    "the chain of receipts is broken, or not what the warehouse gives",
                )
            )
    return discrepancies


def _is_chain_whole(con: duckdb.DuckDBPyConnection, receipts: Path) -> bool:
    """Whether the receipts follow one another and are what the warehouse gives."""
    from flows.reply.receipt import chain_receipts, find_break, line_of

    lines = lines_of(receipts.read_text(encoding="utf-8")) if receipts.exists() else []
    try:
        expected = [line_of(receipt) for receipt in chain_receipts(con)]
    except (duckdb.CatalogException, duckdb.BinderException):
        expected = lines  # a view that cannot be selected is told of where views are checked
    return not find_break(lines) and lines == expected
