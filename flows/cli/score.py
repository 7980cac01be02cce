"""`jibao score DIR` compares what a run found with the errors planted in a
synthetic
set.
"""

from __future__ import annotations

import collections
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from flows.cli.terminal import WarehouseOption, escape, in_words, out
from flows.warehouse.database import read_published


@in_words
def score(
    folder: Annotated[
        Path, typer.Argument(help="The folder that `jibao synthesize` wrote.", show_default=False)
    ],
    warehouse: WarehouseOption = Path("warehouse"),
) -> None:
    """Planted errors found and missed, by kind; the code is 1 where a rule missed one."""
    from flows.synthetic.answer_key import EVENTS, Answer
    from flows.synthetic.answer_key import score as compare
    from flows.synthetic.sets import ANSWER_KEY

    if not (folder / ANSWER_KEY).is_file():
        raise ValueError(
            f"{folder} 里没有 {ANSWER_KEY}，它由 jibao synthesize 写出 · "
            f"there is no {ANSWER_KEY} in {folder}; it is written by `jibao synthesize`"
        )
    with read_published(warehouse) as con:
        answers = compare(con, folder / ANSWER_KEY)
    by_kind: dict[tuple[str, str], list[Answer]] = collections.defaultdict(list)
    for answer in answers:
        by_kind[answer.kind, answer.rule].append(answer)
    table = Table(box=box.SIMPLE_HEAD, title="埋设的错误 · Errors planted", title_justify="left")
    for heading in ("种类 kind", "规则 rule"):
        table.add_column(heading, overflow="fold")
    for heading in ("埋设 planted", "找出 found", "漏掉 missed"):
        table.add_column(heading, justify="right")
    for (kind, rule), some in sorted(by_kind.items()):
        right = sum(answer.is_found for answer in some)
        name = f"{kind} (事件 an event)" if kind in EVENTS else kind
        table.add_row(name, rule, str(len(some)), str(right), str(len(some) - right or ""))
    out.print(table)
    missed = [answer for answer in answers if not answer.is_found]
    for answer in missed:
        why = "" if answer.is_known else "（没有这条规则 the warehouse has no such rule）"
        out.print(
            f"漏掉 missed: {escape(answer.path)} {answer.cell} {answer.kind}, "
            f"应由 expected {answer.rule}{why}",
            soft_wrap=True,
        )
    out.print(
        f"{len(answers)} 处中找出 {len(answers) - len(missed)} 处，规则和单元格都对 · "
        f"{len(answers) - len(missed)} of {len(answers)} found, "
        "each by the rule expected and at its cell",
        soft_wrap=True,
    )
    if any(answer.is_known for answer in missed):
        raise typer.Exit(1)
