"""docs/dictionary.md is what the warehouse says of itself today."""

from __future__ import annotations

from pathlib import Path

from flows.build.dictionary import render_dictionary

PAGE = Path(__file__).resolve().parents[2] / "docs" / "dictionary.md"


def test_the_dictionary_is_not_stale(built):
    assert PAGE.read_text(encoding="utf-8") == render_dictionary(built), "run `make docs`"


def test_it_says_what_a_view_a_column_and_a_macro_are(built):
    page = render_dictionary(built)
    assert "### metrics.sector_growth\n" in page
    assert "as it was known: `metrics.sector_growth_as_of(known_at)`" in page
    assert "| `contribution_pp` | double | 拉动（百分点）" in page
    assert "| `metrics.moved_since(since_run)` |" in page
    assert "| `fixed(number, decimals)` | 固定小数位数" in page
    assert "metrics.headline_as_of(known_at)` |" not in page, (
        "what is made from a view stands at the view"
    )


def test_every_line_of_a_table_has_its_words_in_both_languages(built):
    for line in render_dictionary(built).splitlines():
        if line.startswith("| `"):
            cells = [cell.strip() for cell in line.replace("\\|", "¦").strip("|").split("|")]
            assert all(cells), line
