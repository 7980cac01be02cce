"""Whether Prefect has been told of a server."""

from __future__ import annotations

import os
from pathlib import Path


def is_server_set() -> bool:
    """Whether a server is set, by the environment, a profile or a file of settings.

    To import Prefect takes a second, and it is asked only where one of these speaks of it.
    """
    if not _may_be_set():
        return False
    from prefect.settings import get_current_settings

    return get_current_settings().api.url is not None


def _may_be_set() -> bool:
    if any(name.upper().startswith(("PREFECT_API", "PREFECT_PROFILE")) for name in os.environ):
        return True
    home = Path(os.environ.get("PREFECT_HOME") or "~/.prefect").expanduser()
    if Path("prefect.toml").exists() or (home / "profiles.toml").exists():
        return True
    return _speaks_of(Path(".env"), b"prefect_") or _speaks_of(
        Path("pyproject.toml"), b"tool.prefect"
    )


def _speaks_of(settings: Path, name: bytes) -> bool:
    return settings.is_file() and name in settings.read_bytes().lower()
