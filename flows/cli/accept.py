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
        what = f"it alters {taken.figures_altered} figures of edition {taken.edition}"
        then = "lets it stand"
    else:
        what = f"{taken.queries} open queries are closed 已同意，不再待核实"
        then = "gives its figures to the public"
    out.print(
        f"{taken.path} accepted: {what}; "
        f"the line is in {raw / ACCEPTED}, and the next `jibao run` {then}",
        soft_wrap=True,
    )
