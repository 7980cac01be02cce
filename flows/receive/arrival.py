"""An arrival: a content that came at a path at a time. The manifest has those that were received
before; a file that it does not have arrives now.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flows.model.clock import now_in_utc
from flows.model.plain_file import digest_file
from flows.receive.archive import ContentError, copy_content, is_archived
from flows.receive.handover import Received
from flows.receive.listing import MARKERS, EntryKind, FolderEntry, list_entries
from flows.receive.manifest import ManifestLine, open_manifest
from flows.receive.selection import Selection

RecogniseFile = Callable[[Path], tuple[str, ...]]  # the forms that a file's content fits, by code

_KIND_OF = {marker: kind for kind, marker in MARKERS.items()}


def recognise_nothing(_file: Path) -> tuple[str, ...]:
    """Names alone say what a file is."""
    return ()


@dataclass(frozen=True)
class Arrival:
    """What came, when, and where its content is: at `place`, in the archive, or nowhere."""

    path: str
    sha256: str
    bytes: int
    sender: str
    received_at: dt.datetime
    replacement: int  # how many other contents had come at the path before
    place: Path | None  # where the content stands in raw/ now, under this path or another
    stands: bool  # under this very path

    @property
    def kind(self) -> EntryKind:
        """A file, or something that has no content."""
        return _KIND_OF.get(self.sha256, EntryKind.FILE)

    def is_at_hand(self, raw: Path) -> bool:
        """Whether the content can be read."""
        return self.place is not None or is_archived(raw, self.sha256)

    def recognise(self, raw: Path, recognise: RecogniseFile) -> tuple[str, ...]:
        """The forms that the content fits; none where it is nowhere."""
        if recognise is recognise_nothing:
            return ()
        with tempfile.TemporaryDirectory(prefix="jibao-") as folder:
            copy = Path(folder) / f"file{PurePosixPath(self.path).suffix}"
            with contextlib.suppress(ContentError):
                copy_content(raw, self.sha256, self.place, copy)
                return recognise(copy)
        return ()


@dataclass(frozen=True)
class _Standing:
    """What stands in `raw` now. Two files may have one path, for names that differ can read
    alike.
    """

    entry: FolderEntry
    sha256: str
    bytes: int


def list_arrivals(raw: Path, selection: Selection, received: Received) -> list[Arrival]:
    """All that was received before or stands in `raw` now, in the order in which it came.

    Notes in `received` the lines that the manifest lacks, what stands where, and what is lost.
    """
    manifest = open_manifest(raw)
    listing = list_entries(raw)
    received.passed_over += listing.passed_over
    received.unread |= listing.unread
    standing = _digest_entries(listing.entries, selection, received)
    contents = {there.sha256: there.entry.place for there in standing}
    received.places = {s: place for s, place in contents.items() if s not in _KIND_OF}
    stands = {(there.entry.path, there.sha256) for there in standing}
    received.standing_paths |= {path for path, _ in stands}
    received.standing_paths |= {
        path for path in manifest for folder in listing.unread if path.startswith(f"{folder}/")
    }
    now = now_in_utc().replace(microsecond=0)
    for there in standing:
        path, sha256 = there.entry.path, there.sha256
        lines = manifest.setdefault(path, [])
        if all(line.sha256 != sha256 for line in lines):
            # a clock that was set back makes no content older than the one that it replaced
            when = max([now, *(line.moment for line in lines)]).isoformat(timespec="seconds")
            line = ManifestLine(path, sha256, str(there.bytes), "", when)
            lines.append(line)
            received.manifest_lines.append(line)
    received.present = sorted(manifest)
    arrivals = [
        arrival
        for path, lines in manifest.items()
        for arrival in _arrivals_of(path, lines, stands, contents)
    ]
    received.missing = _find_missing(raw, arrivals, received.standing_paths)
    fresh = {(line.path, line.sha256) for line in received.manifest_lines}
    return sorted(
        arrivals,
        key=lambda a: (a.received_at, (a.path, a.sha256) in fresh, a.path, a.replacement),
    )


def _digest_entries(
    entries: Iterable[FolderEntry], selection: Selection, received: Received
) -> list[_Standing]:
    """Each entry with its digest and size. One that may still be on its way, vanishes or cannot be
    read is left to the next run.
    """
    digested = []
    for entry in entries:
        try:
            if selection.leaves(entry.place):
                received.standing_paths.add(entry.path)
            elif entry.kind is EntryKind.FILE:
                digested.append(_Standing(entry, *digest_file(entry.place)))
            else:
                digested.append(_Standing(entry, MARKERS[entry.kind], 0))
        except FileNotFoundError:
            continue
        except OSError as error:
            received.standing_paths.add(entry.path)
            received.unread[entry.path] = str(error.strerror or error)
    return digested


def _arrivals_of(
    path: str,
    lines: list[ManifestLine],
    stands: set[tuple[str, str]],
    contents: dict[str, Path],
) -> Iterable[Arrival]:
    """The arrivals of a path, one a content, in the order of its lines."""
    seen: set[str] = set()
    for line in lines:
        if line.sha256 in seen:
            continue
        yield Arrival(
            path,
            line.sha256,
            int(line.bytes or 0),
            line.sender,
            line.moment,
            len(seen - set(_KIND_OF)),
            contents.get(line.sha256),
            (path, line.sha256) in stands,
        )
        seen.add(line.sha256)


def _find_missing(raw: Path, arrivals: list[Arrival], standing: set[str]) -> list[str]:
    """Paths whose file is gone and whose content is nowhere else."""
    return sorted(
        {
            a.path
            for a in arrivals
            if a.kind is EntryKind.FILE and a.path not in standing and not a.is_at_hand(raw)
        }
    )
