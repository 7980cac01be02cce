"""`jibao receipt` tells whether a file was received, when, and what became of it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.markup import escape

from flows.cli.terminal import WarehouseOption, in_words, out, require_file
from flows.reply.receipt import LEDGER, Receipt, chain_receipts, find_break, line_of
from flows.warehouse.database import read_published

_STATUS = {
    "accepted": "入库 accepted",
    "partial": "部分入库 partly loaded",
    "rejected": "退回 rejected",
}


@in_words
def receipt(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files as they were sent.", show_default=False)
    ] = None,
    sha256: Annotated[
        list[str] | None, typer.Option(help="A file by its SHA-256, or the first digits of it.")
    ] = None,
    warehouse: WarehouseOption = Path("warehouse"),
) -> None:
    """Tell whether a file was received, when, and what became of it; without a file, check the
    chain of receipts.

    Exit codes:
    0  every file was received, and the chain of receipts holds;
    1  a file was not received, or the chain is broken;
    2  a file or the warehouse is not there.

    """
    for path in files or []:
        require_file(path)
    asked = [(str(path), hashlib.sha256(path.read_bytes()).hexdigest()) for path in files or []]
    asked += [(digits, digits.lower()) for digits in sha256 or []]
    with read_published(warehouse) as con:
        receipts = chain_receipts(con)
        answers = [_print_answer(con, receipts, name, digits) for name, digits in asked]
    holds = _check_chain(receipts, warehouse / "replies" / LEDGER)
    raise typer.Exit(0 if holds and all(answers) else 1)


def _print_answer(
    con: duckdb.DuckDBPyConnection, receipts: list[Receipt], name: str, digits: str
) -> bool:
    """What is known of one file; whether anything is."""
    matching = [r for r in receipts if len(digits) >= 8 and r.facts.sha256.startswith(digits)]
    if not matching:
        out.print(
            f"[red]✕[/] {escape(name)}: 没有收到过 not received; SHA-256 {escape(digits)}",
            soft_wrap=True,
        )
    for r in matching:
        f = r.facts
        tick = "[red]✕[/]" if r.status == "rejected" else "[green]✓[/]"
        out.print(f"{tick} {escape(name)}: {_STATUS[r.status]}", soft_wrap=True)
        facts = (
            ("收到 received", f"{r.came:%Y-%m-%d %H:%M:%S}（北京时间 Beijing time）{f.sender}"),
            ("文件 file", f"{f.path}, {f.bytes} bytes, revision {f.revision}"),
            (
                "行 rows",
                f"读到 read {r.rows_read}，入库 loaded {r.rows_accepted}，"
                f"未入库 held {r.rows_held}",
            ),
            (
                "审核 findings",
                ", ".join(f"{n} {grade}" for grade, n in r.findings.items()) or "没有 none",
            ),
            ("现行 stands", _say_standing(con, r)),
            ("SHA-256", f.sha256),
            ("回执 receipt", f"No. {r.number}, {r.digest}"),
        )
        for label, words in facts:
            out.print(f"    {label}: {escape(words)}", soft_wrap=True)
    return bool(matching)


def _say_standing(con: duckdb.DuckDBPyConnection, receipt: Receipt) -> str:
    """Whether its figures stand, or which file's do; and the run that loaded it."""
    f = receipt.facts
    stands = con.execute(
        "select c.submission, c.path from staging.current_submission as c "
        "where c.form = ? and c.zone = ? and c.period = ?",
        [f.form, f.zone, f.period],
    ).fetchone()
    run = (
        con.execute(
            "select s.run from ledger.submission as s where s.submission = ?", [f.submission]
        ).fetchone()
        or ("",)
    )[0]
    if stands and stands[0] == f.submission:
        return f"是 yes (run {run})"
    other = f"现行的是 the one that stands is {stands[1]}" if stands else "没有现行的 none stands"
    return f"否 no; {other} (run {run})"


def _check_chain(receipts: list[Receipt], ledger: Path) -> bool:
    """Whether the chain that was written follows, link by link, and is the warehouse's own."""
    lines = ledger.read_text(encoding="utf-8").splitlines() if ledger.exists() else []
    broken = find_break(lines)
    if broken is None and lines == [line_of(r) for r in receipts]:
        out.print(
            f"回执链完好 the chain of receipts holds: {len(receipts)}, "
            f"{receipts[-1].digest if receipts else ''}",
            soft_wrap=True,
        )
        return True
    told = (
        f"第 {broken} 号 at No. {broken}"
        if broken
        else "与数据仓库不符 it is not what the warehouse gives"
    )
    out.print(
        f"[red]回执链不完好 the chain of receipts is broken[/]: {told} ({escape(str(ledger))})",
        soft_wrap=True,
    )
    return False
