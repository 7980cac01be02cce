"""Not a test: texts and files as nobody sends them, made of those that people do send, each by its number.

A file is made again from its number alone: `mutated(number)` gives the same name and bytes on every machine.
"""

from __future__ import annotations

import io
import os
import random
import time
import traceback
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from flows.forms.catalogue import load_catalogue
from flows.forms.note_clauses import find_meaning
from flows.forms.outside_brackets import find_anywhere
from flows.forms.vocabulary import Context, load_vocabulary, read_remarks
from flows.model.errors import NotAQuantityError, UnreadableError
from flows.model.period import find_heading_period, find_period, parse_period, spell_years
from flows.model.quantity import parse_quantity
from flows.model.submission import Submission
from flows.model.unit import find_unit
from flows.model.zone import load_zones
from flows.read.labels import read_label
from flows.read.number_format import parse_format
from flows.read.place_names import find_unknown_place
from flows.read.step import read_submission
from flows.read.text_file import decode
from flows.read.unit_statements import list_stated_units
from flows.read.xlsx_conditions import read_range
from flows.receive.file_name import NameReader
from tests.kept import REPOSITORY

SEED = int(os.environ.get("JIBAO_FUZZ_SEED", "20221020"))
FACTOR = 20 if os.environ.get("JIBAO_FUZZ_LONG") else 1  # 50,000 executions, or 1,000,000
MOST_S = 10.0  # for one small file or one text, on a machine that does other things as well

_WORDS = (
    "地区生产总值 第一产业增加值 第二产业 第三产业增加值 指标名称 计量单位 本年累计 同比增长 备注 一季度 1-9月 前三季度 2022年 2022Q3 "
    "二〇二二年 上年同期 较上年同期 累计 当季 增长 下降 持平 约 近 亿元 万元 元 % ‰ 个百分点 万人 平方米 亩 公顷 美元 其中 合计 注： 单位： "
    '① ② ⑴ * # † — … / N/A 无 0.0 #,##0.00 [Red] [>=100] General "亿" @ _) ?? E+00 ;;; yyyy"年"m"月" [$-804] 零 一 十 百 千 万 亿 〇 '
    "１０７．９２ 1,234.5 1 234 1'234 (12.3) -5 +3 1e5 ∞ NaN 12.3.4 3/4 ½ ² 107.92亿元 5% △ ▲ ↑ ↓ ( ) （ ） [ ] 【 】 \" ' , ; : ： 、 ， 。 \\ | \t \n \r "
    "\u3000 \u200b \ufeff \u202e \x00 \x0c 𠀀 é ٣ ३ ೩ ﷽"
)
WORDS = _WORDS.split(" ")
# the vocabulary grows: files are made of WORDS alone, so that a number gives the same file for long
SAID = (*WORDS, *dict.fromkeys(w for e in load_vocabulary() for w in (*e.words, *e.asked)))
TEXT = st.lists(st.sampled_from(SAID) | st.characters(codec="utf-8"), max_size=12).map("".join)
GRID = st.lists(st.lists(TEXT, min_size=1, max_size=6), min_size=1, max_size=8)

GDP = load_catalogue()["gdp"]
ASKED = parse_period("2022Q3")
ZONE_TITLES = {z["zone"]: z["title_zh"] for z in load_zones()}
NAMES = NameReader(load_catalogue(), ZONE_TITLES)
TARGETS: dict[str, tuple[Callable[[str], object], tuple[type[Exception], ...]]] = {
    "number": (parse_quantity, (NotAQuantityError,)),
    "title": (find_period, ()),
    "heading": (find_heading_period, ()),
    "period": (parse_period, (ValueError,)),
    "year": (spell_years, ()),
    "unit": (find_unit, ()),
    "format": (parse_format, ()),
    "file name": (NAMES.read, ()),
    "encoding": (
        lambda text: decode(text.encode("utf-16-le", "surrogatepass")),
        (UnreadableError,),
    ),
    "note": (lambda text: find_meaning(text, Context(GDP, ASKED, "line")), ()),
    "brackets": (lambda text: read_remarks(f"{text}({text})", Context(GDP, ASKED, "heading")), ()),
    "words of a title": (lambda text: find_anywhere(text, Context(GDP, ASKED, "title")), ()),
    "place": (lambda text: find_unknown_place(text, GDP, ZONE_TITLES["150571"]), ()),
    "label": (read_label, ()),
    "stated units": (lambda text: list_stated_units(text, is_title=True), ()),
    "range": (read_range, ()),
}


def read_all_ways(text: str) -> list[str]:
    """What went wrong with a text in any of the targets."""
    wrong = []
    for name, (read, own) in TARGETS.items():
        began = time.monotonic()
        try:
            read(text)
        except own:
            pass
        except Exception as error:
            wrong.append(f"{name}: {type(error).__name__}: {error}")
        if time.monotonic() - began > MOST_S:
            wrong.append(f"{name}: took {time.monotonic() - began:.0f} s")
    return wrong


@cache
def seeds() -> list[Path]:
    """Files that people send, small ones."""
    folder = REPOSITORY / "tests" / "ugly"
    kinds = {".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods"}
    return sorted(
        p
        for p in folder.iterdir()
        if p.suffix in kinds and ".expected" not in p.name and p.stat().st_size < 60_000
    )


def mutated(number: int) -> tuple[str, bytes]:
    """The name and the bytes of a file by its number."""
    chance = random.Random(f"{SEED} {number}")
    path = chance.choice(seeds())
    content = path.read_bytes()
    if zipfile.is_zipfile(io.BytesIO(content)) and chance.random() < 0.8:
        return path.name, _mutate_parts(content, chance)
    return path.name, _mutate(content, chance)


def _mutate_parts(content: bytes, chance: random.Random) -> bytes:
    """Change the XML within a workbook: behind the checksums, where readers look."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(sink, "w") as target:
        names = source.namelist()
        chosen = chance.sample(names, min(len(names), chance.randint(1, 2)))
        for name in names:
            part = source.read(name)
            target.writestr(name, _mutate(part, chance) if name in chosen else part)
    return sink.getvalue()


def _mutate(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(changed) + 1)
        to = min(len(changed), at + chance.choice((1, 2, 8, 64, 1024)))
        how = chance.randrange(7)
        if how == 0 and at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
        elif how == 1:
            del changed[at:to]
        elif how == 2:
            changed[at:at] = changed[at:to] * chance.choice((1, 3, 50))
        elif how == 3:
            changed[at:to] = chance.randbytes(to - at)
        elif how == 4:
            changed[at:at] = chance.choice(WORDS).encode("utf-8", "surrogatepass")
        elif how == 5:  # another number where one stands
            digits = [i for i, c in enumerate(changed) if 48 <= c <= 57]
            if digits:
                at = chance.choice(digits)
                changed[at : at + 1] = chance.choice(
                    (b"0", b"-1", b"99999999999", b"1e999", b"2147483648", b"1048577", b"", b"NaN")
                )
        else:  # the end is missing
            del changed[at:]
    return bytes(changed)


def read_number(number: int, folder: Path) -> str:
    """What went wrong with the file of a number; runs in a worker under limits."""
    name, content = mutated(number)
    problem = read_bytes(name, content, folder)
    return f"{number} ({name}): {problem}" if problem else ""


def read_bytes(name: str, content: bytes, folder: Path) -> str:
    """What went wrong with a file: an exception that is no finding, or too long a time."""
    path = folder / f"{os.getpid()}{Path(name).suffix}"
    path.write_bytes(content)
    register = any(word in name for word in ("register", "ledger"))
    form = load_catalogue()["enterprise_quarter" if register else "gdp"]
    submission = Submission(
        f"150571/2022Q3/{name}", form.code, "150571", "2022Q3", 1, "0" * 64, len(content)
    )
    zones = {zone["zone"]: zone for zone in load_zones()}
    began = time.monotonic()
    try:
        texts = read_submission(form, submission, path, zones)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {str(error)[:200]} at {Path(where.filename).name}:{where.lineno}"
    took = time.monotonic() - began
    assert texts, "a file gives a text or a finding"
    return f"took {took:.0f} s" if took > MOST_S else ""
