"""`jibao freeze` keeps the figures of a quarter as they were published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.terminal import RawOption, WarehouseOption, in_words, out
from flows.model.account import account
from flows.model.period import parse_period


@in_words
def freeze(
    period: Annotated[str, typer.Argument(help="The quarter, e.g. 2022Q3.")],
    raw: RawOption = Path("raw"),
    warehouse: WarehouseOption = Path("warehouse"),
    zone: Annotated[
        list[str] | None,
        typer.Option(help="Only this zone; may be repeated. All where none is named."),
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="Who publishes; the account's name where nothing is said.")
    ] = None,
    note: Annotated[str, typer.Option(help="What to remember of this edition.")] = "",
) -> None:
    """Freeze what is published of a quarter, as an edition in raw/editions."""
    from flows.publish.acceptances import list_waiting
    from flows.publish.editions import FOLDER
    from flows.publish.editions import freeze as freeze_figures
    from flows.warehouse.database import read_published

    edition, is_new = freeze_figures(
        raw, warehouse, str(parse_period(period)), zone or [], by or account(), note
    )
    where = raw / FOLDER / f"{edition.edition}.csv"
    if is_new:
        out.print(
            f"edition {edition.edition}: {edition.figures} figures of {edition.edition_zones} "
            f"frozen in {where}",
            soft_wrap=True,
        )
        out.print(
            "from the next `jibao run` on, a resubmission that alters one of them waits for "
            "`jibao accept`",
            soft_wrap=True,
        )
    else:
        out.print(
            f"nothing has changed since edition {edition.edition} of {edition.frozen_at} ({where})",
            soft_wrap=True,
        )
    with read_published(warehouse) as con:
        for waiting in list_waiting(con):
            if waiting.period == edition.period and waiting.zone in edition.edition_zones.split():
                out.print(
                    f"[yellow]not in it:[/] {waiting.path}, which waits to be accepted",
                    soft_wrap=True,
                )
