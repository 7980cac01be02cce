"""What is published held against the warehouse that it was made of."""

from __future__ import annotations

import csv
import json
import math
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from flows.model.discrepancy import Discrepancy
from flows.publish.bulletin_pages import check_pages
from flows.publish.data_contract import CONTRACT_FILE, render_contract
from flows.publish.data_package import (
    PACKAGE_FILE,
    SCHEMA_FILE,
    describe_package,
    describe_schema,
)
from flows.publish.decisions import check_editions
from flows.publish.editions import FOLDER
from flows.publish.exports import Export, export_views
from flows.publish.sdmx import SDMX_FOLDER, STRUCTURES, render_structure
from flows.publish.site import check_site
from flows.publish.step import EXPORTS, PUBLIC_FILE, PUBLIC_FOLDER, list_exports
from flows.publish.workbooks import VIEWS, as_read, read_sheet, workbook_path
from flows.warehouse.copies import write_csv
from flows.warehouse.database import read_only
from flows.warehouse.ledger import newest_run, zone_states
from flows.warehouse.sql_text import quote


def verify_editions(raw: Path) -> list[Discrepancy]:
    """Whether the frozen files have the bytes that were frozen."""
    try:
        check_editions(raw)
    except ValueError as problem:
        told = f"已封存的发布数据与封存时不符：{problem}"
        return [Discrepancy("editions", str(raw / FOLDER), told, str(problem))]
    return []


def verify_published(con: duckdb.DuckDBPyConnection, published: Path) -> list[Discrepancy]:
    """Which exports are not what the views of the readers' copy give."""
    differences: list[Discrepancy] = []
    for check in (
        _check_run,
        _check_exports,
        _check_workbooks,
        _check_packages,
        _check_contract,
        _check_structures,
        _check_public,
    ):
        try:
            differences += check(con, published)
        except (duckdb.CatalogException, duckdb.BinderException):
            continue  # a view that cannot be selected is told of where views are checked
    return [*differences, *check_pages(published), *check_site(published)]


def _check_run(con: duckdb.DuckDBPyConnection, published: Path) -> Iterator[Discrepancy]:
    note = published / "run.txt"
    run = note.read_text(encoding="utf-8") if note.exists() else ""
    if run != newest_run(con):
        yield _differs(
            note,
            f"是运行 {run or '—'} 的导出，仓库是 {newest_run(con)} 的",
            f"the exports are of run {run or 'none'}, the warehouse is of {newest_run(con)}",
        )


def _check_exports(con: duckdb.DuckDBPyConnection, published: Path) -> Iterator[Discrepancy]:
    zones = list(zone_states(con))
    with tempfile.TemporaryDirectory(prefix="jibao-") as folder:
        again = Path(folder) / "export.csv"
        for export in list_exports(con):
            try:
                write_csv(con, export.query(first="zone as zone_of_file, "), again)
            except duckdb.Error:  # the view is told of where views are checked
                again.write_text("", encoding="utf-8")
            heading, *rows = _read_cells(again) or [[]]
            expected: dict[str, list[list[str]]] = {zone: [] for zone in zones}
            for zone, *cells in rows:
                expected.setdefault(zone, []).append(cells)
            for zone, part in expected.items():
                path = export.file(published, zone)
                if not path.exists() or not _is_same_table(
                    _read_export(con, export, path), [heading[1:], *part]
                ):
                    yield _differs(
                        path,
                        f"与视图 {export.relation} 不符，或已缺失",
                        f"is missing, or not what {export.relation} gives",
                    )


def _check_workbooks(con: duckdb.DuckDBPyConnection, published: Path) -> Iterator[Discrepancy]:
    """Every sheet has the rows of its view."""
    zones = list(zone_states(con))
    told: set[str] = set()
    for view in VIEWS:
        rows_by_zone: dict[str, list[tuple[object, ...]]] = {zone: [] for zone in zones}
        every = f"select zone as zone_of_file, * from metrics.{view} order by all"
        for zone, *row in con.execute(every).fetchall():
            rows_by_zone.setdefault(zone, []).append(tuple(row))
        for zone, rows in rows_by_zone.items():
            path = workbook_path(published, zone)
            if zone not in told and not _is_same_table(read_sheet(path, view), as_read(rows)):
                told.add(zone)
                yield _differs(
                    path,
                    f"与视图 metrics.{view} 不符，或已缺失",
                    f"is missing, or not what metrics.{view} gives",
                )


def _check_packages(con: duckdb.DuckDBPyConnection, published: Path) -> Iterator[Discrepancy]:
    """The data packages describe the files that stand beside them."""
    zones = list(zone_states(con))
    for export in export_views(EXPORTS):
        folder = published / export.folder
        expected = {
            PACKAGE_FILE: describe_package(con, export, zones, published),
            SCHEMA_FILE: describe_schema(con, export),
        }
        for name, content in expected.items():
            path = folder / name
            if not path.exists() or json.loads(path.read_bytes()) != content:
                yield _differs(
                    path, "与文件不符，或已缺失", "is missing, or does not fit the files"
                )


def _check_contract(con: duckdb.DuckDBPyConnection, published: Path) -> Iterator[Discrepancy]:
    path = published / CONTRACT_FILE
    if not path.exists() or path.read_text(encoding="utf-8") != render_contract(con):
        yield _differs(path, "与视图不符，或已缺失", "is missing, or not what the views are")


def _check_structures(con: duckdb.DuckDBPyConnection, published: Path) -> Iterator[Discrepancy]:
    """The SDMX structures are what the reference tables give, the public's too."""
    for version, name in STRUCTURES.items():
        expected = render_structure(con, version)
        for folder in (published, published / PUBLIC_FOLDER):
            path = folder / SDMX_FOLDER / name
            if not path.exists() or path.read_text(encoding="utf-8") != expected:
                yield _differs(
                    path,
                    "与代码表不符，或已缺失",
                    "is missing, or not what the reference tables give",
                )


def _check_public(con: duckdb.DuckDBPyConnection, published: Path) -> Iterator[Discrepancy]:
    """The public's file has the rows of the views that it was made of."""
    path = published / PUBLIC_FOLDER / PUBLIC_FILE
    views = con.execute(
        "select view_name from duckdb_views() where schema_name = 'public' order by all"
    ).fetchall()
    if not path.exists():
        yield _differs(path, "缺失", "is missing")
        return
    try:
        with read_only(path) as public:
            for (name,) in views:
                if not _gives_same(public, con, f"from public.{name} order by all"):
                    place = f"{path} public.{name}"
                    yield _differs(place, "与视图不符", "is not what the view gives")
    except duckdb.Error:  # the readers' own copy may be whole: this one alone is told of
        yield _differs(
            path,
            "已损坏，打不开；再运行一次 jibao run 即重新生成",
            "is damaged and cannot be opened; `jibao run` makes it anew",
        )


def _gives_same(
    one: duckdb.DuckDBPyConnection, other: duckdb.DuckDBPyConnection, query: str
) -> bool:
    try:
        return _is_same_table(one.execute(query).fetchall(), other.execute(query).fetchall())
    except duckdb.Error:
        return False


def _differs(place: Path | str, zh: str, en: str) -> Discrepancy:
    return Discrepancy("exports", str(place), zh, en)


def _read_export(con: duckdb.DuckDBPyConnection, export: Export, path: Path) -> list[list[str]]:
    """Heading and rows of a file, as a CSV has them."""
    if export.suffix == "csv":
        return _read_cells(path)
    with tempfile.TemporaryDirectory(prefix="jibao-") as folder:
        again = Path(folder) / "export.csv"
        try:
            write_csv(con, f"from read_parquet({quote(str(path))})", again)
        except duckdb.Error:  # it is none
            return []
        return _read_cells(again)


def _read_cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.reader(source))


def _is_same_table(one: Sequence[Sequence[object]], other: Sequence[Sequence[object]]) -> bool:
    """Whether two tables hold the same, but for the last digits of doubles: a sum of them depends
    on the order in which threads add.
    """
    return len(one) == len(other) and all(
        len(a) == len(b) and all(map(_is_same, a, b)) for a, b in zip(one, other, strict=True)
    )


def _is_same(one: object, other: object) -> bool:
    if one == other:
        return True
    try:
        return math.isclose(float(str(one)), float(str(other)), rel_tol=1e-9, abs_tol=1e-12)
    except ValueError:  # no numbers
        return False
