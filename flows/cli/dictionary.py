"""`jibao dictionary` writes what every table, column and macro means."""

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
    output: Annotated[Path, typer.Option(help="Where to write the page.")] = Path(
        "docs/dictionary.md"
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
            page = render_dictionary(con)
    output.write_text(page, encoding="utf-8")
    out.print(f"{output}: {page.count(chr(10) + '### ')} relations", soft_wrap=True)
