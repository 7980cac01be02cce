"""Frictionless data packages: beside the CSV files of a view `datapackage.json`, with bytes and
SHA-256 of each, and `schema.json`, with type, names and unit of each column.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from flows.publish.exports import Export, Zones
from flows.publish.view_words import describe_views

PACKAGE_FILE = "datapackage.json"
SCHEMA_FILE = "schema.json"
_TYPES = {
    "BIGINT": "integer",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "number",
    "HUGEINT": "integer",
    "INTEGER": "integer",
    "TIMESTAMP": "datetime",
}


def write_data_package(
    con: duckdb.DuckDBPyConnection, export: Export, zones: Zones, published: Path, beside: Path
) -> None:
    """Describe the files of an export that stand in `beside`. The digest of one that was kept is
    taken over from the package in `published`.
    """
    folder = beside / export.folder
    kept: dict[str, Any] = {}
    with contextlib.suppress(OSError, ValueError, KeyError):
        before = json.loads((published / export.folder / PACKAGE_FILE).read_bytes())
        kept = {resource["path"]: resource for resource in before["resources"]}
    paths = [export.file(beside, zone) for zone in zones.states]
    unchanged = {export.file(beside, zone): kept.get(f"{zone}.csv") for zone in zones.kept}
    files = [
        unchanged.get(path) or _describe_file(export, path)
        for path in paths
        if path.exists()  # it is not there where it could not be made
    ]
    _write(_describe(con, export, files), folder / PACKAGE_FILE)
    _write(describe_schema(con, export), folder / SCHEMA_FILE)


def describe_package(
    con: duckdb.DuckDBPyConnection, export: Export, zones: Iterable[str], published: Path
) -> dict[str, Any]:
    """The package of the files that stand in `published`, every digest taken anew."""
    paths = [export.file(published, zone) for zone in zones]
    return _describe(con, export, [_describe_file(export, p) for p in paths if p.exists()])


def _describe(
    con: duckdb.DuckDBPyConnection, export: Export, files: list[dict[str, Any]]
) -> dict[str, Any]:
    view = describe_views(con, [export.relation])[export.relation]
    return {
        "profile": "tabular-data-package",
        "name": _to_name(export.folder),
        "title": view.title_zh,
        "description": view.title_en,
        "resources": files,
    }


def describe_schema(con: duckdb.DuckDBPyConnection, export: Export) -> dict[str, Any]:
    """Its columns: type, words in Chinese (title) and English (description), unit if it has one."""
    view = describe_views(con, [export.relation])[export.relation]
    fields = []
    for c in view.columns:
        field = {"name": c.name, **_to_type(c.kind), "title": c.title_zh, "description": c.title_en}
        fields.append({**field, "unit": c.unit} if c.unit else field)
    return {"fields": fields, "missingValues": [""]}


def name_type(duckdb_type: str) -> str:
    """A type of DuckDB by the name that a table schema has for it."""
    return "number" if duckdb_type.startswith("DECIMAL") else _TYPES.get(duckdb_type, "string")


def _to_type(duckdb_type: str) -> dict[str, str]:
    name = name_type(duckdb_type)
    # with a part of a second, or without
    return {"type": name, "format": "any"} if name == "datetime" else {"type": name}


def _to_name(text: str) -> str:
    """As names of Frictionless are written."""
    return text.replace("_", "-").lower()


def _describe_file(export: Export, path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "profile": "tabular-data-resource",
        "name": _to_name(f"{export.folder}-{path.stem}"),
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": SCHEMA_FILE,
    }


def _write(content: dict[str, Any], path: Path) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    path.write_text(f"{text}\n", encoding="utf-8")
