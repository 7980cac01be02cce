"""What takes long to make and never differs is made once and kept on disk, for all workers and sessions.

It is kept under the system's temporary folder by a fingerprint of everything it is made of: another line of code
or SQL, another file in `raw/`, makes it anew. Read what is kept; never write to it.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
_MADE_OF = ("flows", "sql", "raw", "requirements.lock", "tests/conftest.py", "tests/runs.py")
_OLD_S = 86_400.0


@functools.cache
def fingerprint() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for name in _MADE_OF:
        top = REPOSITORY / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and not {"__pycache__", "archive"} & set(path.parts):
                digest.update(path.relative_to(REPOSITORY).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time; one that dies lets go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def keep(name: str, make: Callable[[Path], None]) -> Path:
    """The folder that `make` has filled, now or in a session before. What a worker that died has left is thrown away."""
    root = Path(tempfile.gettempdir()) / f"jibao-tests-{os.getuid()}"
    place = root / fingerprint() / name
    with locked(root / f"{fingerprint()}.{name}.lock"):
        if not (place / "done").exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
            make(place)
            (place / "done").touch()
            _remove_old(root)
    return place


def _remove_old(root: Path) -> None:
    """Remove what was made of code that is no more, once nobody can be reading it."""
    for path in root.iterdir():
        with contextlib.suppress(OSError):
            if (
                not path.name.startswith(fingerprint())
                and time.time() - path.stat().st_mtime > _OLD_S
            ):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
