"""What runs of tests do without: it confirms or shows, takes its time, and what is in the warehouse does not depend on it.

Each takes the function that replaces an attribute: `monkeypatch.setattr`, or `setattr` itself in a process of its own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

Set = Callable[[Any, str, Any], None]


def leave_out_judge(replace: Set) -> None:
    """Runs do without Great Expectations, which confirms what they write."""
    from flows.validate import step as validate

    judged, compared = validate.validate_form, validate.compare_forms
    replace(
        validate,
        "compare_forms",
        lambda arrived, warehouse, *_, raw=None, **__: compared(arrived, warehouse, None, raw),
    )
    replace(
        validate,
        "validate_form",
        lambda form, submissions, arrival, folder, *_, **__: judged(
            form, submissions, arrival, folder, None
        ),
    )
    from flows import quarterly

    replace(quarterly, "make_data_docs", lambda *_: None)


def leave_out_counts(replace: Set) -> None:
    """Runs do without counting the rows of every view for the operator, and without an event for each."""
    from flows import assets
    from flows.orchestration import artifacts as artifacts
    from flows.orchestration.lineage import trace

    replace(artifacts, "trace", lambda con, run, views: trace(con, run, views, seconds=0))
    replace(assets, "tell", lambda *_: None)


def leave_out_heartbeats(replace: Set) -> None:
    """Runs do without signs of life: their thread looks up once a second, and every run waits for that."""
    from prefect import flow_engine

    if hasattr(flow_engine, "_send_heartbeats"):
        replace(flow_engine, "_send_heartbeats", lambda *_, **__: contextlib.nullcontext())


def leave_out_threads(replace: Set) -> None:
    """DuckDB takes one thread: the cores are other workers' too."""
    import duckdb

    connect = duckdb.connect

    def connect_with_one(
        database: str | Path = ":memory:",
        read_only: bool = False,
        config: dict[str, Any] | None = None,
    ) -> duckdb.DuckDBPyConnection:
        return connect(database, read_only, {"threads": 1} | (config or {}))

    replace(duckdb, "connect", connect_with_one)
