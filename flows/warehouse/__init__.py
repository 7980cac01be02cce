"""The one place that opens DuckDB: connections, lock, copies, ledger, and the files of `sql/`."""
