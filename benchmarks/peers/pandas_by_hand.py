"""pandas by hand: a mask for each rule, as an analyst writes it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from columns import (
    AMOUNTS,
    CODE,
    COUNTS,
    NOT_NEGATIVE,
    SENT,
    SIGNS,
    SOFT,
    TEXTS,
    WEIGHTS,
    arguments,
    tell,
)


def read(file: object) -> pd.DataFrame:
    """The rows as sent and as they are understood; the index is the row of the file."""
    rows = pd.read_csv(
        file, header=0, names=list(SENT), dtype=str, keep_default_na=False, na_values=[""]
    )
    rows.index += 2
    code = rows["uscc_sent"].str.strip().str.upper()
    rows["uscc"] = code.where(sign_is_right(code))
    for c in ("enterprise", "industry"):
        rows[c] = rows[f"{c}_sent"].str.strip()
    rows["above_threshold"] = rows["above_threshold_sent"].map({"是": True, "否": False})
    for c in AMOUNTS:
        text = rows[f"{c}_sent"].str.removeprefix("约")
        rows[c] = (pd.to_numeric(text, errors="coerce") * 1000).round(2)
    for c in COUNTS:
        rows[c] = pd.to_numeric(rows[f"{c}_sent"], errors="coerce")
    return rows


def sign_is_right(code: pd.Series) -> pd.Series:
    """The form of a code and its check character."""
    right = code.str.fullmatch(CODE.strip("^$")).fillna(value=False).astype(bool)
    values = np.full(128, 0)
    values[[ord(sign) for sign in SIGNS]] = range(31)
    signs = np.frombuffer("".join(code[right]).encode("ascii"), dtype=np.uint8).reshape(-1, 18)
    total = values[signs[:, :17]] @ np.array(WEIGHTS)
    right[right] = values[signs[:, 17]] == (31 - total % 31) % 31
    return right


def ratio(upper: pd.Series, lower: pd.Series, low: float, high: float) -> pd.Series:
    """Is a quotient out of two bounds?"""
    quotient = upper / lower.where(lower != 0)
    return quotient.notna() & ~quotient.between(low, high)


def broken_rules(r: pd.DataFrame, industries: list[str]) -> dict[str, pd.Series]:
    """For each rule the rows that break it."""
    found = {f"NUMBER-{c}": r[f"{c}_sent"].notna() & r[c].isna() for c in (*AMOUNTS, *COUNTS)}
    found |= {f"RANGE-{c}": r[c] < 0 for c in NOT_NEGATIVE}
    found |= {f"REQUIRED-{c}": r[f"{c}_sent"].isna() for c in TEXTS}
    found["USCC"] = r.uscc_sent.notna() & r.uscc.isna()
    found["FLAG"] = r.above_threshold_sent.notna() & r.above_threshold.isna()
    found["INDUSTRY"] = r.industry.notna() & ~r.industry.isin(industries)
    found["KEY"] = r.uscc.notna() & r.uscc.duplicated(keep=False)
    found["ENT-OUTPUT-YTD"] = r.output_quarter_cny > r.output_ytd_cny
    found["ENT-OUTPUT-CHANGE"] = ratio(r.output_ytd_cny, r.output_ytd_year_earlier_cny, 0.1, 10)
    found["ENT-REVENUE-CHANGE"] = ratio(r.revenue_ytd_cny, r.revenue_ytd_year_earlier_cny, 0.1, 10)
    found["ENT-OUTPUT-REVENUE"] = ratio(r.revenue_ytd_cny, r.output_ytd_cny, 0.1, 10)
    found["ENT-PROFIT-REVENUE"] = r.profit_ytd_cny > r.revenue_ytd_cny
    found["ENT-TAX-REVENUE"] = r.tax_ytd_cny > r.revenue_ytd_cny
    found["ENT-RND-REVENUE"] = r.rnd_ytd_cny > r.revenue_ytd_cny
    manufacturing = pd.to_numeric(r.industry.str[:2], errors="coerce").between(6, 46)
    found["ENT-THRESHOLD-REVENUE"] = (
        r.above_threshold.eq(other=True) & manufacturing & (r.revenue_ytd_cny <= 0)
    )
    found["ENT-EMPLOYEES"] = (r.employees <= 0) & (r.output_ytd_cny != 0) & r.output_ytd_cny.notna()
    found["ENT-EMPLOYEES-CHANGE"] = ratio(r.employees, r.employees_year_earlier, 0.2, 5)
    return found


def main() -> None:
    """Read, check and keep; what the driver compares is told."""
    file, target, industries = arguments()
    rows = read(file)
    broken = broken_rules(rows, industries)
    reasons = pd.concat(pd.Series(name, index=rows.index[mask]) for name, mask in broken.items())
    hard = reasons[~reasons.isin(SOFT)].index.unique()
    held = rows.loc[hard].sort_index()
    held["rules"] = reasons.loc[hard].groupby(level=0).agg(list)
    accepted = rows.drop(index=hard)[[*TEXTS, *AMOUNTS, *COUNTS]]
    accepted.to_parquet(target / "enterprise_quarter.parquet")
    held.to_parquet(target / "quarantine.parquet")
    tell(target, len(accepted), len(held), len(reasons))


if __name__ == "__main__":
    main()
