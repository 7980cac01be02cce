"""`jibao dictionary` writes what every table, column and macro of the warehouse means."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from flows.build.dictionary import render_dictionary
from flows.cli.terminal import in_words, out
from flows.forms.catalogue import load_catalogue


@in_words
def dictionary(
    output: Annotated[Path, typer.Option(help="The folder to write the pages to.")] = Path(
        "docs/dictionary"
    ),
) -> None:
    """Write the data dictionary, from the words of an empty warehouse built now."""
    from flows.build.step import build
    from flows.load.step import prepare
    from flows.warehouse.database import read_only

    with tempfile.TemporaryDirectory(prefix="jibao-") as folder:
        empty = Path(folder) / "jibao.duckdb"
        prepare(empty, load_catalogue())
        build(empty, load_catalogue())
        with read_only(empty) as con:
            pages = render_dictionary(con)
    for old in output.rglob("*.md"):
        old.unlink()
    for name, page in pages.items():
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    relations = sum("/" in name for name in pages)
    out.print(
        f"{output}: {len(pages)} 页，{relations} 个表和视图 · "
        f"{len(pages)} pages, {relations} relations",
        soft_wrap=True,
    )
