"""What stands in `raw/`: files to be received, and what is none: links, special files, folders
that are named like files. Nothing is followed and nothing special is opened.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
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


# why a folder cannot be looked into that is the folder's alone; another error is the drive's
_OF_THE_FOLDER = (errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ELOOP)


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


@dataclass
class Listing:
    """What stands in `raw`. `passed_over`: hidden files and halves of downloads, which somebody may
    have meant to send; `unread`: folders that cannot be looked into, or entries whose path is too
    long to be asked about, and why.
    """

    entries: list[FolderEntry] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)


def list_entries(raw: Path) -> Listing:
    """What stands below `raw`, in order of path. Hidden files, lock files, halves of downloads and
    the office's own tables and notes are left out; a file that vanishes meanwhile, too.
    """
    listing = Listing()
    folders = [raw]
    while folders:  # no recursion: folders within folders have no end that we could know
        folder = folders.pop()
        try:
            children = list(os.scandir(folder))
        except (FileNotFoundError, NotADirectoryError):  # taken away or replaced since it was seen
            continue
        except OSError as error:
            if folder == raw or error.errno not in _OF_THE_FOLDER:
                raise
            listing.unread[_path_of(raw, folder)] = str(error.strerror)
            continue
        folders += _list_children(raw, folder, children, listing)
    # of two whose names read alike, the one that another disk would give first
    listing.entries.sort(key=lambda entry: (entry.path, os.fsencode(entry.place)))
    return listing


def _list_children(
    raw: Path, folder: Path, children: list[os.DirEntry[str]], listing: Listing
) -> Iterator[Path]:
    """Add what stands in a folder; gives the folders in it."""
    for child in children:
        place = Path(child.path)
        if folder == raw and is_own(child.name):
            continue
        path = _path_of(raw, place)
        if is_clutter(child.name):
            if not _CLUTTER.fullmatch(child.name):
                listing.passed_over.append(path)
            continue
        try:
            kind = _kind_of(child)
        except FileNotFoundError:
            continue
        except OSError as error:
            listing.unread[path] = str(error.strerror)
            continue
        if kind is EntryKind.FOLDER:
            yield place
            if place.suffix.lower() not in EXTENSIONS:
                continue
        listing.entries.append(FolderEntry(place, path, kind))


def _kind_of(child: os.DirEntry[str]) -> EntryKind:
    """What an entry is, never following it. Raises OSError."""
    mode = child.stat(follow_symlinks=False).st_mode
    if stat.S_ISLNK(mode):
        return EntryKind.LINK
    if stat.S_ISDIR(mode):
        return EntryKind.FOLDER
    return EntryKind.FILE if stat.S_ISREG(mode) else EntryKind.SPECIAL


def _path_of(raw: Path, place: Path) -> str:
    return readable(place.relative_to(raw).as_posix())


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
    decoded, one of no encoding is made readable. What no line of a table and no XML can hold is the
    replacement character, and spaces around it, which no table keeps, are left off.
    """
    raw = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        text = raw.decode("utf-8", "replace")
    if not text.isprintable():
        text = "".join("\ufffd" if unicodedata.category(c) in _UNWRITABLE else c for c in text)
    return text.strip()


# controls, ends of lines and paragraphs, halves of characters, what is no character
_UNWRITABLE = ("Cc", "Zl", "Zp", "Cs", "Cn")


def require_raw(raw: Path) -> None:
    """Raises FileNotFoundError where there is no `raw`."""
    if not raw.is_dir():
        raise FileNotFoundError(
            f"没有文件夹 {raw}，报送文件应放在那里 · "
            f"there is no folder {raw}; submissions are looked for there"
        )
