"""What a file is before it is sent: of its own name and folders, wherever it stands, what a run
would read of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from flows.forms.form import Form
from flows.model.period import find_period
from flows.model.submission import HISTORY
from flows.receive.listing import EntryKind, is_clutter
from flows.receive.placement import (
    Placement,
    Placer,
    Recognise,
    UnplacedError,
    is_history_folder,
)

Titles = Mapping[str, str]  # of zones, by code
_PASSED_OVER = (
    "隐藏文件，或按文件名还没有传完，运行时不会读取；是报送的，请改名",
    "it is hidden, or not whole by its name: no run reads it; rename what is meant to be sent",
)


def read_folders(
    path: Path, zone: str | None, period: str | None, catalogue: Mapping[str, Form], titles: Titles
) -> Placement:
    """Zone and quarter: those given, else those of the folders `<zone>/<quarter>/`, else empty. In
    the folder of histories the quarters stand in the content. `remarks` as a run makes them.
    """
    placer = Placer(catalogue, titles)
    folder = path.parent.name
    is_history, quarter = is_history_folder(folder), find_period(folder)
    stands = Placement("", "", "")
    if zone is None and (is_history or quarter):  # a folder of one's own says nothing of the zone
        named = replace(stands, zone=path.parent.parent.name)
        stands = _or_as_it_is(placer.place_zone, named, named)
    if period is None and (is_history or quarter):
        plain = replace(stands, period=HISTORY if is_history else str(quarter))
        stands = _or_as_it_is(placer.place_period, replace(stands, period=folder), plain)
    return replace(stands, zone=zone or stands.zone, period=period or stands.period)


def find_misplacement(
    path: Path, raw: Path, catalogue: Mapping[str, Form], titles: Titles, recognise: Recognise
) -> Placement | None:
    """Why a run would not take a file below `raw`; None elsewhere, and where it would."""
    root = raw.resolve()
    if not path.is_relative_to(root):
        return None
    placer = Placer(catalogue, titles)
    below = path.relative_to(root)
    placed = placer.place(below.as_posix(), EntryKind.FILE, recognise)
    if placed.problem is None and any(map(is_clutter, below.parts)):
        return replace(placed, problem=_PASSED_OVER)
    return placed if placed.problem else None


def _or_as_it_is(
    read: Callable[[Placement], Placement], named: Placement, plain: Placement
) -> Placement:
    """What a run would read of a folder; `plain` where it would not, which may be anybody's own."""
    try:
        return read(named)
    except UnplacedError:
        return plain


def choose_form(name: str, catalogue: Mapping[str, Form], recognise: Recognise) -> str:
    """The form that a file's name or its content says, wherever it stands.

    Raises ValueError naming those it could be, by title.
    """
    try:
        return Placer(catalogue, {}).choose_form(name, recognise)
    except UnplacedError as error:
        zh, en = error.problem
        raise ValueError(f"{zh}；请写 --form · {en}; say --form") from error


def read_name(
    name: str,
    placed: Placement,
    catalogue: Mapping[str, Form],
    titles: Titles,
    recognise: Recognise,
) -> Placement:
    """What a run would say of a file's name beside its zone, quarter and form: a `problem`, where
    it speaks against them or is a draft's, or `remarks`. A form that was given is not said.
    """
    placer = Placer(catalogue, titles)
    stands = replace(placed, zone=placed.zone if placed.zone in titles else placer.zone_of(name))
    try:
        read = placer.place_name(name, recognise, stands)
    except UnplacedError as error:
        return replace(placed, problem=error.problem)
    return read if read.form == placed.form else placed
