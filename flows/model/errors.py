"""The errors that a person can mend. Each text says what is wrong and what to do; this module
imports
nothing.
"""

from __future__ import annotations


class WarehouseError(Exception):
    """The warehouse cannot be used as asked; the text says why and what to do."""


class CatalogueError(Exception):
    """A form's declaration is wrong. The text names the file, the line and the remedy."""


class BuildError(Exception):
    """The SQL does not build, or a check found rows: the pipeline is at fault, not a submission."""


class DisagreementError(Exception):
    """DuckDB and Great Expectations found different rows broken: no figure of the run can be
    trusted.
    """


class UnreadableError(Exception):
    """The file cannot be read as a sheet. `code` is the rule, the rest fills its words; `place` is
    the sheet, row and letter of the column where one cell is to blame.
    """

    def __init__(self, code: str, problem_zh: str = "", problem_en: str = "") -> None:
        super().__init__(problem_en)
        self.code, self.problem_zh, self.problem_en = code, problem_zh, problem_en
        self.place: tuple[str | None, int | None, str | None] = (None, None, None)


class NotAQuantityError(ValueError):
    """The text is not a number this office can read; `str()` says why, in zh and en as `zh|en`."""


class ReadingError(Exception):
    """Our own code failed while it read a file; the text has the file and the trace."""
