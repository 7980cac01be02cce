"""The numbers of the last run in Prometheus' text format, for an operator's monitoring.

Counts and times alone: no name of a sender, of a file or of an enterprise.
"""

from __future__ import annotations

import itertools

import duckdb

METRICS_FILE = "metrics.prom"


def render_metrics(con: duckdb.DuckDBPyConnection) -> str:
    """Every metric with its words and samples."""
    rows = con.execute("""
        select metric_name, title_zh || ' ' || title_en, label_name, label_value, value
        from metrics.run_metric order by all
    """).fetchall()
    lines = []
    for (name, words), samples in itertools.groupby(rows, lambda row: row[:2]):
        lines += [f"# HELP {name} {words}", f"# TYPE {name} gauge"]
        for _, _, label, of, value in samples:
            labels = "" if label is None else f'{{{label}="{of}"}}'
            lines.append(f"{name}{labels} {value!r}")
    return "".join(f"{line}\n" for line in lines)
