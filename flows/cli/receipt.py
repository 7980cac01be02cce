"""`jibao receipt` tells whether a file was received, when, and what became of it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.terminal import WarehouseOption, escape, in_words, out, require_file
from flows.model.clock import say_moment
from flows.model.text import lines_of
from flows.reply.receipt import COUNTED, LEDGER, Receipt, chain_receipts, find_break, line_of
from flows.warehouse.database import read_published

_SHORTEST = 8  # digits of a SHA-256 by which a file is asked for
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
    if short := [digits for digits in sha256 or [] if len(digits) < _SHORTEST]:
        raise ValueError(
            f"--sha256 {short[0]}：至少写前 {_SHORTEST} 位 · "
            f"give its first {_SHORTEST} digits at least"
        )
    with read_published(warehouse) as con:
        receipts = chain_receipts(con)
        answers = [_print_answer(receipts, name, digits) for name, digits in asked]
    holds = _check_chain(receipts, warehouse / "replies" / LEDGER)
    raise typer.Exit(0 if holds and all(answers) else 1)


def _print_answer(receipts: list[Receipt], name: str, digits: str) -> bool:
    """What is known of one file; whether anything is. Of several receipts (the same content sent
    for several places, a file with several quarters) those of the path asked for come first.
    """
    matching = [r for r in receipts if r.facts.sha256.startswith(digits)]
    matching.sort(key=lambda r: (not name.endswith(r.facts.path), r.number))
    if not matching:
        out.print(
            f"[red]✕[/] {escape(name)}: 没有收到过 not received; SHA-256 {escape(digits)}",
            soft_wrap=True,
        )
        _print_others(receipts, name)
    if len(matching) > 1:
        out.print(
            f"{escape(name)}: 同样的内容有 {len(matching)} 份回执 · "
            f"{len(matching)} receipts are of this content",
            soft_wrap=True,
        )
    for r in matching:
        f = r.facts
        tick = "[red]✕[/]" if r.status == "rejected" else "[green]✓[/]"
        which = f"（{f.path}, {f.period}）" if len(matching) > 1 else ""
        out.print(f"{tick} {escape(name)}{escape(which)}: {_STATUS[r.status]}", soft_wrap=True)
        place = (
            f"; 此路径的第 {r.at_path} 份，共 {r.of_path} 份 no. {r.at_path} of {r.of_path} "
            f"at this path"
            if r.of_path > 1
            else ""
        )
        facts = (
            ("收到 received", f"{r.came:%Y-%m-%d %H:%M:%S}（北京时间 Beijing time）{f.sender}"),
            ("文件 file", f"{f.path}, {f.bytes} bytes, 修订号 revision {f.revision}{place}"),
            (
                "行 rows",
                f"读到 read {r.rows_read}，入库 loaded {r.rows_accepted}，"
                f"未入库 held {r.rows_held}",
            ),
            (
                "审核 findings",
                ", ".join(f"{' '.join(COUNTED[grade])} {n}" for grade, n in r.findings.items())
                or "没有 none",
            ),
            ("现行 stands", " · ".join(r.standing.words)),
            ("SHA-256", f.sha256),
            ("回执 receipt", f"No. {r.number}, {r.digest}"),
        )
        for label, words in facts:
            out.print(f"    {label}: {escape(words)}", soft_wrap=True)
    return bool(matching)


def _print_others(receipts: list[Receipt], name: str) -> None:
    """The contents that did come at the path, where the one asked about did not."""
    for r in receipts:
        if name == r.facts.path or name.endswith(f"/{r.facts.path}"):
            out.print(
                f"    该路径收到过另外的内容 · another content came at this path: "
                f"No. {r.number}, {say_moment(r.came)}, "
                f"SHA-256 {r.facts.sha256[:12]}…; {' · '.join(map(escape, r.standing.words))}",
                soft_wrap=True,
            )


def _check_chain(receipts: list[Receipt], ledger: Path) -> bool:
    """Whether the chain that was written follows, link by link, and is the warehouse's own."""
    lines = lines_of(ledger.read_text(encoding="utf-8")) if ledger.exists() else []
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
