"""Who may read what is written: only the account that runs jibao, save what is published."""

from __future__ import annotations

import os
from pathlib import Path

_PRIVATE_UMASK = 0o077
_FOR_ALL = 0o644  # a file of the public
_FOR_ALL_FOLDER = 0o755
_WAY_THROUGH = 0o711  # a folder that leads to a public file, and whose names are not to be listed


def keep_private() -> None:
    """Files are made 0600 and folders 0700 from now on: submissions, replies and the warehouse
    name enterprises. Called once, where a program begins.
    """
    os.umask(_PRIVATE_UMASK)


def open_to_all(path: Path, below: Path) -> None:
    """Let everybody read a file, or a folder with all that is in it, and pass through the folders
    between it and `below`, that one included, without listing them.
    """
    paths = [path, *path.rglob("*")] if path.is_dir() else [path]
    for each in paths:
        each.chmod(_FOR_ALL_FOLDER if each.is_dir() else _FOR_ALL)
    for folder in path.parents:
        folder.chmod(folder.stat().st_mode & 0o777 | _WAY_THROUGH)
        if folder == below:
            break
