"""Which submissions a run takes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from flows.model.submission import HISTORY, Submission


@dataclass(frozen=True)
class Selection:
    """Which submissions a run takes; an empty choice takes all."""

    zones: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    # files that changed within so many seconds are left: they may still be on their way
    still_seconds: float = 0

    @property
    def names_any(self) -> bool:
        """Whether a choice was made at all."""
        return bool(self.zones or self.periods or self.forms)

    def leaves(self, path: Path) -> bool:
        """Whether a file may still be on its way, and is left to the next run. Raises OSError where
        it has vanished.
        """
        return self.still_seconds > 0 and path.lstat().st_mtime > time.time() - self.still_seconds

    def takes(self, submission: Submission) -> bool:
        """Whether the submission is among those chosen. Which quarters a file of the folder of
        histories brings is known only when it is read: it goes with any quarter.
        """
        return (
            (not self.zones or submission.zone in self.zones)
            and (not self.periods or submission.period in (*self.periods, HISTORY))
            and (not self.forms or submission.form in self.forms)
        )


EVERYTHING = Selection()
