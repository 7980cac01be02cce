"""Not a test: a process that imports the pipeline once and forks a real run for each order it is sent.

An order is a line of JSON (`Order`): `raw`, `warehouse`, and what is to befall the run. The answer is one line of
JSON with the run's exit code, negative for a signal. Forking spares each run the seconds that importing Prefect
takes; nothing else is shared.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import functools
import importlib
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

MARK = "JIBAO_TESTS_RUN"  # in the environment of a run and of all that it starts


@dataclass(frozen=True)
class Order:
    """A run, and what befalls it."""

    raw: str
    warehouse: str
    kill: str | None = None  # a place `module:function:before|after` at which it kills itself
    kill_at_event: int = 0  # the so-manieth file opened, renamed, made … at which it does
    count_to: str = ""  # the file in which it writes how many of those it had
    kill_after_s: float = 0  # it is killed from outside
    meddle: tuple[str, str, str] | None = None  # place, what is done there, to which file
    clock_s: int = 0  # by which its clock is off
    file_bytes: int = 0  # the largest file that it may write
    mark: str = ""


def at_place(place: str, act: Callable[[], None]) -> None:
    """Arrange that something happens when the process comes to a place for the first time."""
    module_name, function, when = place.split(":")
    module = importlib.import_module(module_name)
    real = getattr(module, function)
    once = iter([act])

    @functools.wraps(real)
    def disturbed(*args: Any, **more: Any) -> Any:
        if when == "before":
            next(once, lambda: None)()
        result = real(*args, **more)
        if when == "after":
            next(once, lambda: None)()
        return result

    setattr(module, function, disturbed)


def die() -> None:
    """As a machine that loses its power."""
    os.kill(os.getpid(), signal.SIGKILL)


def meddle(how: str, path: Path) -> None:
    """Do to a file, or to the whole run, what happens on a shared drive."""
    if how == "vanishes":
        path.unlink()
    elif how == "changes":
        path.write_text(path.read_text(encoding="utf-8").replace("3.4", "3.5"), encoding="utf-8")
    elif how == "grows":
        with path.open("a", encoding="utf-8") as sink:
            sink.write("又一行,亿元,1,1\n")
    elif how == "is a link now":
        path.unlink()
        path.symlink_to("/etc/passwd")
    else:
        raise OSError(getattr(errno, how), os.strerror(getattr(errno, how)), str(path))


def count_events(last: int) -> list[int]:
    """Die at the so-manieth event of the file system, if any is named; how many are left until then."""
    left = [last]

    def hear(event: str, _: Any) -> None:
        if event == "open" or event.startswith(("os.", "shutil.")):
            left[0] -= 1
            if left[0] == 0:
                die()

    sys.addaudithook(hear)
    return left


def set_clock(off_s: int) -> None:
    """Let every module of ours read a clock that is off."""
    from flows.model import clock

    def now_in_utc() -> dt.datetime:
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=off_s)

    for module in [m for name, m in sys.modules.items() if name.startswith("flows.")]:
        if getattr(module, "now_in_utc", None) is clock.now_in_utc and module is not clock:
            module.now_in_utc = now_in_utc  # type: ignore[attr-defined]
    clock.now_in_utc = now_in_utc


def run(order: Order) -> int:
    """One run, in this process."""
    from flows.orchestration.quarter import run_quarter

    os.environ[MARK] = order.mark
    if order.clock_s:
        set_clock(order.clock_s)
    if order.kill:
        at_place(order.kill, die)
    if order.meddle:
        place, how, path = order.meddle
        at_place(place, functools.partial(meddle, how, Path(path)))
    if order.file_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order.file_bytes, order.file_bytes))
    left = count_events(order.kill_at_event) if order.kill_at_event or order.count_to else [0]
    run_quarter(Path(order.raw), Path(order.warehouse), confirm=False)
    if order.count_to:
        Path(order.count_to).write_text(str(-left[0]), encoding="utf-8")
    return 0


def wait(child: int, kill_after_s: float) -> int:
    """The exit code of a run, which is killed when its time has come."""
    until = time.monotonic() + kill_after_s
    while kill_after_s:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= until:
            os.kill(child, signal.SIGKILL)
            break
        time.sleep(0.002)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def serve() -> None:
    """Fork a run for each line of standard input."""
    import flows.orchestration.quarter  # noqa: F401 - imported once, for all the forks

    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        order = Order(**json.loads(line))
        child = os.fork()
        if child == 0:
            code = 1
            try:
                code = run(order)
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        print(json.dumps(wait(child, order.kill_after_s)), flush=True)


@contextlib.contextmanager
def forking(repository: Path) -> Iterator[Callable[..., int]]:
    """`run(raw, warehouse, kill=None, …)`: a run in a process of its own; its exit code, -9 where it was killed."""
    import subprocess

    with subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(repository)},
        text=True,
    ) as server:
        assert server.stdin and server.stdout
        assert json.loads(server.stdout.readline()) == "ready"

        def order_run(raw: Path, warehouse: Path, kill: str | None = None, **more: Any) -> int:
            assert server.stdin and server.stdout
            order = Order(str(raw), str(warehouse), kill, **more)
            server.stdin.write(json.dumps(asdict(order)) + "\n")
            server.stdin.flush()
            for line in server.stdout:
                if line.strip().lstrip("-").isdigit():
                    return int(line)
            raise AssertionError("the process that forks runs has died")

        yield order_run
        server.stdin.close()
        server.wait(timeout=30)


def left_of(mark: str) -> list[str]:
    """The processes that a run has left behind, by their command lines."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


if __name__ == "__main__":
    serve()
