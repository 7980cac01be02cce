"""docs/dictionary/ is what the warehouse says of itself today."""

from __future__ import annotations

from pathlib import Path

from flows import SQL_DIR
from flows.build.dictionary import SCHEMAS, render_dictionary

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "dictionary"


def test_the_dictionary_is_not_stale(built):
    committed = {
        path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in FOLDER.rglob("*")
        if path.is_file()
    }
    assert committed == render_dictionary(built), "run `make docs`"


def test_it_says_what_a_view_a_column_and_a_macro_are(built):
    pages = render_dictionary(built)
    metrics, growth = pages["metrics.md"], pages["metrics/sector_growth.md"]
    assert "| [sector_growth](metrics/sector_growth.md) |" in metrics
    assert growth.startswith("# metrics.sector_growth\n")
    assert "as it was known: `metrics.sector_growth_as_of(known_at)`" in growth
    assert "| `contribution_pp` | double | 拉动（百分点）" in growth
    assert "[metrics.discrete_quarter](../metrics/discrete_quarter.md)" in growth, "what it reads"
    assert "[metrics.dashboard](../metrics/dashboard.md)" in growth, "what reads it"
    assert "| `metrics.moved_between(known_at, known_later_at, since_run)` |" in metrics
    assert "| `fixed(number, decimals)` | 固定小数位数" in pages["functions.md"]
    assert "metrics.headline_as_of(known_at)` |" not in metrics, (
        "what is made from a view stands at the view"
    )


def test_every_schema_and_relation_has_its_page_in_an_index(built):
    pages = render_dictionary(built)
    rows = built.execute(
        "select distinct schema_name from duckdb_columns() where not internal"
    ).fetchall()
    schemas = {schema for (schema,) in rows}
    assert schemas <= set(SCHEMAS)
    indexes = {name for name in pages if "/" not in name}
    assert indexes == {"README.md", "functions.md", "lineage.md"} | {f"{s}.md" for s in schemas}
    for name in indexes - {"README.md"}:
        assert f"]({name})" in pages["README.md"]
    for name in set(pages) - indexes:
        assert f"]({name})" in pages[f"{name.partition('/')[0]}.md"]


def test_every_line_of_a_table_has_its_words_in_both_languages(built):
    for page in render_dictionary(built).values():
        for line in page.splitlines():
            if line.startswith("| `"):
                cells = [cell.strip() for cell in line.replace("\\|", "¦").strip("|").split("|")]
                assert all(cells), line


def test_the_picture_draws_what_is_read_and_not_what_follows(built):
    lines = render_dictionary(built)["lineage.md"].splitlines()
    arrows = [line.strip() for line in lines if "-->" in line]
    assert "metrics_discrete_quarter --> metrics_sector_growth" in arrows
    assert "metrics_sector_growth --> metrics_dashboard" in arrows
    assert "metrics_discrete_quarter --> metrics_dashboard" not in arrows, "it follows"
    assert not [a for a in arrows if a.startswith("ref_")]
    drawn = {line.strip().partition("[")[0] for line in lines if line.startswith("        ")}
    assert {f"metrics_{p.stem}" for p in (SQL_DIR / "metrics").glob("*.sql")} <= drawn
