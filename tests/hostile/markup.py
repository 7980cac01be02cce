"""Not a test: hostile text, submissions full of it, and a browser that tells whether any of it ran."""

from __future__ import annotations

import csv
import html
import io
import itertools
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment

from flows.read.text_file import decode
from tests.kept import REPOSITORY
from tests.runs import GDP, write_raw

PWNED = "data-pwned"
_RUN = f"document.documentElement.setAttribute('{PWNED}','1')"
FORMULAS = (
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
)
TAGS = (
    f"<script>{_RUN}</script>",
    f'<img src=x onerror="{_RUN}">',
    f'"><svg onload="{_RUN}">',
    f"</td></tr></table></style></title></textarea><script>{_RUN}</script>",
    f'<a href="javascript:{_RUN}">数</a>',
    "<iframe src=https://attacker.invalid></iframe>",
    f"--><script>{_RUN}</script>",
    f'"}}</script><script>{_RUN}</script>',
)
MARKDOWN = (
    f"[数](javascript:{_RUN})",
    "![数](https://attacker.invalid/x.png)",
    "<https://attacker.invalid/a>",
    "https://attacker.invalid/b www.attacker.invalid",
    "`` ` ```",
    "| 甲 | 乙 |\n|---|---|\n| 1 | 2 |",
    "# 标题\n\n---\n\n> 引文\n\n* 一",
    "[bold red]甲[/bold red][/]",
    "{{ 7*7 }} {% raw %} ${7*7} %s %(x)s {0}",
)
HOSTILE = (*FORMULAS, *TAGS, *MARKDOWN)
TITLES = tuple(word.strip() for word in (*TAGS, *MARKDOWN))  # of zones, and so of their pages
NUMBER = re.compile(r"[-+]?[\d,.]+%?")
SAMPLES = sorted(
    path
    for path in (REPOSITORY / "tests" / "forms").rglob("good*.csv")
    if path.stem == "good" and path.parts[-2] != "_arrival"
)


def spoil(rows: list[list[str]], words: itertools.cycle[str], keep_names: bool) -> list[list[str]]:
    """Hostile text in every cell that holds text, or behind what stands there; the headings are left."""
    return [
        rows[0],
        *(
            [
                cell
                if not cell.strip() or NUMBER.fullmatch(cell.strip())
                else (cell + next(words) if keep_names else next(words) + cell)
                for cell in row
            ]
            for row in rows[1:]
        ),
    ]


def as_csv(rows: list[list[str]]) -> bytes:
    sink = io.StringIO()
    csv.writer(sink, lineterminator="\n").writerows(rows)
    return sink.getvalue().encode()


def as_workbook(rows: list[list[str]], words: itertools.cycle[str]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "=cmd <img src=x>"[:31].replace("/", "")
    for row in rows:
        sheet.append(row)
    for line in sheet.iter_rows():
        for cell in line:
            if isinstance(cell.value, str):
                cell.value = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", cell.value)
                cell.data_type = "s"
    sheet["A2"].comment = Comment(next(words), next(words))
    sheet["F1"] = next(words)  # a column of no heading that is known
    sheet["F2"] = next(words)
    book.properties.title = book.properties.creator = next(words)
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def write_hostile(raw: Path) -> Path:
    """A submission of every form that has a sample, in each of two quarters, hostile wherever a text can stand."""
    words, files = itertools.cycle(HOSTILE), {}
    for path in SAMPLES:
        form = path.relative_to(REPOSITORY / "tests" / "forms").parts[0]
        rows = list(csv.reader(io.StringIO(decode(path.read_bytes())[1])))
        files[f"150571/2022Q3/{form}.csv"] = as_csv(spoil(rows, words, keep_names=True))
        files[f"150571/2022Q2/{form}.csv"] = as_csv(spoil(rows, words, keep_names=False))
        files[f"150571/2022Q1/{form}.xlsx"] = as_workbook(spoil(rows, words, True), words)
        # figures are sound here, and what people add in words is not: these load
        files[f"150571/2021Q4/{form}.csv"] = as_csv([*rows, [f"注：{next(words)}"]])
    for number, word in enumerate(HOSTILE):
        name = word.replace("/", "／")[:60]
        files[f"150571/2022Q3/{name}.csv"] = f"x,y\n{number},2\n".encode()
        files[f"<b>{number}/2022Q3/gdp.csv"] = f"x,y\n{number},3\n".encode()
    for number in range(len(TITLES)):  # figures of zones whose very titles are hostile
        files[f"9{number:05}/2022Q3/gdp.csv"] = f"{GDP}注：第{number}区,,,\n"
    write_raw(raw, {name: content for name, content in files.items() if name.isprintable()})
    for name, content in files.items():
        if (
            not name.isprintable()
        ):  # arrives by itself, and no line of the manifest tells its sender
            (raw / name).write_bytes(content)
    with (raw / "manifest.csv").open(encoding="utf-8", newline="") as source:
        lines = list(csv.reader(source))
    for line in lines[1:]:
        line[3] = " ".join(next(words).split())  # the sender, as a person would type it
    with (raw / "manifest.csv").open("w", encoding="utf-8", newline="") as sink:
        csv.writer(sink, lineterminator="\n").writerows(lines)
    zones = [["zone", "title_zh", "title_en"]]
    zones += [[f"9{n:05}", title, title] for n, title in enumerate(TITLES)]
    (raw / "zone.csv").write_bytes(as_csv(zones))
    return raw


def texts_of(page: str) -> str:
    """What a page shows, tags apart."""
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def open_every_proof(page: Path, target: Path) -> Path:
    """The same page as one who clicks every number in turn sees it."""
    click = "for (const n of document.querySelectorAll('button[data-n]')) n.click()"
    whole = page.read_text(encoding="utf-8").replace("</body>", f"<script>{click}</script></body>")
    target.write_text(whole, encoding="utf-8")
    return target


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def seen_by_browser(page: Path) -> str:
    """The page as it stands after its scripts have run, in headless Chromium with an empty profile."""
    program = chromium()
    assert program
    with tempfile.TemporaryDirectory() as profile:
        command = [
            program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}",
            "--virtual-time-budget=2000", "--dump-dom", page.as_uri(),
        ]  # fmt: skip
        answer = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert answer.returncode == 0 and "<html" in answer.stdout, answer.stderr[-2000:]
    return answer.stdout
