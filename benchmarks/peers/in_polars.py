"""Reading the register with polars, and its rules as expressions: for the peers that stand on polars."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from columns import AMOUNTS, CODE, COUNTS, NOT_NEGATIVE, SENT, SIGNS, TEXTS, WEIGHTS

THOUSAND = 1000  # the file is in 千元


def read(file: Path) -> pl.DataFrame:
    """The rows as sent (`*_sent`, text) and as they are understood, with `source_row`."""
    sent = pl.read_csv(file, new_columns=list(SENT), infer_schema=False)
    amounts = [
        (pl.col(f"{c}_sent").str.strip_prefix("约").cast(pl.Float64, strict=False) * THOUSAND)
        .round(2)
        .alias(c)
        for c in AMOUNTS
    ]
    return sent.with_row_index("source_row", offset=2).with_columns(
        pl.col("uscc_sent").str.strip_chars().str.to_uppercase().alias("code"),
        *(pl.col(f"{c}_sent").str.strip_chars().replace("", None).alias(c) for c in TEXTS[1:3]),
        pl.col("above_threshold_sent")
        .replace_strict({"是": True, "否": False}, default=None)
        .alias("above_threshold"),
        *amounts,
        *(pl.col(f"{c}_sent").cast(pl.Int64, strict=False).alias(c) for c in COUNTS),
    )


def sign_is_right() -> pl.Expr:
    """The form of a code and its check character."""
    values = {sign: value for value, sign in enumerate(SIGNS)}
    total = pl.sum_horizontal(
        pl.col("code").str.slice(n, 1).replace_strict(values, default=None, return_dtype=pl.Int32)
        * weight
        for n, weight in enumerate(WEIGHTS)
    )
    check = (
        pl.col("code").str.slice(17, 1).replace_strict(values, default=None, return_dtype=pl.Int32)
    )
    return pl.col("code").str.contains(CODE) & (check == (31 - total % 31) % 31)


def ratio(upper: str, lower: str, low: float, high: float) -> pl.Expr:
    """Is a quotient within two bounds? Nothing is said of one by nought."""
    return (pl.col(upper) / pl.when(pl.col(lower) != 0).then(pl.col(lower))).is_between(low, high)


def rules() -> dict[str, pl.Expr]:
    """The rules that are more than a column's type, range, list or presence; NULL says nothing."""
    col = pl.col
    usable = pl.when(sign_is_right()).then(col("code"))
    manufacturing = col("industry").str.slice(0, 2).cast(pl.Int32, strict=False).is_between(6, 46)
    found = {
        f"NUMBER-{c}": col(f"{c}_sent").is_null() | col(c).is_not_null()
        for c in (*AMOUNTS, *COUNTS)
    }
    found |= {
        "USCC": col("uscc_sent").is_null() | sign_is_right(),
        "FLAG": col("above_threshold_sent").is_null() | col("above_threshold").is_not_null(),
        "KEY": usable.is_null() | ~usable.is_duplicated(),
        "ENT-OUTPUT-YTD": col("output_quarter_cny") <= col("output_ytd_cny"),
        "ENT-OUTPUT-CHANGE": ratio("output_ytd_cny", "output_ytd_year_earlier_cny", 0.1, 10),
        "ENT-REVENUE-CHANGE": ratio("revenue_ytd_cny", "revenue_ytd_year_earlier_cny", 0.1, 10),
        "ENT-OUTPUT-REVENUE": ratio("revenue_ytd_cny", "output_ytd_cny", 0.1, 10),
        "ENT-PROFIT-REVENUE": col("profit_ytd_cny") <= col("revenue_ytd_cny"),
        "ENT-TAX-REVENUE": col("tax_ytd_cny") <= col("revenue_ytd_cny"),
        "ENT-RND-REVENUE": col("rnd_ytd_cny") <= col("revenue_ytd_cny"),
        "ENT-THRESHOLD-REVENUE": ~col("above_threshold")
        | ~manufacturing
        | (col("revenue_ytd_cny") > 0),
        "ENT-EMPLOYEES": (col("employees") > 0) | (col("output_ytd_cny") == 0),
        "ENT-EMPLOYEES-CHANGE": ratio("employees", "employees_year_earlier", 0.2, 5),
    }
    return {name: rule.fill_null(value=True) for name, rule in found.items()}


def write(target: Path, rows: pl.DataFrame, reasons: pl.DataFrame) -> tuple[int, int, int]:
    """Keep what is accepted, and what is held with its reasons: `reasons` has source_row, rule, is_hard."""
    broken = reasons.group_by("source_row").agg(pl.col("rule"), pl.col("is_hard").any())
    held = rows.join(broken.filter("is_hard"), on="source_row")
    accepted = rows.join(held, on="source_row", how="anti")
    kept = ["source_row", "code", *TEXTS[1:], *AMOUNTS, *COUNTS]
    accepted.select(kept).write_parquet(target / "enterprise_quarter.parquet")
    held.write_parquet(target / "quarantine.parquet")
    return len(accepted), len(held), len(reasons)


__all__ = ["AMOUNTS", "COUNTS", "NOT_NEGATIVE", "TEXTS", "read", "rules", "write"]
