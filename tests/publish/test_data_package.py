"""Data packages read back by frictionless, which did not write them, and compared with the warehouse."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.publish.data_package import PACKAGE_FILE
from flows.publish.step import EXPORTS
from flows.publish.verify import verify_published


def plain(value: Any) -> Any:
    """A number as a decimal of its shortest digits, whatever read it; no text for an empty one."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return Decimal(repr(value))
    return None if value == "" else value


@pytest.mark.parametrize("name", EXPORTS)
def test_a_package_gives_the_rows_of_the_view_with_their_types(
    name: str, small_published: Path
) -> None:
    from frictionless import Package

    package = Package(str(small_published / "published" / name / PACKAGE_FILE))
    report = package.validate()  # bytes, SHA-256, headings, every cell's type
    assert report.valid, report.flatten(["type", "note"])
    rows = [
        tuple(plain(value) for value in row.to_dict().values())
        for resource in package.resources
        for row in resource.read_rows()
    ]
    with duckdb.connect(str(small_published / "jibao.duckdb"), read_only=True) as con:
        view = con.execute(f"from metrics.{name} order by all")
        columns = [column[0] for column in view.description]
        assert rows == [tuple(plain(value) for value in row) for row in view.fetchall()]
        words = con.execute(
            "select column_name, comment from duckdb_columns() where schema_name = 'metrics' and table_name = ?",
            [name],
        ).fetchall()
    assert rows
    for resource in package.resources:
        fields = resource.schema.fields
        assert [field.name for field in fields] == columns
        assert {f.name: f"{f.title} | {f.description}" for f in fields} == dict(words)
    if name == "sector_growth":
        units = {f.name: f.to_descriptor().get("unit") for f in fields}
        assert units["value_ytd_cny"] == "元" and units["growth_ytd_real_pct"] == "%"


def test_a_changed_digit_does_not_fit_the_package(small_published: Path, tmp_path: Path) -> None:
    from frictionless import Package

    published = Path(shutil.copytree(small_published / "published", tmp_path / "published"))
    file = published / "headline/150571.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("108.02", "108.03"), encoding="utf-8")
    report = Package(str(published / "headline" / PACKAGE_FILE)).validate()
    assert [error.type for task in report.tasks for error in task.errors] == ["hash-count"]
    with duckdb.connect(str(small_published / "jibao.duckdb"), read_only=True) as con:
        found = {Path(discrepancy.subject).name for discrepancy in verify_published(con, published)}
    assert found == {"150571.csv", PACKAGE_FILE}
