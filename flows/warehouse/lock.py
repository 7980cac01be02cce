"""The lock of a warehouse: one run writes, the next one waits and says for whom."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from flows.model.errors import WarehouseError

_RUN = ", run "


@contextlib.contextmanager
def exclusive(
    warehouse: Path,
    on_wait: Callable[[str], None],
    timeout_s: float = 3600,
    run: str = "",
    on_lost: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Hold the warehouse for writing. A second run waits and says for whom.

    A holder that dies frees it.

    `run` names the holder besides its process. `on_lost` is given the name of the last holder where
    that died while it held the warehouse. Raises WarehouseError after `timeout_s` seconds of
    waiting.
    """
    warehouse.mkdir(parents=True, exist_ok=True)
    with (warehouse / ".lock").open("a+") as lock:
        deadline = time.monotonic() + timeout_s
        waiting = False
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                lock.seek(0)
                holder = lock.read().strip() or "another process"
                if time.monotonic() > deadline:
                    raise WarehouseError(
                        f"{warehouse} 正由 {holder} 写入，已等待 {timeout_s:.0f} 秒；"
                        f"请等它结束，或停止它，再运行 · "
                        f"{warehouse} is being written by {holder} for more than {timeout_s:.0f} s;"
                        " wait for it or stop it, then run again"
                    ) from None
                if not waiting:
                    on_wait(
                        f"等待：{warehouse} 正由 {holder} 写入 · "
                        f"waiting: {warehouse} is being written by {holder}"
                    )
                    waiting = True
                time.sleep(0.2)
        # a holder that ends removes its name: one that still stands here belongs to a dead one
        lock.seek(0)
        _, _, lost = lock.read().partition(_RUN)
        if lost and on_lost:
            on_lost(lost)
        lock.truncate(0)
        lock.write(f"process {os.getpid()}" + (_RUN + run if run else ""))
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)
