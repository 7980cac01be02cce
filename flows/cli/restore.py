"""The command line: `jibao restore` puts a backup back in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.terminal import RawOption, WarehouseOption, in_words, out


@in_words
def restore(
    file: Annotated[Path, typer.Argument(help="What `jibao backup` wrote.", show_default=False)],
    raw: RawOption = Path("raw"),
    warehouse: WarehouseOption = Path("warehouse"),
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Put aside what stands there, and restore.")
    ] = False,
) -> None:
    """Restore raw/ and the warehouse from a backup; refuses where something stands there."""
    from flows.warehouse.backup import restore_backup

    aside = restore_backup(file, raw, warehouse, overwrite)
    out.print(f"已恢复 restored: {raw}, {warehouse}", soft_wrap=True, markup=False)
    for folder in aside:
        out.print(f"  原有的移到了 what stood there is in {folder}", soft_wrap=True, markup=False)
