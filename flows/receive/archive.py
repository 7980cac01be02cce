"""The archive, `raw/archive/<2>/<sha256>.zst`: every content that was received, once, for ever.

Compressed by Zstandard, named by the content, readable by its owner alone, never rewritten. What is
read is checked against its name. The files under `raw/` may then change or go: what was received
is still there.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from flows.model.plain_file import CHUNK, open_plain
from flows.model.whole_file import whole_file
from flows.receive.listing import ARCHIVE

_SUFFIX = ".zst"
_FEW = 64  # files that are brought to the disk one by one


class ContentError(Exception):
    """A content is not there, or not the one that its digest names."""


def archive_path(raw: Path, sha256: str) -> Path:
    """Where a content is kept."""
    return raw / ARCHIVE / sha256[:2] / f"{sha256}{_SUFFIX}"


def is_archived(raw: Path, sha256: str) -> bool:
    """Whether a content is kept."""
    return archive_path(raw, sha256).exists()


def keep_contents(raw: Path, places: dict[str, Path]) -> set[str]:
    """Archive files by their digests, and bring them to the disk. Returns the digests of those that
    changed or vanished since they were listed: they are left to the next run.
    """
    changed: set[str] = set()
    written: list[Path] = []
    for sha256, place in places.items():
        target = archive_path(raw, sha256)
        if target.exists():
            continue
        try:
            source = open_plain(place)
        except OSError:
            changed.add(sha256)
            continue
        with source:
            if _compress(source, sha256, target):
                written.append(target)
            else:
                changed.add(sha256)
    _bring_to_disk(written)
    return changed


def _compress(source: BinaryIO, sha256: str, target: Path) -> bool:
    """Write a content beside and rename it; whether it was the one that was asked for."""
    for folder in (target.parent.parent, target.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    digest = hashlib.sha256()
    with contextlib.suppress(_ChangedError), whole_file(target) as beside:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as sink, pa.CompressedOutputStream(sink, "zstd") as stream:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                stream.write(chunk)
        if digest.hexdigest() != sha256:
            raise _ChangedError
    return digest.hexdigest() == sha256


class _ChangedError(Exception):
    """A file has changed since it was read."""


def _bring_to_disk(paths: list[Path]) -> None:
    """Let no loss of power take what the manifest is about to name."""
    if len(paths) > _FEW:
        os.sync()
        return
    for path in (*paths, *{p.parent for p in paths}):
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def read_archived(raw: Path, sha256: str) -> Iterator[bytes]:
    """A content in pieces. Raises ContentError, at the end at the latest, where it is not whole."""
    path = archive_path(raw, sha256)
    digest = hashlib.sha256()
    try:
        with path.open("rb") as source, pa.CompressedInputStream(source, "zstd") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                yield chunk
    except OSError as error:  # pyarrow's too, where the bytes are no Zstandard
        raise ContentError(f"{path} 无法读取 cannot be read: {error}") from error
    if digest.hexdigest() != sha256:
        raise ContentError(f"{path} 的内容与文件名不符 does not hold the content of its name")


def copy_content(raw: Path, sha256: str, place: Path | None, target: Path) -> None:
    """Write a content to a file of the run's own, from the archive or from where it stands.

    Raises ContentError where neither has it.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("wb") as sink:
        for chunk in read_archived(raw, sha256) if is_archived(raw, sha256) else _read(place):
            digest.update(chunk)
            sink.write(chunk)
    if digest.hexdigest() != sha256:
        target.unlink()
        raise ContentError(f"{place} 读取时已改变 changed while it was read")


def _read(place: Path | None) -> Iterator[bytes]:
    if place is None:
        raise ContentError("内容已无处可寻 the content is nowhere")
    try:
        with open_plain(place) as source:
            while chunk := source.read(CHUNK):
                yield chunk
    except OSError as error:
        raise ContentError(f"{place} 无法读取 cannot be read: {error}") from error


def find_damaged(raw: Path, digests: set[str]) -> dict[str, str]:
    """Which contents of the archive are not whole, and what is wrong with each."""
    damaged = {}
    for sha256 in sorted(digests):
        try:
            for _ in read_archived(raw, sha256):
                pass
        except ContentError as error:
            damaged[sha256] = str(error)
    return damaged


def list_archived(raw: Path) -> set[str]:
    """The digests of every content that is kept."""
    return {path.name.removesuffix(_SUFFIX) for path in (raw / ARCHIVE).glob(f"??/[!.]*{_SUFFIX}")}
