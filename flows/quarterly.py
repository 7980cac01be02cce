"""The quarterly run as Prefect shows it; the run itself is `orchestration/quarter.py`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from prefect import flow

from flows.orchestration import artifacts
from flows.orchestration.parameters import FormCode, PeriodCode, ZoneCode
from flows.orchestration.quarter import run_quarter
from flows.orchestration.selection import choose
from flows.orchestration.summary import RunSummary
from flows.orchestration.tasks import HOUR
from flows.orchestration.temporary_server import end_with_us
from flows.warehouse.lake import LakeAddress, parse_address


@flow(
    name="quarterly",
    flow_run_name=artifacts.name_run,
    validate_parameters=True,
    timeout_seconds=6 * HOUR,
    on_failure=[artifacts.explain_failure],
    on_crashed=[artifacts.explain_failure],
)
def quarterly(
    raw: Path = Path("raw"),
    warehouse: Path | str = Path("warehouse"),
    zones: list[ZoneCode] | None = None,
    periods: list[PeriodCode] | None = None,
    forms: list[FormCode] | None = None,
    dry_run: bool = False,
    rebuild: bool = False,
    still_seconds: float = 0,
    again: list[str] | None = None,
) -> RunSummary:
    """Bring the warehouse up to date with `raw`.

    Args:
        raw: 报送文件所在的文件夹 · the folder of submissions, `<zone>/<period>/<form>.<ext>`
        warehouse: 数据仓库文件夹，或湖仓地址 ducklake:… · the folder of everything derived, or the
            address of a lake, ducklake:…
        zones: 只处理这些地区，不选即全部 · take only these zones; all where none are chosen
        periods: 只处理这些季度，如 2022Q3，不填即全部 · take only these quarters, e.g. 2022Q3; all
            where none are given
        forms: 只处理这些报表，不选即全部 · take only these forms; all where none are chosen
        dry_run: 试运行：只审核，不改动任何内容 · judge, and change nothing
        rebuild: 重建：从空仓库开始，全部取自 raw/ · start from an empty warehouse, all of it from
            raw/
        still_seconds: 最近几秒内还在变化的文件留给下一次 · leave files that changed within so many
            seconds to the next run
        again: 按现行规则重新审核这些报送（报送编号） · judge these submissions again by today's
            rules, as `revalidate` lists them

    """
    end_with_us()
    selection = replace(choose(zones, periods, forms, raw), still_seconds=still_seconds)
    place = parse_address(str(warehouse))
    summary = run_quarter(
        raw,
        place,
        selection,
        dry_run=dry_run,
        rebuild=rebuild,
        again=again or (),
        say_taken=artifacts.rename_run,
    )
    artifacts.show_run(summary, place.local if isinstance(place, LakeAddress) else place)
    return artifacts.conclude(summary)
