"""Great Expectations as its users write it: a pandas batch, a suite, and the unexpected rows of its result."""

from __future__ import annotations

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from columns import AMOUNTS, COUNTS, NOT_NEGATIVE, SOFT, TEXTS, arguments, tell
from pandas_by_hand import broken_rules, read


def suite(industries: list[str], checked: list[str]) -> list[gxe.Expectation]:
    """What it has an expectation for by one; what compares more than that is computed into a column beside."""
    pairs = {
        "ENT-OUTPUT-YTD": ("output_ytd_cny", "output_quarter_cny"),
        "ENT-PROFIT-REVENUE": ("revenue_ytd_cny", "profit_ytd_cny"),
        "ENT-TAX-REVENUE": ("revenue_ytd_cny", "tax_ytd_cny"),
        "ENT-RND-REVENUE": ("revenue_ytd_cny", "rnd_ytd_cny"),
    }
    found: list[gxe.Expectation] = [
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=f"{c}_sent", meta={"rule": f"REQUIRED-{c}"})
            for c in TEXTS
        ),
        *(
            gxe.ExpectColumnValuesToBeBetween(column=c, min_value=0, meta={"rule": f"RANGE-{c}"})
            for c in NOT_NEGATIVE
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="industry", value_set=industries, meta={"rule": "INDUSTRY"}
        ),
        gxe.ExpectColumnValuesToBeUnique(column="uscc", meta={"rule": "KEY"}),
        *(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A=larger,
                column_B=smaller,
                or_equal=True,
                ignore_row_if="either_value_is_missing",
                meta={"rule": name},
            )
            for name, (larger, smaller) in pairs.items()
        ),
    ]
    done = {e.meta["rule"] for e in found if e.meta}
    found.extend(
        gxe.ExpectColumnValuesToBeInSet(
            column=f"keeps {name}", value_set=[True], meta={"rule": name}
        )
        for name in checked
        if name not in done
    )
    return found


def main() -> None:
    """Read, check and keep; what the driver compares is told."""
    file, target, industries = arguments()
    rows = read(file)
    masks = broken_rules(rows, industries)
    done = {"REQUIRED", "RANGE"}
    for name, mask in masks.items():
        if name.split("-")[0] not in done:
            rows[f"keeps {name}"] = ~mask
    rows["source_row"] = rows.index
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batch = (
        context.data_sources.add_pandas("peer")
        .add_dataframe_asset("register")
        .add_batch_definition_whole_dataframe("all")
    )
    wanted = gx.ExpectationSuite(name="register", expectations=suite(industries, list(masks)))
    result = batch.get_batch({"dataframe": rows}).validate(
        context.suites.add(wanted),
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": ["source_row"],
        },
    )
    reasons: dict[int, list[str]] = {}
    for one in result.results:
        for unexpected in one.result.get("unexpected_index_list") or []:
            reasons.setdefault(unexpected["source_row"], []).append(
                one.expectation_config.meta["rule"]
            )
    hard = [row for row, rules in reasons.items() if set(rules) - SOFT]
    held = rows.loc[sorted(hard)].assign(rules=pd.Series(reasons))
    accepted = rows.drop(index=hard)[[*TEXTS, *AMOUNTS, *COUNTS]]
    accepted.to_parquet(target / "enterprise_quarter.parquet")
    held.to_parquet(target / "quarantine.parquet")
    tell(target, len(accepted), len(held), sum(map(len, reasons.values())))


if __name__ == "__main__":
    main()
