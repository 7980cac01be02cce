"""pointblank on polars: a plan of steps, interrogated, whose extracts are the reasons."""

from __future__ import annotations

import pointblank as pb
import polars as pl
from columns import NOT_NEGATIVE, SOFT, TEXTS, arguments, tell
from in_polars import read, rules, write


def main() -> None:
    """Read, check and keep; what the driver compares is told."""
    file, target, industries = arguments()
    rows = read(file)
    plan, names = pb.Validate(rows), []
    for c in TEXTS:
        plan = plan.col_vals_not_null(f"{c}_sent")
        names.append(f"REQUIRED-{c}")
    for c in NOT_NEGATIVE:
        plan = plan.col_vals_ge(c, 0, na_pass=True)
        names.append(f"RANGE-{c}")
    plan = plan.col_vals_expr(pl.col("industry").is_in(industries).fill_null(value=True))
    names.append("INDUSTRY")
    for name, rule in rules().items():
        plan = plan.col_vals_expr(rule)
        names.append(name)
    plan = plan.interrogate(extract_limit=len(rows) or 1)  # the default keeps 500 rows of a step
    extracts = [
        plan.get_data_extracts(n, frame=True).select(
            "source_row", pl.lit(name).alias("rule"), pl.lit(name not in SOFT).alias("is_hard")
        )
        for n, name in enumerate(names, start=1)
        if plan.n_failed(n, scalar=True)
    ]
    empty = pl.DataFrame(schema={"source_row": pl.UInt32, "rule": str, "is_hard": bool})
    tell(target, *write(target, rows, pl.concat([empty, *extracts])))


if __name__ == "__main__":
    main()
