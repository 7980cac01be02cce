"""What stands in `raw/`: files to be received, and what is none: links, special files, folders
that are named like files. Nothing is followed and nothing special is opened.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from flows.model.zone import OWN_ZONES
from flows.receive.manifest import MANIFEST

ARCHIVE = "archive"
EDITIONS = "editions"
WITHDRAWN = "withdrawn.csv"
# folders and files of raw/ that hold what people decided, not what departments sent
NOT_SUBMISSIONS = (EDITIONS, ARCHIVE)
TABLES = (
    MANIFEST,
    OWN_ZONES,
    "accepted_revision.csv",
    "withdrawn_acceptance.csv",
    WITHDRAWN,
    "errors.csv",
)
# what systems and programs leave beside files, and nobody sends; of other names a run says that it
# passed over them
_CLUTTER = re.compile(
    r"thumbs\.db|desktop\.ini|~\$.*|\.~lock\..*#|\._.*|\.ds_store|\.directory|\.git(keep|ignore)"
    r"|\.(sync|stfolder|stignore|nfs\w+|fuse_hidden\w+)|\.smbdelete\w+",
    re.I,
)
_OWN_NOTE = re.compile(r"readme([._-][a-z]{2}(-[a-z]{2,4})?)?(\.(md|txt))?", re.I)
_UNFINISHED = (
    ".part",
    ".partial",
    ".tmp",
    ".temp",
    ".filepart",
    ".crdownload",
    ".download",
    ".swp",
    ".lock",
)
EXTENSIONS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".et", ".ods", ".zip")


class EntryKind(StrEnum):
    """What an entry of a folder is."""

    FILE = "file"
    LINK = "link"
    FOLDER = "folder"  # one that is named like a file
    SPECIAL = "special"  # a pipe, a socket, a device


# what has no content to be known by is known by what it is; no file has these digests
MARKERS = {
    kind: hashlib.sha256(f"jibao: {kind}".encode()).hexdigest()
    for kind in EntryKind
    if kind is not EntryKind.FILE
}


@dataclass(frozen=True)
class FolderEntry:
    """Something that stands in `raw/`."""

    place: Path  # as the disk has it
    path: str  # below raw/, as it can be read
    kind: EntryKind


def list_entries(raw: Path, passed_over: list[str] | None = None) -> list[FolderEntry]:
    """What stands below `raw`, in order of path. Hidden files, lock files, halves of downloads and
    the office's own tables and notes are left out; a file that vanishes meanwhile, too. Of these
    `passed_over` gets the hidden ones and the halves, which somebody may have meant to send.
    """
    passed: list[str] = [] if passed_over is None else passed_over
    return sorted(_walk(raw, raw, passed), key=lambda entry: entry.path)


def _walk(raw: Path, folder: Path, passed_over: list[str]) -> Iterator[FolderEntry]:
    try:
        children = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):  # taken away or replaced since it was seen
        return
    for child in children:
        place = Path(child.path)
        if folder == raw and is_own(child.name):
            continue
        if is_clutter(child.name):
            if not _CLUTTER.fullmatch(child.name):
                passed_over.append(readable(place.relative_to(raw).as_posix()))
            continue
        kind = _kind_of(child)
        if kind is EntryKind.FOLDER:
            yield from _walk(raw, place, passed_over)
            if place.suffix.lower() not in EXTENSIONS:
                continue
        if kind:
            yield FolderEntry(place, readable(place.relative_to(raw).as_posix()), kind)


def _kind_of(child: os.DirEntry[str]) -> EntryKind | None:
    """What an entry is, never following it; None where it has vanished."""
    try:
        mode = child.stat(follow_symlinks=False).st_mode
    except OSError:
        return None
    if stat.S_ISLNK(mode):
        return EntryKind.LINK
    if stat.S_ISDIR(mode):
        return EntryKind.FOLDER
    return EntryKind.FILE if stat.S_ISREG(mode) else EntryKind.SPECIAL


def is_own(name: str) -> bool:
    """Whether a name at the top of `raw` is the office's own: decisions, tables, a note to read."""
    return name in (*NOT_SUBMISSIONS, *TABLES) or bool(_OWN_NOTE.fullmatch(name))


def is_clutter(name: str) -> bool:
    """Whether a name is left by a system or a program: hidden, a lock, or not whole yet."""
    return name.startswith(".") or is_unfinished(name) or bool(_CLUTTER.fullmatch(name))


def is_unfinished(name: str) -> bool:
    """Whether the name says that the file is on its way: programs rename it when all of it is
    there.
    """
    return os.path.splitext(name)[1].lower() in _UNFINISHED  # noqa: PTH122 - a name, not a path


def readable(name: str) -> str:
    """A name as text: one in GBK (an archive made on Chinese Windows and unpacked elsewhere) is
    decoded, one of no encoding is made readable.
    """
    raw = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def require_raw(raw: Path) -> None:
    """Raises FileNotFoundError where there is no `raw`."""
    if not raw.is_dir():
        raise FileNotFoundError(
            f"没有文件夹 {raw}，报送文件应放在那里 · "
            f"there is no folder {raw}; submissions are looked for there"
        )
