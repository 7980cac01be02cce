"""Arrow files in a run's folder, by which one step passes its tables to the next.

They are mapped into memory, not copied, so that a million rows cost no time to pass; tasks exchange
paths, never frames or connections.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

_CHUNK = 122_880  # DuckDB's row group, so that its threads share the work


def save_table(table: pa.Table, path: Path) -> None:
    """Write a table for the next step."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=_CHUNK)


def open_table(path: Path) -> pa.Table:
    """The table that `save_table` wrote, mapped."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()
