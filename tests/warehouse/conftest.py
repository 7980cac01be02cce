"""What the tests of the warehouse share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """An empty folder for a warehouse of this test's own."""
    folder = tmp_path / "warehouse"
    (folder / "work").mkdir(parents=True)
    return folder
