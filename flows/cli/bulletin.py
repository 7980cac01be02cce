"""`jibao bulletin` gives a quarter as text, as Markdown, DOCX or PDF, or opens its page."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.terminal import (
    Lang,
    WarehouseOption,
    check_output,
    in_words,
    out,
)
from flows.model.period import parse_period
from flows.model.whole_file import whole_file
from flows.publish.bulletin_text import no_figure, render_text
from flows.warehouse.database import read_published


@in_words
def bulletin(
    zone: Annotated[str, typer.Argument(help="The zone, e.g. 150571.")],
    period: Annotated[str, typer.Argument(help="The quarter, e.g. 2022Q3.")],
    lang: Annotated[Lang, typer.Option(help="Language of the text.")] = Lang.zh,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Write it there: a name that ends in .txt, .md, .docx or .pdf."
        ),
    ] = None,
    open_page: Annotated[
        bool, typer.Option("--open", help="Open its page in the browser, with every proof.")
    ] = False,
    public: Annotated[bool, typer.Option("--public", help="The edition for the public.")] = False,
    warehouse: WarehouseOption = Path("warehouse"),
) -> None:
    """A quarter's bulletin as text, as a document or as its page: every figure comes from a view.

    The pages stand in warehouse/published/<zone>/<period>/index.html, with text, DOCX and PDF in
    both languages beside them; a run writes them.
    """
    if open_page:
        _open_page(warehouse, zone, str(parse_period(period)), public, lang)
        return
    quarter = str(parse_period(period))
    if output is None and not public:
        with read_published(warehouse) as con:
            typer.echo(render_text(con, zone, quarter, lang.value), nl=False)
        return
    if output is None:
        typer.echo(_render(warehouse, zone, quarter, public, lang, ".txt").decode(), nl=False)
        return
    check_output(output, warehouse)
    content = _render(warehouse, zone, quarter, public, lang, output.suffix.lower())
    with whole_file(output) as beside:
        beside.write_bytes(content)


def _render(
    warehouse: Path, zone: str, period: str, public: bool, lang: Lang, suffix: str
) -> bytes:
    """Raises ValueError where there is no figure to show, or the name says no format."""
    from flows.publish.bulletin_files import FORMATS, render_file
    from flows.publish.bulletin_parts import compose
    from flows.publish.bulletin_rows import read_pages
    from flows.publish.signing import key_path, open_key, public_part

    if suffix not in FORMATS:
        raise ValueError(
            f"文件名须以 {'、'.join(FORMATS)} 之一结尾，而不是“{suffix}” · the name has to end in "
            f"one of {', '.join(FORMATS)}, not in “{suffix}”"
        )
    with read_published(warehouse) as con:
        pages = read_pages(con, [(zone, period)])
    parts = compose(pages, (zone, period), "public" if public else "internal")
    if parts is None:
        raise no_figure(zone, period)
    key = open_key(key_path())
    return render_file(parts, lang.value, suffix, None if key is None else public_part(key))


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
