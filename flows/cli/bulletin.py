"""`jibao bulletin` gives a quarter as text, in the style of an official release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.terminal import Lang, WarehouseOption, in_words, refuse_own_places
from flows.model.period import parse_period
from flows.model.whole_file import whole_file
from flows.publish.bulletin_text import render_text
from flows.warehouse.database import read_published


@in_words
def bulletin(
    zone: Annotated[str, typer.Argument(help="The zone, e.g. 150571.")],
    period: Annotated[str, typer.Argument(help="The quarter, e.g. 2022Q3.")],
    lang: Annotated[Lang, typer.Option(help="Language of the text.")] = Lang.zh,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write it there instead of to the screen."),
    ] = None,
    warehouse: WarehouseOption = Path("warehouse"),
) -> None:
    """A quarter's bulletin as text: every figure comes from metrics.bulletin_figure."""
    if output is not None:
        refuse_own_places(output, warehouse)
    with read_published(warehouse) as con:
        text = render_text(con, zone, str(parse_period(period)), lang.value)
    if output is None:
        typer.echo(text, nl=False)
        return
    if not output.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {output.parent} to write {output.name} to")
    with whole_file(output) as beside:
        beside.write_text(text, encoding="utf-8")
