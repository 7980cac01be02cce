"""The watcher: new files in `raw/` become an event, and an automation starts a run.

It emits `jibao.submission.received`, one event for all the files that became whole together, with
their paths. The deployment `pick-up` has a trigger on it (prefect.yaml). A file that came while
nobody watched is taken by the daily run.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from prefect import flow, get_run_logger
from prefect.events import emit_event
from watchfiles import watch as watch_files

from flows.orchestration.temporary_server import end_with_us
from flows.receive.arrivals import Arrivals, recent
from flows.receive.listing import require_raw

EVENT = "jibao.submission.received"
_LOOK_BACK_S = 600  # between two watchers, and while the machine was restarted


@flow(name="watch", flow_run_name="watch {raw}")
def watch(raw: Path = Path("raw"), minutes: float = 59, still_seconds: float = 3) -> int:
    """Watch `raw` for submissions, and say so when they are whole.

    Args:
        raw: 报送文件所在的文件夹 · the folder of submissions
        minutes: 监视多少分钟后结束，由日程再次启动 · how long to watch; the schedule starts the
            next one
        still_seconds: 文件大小不再变化多少秒后视为完整 · a file is whole when it has not changed
            for so long


    """
    end_with_us()
    log = get_run_logger()
    return follow(raw, still_seconds, time.monotonic() + minutes * 60, log.info)


def follow(raw: Path, still_seconds: float, until: float, say: Callable[[str], None]) -> int:
    """Emit an event for each group of files that came, until the monotonic clock says `until`.

    Returns the number of files. Raises FileNotFoundError where there is no `raw`.
    """
    require_raw(raw)
    raw = raw.resolve()
    arrivals, handed_on = Arrivals(raw, still_seconds), 0
    arrivals.notice(recent(raw, _LOOK_BACK_S))
    say(f"watching {raw}")
    for changes in watch_files(
        raw, yield_on_timeout=True, rust_timeout=500, debounce=200, raise_interrupt=False
    ):
        arrivals.notice(Path(path) for _, path in changes)
        # files that are sent together arrive together: one run for all of them
        settled = [] if changes else arrivals.take_settled()
        if settled:
            handed_on += len(settled)
            announce(raw, settled)
            names = ", ".join(path.relative_to(raw).as_posix() for path in settled[:5])
            say(f"received {len(settled)}: {names}")
        if time.monotonic() > until:
            break
    return handed_on


def announce(raw: Path, files: list[Path]) -> None:
    """The event that an automation answers with a run."""
    names = [path.relative_to(raw).as_posix() for path in files]
    emit_event(
        EVENT,
        resource={
            "prefect.resource.id": f"jibao.raw.{raw.as_posix().strip('/').replace('/', '.')}",
            "prefect.resource.name": str(raw),
        },
        payload={"count": len(names), "files": names[:200]},
    )
