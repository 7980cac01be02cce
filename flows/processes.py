"""Noun: the processes of a trial installation, which live no longer than the one that started them.

In: commands. Out: children that end with us: asked first, then made to, and on Linux even where we
    are
killed ourselves. What a child leaves behind (a run that a worker had started) is ours to end as
well.
"""

from __future__ import annotations

import collections
import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_LINUX = sys.platform == "linux"
_SET_DEATH_SIGNAL, _SET_SUBREAPER = 1, 36  # prctl(2)


def find_port(first: int, tries: int = 100) -> int:
    """The first port of loopback from `first` on that nobody listens on. Raises OSError where
    there is
    none.
    """
    for port in range(first, first + tries):
        with contextlib.closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise OSError(f"no port from {first} to {first + tries - 1} is free on 127.0.0.1")


@dataclass
class Household:
    """Children of this process, and where each writes what it has to say."""

    logs: Path
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    orders: dict[str, tuple[list[str], Mapping[str, str], Path]] = field(default_factory=dict)
    restarts: collections.Counter[str] = field(default_factory=collections.Counter)

    def __post_init__(self) -> None:
        """Orphans of our children become ours, where the system can do that."""
        self.logs.mkdir(parents=True, exist_ok=True)
        if _LINUX:
            ctypes.CDLL(None).prctl(_SET_SUBREAPER, 1, 0, 0, 0)

    def start(
        self, name: str, command: list[str], environment: Mapping[str, str], folder: Path
    ) -> None:
        """Start a child in a session of its own, so that Ctrl-C reaches us alone and we end it in
        order.
        """
        self.orders[name] = (command, environment, folder)
        with (self.logs / f"{name}.log").open("ab") as log:
            self.children[name] = subprocess.Popen(
                command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True, preexec_fn=die_with_parent if _LINUX else None,
            )  # fmt: skip

    def find_dead(self) -> str | None:
        """The name of a child that ended by itself."""
        return next(
            (name for name, child in self.children.items() if child.poll() is not None), None
        )

    def start_again(self, name: str) -> int:
        """Start a child that ended by itself; gives how often that was done."""
        self.restarts[name] += 1
        self.start(name, *self.orders[name])
        return self.restarts[name]

    def read_log(self, name: str, most: int = 1500) -> str:
        """The end of what a child said."""
        return (self.logs / f"{name}.log").read_text(encoding="utf-8", errors="replace")[-most:]

    def stop(self, patience_s: float = 15) -> None:
        """End the children, the last one started first, and whatever they leave behind."""
        for child in reversed(self.children.values()):
            _end_group(child.pid, child, patience_s)
        self.children.clear()
        for pid in _children_of(os.getpid()):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + patience_s
        while time.monotonic() < until and (left := _children_of(os.getpid())):
            _reap(left)
            time.sleep(0.1)
        for pid in _children_of(os.getpid()):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
            _reap([pid])


def die_with_parent() -> None:
    """Ask Linux to end this process when the one that started it is gone, however that ended."""
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)


def _end_group(pid: int, child: subprocess.Popen[bytes], patience_s: float) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(patience_s)
            return


def _children_of(parent: int) -> list[int]:
    """The processes whose parent we are, as Linux lists them; none elsewhere."""
    try:
        return [
            int(pid)
            for pid in Path(f"/proc/{parent}/task/{parent}/children")
            .read_text(encoding="ascii")
            .split()
        ]
    except (OSError, ValueError):
        return []


def _reap(pids: Iterable[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
