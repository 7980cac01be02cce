"""Where a file stands says what it is: `<zone>/<period>/<form>[.rN].<ext>`, or as people write it.

A path that is written as agreed is taken as it is. One that is not is read word by word; where
there is one answer the file is taken, with a note, or with a question where a word was not
understood; else the problem says which forms it could be, by their titles.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from flows.forms.form import Form
from flows.model.finding import Severity
from flows.model.period import Period, parse_period
from flows.model.submission import HISTORY
from flows.receive.file_name import MAX_REVISION, NameReader, NameReading
from flows.receive.listing import EXTENSIONS, EntryKind

Recognise = Callable[[], tuple[str, ...]]  # the forms that the content of a file fits, by code
Bilingual = tuple[str, str]  # in zh and en

_NAME = re.compile(r"(?P<form>[A-Za-z0-9_-]+?)(?:\.r(?P<revision>[0-9]+))?\.(?P<ext>[A-Za-z0-9]+)")
# any other ending (gdp.xlsx.old) is a word of the name
_EXTENSION = re.compile(rf"(?:{'|'.join(map(re.escape, EXTENSIONS))})$", re.I)
_HISTORIES = (HISTORY, "历史", "历史数据")  # names of the folder of files of many quarters
_KINDS: dict[EntryKind, Bilingual] = {
    EntryKind.LINK: ("这是一个链接", "it is a link"),
    EntryKind.FOLDER: (
        "这是一个用文件名命名的文件夹",
        "it is a folder that is named like a file",
    ),
    EntryKind.SPECIAL: (
        "这是管道、套接字或设备，不是文件，没有打开",
        "it is a pipe, a socket or a device and no file; it was not opened",
    ),
}


@dataclass(frozen=True)
class Placement:
    """What a path stands for. With a `problem` it stands for no submission, and `code` is the rule
    that it breaks; `remarks` say what was read in another way than it is written.
    """

    zone: str
    period: str
    form: str
    revision: int = 1
    code: str = "FILE-PATH"
    problem: Bilingual | None = None
    remarks: tuple[Bilingual, ...] = ()
    severity: Severity = Severity.NOTE  # of the remarks


class UnplacedError(Exception):
    """A path stands for no submission; `problem` is why, in zh and en."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.problem: Bilingual = (zh, en)


class Placer:
    """Places paths by a catalogue and the titles of the zones, by code."""

    def __init__(self, catalogue: Mapping[str, Form], zones: Mapping[str, str]) -> None:
        """Keep both, and read names by them."""
        self._catalogue, self._zones = catalogue, zones
        self._names = NameReader(catalogue, zones)

    def place(self, path: str, kind: EntryKind, recognise: Recognise) -> Placement:
        """What a path below `raw` stands for."""
        parts = PurePosixPath(path).parts
        match = _NAME.fullmatch(parts[-1])
        stands = Placement(
            parts[0] if len(parts) > 1 else "",
            parts[1] if len(parts) == 3 else "",
            match["form"] if match else parts[-1],
        )
        if kind is not EntryKind.FILE:
            code = "FILE-LINK" if kind is EntryKind.LINK else "FILE-KIND"
            return replace(stands, code=code, problem=_KINDS[kind])
        if len(parts) != 3:
            return replace(stands, problem=_say_depth(len(parts)))
        problems: list[Bilingual] = []
        # each part for itself: an unknown zone makes no other submission of the file
        for read_part in (
            self.place_zone,
            self.place_period,
            functools.partial(self.place_name, parts[-1], recognise),
        ):
            try:
                stands = read_part(stands)
            except UnplacedError as error:
                problems.append(error.problem)
        return replace(stands, problem=problems[0] if problems else None)

    # --- folders ----------------------------------------------------------------------------------

    def place_zone(self, placed: Placement) -> Placement:
        """Zone, of a folder's name. Raises UnplacedError where there is no one answer."""
        code = self._find_zone(placed.zone)
        return replace(placed, zone=code, remarks=_say_folder(placed.zone, code))

    def place_period(self, placed: Placement) -> Placement:
        """Quarter, or history, of a folder's name. Raises UnplacedError as well."""
        is_history = is_history_folder(placed.period)
        when = HISTORY if is_history else str(self._find_period(placed.period))
        remarks = (*placed.remarks, *_say_folder(placed.period, when))
        return replace(placed, period=when, remarks=remarks)

    def _find_zone(self, folder: str) -> str:
        if folder in self._zones:
            return folder
        read = self._names.read(folder)
        if len(read.zones) == 1 and not (_is_doubtful(read) or read.periods):
            return read.zones[0]
        for code in self._zones:
            if code.casefold() == folder.casefold():
                return code
        titles = [f"{title} {code}" for code, title in sorted(self._zones.items())]
        raise UnplacedError(
            f"没有区划代码“{folder}”，已知：{'、'.join(titles)}",
            f"there is no zone “{folder}”; known: {', '.join(sorted(self._zones))}",
        )

    def _find_period(self, folder: str) -> Period:
        try:
            return parse_period(folder)
        except ValueError:
            read = self._names.read(folder)
            unclear = _is_doubtful(read) or read.unknown or read.forms or read.years
            if len(set(read.periods)) == 1 and not unclear:
                return read.periods[0]
            raise UnplacedError(
                f"“{folder}”不是报告期，应写作 2022Q3；一份文件有许多季度的，放在 {HISTORY}",
                f"“{folder}” is not a period; write the year, Q and the quarter, e.g. 2022Q3; "
                f"a file of many quarters goes under {HISTORY}",
            ) from None

    # --- the name of the file ---------------------------------------------------------------------

    def place_name(self, name: str, recognise: Recognise, placed: Placement) -> Placement:
        """Form and revision. Raises UnplacedError where there is no one answer."""
        match = _NAME.fullmatch(name)
        if match and match["form"] in self._catalogue and _is_revision(match["revision"]):
            return replace(placed, form=match["form"], revision=int(match["revision"] or 1))
        read = self._names.read(_EXTENSION.sub("", name))
        _refuse_other_meanings(name, read)
        _refuse_conflicts(name, read, placed)
        form, by_content = _choose_form(name, read, self._catalogue, recognise)
        return replace(
            placed,
            form=form,
            revision=read.revision or 1,
            remarks=(*placed.remarks, self._say_read(name, read, form, by_content)),
            # a word that was not understood, or a name that says no form, is asked about
            severity=Severity.NOTE if read.forms and not read.unknown else Severity.QUERY,
        )

    def choose_form(self, name: str, recognise: Recognise) -> str:
        """The form of a name that stands nowhere. Raises UnplacedError where there is none."""
        match = _NAME.fullmatch(name)
        if match and match["form"] in self._catalogue:
            return match["form"]
        read = self._names.read(_EXTENSION.sub("", name))
        return _choose_form(name, read, self._catalogue, recognise)[0]

    def zone_of(self, name: str) -> str:
        """The zone that a name of a file says; empty where it says none."""
        zones = self._names.read(_EXTENSION.sub("", name)).zones
        return zones[0] if zones else ""

    def _say_read(self, name: str, read: NameReading, form: str, by_content: bool) -> Bilingual:
        title, revision = self._catalogue[form].title, read.revision or 1
        zh = f"文件名“{name}”读作“{title.zh}”（{form}，第 {revision} 版）"
        en = f"the name “{name}” was read as {form} ({title.en}), revision {revision}"
        if by_content:
            zh, en = f"{zh}，按表内内容认定", f"{en}, by its content"
        if read.unknown:
            words = "、".join(read.unknown)
            zh += f"；其中“{words}”不知何意"
            en += f"; “{words}” in it was not understood"
        return zh, en


def _choose_form(
    name: str, read: NameReading, catalogue: Mapping[str, Form], recognise: Recognise
) -> tuple[str, bool]:
    """The one form that the name says, or of those it says the one that the content fits; and
    whether the content was asked. Raises UnplacedError where there is no one answer.
    """
    if len(read.forms) == 1:
        return read.forms[0], False
    fitting = [code for code in recognise() if not read.forms or code in read.forms]
    if len(fitting) == 1:
        return fitting[0], True
    candidates = read.forms or fitting or sorted(catalogue)
    zh, en = say_forms(catalogue, candidates)
    stem = _EXTENSION.sub("", name)
    raise UnplacedError(
        f"看不出“{stem}”是哪张报表，可选：{zh}", f"which form is “{stem}”? it could be {en}"
    )


def say_forms(catalogue: Mapping[str, Form], codes: Iterable[str]) -> Bilingual:
    """Forms by their titles and codes, in zh and en."""
    forms = [catalogue[code] for code in codes]
    return (
        "、".join(f"{form.title.zh} {form.code}" for form in forms),
        ", ".join(f"{form.code} ({form.title.en})" for form in forms),
    )


def is_history_folder(name: str) -> bool:
    """Whether a folder is that of files whose quarters stand in their content."""
    return name.casefold() in _HISTORIES


def _is_revision(digits: str | None) -> bool:
    return digits is None or (len(digits) <= 3 and int(digits) >= 1)


def _is_doubtful(read: NameReading) -> bool:
    """Whether a name has words that mean something else than the quarter's figures."""
    return bool(read.other or read.revised or read.revision)


def _say_folder(sent: str, read: str) -> tuple[Bilingual, ...]:
    """What was read of a folder, where it is not what stands there."""
    zh, en = f"文件夹“{sent}”读作 {read}", f"the folder “{sent}” was read as {read}"
    return () if sent == read else ((zh, en),)


def _say_depth(depth: int) -> Bilingual:
    return (
        f"应在 raw/ 下第三层，现在第 {depth} 层",
        f"it should stand three levels below raw/, it stands {depth} below",
    )


def _refuse_other_meanings(name: str, read: NameReading) -> None:
    """Raises UnplacedError for a draft, a plan, another span, or a revision without a number."""
    if read.revision is not None and read.revision > MAX_REVISION:
        raise UnplacedError(
            f"“{name}”的修订号应在 1 至 {MAX_REVISION} 之间",
            f"the number of a revision lies between 1 and {MAX_REVISION}; the name is “{name}”",
        )
    if read.other:
        words = "、".join(read.other)
        raise UnplacedError(
            f"文件名中的“{words}”表示这不是本期的正式数据",
            f"“{words}” in the name says that these are not the figures of the quarter",
        )
    if read.revised and read.revision is None:
        words = "、".join(read.revised)
        raise UnplacedError(
            f"文件名中的“{words}”表示这是修订件，但没有写第几次修订",
            f"“{words}” in the name says that it is a revision, and not which one",
        )


def _refuse_conflicts(name: str, read: NameReading, placed: Placement) -> None:
    """Raises UnplacedError where the name says another zone or quarter than the folders."""
    is_history = placed.period == HISTORY  # its quarters stand in its content
    conflicts = [
        *(str(p) for p in read.periods if not is_history and str(p) != placed.period),
        *(str(y) for y in read.years if not is_history and not placed.period.startswith(str(y))),
        *(zone for zone in read.zones if zone != placed.zone),
    ]
    if conflicts:
        place = f"{placed.zone}/{placed.period}"
        raise UnplacedError(
            f"文件名“{name}”写的是 {'、'.join(conflicts)}，却放在 {place} 的文件夹里",
            f"the name “{name}” says {', '.join(conflicts)}, the folder is {place}",
        )
