"""Plain files, opened without following a link or waiting for a pipe."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20
_SETTLED_NS = 2_000_000_000  # by so much a change is older than its digest, or that is not trusted

_Identity = tuple[int, ...]  # device, inode, size, times of change: what tells a file from another
_digests: dict[_Identity, str] = {}  # of this process: a run looks at raw/ more than once


def open_plain(place: Path) -> BinaryIO:
    """Open a plain file, and nothing else. Raises OSError for a link, a pipe or a folder, also
    where one has just taken the file's place.
    """
    # a pipe without a writer would wait for ever: it is opened without waiting, and refused
    descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{place} 不是普通文件 · {place} is no plain file")
    return os.fdopen(descriptor, "rb")


def digest_file(place: Path) -> tuple[str, int]:
    """The SHA-256 and the bytes of a plain file. Raises OSError where it cannot be read.

    A file that this process has digested is not read again while nothing about it has changed.
    Two changes can carry the same time, so that a digest is kept only of a file that had stood for
    two seconds (git's rule for its index).
    """
    with open_plain(place) as source:
        identity = _identify(source)
        if (digested := _digests.get(identity)) is not None:
            return digested, identity[2]
        started = time.time_ns()
        digest, size = hashlib.sha256(), 0
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
        if max(identity[3:]) < started - _SETTLED_NS and _identify(source) == identity:
            _digests[identity] = digest.hexdigest()
    return digest.hexdigest(), size


def _identify(source: BinaryIO) -> _Identity:
    about = os.fstat(source.fileno())
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns
