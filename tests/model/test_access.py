"""Who may read what is written."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.model.access import keep_private, open_to_all


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("umask")
def test_all_is_private_but_what_is_published(tmp_path: Path) -> None:
    keep_private()
    warehouse = tmp_path / "warehouse"
    public = warehouse / "published" / "public"
    public.mkdir(parents=True)
    for path in (warehouse / "jibao.duckdb", warehouse / "published" / "bulletin.html"):
        path.write_text("x")
        assert mode_of(path) == 0o600
    assert mode_of(warehouse) == 0o700
    (public / "headline.csv").write_text("x")
    open_to_all(public, below=warehouse)
    assert mode_of(public / "headline.csv") == 0o644
    assert mode_of(public) == 0o755
    assert mode_of(warehouse) == mode_of(warehouse / "published") == 0o711, "not to be listed"
    assert mode_of(warehouse / "jibao.duckdb") == 0o600
    assert mode_of(tmp_path) & 0o077 == 0, "no further up"
