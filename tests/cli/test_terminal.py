"""Lines on the screen: what was sent is shown as it was sent, and nothing is cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from flows.cli.terminal import fold

SAID = "“社会消费品零售总额”报 20 万元，以往水平是200000万元，相差一千倍以上，多半是万、亿之误"


def test_chinese_breaks_at_any_character_and_never_before_a_comma() -> None:
    lines = fold(SAID, 34).split("\n")
    assert lines == [
        "“社会消费品零售总额”报 20 万元，以",
        "往水平是200000万元，相差一千倍以",
        "上，多半是万、亿之误",
    ]
    assert fold("报二十万元，以往", 10).split("\n") == ["报二十万", "元，以往"]


def test_words_and_figures_stay_whole() -> None:
    lines = fold("check the unit of 107.92 亿元 again", 20).split("\n")
    assert lines == ["check the unit of", "107.92 亿元 again"]


@given(st.text("社会消费品，。“”（） ab1.2", max_size=80), st.integers(8, 40))
def test_nothing_is_lost(text: str, width: int) -> None:
    lines = fold(text, width).split("\n")
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(line) <= width for line in lines if not line.strip("社会消费品 "))
