"""The open data contract read back by the standard's own model and schema, and compared with the warehouse."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

from flows.publish.data_contract import CONTRACT_FILE, write_contract


def test_the_contract_has_every_view_with_its_columns_words_and_units(
    small_published: Path, tmp_path: Path
) -> None:
    import open_data_contract_standard as standard
    from jsonschema import validate
    from open_data_contract_standard.model import OpenDataContractStandard

    path = small_published / "published" / CONTRACT_FILE
    schema = json.loads((Path(standard.__file__).parent / "schema.json").read_bytes())
    validate(json.loads(path.read_bytes()), schema)
    contract = OpenDataContractStandard.from_file(str(path))
    with duckdb.connect(str(small_published / "jibao.duckdb"), read_only=True) as con:
        expected = con.execute("""
            select s.view_name, c.column_name, c.data_type, c.comment, t.unit
            from ref.view_source as s
            inner join duckdb_columns() as c on s.view_name = c.schema_name || '.' || c.table_name
            left join ref.column_title as t on c.column_name = t.column_name
            order by s.view_name, c.column_index
        """).fetchall()
        views = con.execute(
            "select view_name, title_zh, title_en from metrics.catalogue"
        ).fetchall()
        assert not write_contract(con, small_published / "published", tmp_path), "taken over"
        assert write_contract(con, tmp_path / "nothing", tmp_path), "where none stands"
    assert (tmp_path / CONTRACT_FILE).read_bytes() == path.read_bytes()
    assert [
        (
            view.physicalName,
            column.name,
            column.physicalType,
            f"{column.businessName} | {column.description}",
            next((own.value for own in column.customProperties or ()), None),
        )
        for view in contract.schema_
        for column in view.properties
    ] == expected
    assert {(v.physicalName, v.businessName, v.description) for v in contract.schema_} == set(views)
    types = {
        (view.physicalName, column.name): column.logicalType
        for view in contract.schema_
        for column in view.properties
    }
    assert types["metrics.headline", "value"] == "number"
    assert types["metrics.headline", "has_open_query"] == "boolean"
    assert types["metrics.fact", "start_on"] == "date"
