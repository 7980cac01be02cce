"""`jibao accept` lets a submission stand that alters what was published, or that is under query."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.terminal import RawOption, WarehouseOption, in_words, out
from flows.model.account import account
from flows.model.period import parse_period


@in_words
def accept(
    zone: Annotated[str, typer.Argument(help="The zone, e.g. 150571.")],
    period: Annotated[str, typer.Argument(help="The quarter, e.g. 2022Q3.")],
    form: Annotated[str, typer.Argument(help="The form, e.g. gdp.")],
    reason: Annotated[str, typer.Option(help="Why the figures stand.", show_default=False)],
    raw: RawOption = Path("raw"),
    warehouse: WarehouseOption = Path("warehouse"),
    by: Annotated[
        str | None, typer.Option(help="Who accepts; the account's name where nothing is said.")
    ] = None,
) -> None:
    """Accept a revision of published figures, or figures under query that nobody has explained."""
    from flows.publish.acceptances import ACCEPTED, Waiting
    from flows.publish.acceptances import accept as accept_revision

    taken = accept_revision(
        raw, warehouse, zone, str(parse_period(period)), form, by or account(), reason
    )
    if isinstance(taken, Waiting):
        n = taken.figures_altered
        what = (
            f"改动发布版 {taken.edition} 的 {n} 个数",
            f"it alters {n} figures of edition {taken.edition}",
        )
        then = ("起现行有效", "lets it stand")
    else:
        n = taken.queries
        what = (f"{n} 个待核实的问题就此关闭", f"{n} open queries are closed")
        then = ("起可以公开", "gives its figures to the public")
    out.print(
        f"已同意 {taken.path}：{what[0]}；记在 {raw / ACCEPTED}，下一次 jibao run {then[0]} · "
        f"{taken.path} accepted: {what[1]}; the line is in {raw / ACCEPTED}, "
        f"and the next `jibao run` {then[1]}",
        markup=False,
        soft_wrap=True,
    )
    out.print(
        f'若系误操作 · if it was a mistake: jibao withdraw {taken.path} --acceptance --reason "…"',
        markup=False,
        soft_wrap=True,
    )
