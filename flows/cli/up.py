"""The command line: `jibao up` tries everything out: server, worker, deployments and watcher, until
Ctrl-C.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from flows.cli.terminal import in_words, out
from flows.orchestration.home import find_home
from flows.orchestration.report import FILES_URL
from flows.processes import Household, find_port

_START_S = 180
_MOST_RESTARTS = 3
_PREFECT = [sys.executable, "-m", "prefect"]


@in_words
def up(
    port: Annotated[
        int | None,
        typer.Option(
            help="Port of the Prefect server; the first free one from 4200 on where none is given."
        ),
    ] = None,
    notify: Annotated[
        str | None,
        typer.Option(
            help="An Apprise address that is told of red runs, e.g. json://127.0.0.1:9000."
        ),
    ] = None,
    lost_after: Annotated[
        int, typer.Option(help="Seconds without a heartbeat after which a run counts as crashed.")
    ] = 180,
    watching: Annotated[
        bool, typer.Option("--watch/--no-watch", help="Start a run when a file arrives.")
    ] = True,
) -> None:
    """Start Prefect's server and a worker for this folder on loopback, deploy everything, and stop
    them all on Ctrl-C.
    """
    home = find_home().resolve()
    signal.signal(signal.SIGTERM, _interrupt)
    warehouse = home / "warehouse"
    household = Household(warehouse / "prefect" / "logs")
    from flows.cli.file_server import make_server

    server_port = find_port(port or 4200, 1 if port else 100)
    with make_server(warehouse, find_port(server_port + 1)) as documents:
        threading.Thread(target=documents.serve_forever, daemon=True).start()
        files = f"http://127.0.0.1:{documents.server_address[1]}"
        ui = f"http://127.0.0.1:{server_port}"
        os.environ |= _settle(home, warehouse, ui, files)
        from flows.orchestration.deploy import (  # Prefect reads its settings when it is imported
            POOL,
            prepare_server,
            start_watching,
        )

        try:
            _start(household, home, ui, server_port)
            out.print("deploying …")
            prepare_server(home, notify, lost_after)
            household.start(
                "worker",
                [*_PREFECT, "worker", "start", "--pool", POOL, "--name", "jibao-up"],
                os.environ,
                home,
            )
            if watching:
                start_watching()
            said = [
                f"Prefect UI   {ui}",
                f"documents    {files}/published/bulletin.html, {files}/data_docs/",
                f"logs         {household.logs}",
            ]
            said += [
                f"run now      PREFECT_API_URL={ui}/api prefect deployment run quarterly/quarterly",
                "Ctrl-C stops all of it",
            ]
            out.print("\n".join(said), soft_wrap=True)
            _keep(household)
        except KeyboardInterrupt:
            out.print("stopping …")
        finally:
            household.stop()
            documents.shutdown()
    out.print("stopped; nothing is left running")


def _keep(household: Household) -> None:
    """Start again what ends by itself, as systemd would; raises ChildProcessError where it does so
    too
    often.
    """
    while True:
        if dead := household.find_dead():
            if household.start_again(dead) > _MOST_RESTARTS:
                raise ChildProcessError(
                    f"the {dead} ended by itself again and again; it said at last:\n{household.read_log(dead)}"
                )
            out.print(f"the {dead} ended by itself and was started again", soft_wrap=True)
        time.sleep(0.5)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _settle(home: Path, warehouse: Path, ui: str, files: str) -> dict[str, str]:
    """The environment of everything: a database and settings of our own, and no word to anybody
    outside.
    """
    return {
        "PREFECT_HOME": str(warehouse / "prefect"),
        "PREFECT_PROFILES_PATH": str(warehouse / "prefect" / "profiles.toml"),
        "PREFECT_API_URL": f"{ui}/api",
        "PREFECT_UI_URL": ui,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "JIBAO_HOME": str(home),
        FILES_URL: files,
    }


def _start(household: Household, home: Path, ui: str, port: int) -> None:
    """The server, before whatever needs it."""
    household.start(
        "server",
        [*_PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(port)],
        os.environ,
        home,
    )
    out.print(f"starting Prefect's server on {ui} …")
    _await_server(household, ui)


def _await_server(household: Household, ui: str) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        if dead := household.find_dead():
            raise ChildProcessError(
                f"the {dead} did not start; it said:\n{household.read_log(dead)}"
            )
        try:
            with urllib.request.urlopen(f"{ui}/api/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise TimeoutError(
        f"Prefect's server did not answer within {_START_S} s; its log is in {household.logs}"
    )
