"""What a sentence quotes of a cell has a bound, whatever stands in the cell."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flows.model.text import MOST_QUOTED, cut_quote
from tests.judging import Judged
from tests.runs import GDP

LONG = 9_000


@pytest.mark.parametrize(
    ("sent", "put", "code"),
    [
        ("107.92", "(" * LONG, "VALUE-NUMBER"),
        ("地区生产总值,亿元", f"{'甲' * LONG},亿元", "LINE-UNKNOWN"),
        ("地区生产总值,亿元", f"地区生产总值,{'乙' * LONG}", "UNIT-UNKNOWN"),
    ],
    ids=["number", "line", "unit"],
)
def test_a_finding_quotes_the_beginning_of_a_long_cell_and_keeps_its_value_whole(
    judge_file: Callable[..., Judged], sent: str, put: str, code: str
) -> None:
    found = judge_file("gdp", GDP.replace(sent, put, 1)).broken(code)
    assert found and max(len(f.value or "") for f in found) == LONG
    for finding in found:
        for lang in ("zh", "en"):
            words = [getattr(finding, f"{part}_{lang}") for part in ("message", "rule", "mend")]
            assert all(len(text) < 4 * MOST_QUOTED for text in words), words
            assert "…" in "".join(words), "it is seen that there is more"


def test_what_is_short_is_quoted_as_it_is() -> None:
    assert cut_quote("甲" * MOST_QUOTED) == "甲" * MOST_QUOTED
    assert cut_quote("甲" * (MOST_QUOTED + 1)) == f"{'甲' * MOST_QUOTED}…"
