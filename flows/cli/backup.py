"""The command line: `jibao backup` writes one file with all that the office has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.terminal import RawOption, WarehouseOption, in_words, out


@in_words
def backup(
    file: Annotated[
        Path, typer.Argument(help="The file to write, e.g. jibao.tar.zst.", show_default=False)
    ],
    raw: RawOption = Path("raw"),
    warehouse: WarehouseOption = Path("warehouse"),
) -> None:
    """Write raw/ (archive and decisions included) and the warehouse into one file, and check it."""
    from flows.warehouse.backup import write_backup

    contents = write_backup(raw, warehouse, file)
    out.print(
        f"{file}: {contents.files} 个文件 files, {contents.bytes:,} bytes; 已读回核对 "
        "read back and found whole. 内有企业名称，只存放在本单位能读的地方 · "
        "It names enterprises: keep it where only the office reads it",
        soft_wrap=True,
        markup=False,
    )
