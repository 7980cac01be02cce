"""What the tests of the bulletin share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest


@pytest.fixture(scope="module")
def readers(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The readers' copy of the run over raw/, open for a module."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        yield connection
