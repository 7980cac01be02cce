"""The build: views in order, made anew when what they are made of has changed, audited before they are shown."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flows import SQL_DIR
from flows.build.step import LAYERS, build, fingerprint, order_relations
from flows.forms.catalogue import load_catalogue
from flows.model.errors import BuildError
from flows.warehouse.database import write_to
from tests.runs import value

CATALOGUE = load_catalogue()


@pytest.fixture
def sql_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of sql/ that a test may spoil."""
    folder = tmp_path / "sql"
    shutil.copytree(SQL_DIR, folder)
    monkeypatch.setattr("flows.build.step.SQL_DIR", folder)
    monkeypatch.setattr("flows.build.fingerprint.SQL_DIR", folder)
    return folder


def test_views_come_after_what_they_read() -> None:
    names = [r.name for r in order_relations()]
    assert (
        len(names)
        == len(set(names))
        == len([path for layer in LAYERS for path in (SQL_DIR / layer).glob("*.sql")])
    )
    for relation in order_relations():
        for read in relation.reads:
            if read in names:
                assert names.index(read) < names.index(relation.name), (
                    f"{relation.name} before {read}"
                )


@pytest.mark.torture
def test_building_again_gives_the_same_and_drops_what_has_no_file(run_file: Path) -> None:
    before = value(
        run_file,
        "select list((schema_name, view_name) order by all) from duckdb_views() where not internal",
    )
    with write_to(run_file) as con:
        con.execute("create view metrics.by_hand as select 1 as one")
    assert build(run_file, CATALOGUE) == len(order_relations())
    assert (
        value(
            run_file,
            "select list((schema_name, view_name) order by all) from duckdb_views() where not internal",
        )
        == before
    )
    assert value(run_file, "select count(*) from core.observation") == 15, "tables are left alone"


@pytest.mark.torture
def test_views_are_made_anew_only_when_what_they_are_made_of_has_changed(run_file: Path) -> None:
    words = "select comment from duckdb_views() where schema_name = 'metrics' and view_name = 'headline'"
    before = value(run_file, words)
    with write_to(run_file) as con:
        con.execute("comment on view metrics.headline is 'by hand'")
    build(run_file, CATALOGUE)
    assert value(run_file, words) == "by hand"
    with write_to(run_file) as con:
        con.execute("update ref.build set fingerprint = 'of another day'")
    build(run_file, CATALOGUE)
    assert value(run_file, words) == before
    assert value(run_file, "select fingerprint from ref.build") == fingerprint(CATALOGUE)


@pytest.mark.torture
def test_a_check_that_finds_rows_stops_the_build(run_file: Path, sql_dir: Path) -> None:
    before = run_file.read_bytes()
    (sql_dir / "checks" / "nobody_is_at_home.sql").write_text(
        "-- Nobody is at home.\n-- zh: 没有人在家\n-- reads: core.observation\n-- Rows returned are failures\n"
        "select o.indicator from core.observation as o where o.indicator = 'gdp'\n"
    )
    with pytest.raises(
        BuildError, match=r"checks\.nobody_is_at_home: Nobody is at home\. Not so for \[\('gdp',\)"
    ):
        build(run_file, CATALOGUE)
    assert value(run_file, "select count(*) from metrics.headline") == value_of_bytes(
        before, run_file
    ), "the transaction was undone"


def value_of_bytes(content: bytes, beside: Path) -> object:
    copy = beside.with_name("before.duckdb")
    copy.write_bytes(content)
    return value(copy, "select count(*) from metrics.headline")


def test_a_mistake_in_sql_names_its_relation(run_file: Path, sql_dir: Path) -> None:
    (sql_dir / "metrics" / "wrong.sql").write_text(
        "-- One row is wrong.\n-- zh: 错\n-- grain: one\n-- unit: none\n-- reads: ref.unit\n"
        "create or replace view metrics.wrong as\nselect u.no_such_column from ref.unit as u;\n"
    )
    with pytest.raises(BuildError, match=r"metrics\.wrong: Binder Error: .*no_such_column"):
        build(run_file, CATALOGUE)
    assert value(run_file, "select count(*) > 0 from metrics.headline") is True


def test_views_that_read_each_other_are_told(sql_dir: Path) -> None:
    for one, other in (("left", "right"), ("right", "left")):
        (sql_dir / "metrics" / f"{one}.sql").write_text(
            f"-- One row is one.\n-- reads: metrics.{other}\ncreate or replace view metrics.{one} as select * from metrics.{other};\n"
        )
    with pytest.raises(
        BuildError,
        match=r"views read each other in a circle: metrics\.(left|right) → metrics\.(left|right)",
    ):
        order_relations()


def test_the_fingerprint_follows_sql_reference_and_forms(sql_dir: Path) -> None:
    first = fingerprint(CATALOGUE)
    assert fingerprint(CATALOGUE) == first == fingerprint(dict(sorted(CATALOGUE.items())))
    seen = {first}
    for path in (
        "metrics/headline.sql",
        "reference/unit.csv",
        "macros/say.sql",
        "checks/ledger_adds_up.sql",
    ):
        with (sql_dir / path).open("a") as sink:
            sink.write("\n")
        seen.add(fingerprint(CATALOGUE))
    seen.add(
        fingerprint(
            CATALOGUE | {"gdp": CATALOGUE["gdp"].model_copy(update={"fingerprint": "0" * 16})}
        )
    )
    assert len(seen) == 6


def test_the_catalogue_can_be_queried(run_file: Path) -> None:
    assert value(run_file, "select count(*) from ref.form") == len(CATALOGUE)
    assert (
        value(run_file, "select quoted_unit from ref.indicator where indicator = 'gdp'") == "亿元"
    )
    assert value(run_file, "select severity from ref.rule where code = 'GDP-SUM'") == "reject"
    assert value(run_file, "select fingerprint from ref.build") == fingerprint(CATALOGUE)
