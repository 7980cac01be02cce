"""The archive held against the manifest, the files of `raw/` and the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from flows.model.discrepancy import Discrepancy
from flows.receive.archive import find_damaged, list_archived
from flows.receive.arrival import Arrival, list_arrivals
from flows.receive.handover import Received
from flows.receive.listing import EntryKind
from flows.receive.selection import EVERYTHING

CHECK = "archive"


def verify_archive(raw: Path, ledger: Iterable[tuple[str, str, str]]) -> list[Discrepancy]:
    """What of `raw` does not agree. `ledger` gives submission, path and SHA-256 of what is loaded.

    Reads every content of the archive. Raises ValueError where a table of `raw` cannot be read.
    """
    received = Received(raw)
    arrivals = list_arrivals(raw, EVERYTHING, received)
    archived = list_archived(raw)
    loaded = list(ledger)
    return [
        *_check_contents(raw, arrivals, archived, received),
        *_check_files(arrivals, received),
        *_check_ledger(arrivals, loaded, received),
        *_check_strays(arrivals, archived),
    ]


def _check_contents(
    raw: Path, arrivals: list[Arrival], archived: set[str], received: Received
) -> Iterator[Discrepancy]:
    fresh = {line.sha256 for line in received.manifest_lines}
    for arrival in arrivals:
        if arrival.kind is not EntryKind.FILE or arrival.sha256 in archived | fresh:
            continue
        if arrival.place:
            zh, en = "档案中还没有，下次运行时存入", "is not archived yet; the next run archives it"
        else:
            zh = f"清单中有，内容却已无处可寻（SHA-256 {arrival.sha256}），请从备份取回"
            en = f"is in the manifest and nowhere else (SHA-256 {arrival.sha256}); take it from a "
            en += "backup"
        yield Discrepancy(CHECK, arrival.path, zh, en, is_fault=arrival.place is None)
    for sha256, problem in find_damaged(raw, archived).items():
        yield Discrepancy(
            CHECK, sha256, f"档案已损坏：{problem}", f"the archive is damaged: {problem}"
        )


def _check_files(arrivals: list[Arrival], received: Received) -> Iterator[Discrepancy]:
    """Files that were edited, deleted or never received."""
    now = {a.path for a in arrivals if a.stands}
    for arrival in arrivals:
        if arrival.stands or arrival.kind is not EntryKind.FILE:
            continue
        is_edited = arrival.path in now or arrival.path in received.standing_paths
        zh = "收到之后被改动" if is_edited else "收到之后从 raw/ 删除"
        en = "was changed" if is_edited else "was deleted from raw/"
        yield Discrepancy(
            "raw",
            arrival.path,
            f"{zh}；以收到的内容为准",
            f"{en} after it was received; what was received counts",
            is_fault=False,
        )
    for line in received.manifest_lines:
        yield Discrepancy(
            "raw",
            line.path,
            "还没有收取，下次运行时收取",
            "is not received yet",
            is_fault=False,
        )
    for path, why in received.unread.items():
        yield Discrepancy("raw", path, f"读不出来：{why}", f"cannot be read: {why}")


def _check_ledger(
    arrivals: list[Arrival], loaded: list[tuple[str, str, str]], received: Received
) -> Iterator[Discrepancy]:
    came = {(a.path, a.sha256) for a in arrivals}
    fresh = {line.sha256 for line in received.manifest_lines}
    loaded_digests = {sha256 for *_, sha256 in loaded}
    for submission, path, sha256 in loaded:
        if (path, sha256) not in came:
            yield Discrepancy(
                "ledger",
                path,
                f"仓库中有（{submission}），清单中没有，重建时会丢失",
                f"is in the ledger ({submission}) and not in the manifest: a rebuild would lose it",
            )
    for arrival in arrivals:
        if arrival.sha256 not in loaded_digests | fresh:
            yield Discrepancy(
                "ledger",
                arrival.path,
                "已收到，还没有入库",
                "was received and is not loaded yet",
                is_fault=False,
            )


def _check_strays(arrivals: list[Arrival], archived: set[str]) -> Iterator[Discrepancy]:
    for sha256 in sorted(archived - {a.sha256 for a in arrivals}):
        yield Discrepancy(
            CHECK,
            sha256,
            "档案中有，清单中没有",
            "is in the archive and not in the manifest",
            is_fault=False,
        )
