"""`jibao freeze` keeps the figures of a quarter as they were published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.terminal import RawOption, WarehouseOption, escape, in_words, out
from flows.model.account import account
from flows.model.clock import say_moment
from flows.model.period import parse_period

_FEW = 8  # zones that are named


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
    zones = edition.edition_zones.split()
    listed = ", ".join(zones[:_FEW]) + (" …" if len(zones) > _FEW else "")
    which = (f"地区 {listed} ", listed)
    if len(zones) > 1:
        named = ("", "") if zone else ("全部有数的 ", "all ")  # nobody named one
        which = (
            f"{named[0]}{len(zones)} 个地区（{listed}）",
            f"{named[1]}{len(zones)} zones ({listed})",
        )
    if is_new:
        out.print(
            f"发布版 {edition.edition}：{which[0]}的 {edition.figures} 个数已封存于 {where} · "
            f"edition {edition.edition}: {edition.figures} figures of {which[1]} frozen in {where}",
            soft_wrap=True,
            markup=False,
        )
        if not zone and len(zones) > 1:
            out.print("只封存一个地区用 --zone · --zone freezes one zone alone", soft_wrap=True)
        out.print(
            "下一次 jibao run 起，改动其中任何一个数的重报须经 jibao accept 同意 · from the next "
            "`jibao run` on, a resubmission that alters one of them waits for `jibao accept`",
            soft_wrap=True,
        )
    else:
        at = say_moment(edition.frozen_at)
        out.print(
            f"与发布版 {edition.edition}（{at}）相比没有变化，未另存 · "
            f"nothing has changed since edition {edition.edition} of {at}: {which[1]}, {where}",
            soft_wrap=True,
            markup=False,
        )
    with read_published(warehouse) as con:
        for waiting in list_waiting(con):
            if waiting.period == edition.period and waiting.zone in edition.edition_zones.split():
                out.print(
                    f"[yellow]不在其中 not in it:[/] {escape(waiting.path)}, which waits to "
                    "be accepted 待同意",
                    soft_wrap=True,
                )
