"""`jibao bulletin` gives a quarter as text, in the style of an official release, or its page."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.terminal import Lang, WarehouseOption, in_words, out, refuse_own_places
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
    open_page: Annotated[
        bool, typer.Option("--open", help="Open its page in the browser, with every proof.")
    ] = False,
    public: Annotated[
        bool, typer.Option("--public", help="With --open: the edition for the public.")
    ] = False,
    warehouse: WarehouseOption = Path("warehouse"),
) -> None:
    """A quarter's bulletin as text, or its page: every figure comes from metrics.bulletin_figure.

    The pages stand in warehouse/published/<zone>/<period>/index.html; a run writes them.
    """
    if open_page:
        _open_page(warehouse, zone, str(parse_period(period)), public, lang)
        return
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


def _open_page(warehouse: Path, zone: str, period: str, public: bool, lang: Lang) -> None:
    """Raises FileNotFoundError where a run has written no such page."""
    from flows.publish.bulletin_pages import PAGE, place_of

    audience = "public" if public else "internal"
    page = place_of(warehouse / "published", zone, period, audience) / PAGE
    if not page.is_file():
        raise FileNotFoundError(
            f"没有 {page}；`jibao run` 为有数的地区和季度写出公报页 · there is no {page}; "
            "`jibao run` writes a page for every zone and quarter with figures"
        )
    address = f"{page.resolve().as_uri()}#{lang.value}"
    out.print(address, soft_wrap=True)
    webbrowser.open(address)
