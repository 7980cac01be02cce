"""`jibao revalidate` tells what today's rules would change of what was judged before."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from flows.cli.run import quiet_prefect
from flows.cli.terminal import Lang, RawOption, WarehouseOption, escape, in_words, out

_SHOWN = 20  # findings of a submission; the rest is counted


@in_words
def revalidate(
    raw: RawOption = Path("raw"),
    warehouse: WarehouseOption = Path("warehouse"),
    zone: Annotated[list[str] | None, typer.Option(help="Only this zone; may be repeated.")] = None,
    period: Annotated[
        list[str] | None, typer.Option(help="Only this quarter; may be repeated.")
    ] = None,
    form: Annotated[list[str] | None, typer.Option(help="Only this form; may be repeated.")] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Judge them again and replace what was loaded of them.")
    ] = False,
    lang: Annotated[Lang, typer.Option(help="Language of the answer.")] = Lang.zh,
) -> None:
    """Run today's rules over what earlier ones judged, and list what would change; nothing is
    touched without --apply.
    """
    quiet_prefect()
    from flows.orchestration.changes import list_changes
    from flows.orchestration.selection import choose

    changes = list_changes(raw, warehouse, choose(zone, period, form, raw))
    differing = [c for c in changes if not c.is_none]
    heads = {
        "zh": ("报送", "处理结果", "入库行数", "审核意见", "代码", "单元格", "内容"),
        "en": ("submission", "status", "rows loaded", "finding", "code", "cell", "what it says"),
    }[lang]
    table = Table(box=box.SIMPLE_HEAD)
    for head in heads:
        table.add_column(head, overflow="fold")
    marks = {"zh": ("新增", "消失", "另有 {n} 条"), "en": ("new", "gone", "{n} more")}[lang]
    for c in differing:
        b = c.before
        table.add_row(
            escape(b.path),
            _step(b.status, c.status),
            _step(b.rows_accepted, c.rows_accepted),
            "",
            "",
            "",
            "",
        )
        marked = [(marks[0], f) for f in c.new_findings] + [(marks[1], f) for f in c.gone_findings]
        for mark, f in marked[:_SHOWN]:
            words = f.message_zh if lang == Lang.zh else f.message_en
            table.add_row("", "", "", mark, f.code, f.cell or "", escape(words))
        if len(marked) > _SHOWN:
            table.add_row("", "", "", marks[2].format(n=len(marked) - _SHOWN), "", "", "")
    if differing:
        out.print(table)
    out.print(
        {
            "zh": f"{len(changes)} 份报送由以前的规则审核；按现行规则有 {len(differing)} 份不同",
            "en": f"{len(changes)} submissions were judged by earlier rules; "
            f"today's say otherwise of {len(differing)}",
        }[lang]
    )
    if apply and changes:
        from flows.quarterly import quarterly

        summary = quarterly(
            raw=raw, warehouse=warehouse, again=[c.before.received for c in changes]
        )
        out.print(summary.describe(), markup=False, soft_wrap=True)


def _step(before: object, after: object) -> str:
    return str(after) if before == after else f"{before} → {after}"
