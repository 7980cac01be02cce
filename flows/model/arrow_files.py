"""Arrow files in a run's folder, by which one step passes its tables to the next.

They are mapped into memory, not copied, so that a million rows cost no time to pass; tasks exchange
paths, never frames or connections.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

CHUNK = 122_880  # DuckDB's row group, so that its threads share the work


def save_table(table: pa.Table, path: Path) -> None:
    """Write a table for the next step."""
    save_batches(pa.RecordBatchReader.from_batches(table.schema, table.to_batches(CHUNK)), path)


def save_batches(batches: pa.RecordBatchReader, path: Path) -> None:
    """The same of a table that is never whole in memory."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, batches.schema) as writer:
        for batch in batches:
            writer.write_batch(batch)


def open_table(path: Path) -> pa.Table:
    """The table that `save_table` wrote, mapped."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()
