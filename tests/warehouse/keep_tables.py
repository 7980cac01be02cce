"""Not a test: keeps the tables of a warehouse that a release wrote, for the tests of releases after it.

`python tests/warehouse/keep_tables.py warehouse/jibao.duckdb 0.3.0` writes `written_by_0_3_0/tables.tar.xz`, some 12 kB: the
tables of `core`, `ledger` and `quarantine`, and `ref.build`, as DuckDB exports them. Views and macros are left out: a run
makes them anew.
"""

from __future__ import annotations

import sys
import tarfile
import tempfile
from pathlib import Path

import duckdb

KEPT = """
    select schema_name, table_name from duckdb_tables()
    where database_name = 'written' and (
        schema_name in ('core', 'ledger', 'quarantine') or (schema_name = 'ref' and table_name = 'build')
    )
    order by all
"""


def folder_of(release: str) -> Path:
    """Where the tables of a release stand."""
    return Path(__file__).with_name(f"written_by_{release.replace('.', '_')}")


def keep_tables(warehouse: Path, archive: Path) -> list[str]:
    """Write the tables of the warehouse into the archive; their names."""
    names = []
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
        con.execute(f"attach '{warehouse}' as written (read_only)")
        for schema, table in con.execute(KEPT).fetchall():
            con.execute(f"create schema if not exists {schema}")
            con.execute(f"create table {schema}.{table} as from written.{schema}.{table}")
            names.append(f"{schema}.{table}")
        con.execute("detach written")
        con.execute(f"export database '{folder}' (format csv)")
        load = Path(folder, "load.sql")
        load.write_text(load.read_text().replace(f"{folder}/", ""))
        archive.parent.mkdir(exist_ok=True)
        with tarfile.open(archive, "w:xz") as target:
            for path in sorted(Path(folder).iterdir()):
                target.add(path, path.name)
    return names


if __name__ == "__main__":
    target = folder_of(sys.argv[2]) / "tables.tar.xz"
    print(*keep_tables(Path(sys.argv[1]), target), target, sep="\n")
