"""A compound file (XLS) whose chain of sectors has no end is damaged, and refused before a library reads it."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from flows.model.errors import UnreadableError
from flows.read.compound import read_records
from flows.read.workbook import open_sheets
from flows.read.xls_places import check_places
from tests.kept import REPOSITORY

ENDLESS = REPOSITORY / "tests" / "fuzz" / "found" / "endless_chain.xls"
SOUND = [
    path
    for path in sorted(REPOSITORY.glob("tests/ugly/*.xls"))
    if path.read_bytes().startswith(b"\xd0\xcf\x11\xe0")
]


def table_of(content: bytes) -> int:
    """Where the table of what follows what begins."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    return (struct.unpack_from("<I", content, 76)[0] + 1) * size


def bitten(content: bytes, field: int) -> bytes:
    """The chain that begins where the header says at `field` goes round in its first sector."""
    changed = bytearray(content)
    start = struct.unpack_from("<I", content, field)[0]
    struct.pack_into("<I", changed, table_of(content) + 4 * start, start)
    return bytes(changed)


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.name)
def test_a_sound_one_passes_and_a_round_directory_does_not(path: Path) -> None:
    content = path.read_bytes()
    read_records(content)
    with pytest.raises(UnreadableError) as refused:
        read_records(bitten(content, 48))
    assert refused.value.code == "FILE-FORMAT"


def test_a_stream_without_an_end_is_refused_before_the_library_takes_memory() -> None:
    with pytest.raises(UnreadableError) as refused:
        list(open_sheets(ENDLESS.read_bytes()))
    assert refused.value.code == "FILE-FORMAT"


def test_a_list_of_the_table_without_an_end_is_refused() -> None:
    content = bytearray(SOUND[0].read_bytes())
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    struct.pack_into("<I", content, 68, 1)  # the list goes on in sector 1, and there in itself
    struct.pack_into("<I", content, 3 * size - 4, 1)
    with pytest.raises(UnreadableError):
        read_records(bytes(content))


def test_a_file_that_is_cut_short_is_left_to_the_library() -> None:
    content = SOUND[0].read_bytes()
    for length in range(0, len(content), 97):
        read_records(content[:length])


@pytest.mark.parametrize("name", ["far_column.xls", "endless_extent.xls"])
def test_a_place_that_no_xls_has_is_refused_before_the_library_takes_memory(name: str) -> None:
    """77 GB for one cell in column 49,152; 687 GB for a sheet that ends before it begins."""
    content = (ENDLESS.with_name(name)).read_bytes()
    with pytest.raises(UnreadableError) as refused:
        list(open_sheets(content))
    assert refused.value.code == "FILE-FORMAT"


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.name)
def test_the_places_of_a_sound_one_pass_and_those_beyond_do_not(path: Path) -> None:
    records = read_records(path.read_bytes())
    check_places(records)
    for kind, body in (
        (0x0200, struct.pack("<IIHHH", 0, 65_537, 0, 1, 0)),
        (0x0200, struct.pack("<IIHHH", 0, 1, 0, 257, 0)),
        (0x0200, struct.pack("<IIHHH", 9, 1, 0, 1, 0)),
        (0x0203, struct.pack("<HHHd", 0, 256, 0, 1.0)),
        (0x00BD, struct.pack("<HH", 0, 250) + b"\0" * 6 * 7 + b"\0\0"),
        (0x00FC, struct.pack("<II", 1, 1 << 31)),
    ):
        with pytest.raises(UnreadableError):
            check_places(struct.pack("<HH", kind, len(body)) + body + records)


def test_a_cell_behind_a_chart_within_the_sheet_is_looked_at_too() -> None:
    begin, end = struct.pack("<HH", 0x0809, 0), struct.pack("<HH", 0x000A, 0)
    beyond = struct.pack("<HHHHHd", 0x0203, 14, 0, 256, 0, 1.0)
    check_places(begin + begin + end + end + beyond)  # of another part, which nothing names
    with pytest.raises(UnreadableError):
        check_places(begin + begin + end + beyond + end)
