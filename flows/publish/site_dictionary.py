"""The dictionary and the methodology in the site: indicators, views with their columns and SQL, and
the formulas, from the warehouse's own catalogue and the SQL that it is built from.
"""

from __future__ import annotations

import re

import duckdb

from flows import SQL_DIR
from flows.publish.site_pages import render_tables
from flows.publish.site_rows import Row
from flows.publish.site_tables import Cell, Section, Table, TablePage, tell
from flows.publish.site_words import DICTIONARY, FRONT, METHODOLOGY
from flows.publish.view_words import ViewWords, describe_views
from flows.warehouse.database import fetch_rows
from flows.warehouse.sql_file import Relation, open_relation

_VIEWS = """
select c.view_name, c.title_zh, c.title_en, c.filled_by_zh, c.filled_by_en
from metrics.catalogue as c where {where} order by c.view_name
"""
_INDICATORS = """
select
    i.indicator, i.title_zh, i.title_en, u.unit as unit_zh, coalesce(u.title_en, u.unit) as unit_en,
    b.title_zh as basis_zh, b.title_en as basis_en, f.title_zh as form_zh, f.title_en as form_en,
    i.department_zh, i.department_en
from ref.indicator as i
inner join ref.unit as u on i.quoted_unit = u.unit
inner join ref.sdmx_code as b on b.codelist = 'CL_ACCUMULATION' and i.basis = b.code
inner join ref.form as f on i.form = f.form
where {where}
order by f.form, i.indicator
"""
_BREAKS = """
select
    if(s.zone = '*', null, s.zone) as zone, coalesce(i.title_zh, s.indicator) as title_zh,
    coalesce(i.title_en, s.indicator) as title_en, s.period, s.note_zh, s.note_en
from ref.series_break as s left join ref.indicator as i on s.indicator = i.indicator
order by s.period, s.indicator
"""
_TOLERANCES = """
select t.title_zh, t.title_en, plain(t.tolerance) as tolerance, t.unit
from ref.tolerance as t order by t.identity
"""
_PUBLIC = "not is_confidential(i.indicator, null, nation())"
# F1, F4: the formulas of the methodology by their numbers
_FORMULA = re.compile(r"^((?:F\d+(?:, )?)+): ")


def list_views(con: duckdb.DuckDBPyConnection, audience: str) -> list[Row]:
    """The views of the dictionary for an audience."""
    where = "c.view_name like 'public.%'" if audience == "public" else "true"
    return fetch_rows(con, _VIEWS.format(where=where))


def render_dictionary(
    con: duckdb.DuckDBPyConnection, views: list[Row], audience: str
) -> dict[str, bytes]:
    """The pages by their paths in their folder."""
    words = describe_views(con, (view["view_name"] for view in views))
    pages = [
        _index(con, views, audience),
        _methodology(con),
        *(_view(words[view["view_name"]]) for view in views),
    ]
    return {page.path.removeprefix("dictionary/"): render_tables(page, audience) for page in pages}


def _index(con: duckdb.DuckDBPyConnection, views: list[Row], audience: str) -> TablePage:
    where = _PUBLIC if audience == "public" else "true"
    indicators = [
        [
            Cell(row["title_zh"], row["title_en"]),
            Cell(row["indicator"], is_code=True),
            Cell(row["unit_zh"], row["unit_en"]),
            Cell(row["basis_zh"], row["basis_en"]),
            Cell(row["form_zh"], row["form_en"]),
            Cell(row["department_zh"], row["department_en"]),
        ]
        for row in fetch_rows(con, _INDICATORS.format(where=where))
    ]
    headings = [
        ("指标", "Indicator"),
        ("代码", "Code"),
        ("单位", "Unit"),
        ("口径", "Span"),
        ("报表", "Form"),
        ("部门", "Department"),
    ]
    relations = [
        [
            Cell(row["view_name"], None, f"dictionary/{row['view_name']}.html", is_code=True),
            Cell(row["title_zh"], row["title_en"]),
            Cell(row["filled_by_zh"], row["filled_by_en"]),
        ]
        for row in views
    ]
    return TablePage(
        DICTIONARY[0],
        ("数据字典", "Data dictionary"),
        None,
        [
            Section(("视图", "Views"), table=Table(_OF_VIEWS, relations)),
            Section(("指标", "Indicators"), table=Table(headings, indicators)),
        ],
    )


_OF_VIEWS = [("视图", "View"), ("一行是什么", "What a row is"), ("由何填充", "Filled by")]


def _view(view: ViewWords) -> TablePage:
    name = view.name
    rows = [
        [
            Cell(column.name, is_code=True),
            Cell(column.title_zh, column.title_en),
            tell(column.unit),
            Cell(column.kind.lower(), is_code=True),
        ]
        for column in view.columns
    ]
    headings = [("列", "Column"), ("含义", "Meaning"), ("单位", "Unit"), ("类型", "Type")]
    schema, _, bare = name.partition(".")
    sections = [Section(("列", "Columns"), table=Table(headings, rows))]
    relation = open_relation(SQL_DIR / schema / f"{bare}.sql")
    sections.append(Section(("算式", "How it is computed"), sql=relation.sql))
    title = (view.title_zh, view.title_en)
    return TablePage(f"dictionary/{name}.html", (name, name), title, sections, [FRONT, DICTIONARY])


def _methodology(con: duckdb.DuckDBPyConnection) -> TablePage:
    formulas = [
        (match[1], relation)
        for path in sorted((SQL_DIR / "macros").glob("*.sql"))
        if (match := _FORMULA.match((relation := open_relation(path)).title_en))
    ]
    formulas.sort(key=lambda pair: [int(n) for n in re.findall(r"\d+", pair[0])])
    sections = [_formula(number, relation) for number, relation in formulas]
    tolerances = [
        [Cell(row["title_zh"], row["title_en"]), tell(row["tolerance"]), tell(row["unit"])]
        for row in fetch_rows(con, _TOLERANCES)
    ]
    breaks = [
        [
            Cell(row["title_zh"], row["title_en"]),
            Cell("全部", "all") if row["zone"] is None else tell(row["zone"]),
            tell(row["period"]),
            Cell(row["note_zh"], row["note_en"]),
        ]
        for row in fetch_rows(con, _BREAKS)
    ]
    return TablePage(
        *METHODOLOGY,
        (
            "绝对数按现价，报送的增速照报送写出，从不改写。"
            "以下是仓库所用的算式，与它执行的 SQL 逐字相同。",
            "Levels are at current prices; growth that was reported is shown as it was reported. "
            "These are the formulas of the warehouse, to the letter the SQL that it runs.",
        ),
        [
            *sections,
            Section(
                ("平衡关系的允许误差", "Tolerances of identities"),
                table=Table(
                    [("关系", "Identity"), ("误差", "Tolerance"), ("单位", "Unit")],
                    tolerances,
                    frozenset({1}),
                ),
            ),
            Section(
                ("口径变动", "Breaks in series"),
                table=Table(
                    [("指标", "Indicator"), ("地区", "Zone"), ("自", "From"), ("说明", "Note")],
                    breaks,
                ),
            ),
        ],
    )


def _formula(number: str, relation: Relation) -> Section:
    english = relation.title_en.partition(": ")[2]
    chinese = relation.title_zh.partition("：")[2] if "F" in relation.title_zh[:2] else None
    body = relation.sql[relation.sql.index("create") :].strip()
    return Section(
        (f"{relation.name}（{number}）", f"{relation.name} ({number})"),
        (chinese or relation.title_zh, english[:1].upper() + english[1:]),
        sql=body,
        anchor=relation.name,
    )
