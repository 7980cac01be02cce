"""pandera on polars: a schema, validated lazily, whose failure cases are the reasons."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl
from columns import NOT_NEGATIVE, SOFT, TEXTS, arguments, tell
from in_polars import read, rules, write


def schema(industries: list[str]) -> pa.DataFrameSchema:
    """Presence, ranges and lists as columns' checks; what compares columns as the frame's."""
    columns = {
        f"{c}_sent": pa.Column(str, pa.Check(present, name=f"REQUIRED-{c}"), nullable=True)
        for c in TEXTS
    }
    columns |= {
        c: pa.Column(checks=pa.Check.ge(0, name=f"RANGE-{c}"), nullable=True) for c in NOT_NEGATIVE
    }
    columns["industry"] = pa.Column(str, pa.Check.isin(industries, name="INDUSTRY"), nullable=True)
    checks = [
        pa.Check(lambda frame, rule=rule: frame.lazyframe.select(rule), name=name)
        for name, rule in rules().items()
    ]
    return pa.DataFrameSchema(columns, checks=checks)


def present(column: pa.PolarsData) -> pl.LazyFrame:
    """A text that must be there."""
    return column.lazyframe.select(pl.col(column.key).is_not_null())


def main() -> None:
    """Read, check and keep; what the driver compares is told."""
    file, target, industries = arguments()
    rows = read(file)
    failures = pl.DataFrame(schema={"check": str, "index": pl.Int64})
    try:
        schema(industries).validate(rows, lazy=True)
    except pa.errors.SchemaErrors as errors:
        failures = errors.failure_cases.select("check", pl.col("index").cast(pl.Int64))
    reasons = failures.select(
        rows["source_row"].gather(failures["index"]).alias("source_row"),
        pl.col("check").alias("rule"),
        (~pl.col("check").is_in(list(SOFT))).alias("is_hard"),
    )
    tell(target, *write(target, rows, reasons))


if __name__ == "__main__":
    main()
