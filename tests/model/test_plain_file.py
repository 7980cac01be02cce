"""A file is read once a process as long as nothing about it changes, and never taken for another."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from flows.model import plain_file
from flows.model.plain_file import digest_file


@pytest.fixture
def settled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that has stood long enough; its time of change cannot be set, so the wait is short."""
    path = tmp_path / "gdp.csv"
    path.write_bytes(b"107.92")
    monkeypatch.setattr(plain_file, "_SETTLED_NS", 0)
    time.sleep(0.02)
    return path


def digest_of(content: bytes) -> tuple[str, int]:
    return hashlib.sha256(content).hexdigest(), len(content)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes were hashed, digest by digest."""
    counted: list[int] = []
    real = hashlib.sha256

    class Counting:
        def __init__(self) -> None:
            self.hash = real()
            counted.append(0)

        def update(self, chunk: bytes) -> None:
            counted[-1] += len(chunk)
            self.hash.update(chunk)

        def hexdigest(self) -> str:
            return self.hash.hexdigest()

    monkeypatch.setattr(plain_file.hashlib, "sha256", Counting)
    return counted


def test_a_file_that_stands_is_read_once(settled: Path, reads: list[int]) -> None:
    first = digest_file(settled)
    assert (digest_file(settled), len(reads)) == (first, 1)


def test_a_file_that_has_just_changed_is_read_again(tmp_path: Path, reads: list[int]) -> None:
    path = tmp_path / "gdp.csv"
    path.write_bytes(b"107.92")
    assert digest_file(path) == digest_file(path)
    assert len(reads) == 2, "another change may carry the same time"


@pytest.mark.parametrize("restored", [False, True])
def test_other_content_of_the_same_size_is_seen(settled: Path, restored: bool) -> None:
    """Even where somebody puts the old time of change back."""
    before = settled.stat()
    assert digest_file(settled) == digest_of(b"107.92")
    settled.write_bytes(b"107.93")
    if restored:
        os.utime(settled, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert digest_file(settled) == digest_of(b"107.93")
