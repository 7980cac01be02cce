"""What each table and view is made from, and its rows as far as there is time to count them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from flows.build.step import order_relations
from flows.orchestration.lineage import tell_lineage, trace


@pytest.mark.torture
def test_rows_that_would_take_too_long_to_count_are_left_out_and_the_rest_is_told(
    run_file: Path,
) -> None:
    with duckdb.connect(str(run_file), read_only=True) as con:
        counted, hurried = (trace(con, "run-1", order_relations(), seconds) for seconds in (60, 0))
    assert {node.rows for node in hurried.nodes} == {None}
    assert {node.name: node.reads for node in hurried.nodes} == {
        node.name: node.reads for node in counted.nodes
    }
    assert "| `core.observation` | raw | — |" in tell_lineage(hurried)
    assert "| `core.observation` | raw | 15 |" in tell_lineage(counted)
