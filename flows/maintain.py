"""Tidy a lake: merge small files, remove old snapshots and what nobody names, count the rows."""

from __future__ import annotations

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from flows.model.errors import WarehouseError
from flows.orchestration import artifacts, run_log
from flows.orchestration.tasks import HOUR
from flows.orchestration.temporary_server import end_with_us
from flows.warehouse.lake import require_lake
from flows.warehouse.lake_maintenance import KEEP_DAYS
from flows.warehouse.lake_maintenance import maintain as tidy


@flow(
    name="maintain",
    timeout_seconds=6 * HOUR,
    on_failure=[artifacts.explain_failure],
    on_crashed=[artifacts.explain_failure],
)
def maintain(lake: str, keep_days: int = KEEP_DAYS) -> dict[str, int]:
    """Tidy a lake under the lock of its committers, and hold its rows against its register.

    Args:
        lake: 湖仓地址 · the address of the lake, `ducklake:postgres:… ?data=…`
        keep_days: 保留几天的快照，供回溯查询 · days of snapshots to keep, for time travel

    """
    end_with_us()
    address = require_lake(lake)
    done = tidy(address, keep_days, say=run_log.log().info)
    with run_log.spared("what was done"):
        lines = [f"# {address}", done.describe(), *(f"- {line}" for line in done.discrepancies)]
        create_markdown_artifact("\n\n".join(lines), key="maintain", description=str(address))
    if done.discrepancies:
        raise WarehouseError(
            f"{address} 与登记不符：{'; '.join(done.discrepancies)} · {address} is not as "
            "registered; take catalogue and data back from the backup, or ask who maintains it"
        )
    return {"merged": done.merged, "expired": done.expired, "removed": done.removed}
