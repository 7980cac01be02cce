"""`jibao run` brings the warehouse up to date."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.cells import cell_len
from rich.table import Table

from flows.cli.terminal import (
    FAULT,
    PlaceOption,
    RawOption,
    WithoutTraces,
    escape,
    in_words,
    out,
)
from flows.model.access import keep_private
from flows.warehouse.database import published_path, read_published
from flows.warehouse.lake import LakeAddress, parse_address
from flows.warehouse.lake_commit import say_committed

if TYPE_CHECKING:
    from flows.orchestration.summary import RunSummary
    from flows.receive.step import Selection

_TRACES = WithoutTraces()
_MOST_EFFECTS = 20  # that are named; of more the number is said
_FEW_ZONES = 3  # whose main indicators fit on a screen together


@in_words
def run(
    raw: RawOption = Path("raw"),
    warehouse: PlaceOption = "warehouse",
    zone: Annotated[list[str] | None, typer.Option(help="Only this zone; may be repeated.")] = None,
    period: Annotated[
        list[str] | None, typer.Option(help="Only this quarter, e.g. 2022Q3; may be repeated.")
    ] = None,
    form: Annotated[list[str] | None, typer.Option(help="Only this form; may be repeated.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge, and change nothing.")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Start from an empty warehouse: all from raw/.")
    ] = False,
) -> None:
    """Bring the warehouse up to date with the raw submissions.

    Exit codes:
    0  the run is over, whatever it found in the files;
    2  the call or the warehouse is not as it should be;
    3  the run is over, and the pipeline itself failed on a file, which is held.
    """
    quiet_prefect()
    from flows.orchestration import selection as choice

    place = parse_address(warehouse)
    local = place.local if isinstance(place, LakeAddress) else place
    selection = choice.choose(zone, period, form, raw)
    beside = choice.look_beside(place, raw)
    outrun = beside.outrun if beside else ()
    received = choice.find_new(raw, local, selection, rebuild, outrun)  # tells of a wrong parameter
    if not (dry_run or rebuild or received.new) and choice.is_published(local, raw):
        out.print(
            f"{raw} 里没有新的文件，数据仓库已是最新 · nothing new in {raw}; "
            "the warehouse is current",
            markup=False,
            soft_wrap=True,
        )
        if isinstance(place, LakeAddress):  # what a run before could not commit
            from flows.orchestration.steps import commit

            out.print(say_committed(*commit(place)), markup=False, soft_wrap=True)
        _print_headline(local)
        return
    summary = _run(raw, warehouse, selection, dry_run, rebuild)
    what = f"{'试运行 dry run: ' if dry_run else ''}{summary.describe()}"
    out.print(escape(what), style="bold", soft_wrap=True)
    _print_effects(summary)
    _print_to_mend(summary, local)
    for fault in summary.faults:
        out.print(
            f"[red]程序自身出错，与报送人无关 · a fault of ours:[/] {escape(fault.path)}: "
            f"{escape(fault.problem)}",
            soft_wrap=True,
        )
    if not dry_run:
        _print_headline(local)
    raise typer.Exit(FAULT if summary.faults else 0)


def _run(
    raw: Path, warehouse: str, selection: Selection, dry_run: bool, rebuild: bool
) -> RunSummary:
    """The run: as a flow where a Prefect server is set, else by its plain body.

    A temporary server would take ten seconds to show the run to nobody.
    """
    from flows.orchestration.server import is_server_set

    if not is_server_set():
        out.print(
            "运行中（未设 Prefect 服务器）… · running without a Prefect server "
            "(PREFECT_API_URL names one) …",
            soft_wrap=True,
        )
        from flows.read.isolation import begin_workers

        keep_private()
        begin_workers()  # which import what they need while we do
        from flows.orchestration.quarter import run_quarter

        logging.basicConfig(format="%(asctime)s | %(levelname)-7s | %(message)s", datefmt="%X")
        logging.getLogger("flows").addFilter(_TRACES)
        return run_quarter(
            raw, parse_address(warehouse), selection, dry_run=dry_run, rebuild=rebuild
        )
    from flows.quarterly import quarterly

    out.print("启动流程 … · starting the flow …")
    summary: RunSummary = quarterly(
        raw,
        warehouse,
        zones=list(selection.zones) or None,
        periods=list(selection.periods) or None,
        forms=list(selection.forms) or None,
        dry_run=dry_run,
        rebuild=rebuild,
    )
    return summary


def quiet_prefect() -> None:
    """No telemetry, and only what matters in the log, unless the caller wants otherwise."""
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    # a server that watches misses a run of ours after a few of these
    os.environ.setdefault("PREFECT_FLOWS_HEARTBEAT_FREQUENCY", "30")


def _print_effects(summary: RunSummary) -> None:
    """What people decided, and the run has followed."""
    for effect in summary.effects[:_MOST_EFFECTS]:
        out.print(f"[green]✓[/] {escape(effect.words)}", soft_wrap=True)
    if (more := len(summary.effects) - _MOST_EFFECTS) > 0:
        out.print(
            f'  另有 {more} 项已生效 · {more} more took effect: jibao sql "from metrics.audit"',
            soft_wrap=True,
        )


def _print_to_mend(summary: RunSummary, warehouse: Path) -> None:
    """How many return workbooks were written and where; by name, what was sent back, then what is
    asked.
    """
    if summary.replies:
        number = len(summary.replies)
        out.print(
            f"退回的工作簿 {number} 份，在 {escape(warehouse / 'replies')}/<地区>/<报告期>/ · "
            f"{number} return workbooks in {escape(warehouse / 'replies')}/<zone>/<period>/",
            soft_wrap=True,
        )
    listed = sorted(summary.to_mend, key=lambda m: (_STATUSES.index(m.status), m.path))
    for one in listed[:_MOST_TO_MEND]:
        zh, en, style = _WORDS[one.status]
        codes = ", ".join(one.codes[:3]) + (" …" if len(one.codes) > 3 else "")
        asked_zh = f"，{one.questions} 处请说明" if one.questions else ""
        asked_en = f", {one.questions} to explain" if one.questions else ""
        out.print(
            f"  [{style}]{zh} {en}[/] {escape(one.path)}{asked_zh}{asked_en}  [dim]{codes}[/]",
            soft_wrap=True,
        )
    if (more := len(listed) - _MOST_TO_MEND) > 0:
        out.print(
            f"  另有 {more} 份 · {more} more: jibao status, "
            "jibao sql \"from staging.submission_status where status <> 'accepted'\"",
            soft_wrap=True,
        )


_MOST_TO_MEND = 15  # submissions that a run names on the screen
_STATUSES = ("rejected", "partial", "accepted")
_WORDS = {
    "rejected": ("退回", "rejected", "red"),
    "partial": ("部分入库", "partly loaded", "yellow"),
    "accepted": ("请说明", "to explain", "yellow"),
}


def _print_headline(warehouse: Path) -> None:
    """The main indicators of the newest quarter; of many zones the first of them, a line each."""
    with read_published(warehouse) as con:
        rows = con.execute(f"""
            select h.zone || ' ' || h.period, h.title_zh, h.title_en, coalesce(h.value_text, '—'),
                coalesce(fixed(h.growth_pct, 1) || ' %', '—'),
                if(h.has_open_query, '待核实 under query', '')
            from metrics.headline as h inner join ref.zone as z on h.zone = z.zone
            qualify
                h.period = max(h.period) over (partition by h.zone)
                and (
                    count(distinct h.zone) over () <= {_FEW_ZONES}
                    or h.ord = min(h.ord) over (partition by h.zone, h.period)
                )
            order by z.kind = 'nation', h.zone, h.ord
        """).fetchall()
    table = Table(
        box=box.SIMPLE_HEAD, title="主要经济指标 · Headline figures", title_justify="left"
    )
    for heading in ("", "指标", "indicator"):
        table.add_column(heading, overflow="fold")
    for heading in ("数值 value", "同比 growth"):
        table.add_column(heading, justify="right", no_wrap=True)
    is_asked = any(row[-1] for row in rows)
    if is_asked:
        table.add_column("", overflow="fold")
    last = None
    for place, *cells, query in rows:
        shown = [*cells, query] if is_asked else cells
        table.add_row(place if place != last else "", *map(escape, shown))
        last = place
    out.print(table)
    published = published_path(warehouse)
    for what, where in (
        ("数据仓库 warehouse", published),
        ("站点 site", warehouse / "published" / "site" / "index.html"),
        ("审核文档 Data Docs", warehouse / "data_docs" / "index.html"),
        ("试试 try", "jibao status"),
        ("试试 try", "jibao sql \"from metrics.sector_growth where zone = '150571'\""),
    ):
        gap = " " * (20 - cell_len(what))
        out.print(f"{what}{gap}{escape(where)}", soft_wrap=True)
    from flows.publish.bulletin_pages import has_pdfs
    from flows.publish.bulletin_pdf import NO_FONT

    if not has_pdfs(warehouse / "published"):
        out.print(NO_FONT, soft_wrap=True)
