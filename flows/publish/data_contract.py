"""The open data contract (ODCS 3) of the views: what each row is, and type, words and unit of each
column, for catalogues of data. It is written again where the views have changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb

from flows.publish.data_package import name_type
from flows.publish.exports import keep_file
from flows.publish.view_words import ColumnWords, ViewWords, describe_views
from flows.warehouse.version import PROGRAM
from flows.warehouse.writers import written_by

CONTRACT_FILE = "contract.odcs.json"
_MADE_OF = "madeOf"


def write_contract(con: duckdb.DuckDBPyConnection, published: Path, beside: Path) -> bool:
    """Write the contract into `beside`, or take over the one that stands. Whether it is new."""
    made_of = _digest(con)
    standing = published / CONTRACT_FILE
    with contextlib.suppress(OSError, ValueError, LookupError):
        [noted] = json.loads(standing.read_bytes())["customProperties"]
        if noted["value"] == made_of and keep_file(standing, beside / CONTRACT_FILE):
            return False
    (beside / CONTRACT_FILE).unlink(missing_ok=True)  # never through a link into what readers have
    (beside / CONTRACT_FILE).write_text(render_contract(con), encoding="utf-8")
    return True


def _digest(con: duckdb.DuckDBPyConnection) -> str:
    built = con.execute("select fingerprint from ref.build").fetchone()
    return hashlib.sha256(f"{built} {written_by()}".encode()).hexdigest()


def render_contract(con: duckdb.DuckDBPyConnection) -> str:
    """The contract of every view of the catalogue, as JSON, which is YAML too."""
    return json.dumps(_describe(con), ensure_ascii=False, indent=1) + "\n"


def _describe(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    return {
        "apiVersion": "v3.0.2",
        "kind": "DataContract",
        "id": "jibao",
        "name": "jibao",
        "version": PROGRAM,
        "status": "active",
        "description": {
            "purpose": "开发区季度报表的指标 · figures that development zones report each quarter",
            "limitations": "metrics 供内部使用，public 可公布 · metrics is for the office, public "
            "for everybody",
        },
        "schema": [_describe_view(view) for view in describe_views(con).values()],
        "customProperties": [{"property": _MADE_OF, "value": _digest(con)}],
    }


def _describe_view(view: ViewWords) -> dict[str, Any]:
    return {
        "name": view.name.replace(".", "_"),
        "physicalName": view.name,
        "logicalType": "object",
        "physicalType": "view",
        "businessName": view.title_zh,
        "description": view.title_en,
        "properties": [_describe_column(column) for column in view.columns],
    }


def _describe_column(column: ColumnWords) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "logicalType": _to_type(column.kind),
        "physicalType": column.kind,
        "businessName": column.title_zh,
        "description": column.title_en,
    }
    if column.unit:
        described["customProperties"] = [{"property": "unit", "value": column.unit}]
    return described


def _to_type(duckdb_type: str) -> str:
    name = name_type(duckdb_type)
    if duckdb_type.endswith("[]"):
        return "array"
    return "timestamp" if name == "datetime" else name
