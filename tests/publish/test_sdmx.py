"""SDMX read back by pysdmx and sdmx1, which did not write it, and compared with the warehouse to the last digit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.publish.exports import ReadViews, compare_zones, write_export
from flows.publish.sdmx import STRUCTURES, render_structure, sdmx_exports
from flows.publish.step import PUBLIC_FOLDER
from flows.publish.verify import verify_published
from flows.warehouse.database import write_to

Key = tuple[str, ...]
DIMENSIONS = ("REF_AREA", "INDICATOR", "ACTIVITY", "ACCUMULATION", "TIME_PERIOD")


@pytest.fixture(scope="module")
def folder(warehouse: Path) -> Path:
    return warehouse.parent / "published"


def read_back(folder: Path) -> dict[Key, dict[str, str]]:
    """Every observation of the files of a folder, by its key, as pysdmx reads it."""
    from pysdmx.io import read_sdmx

    found: dict[Key, dict[str, str]] = {}
    for path in sorted(folder.glob("*.csv")):
        if len(path.read_text(encoding="utf-8").splitlines()) == 1:
            continue  # a zone of which nothing is public
        [data] = read_sdmx(path, validate=False).data
        assert data.short_urn == "Dataflow=JIBAO:DF_OBSERVATION(1.0.0)"
        for row in data.data.to_dict("records"):
            key = tuple(row[name] for name in (*DIMENSIONS, "TRANSFORMATION"))
            assert key not in found and row["REF_AREA"] == path.stem
            found[key] = row
    return found


@pytest.fixture(scope="module")
def office(folder: Path) -> dict[Key, dict[str, str]]:
    return read_back(folder / "sdmx")


@pytest.fixture(scope="module")
def everybody(folder: Path) -> dict[Key, dict[str, str]]:
    return read_back(folder / "public/sdmx")


def value_of(row: dict[str, str]) -> Decimal | None:
    """The number in the base unit: OBS_VALUE × 10 ^ UNIT_MULT."""
    if row["OBS_VALUE"] in ("", "nan", "NaN"):
        return None
    return Decimal(row["OBS_VALUE"]).scaleb(int(row["UNIT_MULT"]))


def figures(readers: duckdb.DuckDBPyConnection, relation: str) -> dict[Key, Decimal | None]:
    """Levels and growths of a relation of figures, by the key that SDMX gives them."""
    rows = readers.execute(f"""
        select zone, indicator, coalesce(industry, '_T'), basis, replace(period, 'Q', '-Q'), value, growth_reported_pct
        from {relation}
    """).fetchall()
    levels = {(*row[:5], "N"): row[5] for row in rows}
    return levels | {(*row[:5], "GY"): row[6] for row in rows if row[6] is not None}


def test_every_figure_comes_back_to_the_last_digit(
    readers: duckdb.DuckDBPyConnection, office: dict[Key, dict[str, str]]
) -> None:
    expected = figures(readers, "staging.observation")
    assert len(expected) > 200
    assert {key: value_of(row) for key, row in office.items()} == expected
    gdp = office["150571", "gdp", "_T", "ytd", "2022-Q3", "N"]
    assert (gdp["OBS_VALUE"], gdp["UNIT_MEASURE"], gdp["UNIT_MULT"]) == ("107.92", "CNY", "8")
    assert (gdp["ACCUMULATION"], gdp["OBS_STATUS"], gdp["CONF_STATUS"]) == ("ytd", "A", "F")
    assert float(gdp["DECIMALS"]) == 2


def test_everybody_gets_what_the_public_view_gives_and_nothing_else(
    readers: duckdb.DuckDBPyConnection,
    folder: Path,
    office: dict[Key, dict[str, str]],
    everybody: dict[Key, dict[str, str]],
) -> None:
    published = figures(readers, "(from public.indicator where conf_status = 'F')")
    assert {key: value_of(row) for key, row in everybody.items()} == published
    assert 0 < len(everybody) < len(office)
    assert {row["CONF_STATUS"] for row in everybody.values()} == {"F"}
    assert "V" not in {row["OBS_STATUS"] for row in everybody.values()}
    files = list((folder / "public/sdmx").iterdir())
    assert {path.stat().st_mode & 0o777 for path in files} == {0o644}
    assert {row["CONF_STATUS"] for key, row in office.items() if key not in everybody} <= {"C", "N"}


def test_what_is_under_query_is_the_offices_alone(run_file: Path, tmp_path: Path) -> None:
    with write_to(run_file) as readers:
        readers.execute("""
            insert into ledger.finding (submission, form, zone, period, code, severity, outcome, row, "column")
            select submission, form, zone, period, 'FIGURE-MAGNITUDE', 'query', 'broken', source_row, '本年累计'
            from staging.observation where zone = '150571' and period = '2022Q3' and indicator = 'gdp'
        """)
        zones = compare_zones(readers, tmp_path / "nothing")
        for export in sdmx_exports(readers, PUBLIC_FOLDER):
            views = ReadViews(readers, zones)
            write_export(readers, export, views, zones, tmp_path / "nothing", tmp_path)
        asked = figures(readers, "(from staging.observation where has_open_query)").keys()
    office, everybody = read_back(tmp_path / "sdmx"), read_back(tmp_path / "public/sdmx")
    assert ("150571", "gdp", "_T", "ytd", "2022-Q3", "GY") in asked
    assert {key for key, row in office.items() if row["OBS_STATUS"] == "V"} == asked
    assert {office[key]["CONF_STATUS"] for key in asked} == {"N"}
    assert office.keys() - everybody.keys() == asked
    assert everybody, "the others are published"


@pytest.mark.torture
def test_a_changed_digit_or_a_missing_structure_is_found(
    small_warehouse: tuple[Path, Path],
) -> None:
    _, warehouse = small_warehouse
    published = warehouse / "published"
    file = published / "public/sdmx/CN.csv"
    before = file.read_text(encoding="utf-8")
    with duckdb.connect(str(warehouse / "jibao.duckdb"), read_only=True) as readers:
        assert verify_published(readers, published) == []
        file.write_text(before.replace("29137", "29138"), encoding="utf-8")
        (published / "sdmx" / STRUCTURES["3.0"]).unlink()
        found = {
            Path(discrepancy.subject).name for discrepancy in verify_published(readers, published)
        }
    assert found == {"CN.csv", STRUCTURES["3.0"]}


def written(path: Path) -> Any:
    from pysdmx.io import read_sdmx

    return read_sdmx(path, validate=True)  # by the official schemas


@pytest.mark.parametrize("version", STRUCTURES)
def test_structures_hold_to_the_official_schemas_and_every_code_is_in_them(
    version: str,
    folder: Path,
    office: dict[Key, dict[str, str]],
    readers: duckdb.DuckDBPyConnection,
) -> None:
    from pysdmx.io import get_datasets

    for place in (folder / "sdmx", folder / "public/sdmx"):
        message = written(place / STRUCTURES[version])
        [structure] = message.get_data_structure_definitions()
        lists = {codelist.id: codelist for codelist in message.get_codelists()}
    [data] = get_datasets(folder / "sdmx/150571.csv", folder / "sdmx" / STRUCTURES[version])
    assert data.structure.id == "DF_OBSERVATION" and len(data.data) > 50
    components = {component.id: component for component in structure.components}
    [names] = readers.execute(
        "select list(component order by ord) from ref.sdmx_component"
    ).fetchall()
    assert sorted(components) == sorted(names[0])
    for name in ("ACCUMULATION", "OBS_STATUS", "UNIT_MULT", "DECIMALS", "CONF_STATUS"):
        assert name in components
    coded = readers.execute(
        "select component, codelist from ref.sdmx_component where codelist is not null"
    ).fetchall()
    for component, codelist in coded:
        codes = {code.id for code in lists[codelist]}
        used = {row.get(component, "") for row in office.values()} - {"", "nan", "NaN"}
        assert used and used <= codes, component
    counted = dict(
        readers.execute(
            "select codelist, count(*) from metrics.sdmx_code group by codelist"
        ).fetchall()
    )
    assert {name: len(codelist) for name, codelist in lists.items()} == counted


def test_names_are_in_both_languages(folder: Path, readers: duckdb.DuckDBPyConnection) -> None:
    import sdmx

    message = sdmx.read_sdmx(folder / "sdmx" / STRUCTURES["2.1"])
    rows = readers.execute(
        "select codelist, code, title_zh, title_en from metrics.sdmx_code"
    ).fetchall()
    for codelist, code, zh, en in rows:
        names = message.codelist[codelist][code].name.localizations
        assert names["zh"] == zh and names.get("en") == en, code
    [structure] = message.structure.values()
    assert [d.id for d in structure.dimensions][-1] == "TIME_PERIOD"
    assert (
        structure.attributes.get("UNIT_MULT").local_representation.enumerated.id == "CL_UNIT_MULT"
    )
    assert message.codelist["CL_ACTIVITY"]["01"].parent.id == "A"


def test_equal_inputs_give_equal_structures(
    folder: Path, readers: duckdb.DuckDBPyConnection
) -> None:
    for version, name in STRUCTURES.items():
        assert render_structure(readers, version) == (folder / "sdmx" / name).read_text("utf-8")
