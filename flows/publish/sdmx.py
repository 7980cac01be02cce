"""SDMX: observations as SDMX-CSV 2.0, a file a zone, and their structures as SDMX-ML 2.1 and 3.0.

The structures follow from the reference tables: they are written again where those, or what
writes them, have changed. What everybody may have stands below `public`: the same structures, and
of the observations those whose CONF_STATUS is F.
"""

from __future__ import annotations

import hashlib
import itertools
import shutil
from pathlib import Path

import duckdb

from flows.publish.exports import Export, keep_file
from flows.publish.page import open_page
from flows.warehouse.database import fetch_rows
from flows.warehouse.sql_text import quote
from flows.warehouse.writers import written_by

SDMX_FOLDER = "sdmx"
STRUCTURES = {"2.1": "structure-2.1.xml", "3.0": "structure-3.0.xml"}
AGENCY = "JIBAO"
STRUCTURE = "OBSERVATION"
VERSION = "1.0.0"
# the day of VERSION: a time of now would make equal structures unequal
PREPARED = "2026-11-28T00:00:00Z"
_MADE_OF = "structure.sha256"
_RELATION = "metrics.sdmx_observation"
_CODELISTS = """
    select c.codelist, c.title_zh, c.title_en
    from ref.sdmx_component as c
    where c.codelist is not null order by c.ord
"""

# every word of the structures, in a few numbers
_CONTENT = f"""
    select count(*), sum(hash(c)) from metrics.sdmx_code as c
    union all select count(*), sum(hash(c)) from ref.sdmx_component as c
    union all select count(*), sum(hash(c.title_zh, c.title_en)) from metrics.catalogue as c
    where c.view_name = '{_RELATION}'
"""


def sdmx_exports(con: duckdb.DuckDBPyConnection, public: str) -> tuple[Export, Export]:
    """The observations for the office, and those for everybody, below the folder `public`."""
    columns = ", ".join(
        (
            "'dataflow' as STRUCTURE",
            f"{quote(f'{AGENCY}:DF_{STRUCTURE}({VERSION})')} as STRUCTURE_ID",
            "'I' as ACTION",
            *(_write_column(*component) for component in con.execute(_COMPONENTS).fetchall()),
        )
    )
    return (
        Export(SDMX_FOLDER, _RELATION, columns),
        Export(f"{public}/{SDMX_FOLDER}", _RELATION, columns, "conf_status = 'F'"),
    )


_COMPONENTS = "select component, column_name from ref.sdmx_component order by ord"


def _write_column(component: str, column: str) -> str:
    return f"{'plain(obs_value)' if component == 'OBS_VALUE' else column} as {component}"


def write_structures(
    con: duckdb.DuckDBPyConnection, published: Path, beside: Path, public: str
) -> bool:
    """Write both structures into `beside`, or take over those that stand. Whether they are new."""
    content = con.execute(_CONTENT).fetchall()
    inputs = hashlib.sha256(f"{content} {written_by()}".encode()).hexdigest()
    folder, standing = beside / SDMX_FOLDER, published / SDMX_FOLDER
    note = standing / _MADE_OF
    is_same = note.exists() and note.read_text(encoding="utf-8") == inputs
    is_kept = is_same and all(
        keep_file(standing / name, folder / name) for name in STRUCTURES.values()
    )
    if not is_kept:
        for version, name in STRUCTURES.items():
            (folder / name).unlink(missing_ok=True)  # never through a link into what readers have
            (folder / name).write_text(render_structure(con, version), encoding="utf-8")
    (folder / _MADE_OF).write_text(inputs, encoding="utf-8")
    for name in STRUCTURES.values():  # no link: the public's may be read by everybody
        shutil.copyfile(folder / name, beside / public / SDMX_FOLDER / name)
    return not is_kept


def render_structure(con: duckdb.DuckDBPyConnection, version: str) -> str:
    """Codelists, concepts, data structure and dataflow as SDMX-ML `version`, 2.1 or 3.0."""
    codes = fetch_rows(con, "from metrics.sdmx_code order by codelist, ord, code")
    by_list = {
        codelist: list(group)
        for codelist, group in itertools.groupby(codes, lambda code: code["codelist"])
    }
    [title] = fetch_rows(
        con, f"select title_zh, title_en from metrics.catalogue where view_name = '{_RELATION}'"
    )
    return open_page("sdmx_structure.xml.jinja").render(
        is_21=version == "2.1",
        agency=AGENCY,
        structure=STRUCTURE,
        version=VERSION,
        prepared=PREPARED,
        title=title,
        components=fetch_rows(con, "from ref.sdmx_component order by ord"),
        codelists=[(c, by_list[c["codelist"]]) for c in fetch_rows(con, _CODELISTS)],
    )
