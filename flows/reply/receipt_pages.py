"""The pages of receipts in the folders of replies, and the chain of them all: only what says
something else than before is rendered again.

A note beside them has for each zone and quarter a hash of all that its pages say, and by which
program they were made. Where a quarter's is as it was, and its folder has as many pages, they
stay.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from flows.model.whole_file import write_whole
from flows.reply.receipt import LEDGER, Receipt, line_of, render_receipt
from flows.reply.reply_path import reply_path
from flows.warehouse.own_faults import Spare, spare_nothing
from flows.warehouse.writers import written_by

NOTE = "receipts_made.json"  # beside the chain
ENDING = "receipt.html"


def write_pages(
    receipts: Sequence[Receipt],
    replies: Path,
    titles: Mapping[str, str],
    spare: Spare = spare_nothing,
) -> int:
    """Write the chain, and the pages that say something else than those in `replies`. `titles`: of
    the zones. Returns how many pages were rendered.
    """
    lines = [line_of(receipt) for receipt in receipts]
    digests = _digest_places(receipts, lines, titles)
    before, made = _open_note(replies / NOTE), dict(digests)
    by_place = defaultdict(list)
    for receipt in receipts:
        by_place[_place_of(receipt)].append(receipt)
    rendered = 0
    for place, of_place in by_place.items():
        if digests[place] == before.get(place) and _count_pages(replies / place) == len(of_place):
            continue
        for receipt in of_place:
            rendered += 1
            if not _write_page(receipt, replies, titles, spare):
                made.pop(place, None)  # so that the next run makes it
    replies.mkdir(parents=True, exist_ok=True)
    write_whole(replies / LEDGER, "".join(f"{line}\n" for line in lines).encode())
    note = {"written_by": written_by(), "places": made}
    write_whole(replies / NOTE, json.dumps(note, indent=0).encode())
    return rendered


def _write_page(receipt: Receipt, replies: Path, titles: Mapping[str, str], spare: Spare) -> bool:
    """Whether it stands."""
    facts = receipt.facts
    target = reply_path(replies, facts, ENDING)
    with spare(f"replies/{target.name}"):
        page = render_receipt(receipt, titles.get(facts.zone, facts.zone)).encode()
        if not target.exists() or target.read_bytes() != page:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(page)
        return True
    return False


def _place_of(receipt: Receipt) -> str:
    """The folder of its page."""
    return f"{receipt.facts.zone}/{receipt.facts.period}"


def _digest_places(
    receipts: Sequence[Receipt], lines: Sequence[str], titles: Mapping[str, str]
) -> dict[str, str]:
    """A hash of all that the pages of each folder say."""
    digests: dict[str, hashlib._Hash] = defaultdict(hashlib.sha256)
    for receipt, line in zip(receipts, lines, strict=True):
        standing, zone = receipt.standing, receipt.facts.zone
        others = standing.other, standing.detail, receipt.at_path, receipt.of_path
        beside = titles.get(zone), *others
        digests[_place_of(receipt)].update(f"{line}{beside}".encode())
    return {place: digest.hexdigest() for place, digest in digests.items()}


def _count_pages(folder: Path) -> int:
    with contextlib.suppress(FileNotFoundError):
        return sum(path.name.endswith(ENDING) for path in folder.iterdir())
    return 0


def _open_note(path: Path) -> dict[str, str]:
    """What the pages said when they were made; nothing where another program made them."""
    with contextlib.suppress(OSError, ValueError, LookupError, TypeError):
        note = json.loads(path.read_bytes())
        if note["written_by"] == written_by():
            return dict(note["places"])
    return {}
