"""A backup: one file with all of `raw/` (archive and decisions) and the warehouse.

A tar archive compressed by Zstandard (`tar --zstd -tf FILE` lists it). Its last member lists every
file with its size and SHA-256, so that what is read back can be held against what was written.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

import pyarrow as pa

from flows.model.access import open_to_all
from flows.model.plain_file import CHUNK, open_plain
from flows.model.whole_file import whole_file
from flows.warehouse.lock import exclusive

_LISTING = "backup.json"
_WAREHOUSE = "warehouse"
_PARTS = ("raw", _WAREHOUSE)
_NOT_KEPT = {_WAREHOUSE: ("work", ".lock")}  # a run's own, and the lock


class BackupError(ValueError):
    """The file is no whole backup, or cannot be written or restored; the text says what to do."""


@dataclass(frozen=True)
class Contents:
    """What a backup holds."""

    files: int
    bytes: int


class _Digesting(io.RawIOBase):
    """A stream that keeps the digest of what was read of it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        chunk = self._source.read(size)
        self.digest.update(chunk)
        return chunk


def write_backup(raw: Path, warehouse: Path, target: Path) -> Contents:
    """Write a backup and read it back. While it is written no run writes to the warehouse.

    Raises BackupError where a file changes meanwhile, or the target stands within what is kept.
    """
    for folder in (raw, warehouse):
        if not folder.is_dir():
            raise BackupError(f"没有文件夹 there is no folder {folder}")
        if target.resolve().is_relative_to(folder.resolve()):
            raise BackupError(
                f"{target} 在 {folder} 之内 lies within {folder}; "
                "write the backup to another folder"
            )
    with whole_file(target) as beside:
        with exclusive(warehouse, lambda _: None):
            _write(beside, {"raw": raw, "warehouse": warehouse})
        return check_backup(beside)


def _write(target: Path, folders: dict[str, Path]) -> None:
    listing = {}
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with (
        os.fdopen(descriptor, "wb") as sink,
        pa.CompressedOutputStream(sink, "zstd") as stream,
        tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for part, folder in folders.items():
            for path in _list_files(folder, _NOT_KEPT.get(part, ())):
                name = f"{part}/{path.relative_to(folder).as_posix()}"
                listing[name] = _add(tar, name, path)
        content = json.dumps({"files": listing}, ensure_ascii=False).encode(
            "utf-8", "surrogateescape"
        )
        info = tarfile.TarInfo(_LISTING)
        info.size, info.mode = len(content), 0o600
        tar.addfile(info, io.BytesIO(content))


def _list_files(folder: Path, left_out: tuple[str, ...]) -> Iterator[Path]:
    """Plain files below a folder; links are not followed, and not kept. Raises BackupError where a
    folder cannot be looked into; one so far down that no path leads there holds nothing of ours.
    """
    waiting = [folder]
    while waiting:  # no recursion: `raw` may be as deep as a sender made it
        here = waiting.pop()
        try:
            children = sorted(os.scandir(here), key=lambda child: child.name, reverse=True)
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                continue
            raise BackupError(
                f"{here} 无法读取 cannot be read ({error.strerror}); let this account read it"
            ) from error
        kept = [child for child in children if here != folder or child.name not in left_out]
        waiting += [Path(c.path) for c in kept if c.is_dir(follow_symlinks=False)]
        yield from (Path(c.path) for c in reversed(kept) if c.is_file(follow_symlinks=False))


def _add(tar: tarfile.TarFile, name: str, path: Path) -> list[int | str]:
    """Add a file; its size and SHA-256."""
    try:
        with open_plain(path) as source:
            state = os.fstat(source.fileno())
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = state.st_size, state.st_mtime, state.st_mode & 0o777
            reader = _Digesting(source)
            tar.addfile(info, reader)
    except OSError as error:
        raise BackupError(
            f"{path} 备份时有变化 changed while it was kept ({error}); run the backup again"
        ) from error
    return [info.size, reader.digest.hexdigest()]


# --- reading it back ----------------------------------------------------------------------------


@contextlib.contextmanager
def _open(path: Path) -> Iterator[Iterator[tuple[tarfile.TarInfo, IO[bytes]]]]:
    """The members of a backup, in order. Raises BackupError where it cannot be read."""
    try:
        with (
            path.open("rb") as source,
            pa.CompressedInputStream(source, "zstd") as stream,
            tarfile.open(fileobj=stream, mode="r|") as tar,
        ):
            yield ((m, f) for m in tar if (f := tar.extractfile(m)) is not None)
    except FileNotFoundError:
        raise
    except BackupError:
        raise
    except Exception as error:  # of bytes that anybody may have made
        raise BackupError(f"{path} 不是完整的备份 is no whole backup: {error}") from error


def check_backup(path: Path) -> Contents:
    """Read a backup from end to end. Raises BackupError where a byte is not as it was written."""
    return _read(path, None)


def _read(path: Path, target: Path | None) -> Contents:
    """Read every member, and write it below `target` where one is given."""
    digests: dict[str, list[int | str]] = {}
    listing: dict[str, list[int | str]] | None = None
    with _open(path) as members:
        for info, source in members:
            if info.name == _LISTING:
                listing = json.loads(source.read())["files"]
                continue
            digests[info.name] = _take(info, source, target)
    if listing is None or listing != digests:
        raise BackupError(f"{path} 不是完整的备份 is no whole backup: it is not what it lists")
    return Contents(len(digests), sum(int(size) for size, _ in digests.values()))


def _take(info: tarfile.TarInfo, source: IO[bytes], target: Path | None) -> list[int | str]:
    parts = PurePosixPath(info.name).parts
    if not info.isreg() or len(parts) < 2 or parts[0] not in _PARTS or ".." in parts:
        raise BackupError(f"“{info.name}” 不属于备份 is no part of a backup")
    digest = hashlib.sha256()
    with contextlib.ExitStack() as stack:
        sink = None
        if target:
            place = target.joinpath(*parts)
            for folder in reversed(place.parents[: len(parts)]):  # `parents=True` recurses
                folder.mkdir(exist_ok=True, mode=0o700)
            sink = stack.enter_context(place.open("xb"))
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            if sink:
                sink.write(chunk)
    if target:
        place.chmod(info.mode & 0o755)
        os.utime(place, (info.mtime, info.mtime))
        if parts[0] == _WAREHOUSE and info.mode & 0o004:  # published: folders lead to it as before
            open_to_all(place, target / _WAREHOUSE)
    return [info.size, digest.hexdigest()]


# --- restoring ----------------------------------------------------------------------------------


def restore_backup(path: Path, raw: Path, warehouse: Path, overwrite: bool = False) -> list[Path]:
    """Put a backup in place, once all of it has been read and found whole. Returns where what stood
    there before was put aside.

    Raises BackupError where something stands there and `overwrite` is not given.
    """
    targets = {"raw": raw, "warehouse": warehouse}
    full = [str(folder) for folder in targets.values() if _holds_anything(folder)]
    if full and not overwrite:
        raise BackupError(
            f"{'、'.join(full)} 里已有内容 is not empty; restore beside it (--raw, --warehouse), "
            "or say --overwrite: what stands there is then put aside, not deleted"
        )
    staging = {part: _beside(folder, "restoring") for part, folder in targets.items()}
    work = staging["raw"].with_name(f"{staging['raw'].name}.work")
    try:
        _read(path, work)
        aside = []
        with contextlib.ExitStack() as stack:
            if warehouse.is_dir():
                stack.enter_context(exclusive(warehouse, lambda _: None))
            for part in targets:
                (work / part).mkdir(parents=True, exist_ok=True)
                shutil.move(work / part, staging[part])  # perhaps to another disk
            for part, folder in targets.items():
                if folder.exists():
                    old = _beside(folder, "before-restore")
                    folder.rename(old)
                    aside += [old] if _holds_anything(old) else []
                staging[part].rename(folder)
        return aside
    finally:
        for folder in (work, *staging.values()):
            shutil.rmtree(folder, ignore_errors=True)


def _holds_anything(folder: Path) -> bool:
    return folder.exists() and any(p.name not in (".lock", ".gitkeep") for p in folder.iterdir())


def _beside(folder: Path, what: str) -> Path:
    """A name beside a folder that nothing has yet."""
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    number = 1
    while (place := folder.with_name(f"{folder.name}.{what}-{number}")).exists():
        number += 1
    return place
