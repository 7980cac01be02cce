"""`jibao up` tries everything out: server, worker, deployments and watcher, until Ctrl-C.

Why it keeps the processes itself stands in docs/decisions/0018.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.cells import cell_len

from flows.cli.shipped_passwords import refuse_shipped_passwords
from flows.cli.terminal import in_words, out
from flows.model.home import find_home

_PREFECT = [sys.executable, "-m", "prefect"]
_PASSWORD = "PREFECT_SERVER_API_AUTH_STRING"  # as the server reads it, `name:password`
_RUN_NOW = "prefect deployment run quarterly/quarterly"
_MOST_RESTARTS = 3  # one after the other, of processes that end as soon as they have begun
_SETTLED_S = 60  # what has lived so long ends by an accident, however many it had before
_START_S = 180  # for the server to answer
_STOP_S = 20  # for a child to end by itself; Prefect's worker ends its runs first


class Children:
    """The processes of a trial installation, each in a process group, with a log each."""

    def __init__(self, home: Path, logs: Path) -> None:
        self.home, self.logs = home, logs
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.commands: dict[str, list[str]] = {}
        self.started: dict[str, float] = {}
        self.restarts = 0
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, command: list[str]) -> None:
        """Start `prefect` with a command, where Ctrl-C does not reach it but through `stop`."""
        self.commands[name], self.started[name] = command, time.monotonic()
        with (self.logs / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [*_PREFECT, *command],
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )

    def restart_dead(self) -> str | None:
        """Start one that ended by itself again, and give its name. Raises ChildProcessError."""
        dead = next((name for name, child in self.running.items() if child.poll() is not None), "")
        if not dead:
            return None
        is_settled = time.monotonic() - self.started[dead] >= _SETTLED_S
        self.restarts = 1 if is_settled else self.restarts + 1
        if self.restarts > _MOST_RESTARTS:
            log = (self.logs / f"{dead}.log").read_text(encoding="utf-8", errors="replace")
            raise ChildProcessError(
                f"{dead} 反复自行退出，其日志如下 · the {dead} ends by itself; its log says:\n"
                f"{log[-1500:]}"
            )
        _end_group(self.running[dead])
        self.start(dead, self.commands[dead])
        return dead

    def stop(self) -> None:
        """End all of them, the last one started first: the worker's runs end before the server."""
        for child in reversed(self.running.values()):
            _end_group(child)


def _end_group(child: subprocess.Popen[bytes]) -> None:
    """Ask a child to end, and kill whatever is left of its group after that."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.terminate()
        child.wait(_STOP_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def find_port(first: int, tries: int = 100) -> int:
    """The first free port of loopback from `first` on. Raises OSError where there is none."""
    for port in range(first, first + tries):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError(
        f"127.0.0.1 上 {first} 至 {first + tries - 1} 没有空闲端口 · "
        f"no port from {first} to {first + tries - 1} is free on 127.0.0.1"
    )


@in_words
def up(
    port: Annotated[
        int | None,
        typer.Option(help="Port of the Prefect server; else the first free one from 4200 on."),
    ] = None,
    notify: Annotated[
        str | None,
        typer.Option(help="Apprise address to tell of red runs, e.g. json://127.0.0.1:9000."),
    ] = None,
    lost_after: Annotated[
        int, typer.Option(help="Seconds without a heartbeat after which a run counts as crashed.")
    ] = 180,
    watching: Annotated[
        bool, typer.Option("--watch/--no-watch", help="Start a run when a file arrives.")
    ] = True,
) -> None:
    """Start Prefect's server and a worker here, deploy everything, and stop it all on Ctrl-C."""
    from flows.cli.document_access import address_of
    from flows.cli.file_server import make_server

    refuse_shipped_passwords(os.environ)
    home = find_home().resolve()
    warehouse = home / "warehouse"
    children = Children(home, warehouse / "prefect" / "logs")
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    server_port = find_port(port or 4200, 1 if port else 100)
    url = f"http://127.0.0.1:{server_port}"
    files_port, token = find_port(server_port + 1), secrets.token_urlsafe(24)
    # one that the operator has set holds; else one for as long as this server lives
    password = os.environ.get(_PASSWORD) or f"jibao:{secrets.token_urlsafe(24)}"
    files = f"http://127.0.0.1:{files_port}"
    warehouse.mkdir(exist_ok=True)
    with make_server(warehouse, files_port, "127.0.0.1", token) as documents:
        threading.Thread(target=documents.serve_forever, daemon=True).start()
        os.environ |= _settings(home, url, address_of(files, "", token), password)
        try:
            _start(children, url, server_port, notify, lost_after, watching)
            for what, where in (
                ("Prefect UI", url),
                ("口令 password", f"{password}   (只显示这一次 · shown this once)"),
                ("站点 site", address_of(files, "published/site/index.html", token)),
                ("Data Docs", address_of(files, "data_docs/index.html", token)),
                ("日志 logs", str(children.logs)),
                (
                    "立即运行 run now",
                    f"PREFECT_API_AUTH_STRING=… PREFECT_API_URL={url}/api {_RUN_NOW}",
                ),
                ("Ctrl-C", "全部停止 stops all of it"),
            ):
                out.print(f"{what}{' ' * (17 - cell_len(what))} {where}", soft_wrap=True)
            while True:
                time.sleep(0.5)
                if name := children.restart_dead():
                    out.print(
                        f"{name} 自行退出，已重新启动 · "
                        f"the {name} ended by itself and was started again",
                        soft_wrap=True,
                    )
        except KeyboardInterrupt:
            out.print("正在停止 … · stopping …")
        finally:
            children.stop()
            documents.shutdown()
    out.print("已全部停止 · stopped; nothing is left running")


def _start(
    children: Children, url: str, port: int, notify: str | None, lost_after: int, watching: bool
) -> None:
    """The server first, then what needs it. Raises ChildProcessError, TimeoutError."""
    from flows.orchestration.deploy import POOL, await_server, prepare_server, start_watching

    out.print(f"正在启动 Prefect 服务器 · starting Prefect's server on {url} …")
    children.start("server", ["server", "start", "--host", "127.0.0.1", "--port", str(port)])
    await_server(f"{url}/api", _START_S, children.restart_dead)
    out.print("正在部署 … · deploying …")
    prepare_server(children.home, notify, lost_after)
    children.start("worker", ["worker", "start", "--pool", POOL, "--name", "jibao-up"])
    if watching:
        start_watching()


def _settings(home: Path, url: str, files: str, password: str) -> dict[str, str]:
    """The environment of all: a database and settings of our own, a server that answers nobody
    without the password, and no word to anybody outside.

    Prefect reads it when it is imported, so it is set before.
    """
    own = home / "warehouse" / "prefect"
    return {
        "PREFECT_HOME": str(own),
        "PREFECT_PROFILES_PATH": str(own / "profiles.toml"),
        "PREFECT_API_URL": f"{url}/api",
        "PREFECT_UI_URL": url,
        _PASSWORD: password,
        "PREFECT_API_AUTH_STRING": password,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
        "JIBAO_HOME": str(home),
        "JIBAO_FILES_URL": files,
    }
