"""The readers' file changes by one rename: who has it open keeps the old one whole."""

from __future__ import annotations

from pathlib import Path

from flows.warehouse.copies import published_path, swap_in


def test_who_has_it_open_keeps_the_old_one_whole(tmp_path: Path) -> None:
    """Written over in place, it would be half of each for whoever reads, and for all after a kill."""
    published, run_file = published_path(tmp_path), tmp_path / "work" / "jibao.duckdb"
    run_file.parent.mkdir()
    old, new = b"old" * 100_000, b"new" * 200_000
    published.write_bytes(old)
    run_file.write_bytes(new)
    with published.open("rb") as reader:
        first = reader.read(10)
        swap_in(tmp_path, run_file)
        assert first + reader.read() == old
    assert published.read_bytes() == new and not run_file.exists()
