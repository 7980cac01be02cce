"""Who may read what is written."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.model.access import keep_private, open_to_all
from tests.kept import REPOSITORY
from tests.runs import write_raw


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
    for path in (warehouse / "jibao.duckdb", warehouse / "published" / "metrics.prom"):
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


@pytest.mark.torture
def test_what_a_run_from_the_command_line_writes_is_its_owners_alone_but_the_public_copy(
    tmp_path: Path,
) -> None:
    raw, warehouse = write_raw(tmp_path / "raw"), tmp_path / "warehouse"
    tmp_path.chmod(0o755)
    sent = set(raw.rglob("*"))
    for path in (raw, *sent):  # as senders' programs leave them
        path.chmod(0o755 if path.is_dir() else 0o644)
    for words in (["run"], ["freeze", "2022Q3"]):
        where = ["--raw", str(raw), "--warehouse", str(warehouse)]
        subprocess.run(
            [sys.executable, "-m", "flows.cli", *words, *where],
            env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
            umask=0o022,
            check=True,
            capture_output=True,
        )
    public = warehouse / "published" / "public"
    through = {warehouse, warehouse / "published"}
    written = {*warehouse.rglob("*"), *raw.rglob("*")} - sent - through
    for_all = {path for path in written if path == public or public in path.parents}
    assert {p.name for p in for_all} >= {"jibao_public.duckdb", "index.html", "bulletin.zh.docx"}
    modes = {str(path.relative_to(tmp_path)): (path.is_dir(), mode_of(path)) for path in written}
    expected = {
        str(path.relative_to(tmp_path)): (
            path.is_dir(),
            {(1, 1): 0o755, (0, 1): 0o644, (1, 0): 0o700, (0, 0): 0o600}[
                path.is_dir(), path in for_all
            ],
        )
        for path in written
    }
    assert modes == expected
    assert {mode_of(path) for path in through} == {0o711}, "not to be listed"
    kinds = {path.relative_to(tmp_path).parts[:2] for path in written}
    assert {("warehouse", "replies"), ("warehouse", "data_docs"), ("raw", "archive")} <= kinds
