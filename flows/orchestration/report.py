"""The operator's report of a run, as Markdown, rows and a picture.

What came, what was accepted, what was not and why, the headline figures with their change, held
rows, and identities that do not hold. Every figure is a view's; here is only how it is set out.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import duckdb

from flows.model.errors import WarehouseError
from flows.orchestration.markdown import code, plain, plain_item, tabulate
from flows.orchestration.questions import tell_questions
from flows.orchestration.summary import Headline, RunSummary
from flows.publish.number_text import write_signed
from flows.warehouse.database import fetch_rows, read_published

FILES_URL = (
    "JIBAO_FILES_URL"  # where `jibao serve` answers; without it paths are told instead of links
)
MOST_ROWS = 500  # of a table artifact; the warehouse has them all
_FEW = 40

Row = dict[str, Any]


def fetch(con: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] = ()) -> list[Row]:
    """Rows by column name, as JSON can hold them."""
    return [
        {name: _as_json(value) for name, value in row.items()}
        for row in fetch_rows(con, query, values)
    ]


def _as_json(value: object) -> int | str:
    if isinstance(value, int | str):
        return value
    return "" if value is None else str(value)


def link(words: str, warehouse: Path, path: Path) -> str:
    """A link to a file of the warehouse where it is served, or the path where it is not."""
    base = urlsplit(os.environ.get(FILES_URL, ""))
    if not base.netloc:
        return f"{words}: {code(path)}"
    place = f"{base.path.rstrip('/')}/{quote(path.relative_to(warehouse).as_posix())}"
    return f"[{words}]({base._replace(path=place).geturl()})"  # a token stays behind the path


def headline_of(warehouse: Path) -> Headline:
    """The headline figures that readers have now, for a run to compare with; none where they have
    no warehouse or a damaged one.
    """
    try:
        with read_published(warehouse) as con:
            rows = con.execute(
                "select h.zone, h.period, h.indicator, h.value_text, h.growth_pct "
                "from metrics.headline as h"
            ).fetchall()
    except WarehouseError:
        return {}
    return {
        (zone, period, indicator): (value, growth)
        for zone, period, indicator, value, growth in rows
    }


def tell_run(con: duckdb.DuckDBPyConnection, summary: RunSummary, warehouse: Path) -> str:
    """The run as Markdown."""
    pages = [
        link("站点 Site", warehouse, warehouse / "published" / "site" / "index.html"),
        link("Data Docs", warehouse, warehouse / "data_docs" / "index.html"),
    ]
    parts = [
        f"# 季报运行 · Quarterly run\n\n**{summary.describe()}**",
        " · ".join(pages),
        _list(
            "## 已生效 · What took effect",
            [effect.words for effect in summary.effects],
        ),
        _tell_arrivals(con, summary.run),
        _tell_problems(con, summary, warehouse),
        tell_questions(con, summary.run),
        _list(
            "## 等待批准的修订 · Revisions that wait to be accepted (`jibao accept`)",
            summary.waiting,
        ),
        _tell_headline(con, summary.run, summary.before),
        _tell_faults(summary),
        _tell_missing(summary),
    ]
    return "\n\n".join(part for part in parts if part)


def tell_counts(summary: RunSummary) -> str:
    """A run that published nothing, in numbers."""
    how = (
        "试运行，未改动任何内容 · dry run, nothing changed"
        if summary.dry_run
        else "数据仓库未变 · the warehouse is unchanged"
    )
    parts = ["# 季报运行 · Quarterly run", f"**{summary.describe()}**", how, _tell_missing(summary)]
    return "\n\n".join(parts)


def _tell_faults(summary: RunSummary) -> str:
    heading = "## 程序自身的问题 · Faults of ours (the trace is in the run's log)"
    return _list(heading, [f"{fault.path}: {fault.problem}" for fault in summary.faults])


def _tell_missing(summary: RunSummary) -> str:
    return _list("## 清单有而 raw/ 没有 · In the manifest, not in raw/", summary.missing_files)


def _list(heading: str, lines: list[str]) -> str:
    return (
        "\n".join([heading + "\n", *(f"- {code(line)}" for line in lines[:_FEW])]) if lines else ""
    )


def _tell_arrivals(con: duckdb.DuckDBPyConnection, run: str) -> str:
    rows = con.execute(
        """
        select
            s.zone, s.period, count(*),
            count(*) filter (where s.status = 'accepted'),
            count(*) filter (where s.status = 'partial'),
            count(*) filter (where s.status = 'rejected'),
            sum(s.rows_read), sum(s.rows_accepted), sum(s.rows_held)
        from ledger.submission as s where s.run = ?
        group by s.zone, s.period order by s.zone, s.period desc
        """,
        [run],
    ).fetchall()
    lines = [
        (f"{zone} {period}", files, f"{a} / {p} / {r}", f"{read} / {loaded} / {held}")
        for zone, period, files, a, p, r, read, loaded, held in rows
    ]
    head = (
        "地区、报告期",
        "文件 files",
        "入库 / 部分 / 退回 accepted / partial / rejected",
        "行：读 / 入库 / 扣留 read / loaded / held",
    )
    return f"## 收到 · What came\n\n{tabulate(head, lines)}" if rows else ""


def _tell_problems(con: duckdb.DuckDBPyConnection, summary: RunSummary, warehouse: Path) -> str:
    """Each file that was not taken whole, or has to be explained, with the gravest reasons."""
    rows = con.execute(
        """
        with told as (
            select f.submission, f.message_zh, f.message_en, count(*) as times,
                array_position(['reject', 'quarantine', 'query'], f.severity) as grade
            from ledger.finding as f
            where f.outcome = 'broken' and f.severity in ('reject', 'quarantine', 'query')
                and f.explanation is null
            group by all
        ),
        grave as (
            select t.* from told as t
            qualify row_number() over (
                partition by t.submission order by t.grade, t.times desc, t.message_zh
            ) <= 3
        )
        select s.path, s.status, s.submission, s.rows_held,
            list(
                g.message_zh || ' · ' || g.message_en || if(g.times > 1, ' ×' || g.times, '')
                order by g.grade, g.times desc
            )
        from ledger.submission as s inner join grave as g on s.submission = g.submission
        where s.run = ? group by s.path, s.status, s.submission, s.rows_held
        order by array_position(['rejected', 'partial', 'accepted'], s.status), s.path
        """,
        [summary.run],
    ).fetchall()
    if not rows:
        return "## 问题 · Findings\n\n没有需要处理的问题 · nothing to act on"
    replies = {Path(path).name.split(".")[-2]: Path(path) for path in summary.replies}
    words = {
        "rejected": "整份退回 rejected",
        "partial": "部分入库 partial",
        "accepted": "已入库，请说明 accepted, to be explained",
    }
    lines = []
    for path, status, submission, held, why in rows[:_FEW]:
        rows_held = f"，扣留 {held} 行 rows held" if held else ""
        lines.append(f"- **{words[status]}** {code(path)}{rows_held}")
        lines += [f"    - {plain_item(reason)}" for reason in why]
        lines += (
            [f"    - {link('回执 return workbook', warehouse, replies[submission])}"]
            if submission in replies
            else []
        )
    more = (
        [f"\n… {len(rows) - _FEW} more: `select * from ledger.finding`"] if len(rows) > _FEW else []
    )
    return "\n".join(["## 问题 · Findings\n", *lines, *more])


def _tell_headline(con: duckdb.DuckDBPyConnection, run: str, before: Headline) -> str:
    rows = con.execute(
        """
        with touched as (
            select s.zone, max(s.period) as period from ledger.submission as s
            where s.run = ? and s.status <> 'rejected' group by s.zone
        ) select
            h.zone || ' ' || h.period, h.zone, h.period, h.indicator,
            h.title_zh || ' ' || h.title_en || if(h.has_open_query, ' 待核实 under query', ''),
            h.value_text, h.growth_pct
        from metrics.headline as h
        inner join touched as t on h.zone = t.zone and h.period = t.period
        order by h.zone, h.ord limit 60
        """,
        [run],
    ).fetchall()
    parts: dict[str, list[tuple[Any, ...]]] = {}
    for place, zone, period, indicator, title, value, growth in rows:
        was = before.get((zone, period, indicator))
        change = (
            "新 new"
            if was is None
            else "未变 as before"
            if was == (value, growth)
            else f"原 was {was[0] or '—'}，{_percent(was[1])}"
        )
        parts.setdefault(place, []).append((title, value or "—", _percent(growth), change))
    head = ("指标 indicator", "数值 value", "同比 on the year", "与上次运行相比 since the last run")
    sections = [f"### {plain(place)}\n\n{tabulate(head, lines)}" for place, lines in parts.items()]
    return "\n\n".join(["## 主要指标 · Headline figures", *sections]) if sections else ""


def _percent(growth: Any) -> str:
    return "—" if growth is None else f"{write_signed(growth)} %"


def list_held(con: duckdb.DuckDBPyConnection, run: str) -> list[Row]:
    """Rows that the run held, with the rule and how to mend it."""
    return fetch(
        con,
        f"""
        select
            q.path as 文件_file, q.sheet as 工作表_sheet, q.row as 行_row, q.cell as 单元格_cell,
            q.value as 内容_value, q.code as 规则_rule, q.message_zh as 问题,
            q.message_en as what_is_wrong, q.mend_zh as 怎样改正, q.mend_en as how_to_mend
        from quarantine.held_row as q
        inner join ledger.submission as s on q.submission = s.submission
        where s.run = ? order by q.path, q.row, q.code limit {MOST_ROWS}
        """,
        [run],
    )


def list_open(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Submissions that wait to be mended or explained.

    They stand, or were rejected and not followed by another.
    """
    return fetch(
        con,
        f"""
        select
            s.zone as 地区_zone, s.period as 报告期_period, s.form as 报表_form,
            s.path as 文件_file, s.status as 结果_result,
            s.rows_held as 未入库行_held, s.findings_query as 待说明_to_explain
        from staging.submission_status as s
        where (s.is_current and (s.rows_held > 0 or s.findings_query > 0))
            or (s.status = 'rejected' and not exists (
                select 1 from staging.submission_status as o
                where o.is_current and o.zone = s.zone and o.period = s.period and o.form = s.form))
        order by s.period desc, s.zone, s.form limit {MOST_ROWS}
        """,
    )


def list_failures(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Identities that do not hold in the figures that stand."""
    return fetch(
        con,
        f"""
        select
            r.zone as 地区_zone, r.period as 报告期_period, r.title_zh as 关系,
            r.title_en as identity, r.left_value as 左边_left, r.right_value as 右边_right,
            r.difference as 差_difference, r.tolerance as 容差_tolerance, r.unit as 单位_unit
        from metrics.reconciliation as r where not r.holds
        order by r.period desc, r.zone, r.identity limit {MOST_ROWS}
        """,
    )
