"""Prefect's temporary server ends with the run that started it, also where that is killed.

A flow that is called without `PREFECT_API_URL` starts a server of its own, which it stops when it
ends. A run that is killed stops nothing: a shell that waits for our end then stops it instead.
"""

from __future__ import annotations

import atexit
import functools
import subprocess
import sys

# a pipe of ours is its input: it is at its end when we are, however that comes about
_GUARD = "read _; kill -TERM $1 && sleep 5 && kill -KILL $1"


def end_with_us() -> None:
    """Let the temporary server of this process, where there is one, outlive it by no more than a
    few seconds.
    """
    # who has started one has imported it: to import it takes two seconds
    module = sys.modules.get("prefect.server.api.server")
    for server in list(module.SubprocessASGIServer._instances.values()) if module else ():
        if server.server_process:
            _guard(server.server_process.pid)


@functools.cache  # a server is guarded once, however many flows it sees
def _guard(server: int) -> None:
    guard = subprocess.Popen(
        ["sh", "-c", _GUARD, "jibao-guard", str(server)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for us, and we stop the server ourselves
    )
    atexit.register(guard.kill)
