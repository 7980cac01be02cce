"""The one place that opens DuckDB: connections, the lock, copies, the ledger, the files of `sql/`."""
