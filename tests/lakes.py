"""A PostgreSQL and an S3 of the tests' and benchmarks' own: real servers on this machine, which end with whoever started them."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

_OWNER = "postgres"  # PostgreSQL does not run as root


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))
    on_path = shutil.which("pg_ctl")
    return found[-1] if found else Path(on_path).parent if on_path else None


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A server of PostgreSQL with a database `lake`: its connection string. Raises FileNotFoundError where there is none."""
    programs = _programs()
    if programs is None:
        raise FileNotFoundError("no PostgreSQL here: apt-get install postgresql")
    as_owner = ["runuser", "-u", _OWNER, "--"] if os.getuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="jibao-postgres-"))
    if as_owner:
        shutil.chown(folder, _OWNER)
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=60"
    ctl = [*as_owner, str(programs / "pg_ctl"), "-D", str(folder / "data")]

    def run(*words: str) -> None:
        subprocess.run(words, check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=60)

    try:
        run(
            *as_owner,
            str(programs / "initdb"),
            "-D",
            str(folder / "data"),
            "-A",
            "trust",
            "-U",
            "jibao",
            "-N",
        )
        run(*ctl, "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            run(str(programs / "createdb"), "-h", str(folder), "-U", "jibao", "lake")
            yield f"host={folder} user=jibao dbname=lake"
        finally:
            run(*ctl, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def s3_server() -> Iterator[dict[str, str]]:
    """A server that speaks S3, with a bucket `lake`: the environment that leads to it. Raises FileNotFoundError where there is none."""
    if importlib.util.find_spec("moto") is None:
        raise FileNotFoundError("no moto here: it is in requirements-dev.lock")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(
                    urllib.request.Request(f"{url}/lake", method="PUT"), timeout=5
                )
                break
            time.sleep(0.1)
        yield {
            "AWS_ACCESS_KEY_ID": "tests",
            "AWS_SECRET_ACCESS_KEY": "tests",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": url,
        }
    finally:
        server.kill()
        server.wait()
