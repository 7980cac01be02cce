"""Plain files, opened without following a link or waiting for a pipe."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20


def open_plain(place: Path) -> BinaryIO:
    """Open a plain file, and nothing else. Raises OSError for a link, a pipe or a folder, also
    where one has just taken the file's place.
    """
    # a pipe without a writer would wait for ever: it is opened without waiting, and refused
    descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{place} is no plain file")
    return os.fdopen(descriptor, "rb")


def digest_file(place: Path) -> tuple[str, int]:
    """The SHA-256 and the bytes of a plain file. Raises OSError where it cannot be read."""
    digest, size = hashlib.sha256(), 0
    with open_plain(place) as source:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size
