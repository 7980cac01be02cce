"""The register as every peer reads it: names of columns, and what is a sign of a code (GB 32100-2015)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

TEXTS = ("uscc", "enterprise", "industry", "above_threshold")
AMOUNTS = (
    "output_quarter_cny",
    "output_ytd_cny",
    "output_ytd_year_earlier_cny",
    "revenue_ytd_cny",
    "revenue_ytd_year_earlier_cny",
    "profit_ytd_cny",
    "profit_ytd_year_earlier_cny",
    "tax_ytd_cny",
    "rnd_ytd_cny",
)
COUNTS = ("employees", "employees_year_earlier")
SENT = tuple(f"{name}_sent" for name in (*TEXTS, *AMOUNTS, *COUNTS))
NOT_NEGATIVE = (*AMOUNTS[:5], "rnd_ytd_cny", *COUNTS)
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
CODE = r"^[1-9ANY][1-9A-HJ-NP-RTUW-Y][0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}$"
# a row that breaks one of these is loaded, and asked about
SOFT = frozenset(
    f"ENT-{name}"
    for name in (
        *("OUTPUT-CHANGE", "REVENUE-CHANGE", "OUTPUT-REVENUE", "PROFIT-REVENUE", "TAX-REVENUE"),
        *("RND-REVENUE", "THRESHOLD-REVENUE", "EMPLOYEES", "EMPLOYEES-CHANGE"),
    )
)


def arguments() -> tuple[Path, Path, list[str]]:
    """The file, an empty folder for what is made of it, and the codes of industries."""
    file, target, industries = map(Path, sys.argv[1:4])
    return file, target, industries.read_text(encoding="utf-8").split()


def tell(target: Path, accepted: int, held: int, broken: int) -> None:
    """What the driver holds against the others."""
    counts = {"accepted": accepted, "held": held, "broken": broken}
    (target / "counts.json").write_text(json.dumps(counts), encoding="utf-8")
