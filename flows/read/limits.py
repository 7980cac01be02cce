"""How large a file may be: the limits of `limits.toml`, and the findings of what is over one.

An operator sets another figure in the environment, `JIBAO_LIMIT_<NAME>`. `refuse` makes the error
that says which limit was met, and by what.
"""

from __future__ import annotations

import functools
import os
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path

from flows.forms.words import Strict, Text
from flows.model.errors import CatalogueError, UnreadableError
from flows.model.text import cut_quote

LIMITS_FILE = Path(__file__).with_name("limits.toml")
PREFIX = "JIBAO_LIMIT_"


class Limit(Strict):
    """A figure, the words for what is counted (braces say where), and why it is what it is."""

    limit: int
    what: Text
    reason: Text


@functools.cache
def open_limits() -> dict[str, Limit]:
    """The limits by name, as this process's environment has them. Raises CatalogueError."""
    stated = tomllib.loads(LIMITS_FILE.read_text(encoding="utf-8"))
    return apply({n: Limit.model_validate(made) for n, made in stated.items()}, os.environ)


def apply(limits: dict[str, Limit], environment: Mapping[str, str]) -> dict[str, Limit]:
    """The limits with the figures that an operator has set. Raises CatalogueError for one that is
    none.
    """
    changed = dict(limits)
    for variable in (v for v in environment if v.startswith(PREFIX)):
        name, figure = variable.removeprefix(PREFIX).lower(), environment[variable]
        if name not in limits:
            raise CatalogueError(
                f"{variable}：没有这项设置 · there is no such setting; there are "
                f"{', '.join(PREFIX + other.upper() for other in limits)}"
            )
        try:
            limit = int(figure)
        except ValueError:
            limit = 0
        if limit <= 0:
            raise CatalogueError(
                f"{variable}={figure}：请写正整数，如 {limits[name].limit} · write a whole number "
                f"above nought, e.g. {limits[name].limit}"
            )
        changed[name] = limits[name].model_copy(update={"limit": limit})
    return changed


def limit_of(name: str) -> int:
    """The figure of a limit."""
    return open_limits()[name].limit


def refuse(name: str, figure: int, **where: str) -> UnreadableError:
    """The error of a file that is over a limit: what was counted, its figure, the limit and its
    setting.
    """
    limit = open_limits()[name]
    return UnreadableError(
        "FILE-LIMIT",
        f"{limit.what.zh.format_map(where)}是 {figure:,}，上限是 {limit.limit:,}（设置项 {name}）",
        f"{limit.what.en.format_map(where)}: {figure:,}, of {limit.limit:,} at most "
        f"(setting {name})",
    )


def word_overrun(name: str, figure: str) -> Text:
    """What is said of a reader that was ended because it took more than a limit."""
    what = open_limits()[name].what
    return Text(
        zh=f"{what.zh}超过上限 {figure}（设置项 {name}）",
        en=f"{what.en}: more than {figure} (setting {name})",
    )


def check_limit(name: str, figure: int, **where: str) -> None:
    """Refuse what is over a limit. Raises UnreadableError."""
    if figure > limit_of(name):
        raise refuse(name, figure, **where)


def name_sheet(sheet: str | None) -> dict[str, str]:
    """Words that say in which sheet; none for a text file, which has but one."""
    if not sheet:
        return {"sheet_zh": "", "sheet_en": ""}
    name = cut_quote(sheet)
    return {"sheet_zh": f"工作表“{name}”", "sheet_en": f" of the sheet “{name}”"}


def check_extent(sheet: str | None, rows: int, columns: int, filled: int | None = None) -> None:
    """Refuse a sheet of too many rows or columns, or whose first and last cell lie too far apart
    for what is `filled`. Raises UnreadableError.
    """
    where = name_sheet(sheet)
    check_limit("rows", rows, **where)
    check_limit("columns", columns, **where)
    if filled is not None and rows * columns > limit_of("sparse_cells"):
        times = -(-rows * columns // max(filled, 1))
        check_limit("sparse_ratio", times, **where, filled=f"{filled:,}")


def check_archive(parts: zipfile.ZipFile) -> None:
    """Refuse an archive that unpacks to more than can be read. Raises UnreadableError."""
    listed = parts.infolist()
    check_limit("parts", len(listed))
    check_limit("unpacked_bytes", sum(part.file_size for part in listed))
    for part in listed:
        if part.file_size > limit_of("small_part_bytes"):
            ratio = part.file_size // max(part.compress_size, 1)
            check_limit("unpacked_ratio", ratio, part=part.filename)


def read_part(parts: zipfile.ZipFile, name: str) -> bytes:
    """A part that is held in memory as a whole. Raises UnreadableError."""
    check_limit("whole_part_bytes", parts.getinfo(name).file_size, part=name)
    return parts.read(name)
