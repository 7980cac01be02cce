"""What a benchmark of the flow starts from: a quiet environment, a server, and imports paid for.

Import this before anything that imports Prefect: settings are read when it is imported.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

for name, value in {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
}.items():
    os.environ.setdefault(name, value)

from make_submissions import make_small
from prefect.testing.utilities import prefect_test_harness

from flows.quarterly import quarterly


@contextmanager
def trial_folder() -> Iterator[Path]:
    """A folder of its own beside a temporary server, after a small run that paid for imports."""
    with (
        tempfile.TemporaryDirectory(prefix="jibao-bench-") as folder,
        prefect_test_harness(server_startup_timeout=180),
    ):
        home = Path(folder)
        make_small(home / "warm", 20)
        quarterly(home / "warm", home / "warm-warehouse")
        yield home
