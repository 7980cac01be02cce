"""Files written whole or not at all, and tables of lines that people keep in `raw/`."""

from __future__ import annotations

import contextlib
import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@contextlib.contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A place beside `target` to write to, renamed to it at the end: readers see the old bytes or
    the new ones, never half, and what fails leaves what was there.
    """
    beside = target.with_name(f".{target.name}.tmp")
    beside.unlink(missing_ok=True)  # of a run that was killed
    try:
        yield beside
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole, and to the disk."""
    with whole_file(path) as beside, beside.open("wb") as sink:
        sink.write(content)
        sink.flush()
        os.fsync(sink.fileno())


@dataclass(frozen=True)
class CsvLine:
    """A line of a table: its number in the file, counted from the headings as 1, and its cells."""

    number: int
    cells: dict[str, str]


def open_lines(path: Path, asked: Sequence[str], may: Sequence[str] = ()) -> list[CsvLine]:
    """The lines of a CSV table with the columns `asked` and perhaps those of `may`; none where
    there is no file. Cells come without the spaces around them.

    Raises ValueError naming the file, the line and the remedy.
    """
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            reader = csv.DictReader(source)
            if not set(asked) <= set(reader.fieldnames or ()):
                raise ValueError(f"列为 its columns are {','.join(reader.fieldnames or ())}")
            lines = []
            for cells in reader:
                if None in cells:
                    raise ValueError(
                        f"第 {reader.line_num} 行比表头多 "
                        f"line {reader.line_num} has more cells than the headings"
                    )
                values = {name: (cells.get(name) or "").strip() for name in (*asked, *may)}
                if any(values.values()):
                    lines.append(CsvLine(reader.line_num, values))
    except (UnicodeDecodeError, csv.Error, ValueError) as error:
        raise ValueError(
            f"{path} 无法读取 cannot be read ({error}): 应有下列各列，存为 UTF-8；"
            f"若被表格程序存过，请从版本库或备份取回 · "
            f"it has the columns "
            f"{','.join((*asked, *may))} "
            "and is saved as UTF-8; if a spreadsheet program has saved it, take it back from "
            "version control or the backup"
        ) from error
    return lines


def write_lines(path: Path, names: Sequence[str], lines: Iterable[Mapping[str, str]]) -> None:
    """Write a CSV table in one atomic step."""
    sink = io.StringIO(newline="")
    writer = csv.DictWriter(sink, names, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(lines)
    write_whole(path, sink.getvalue().encode())
