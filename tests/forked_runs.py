"""Not a test: a process that imports the pipeline once and forks a real run for each line it is sent.

A line is JSON: `raw`, `warehouse`, and perhaps `kill`, a place such as `flows.publish.step:swap_in:before`
at which the run kills itself with SIGKILL, as a machine that loses its power would. The answer is one
line of JSON with the run's exit code, negative for a signal. Forking spares each run the
seconds that importing Prefect takes; nothing else is shared.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any


def die_at(place: str) -> None:
    """Arrange that the process kills itself when it comes to a place, `module:function:before|after`."""
    module_name, function, when = place.split(":")
    module = importlib.import_module(module_name)
    real = getattr(module, function)

    def deadly(*args: Any, **more: Any) -> Any:
        if when == "after":
            real(*args, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, function, deadly)


def run(order: dict[str, Any]) -> int:
    """One run, in this process."""
    from flows.quarterly import run_quarter

    if order.get("kill"):
        die_at(order["kill"])
    run_quarter(Path(order["raw"]), Path(order["warehouse"]), confirm=False)
    return 0


def serve() -> None:
    """Fork a run for each line of standard input."""
    import flows.quarterly  # noqa: F401 - imported once, for all the forks

    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                code = run(json.loads(line))
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        print(json.dumps(os.waitstatus_to_exitcode(status)), flush=True)


if __name__ == "__main__":
    serve()
