"""The command line: `jibao backup` writes one file with all that the office has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.terminal import RawOption, WarehouseOption, in_words, out, say_problem
from flows.model.errors import WarehouseError


@in_words
def backup(
    file: Annotated[
        Path, typer.Argument(help="The file to write, e.g. jibao.tar.zst.", show_default=False)
    ],
    raw: RawOption = Path("raw"),
    warehouse: WarehouseOption = Path("warehouse"),
) -> None:
    """Write raw/ (archive and decisions included) and the warehouse into one file, and check it."""
    from flows.publish.step import PUBLIC_FILE, has_public_copy
    from flows.warehouse.backup import write_backup
    from flows.warehouse.database import read_published

    contents = write_backup(raw, warehouse, file)
    out.print(
        f"{file}: {contents.files} 个文件 files, {contents.bytes:,} bytes; 已读回核对 "
        "read back and found whole. 内有企业名称，只存放在本单位能读的地方 · "
        "It names enterprises: keep it where only the office reads it",
        soft_wrap=True,
        markup=False,
    )
    try:  # it is kept as it is: what was received is in it, and makes the rest anew
        with read_published(warehouse):
            pass
        if not has_public_copy(warehouse):
            say_problem(
                f"警告：备份中的 {PUBLIC_FILE} 打不开，再运行一次 jibao run 即重新生成 · "
                f"warning: {PUBLIC_FILE} does not open, in the backup either; "
                "`jibao run` makes it anew"
            )
    except WarehouseError as problem:
        say_problem(f"警告，备份中也是如此 warning, so it is in the backup: {problem}")
