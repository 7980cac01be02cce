"""dlt loads the rows as they came into DuckDB; SQL through its client does the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import dlt
import pyarrow as pa
import pyarrow.csv
from columns import SENT, arguments, tell

HERE = Path(__file__).parent


@dlt.resource(name="sent", write_disposition="replace")
def sent(file: Path) -> Iterator[pa.Table]:
    """The rows of the file, all text, in batches."""
    names = pa.csv.ReadOptions(column_names=[*SENT], skip_rows=1, block_size=1 << 24)
    text = pa.csv.ConvertOptions(
        column_types=dict.fromkeys(SENT, pa.string()), null_values=[""], strings_can_be_null=True
    )
    for batch in pa.csv.open_csv(file, read_options=names, convert_options=text):
        yield pa.Table.from_batches([batch])


def main() -> None:
    """Read, check and keep; what the driver compares is told."""
    file, target, _ = arguments()
    rules = json.loads((target / "rules.json").read_text(encoding="utf-8"))
    pipeline = dlt.pipeline(
        "peer",
        pipelines_dir=str(target / "pipelines"),
        destination=dlt.destinations.duckdb(str(target / "peer.duckdb")),
        dataset_name="register",
    )
    pipeline.run(sent(file))
    with pipeline.sql_client() as client:
        for statement in rules["statements"]:
            client.execute_sql(statement)
        tell(target, *client.execute_sql(rules["counts"])[0])


if __name__ == "__main__":
    main()
