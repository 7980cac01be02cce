"""Any client can read it: plain types, no extension, read-only, every view and every macro."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

PLAIN = r"VARCHAR|BIGINT|INTEGER|DOUBLE|BOOLEAN|DATE|TIMESTAMP|DECIMAL\(\d+,\d+\)"
# what the seasonal adjustment takes in: a series a row
SERIES = {"staging.seasonal_series.periods", "staging.seasonal_series.quarter_values"}
# the workings of concentration and disclosure control: a cell's largest values
LARGEST = {
    f"staging.enterprise_{part}.{column}"
    for part in ("division", "cell")
    for column in ("largest", "largest_few")
}
LARGEST.add("staging.disclosure_cell.largest")
# the workings of growth: the earlier figures of a series
EARLIER = {
    f"staging.series_figure.{name}"
    for name in ("previous", "before_previous", "year_earlier", "before_year_earlier", "statements")
}
EARLIER |= {"staging.revised_figure.statements"}
# the workings of the work forms: the same row of an earlier quarter, taken apart by the metrics
EARLIER |= {f"staging.work_quarter.{name}" for name in ("a_year_earlier", "a_quarter_earlier")}
BENCHMARKED = {
    f"staging.benchmark_series.{column}" for column in ("periods", "quarter_values", "year_values")
}
BASES = {
    f"staging.sector_base.{column}" for column in ("now", "previous", "a_year_earlier", "annual")
}
# the breaks of a series
BREAKS = {"staging.broken_series.breaks"}
# a macro that reads the view it is told takes no NULL for it
TOLD = {"metrics.rows_of": "'metrics.headline'"}
LISTS = (
    {
        "ledger.block.notes",
        "ref.form.due_quarters",
        "ref.indicator.due_quarters",
        "ref.form_line.due_quarters",
        "staging.open_query.rows_asked",
        "staging.open_question.rows_asked",
    }
    | SERIES
    | LARGEST
    | EARLIER
    | BENCHMARKED
    | BASES
    | BREAKS
)
NO_EXTENSION = {"autoload_known_extensions": "false", "autoinstall_known_extensions": "false"}


@pytest.fixture(scope="module")
def client(
    empty_build: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse without a submission, opened as a client would open it."""
    path = Path(shutil.copy(empty_build, tmp_path_factory.mktemp("client") / "jibao.duckdb"))
    with duckdb.connect(str(path), read_only=True, config=NO_EXTENSION) as con:
        yield con


def test_columns_have_plain_types(client: duckdb.DuckDBPyConnection) -> None:
    rows = client.execute(
        "select schema_name || '.' || table_name || '.' || column_name, data_type from duckdb_columns() where not internal"
    )
    odd = {name: kind for name, kind in rows.fetchall() if not re.fullmatch(PLAIN, kind)}
    assert {name for name in odd if name not in LISTS} == set(), odd


@pytest.mark.torture
def test_every_view_and_macro_answers_without_an_extension(
    client: duckdb.DuckDBPyConnection,
) -> None:
    views = client.execute(
        "select schema_name || '.' || view_name from duckdb_views() where not internal"
    ).fetchall()
    macros = client.execute("""
        select schema_name || '.' || function_name, parameters from duckdb_functions()
        where not internal and function_type = 'table_macro'
    """).fetchall()
    assert len(views) > 15 and len(macros) > 20
    for (view,) in views:
        client.execute(f"select * from {view} limit 1").fetchall()
    for macro, parameters in macros:
        nothing = f"{macro}({TOLD.get(macro) or ', '.join('null' for _ in parameters)})"
        client.execute(f"select * from {nothing} limit 1").fetchall()
        kinds = {
            name: kind
            for name, kind, *_ in client.execute(f"describe select * from {nothing}").fetchall()
        }
        odd = {
            name
            for name, kind in kinds.items()
            if not re.fullmatch(PLAIN, kind) and f"{macro}.{name}" not in LISTS
        }
        assert odd <= {name.rpartition(".")[2] for name in LISTS}, f"{macro}: {odd}"


def test_frames_of_pandas_and_tables_of_arrow(client: duckdb.DuckDBPyConnection) -> None:
    frame = client.sql("from metrics.headline").df()
    assert list(frame.columns)[:3] == ["zone", "period", "ord"]
    assert client.sql("from metrics.revision").to_arrow_table().num_rows == 0
