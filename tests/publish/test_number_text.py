"""How numbers are written, and where a chart puts them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from flows.publish.chart_scale import place_pulls
from flows.publish.number_text import write_number, write_signed


@pytest.mark.parametrize(
    ("value", "decimals", "plain", "signed"),
    [
        (3.4, 1, "3.4", "+3.4"),
        (Decimal("-2.000000"), 1, "−2.0", "−2.0"),
        (0, 1, "0.0", "0.0"),
        (-0.0024, 2, "0.00", "0.00"),
        (-0.0024, 3, "−0.002", "−0.002"),
        (0.25, 1, "0.3", "+0.3"),
        (2.675, 2, "2.68", "+2.68"),
        (236.3, 1, "236.3", "+236.3"),
        (100, 0, "100", "+100"),
        (None, 1, "—", "—"),
        (float("nan"), 1, "—", "—"),
        (float("inf"), 1, "—", "—"),
    ],
)
def test_numbers_are_written_as_in_print(
    value: Any, decimals: int, plain: str, signed: str
) -> None:
    assert (write_number(value, decimals), write_signed(value, decimals)) == (plain, signed)


def test_pulls_start_from_zero_to_both_sides() -> None:
    placed = place_pulls([{"contribution_pp": v} for v in (-1.0, 0.0, 3.0)])
    assert [(p["x"], p["width"], p["zero"]) for p in placed] == [
        (0, 25, 25),
        (25, 0.4, 25),
        (25, 75, 25),
    ]
    assert [p["width"] for p in place_pulls([{"contribution_pp": 0.0}])] == [0.4]
