"""Not a test: two offices that differ in nothing but what they withhold from the public, and what their outputs say."""

from __future__ import annotations

import csv
import hashlib
import html
import re
import unicodedata
import zipfile
from pathlib import Path

import pyarrow.parquet
import pypdf

from flows.synthetic.enterprises import credit_codes
from flows.warehouse.database import read_only
from tests.runs import HEADINGS, write_raw

QUARTERS = ("2021Q3", "2022Q2", "2022Q3")
FEW, MANY = 2, 12  # enterprises of two divisions: too few of one, and so the other goes with it
NAMES = {"甲": "极密", "乙": "绝隐"}  # what stands in every name of either office
# of what is under query (an index for a growth) and of what is confidential, in the units of the form
ASKED = {"甲": ("3246.8157", "95"), "乙": ("3351.7294", "96")}
CONFIDENTIAL = {"甲": ("7", "345678.25"), "乙": ("9", "418539.75")}
# from each enterprise of the one division to the other's, and between those of one: the sums stay
MOVED, WITHIN = {"甲": 0, "乙": 486}, {"甲": 0, "乙": 71}
PARTS_OF_100 = dict(zip(QUARTERS, (96, 66, 100), strict=True))  # of a year to date
REASON = "一家企业补报了三季度的产值，经核实后修订"


def _register(office: str, quarter: str) -> str:
    """Enterprises in two divisions, which together have the same in both offices."""
    lines = [
        "统一社会信用代码,单位详细名称,行业代码,是否规模以上,总产值本季,总产值本年累计,营业收入本年累计,利润总额本年累计,期末从业人员"
    ]
    codes = credit_codes(list(NAMES).index(office) + 41, FEW + MANY).to_pylist()
    so_far = PARTS_OF_100[quarter]
    for n, code in enumerate(codes):
        size = 12_347 + 863 * n + WITHIN[office] * (-1) ** n
        size += -MOVED[office] if n < FEW else MOVED[office] * FEW // MANY
        figures = (size * 34, size * so_far, (size - 97) * so_far, (1_013 + n) * so_far)
        above = (
            "否" if (n, quarter) == (FEW, "2022Q2") else "是"
        )  # it rises, which is told the office
        lines.append(
            f"{code},{NAMES[office]}{n}号有限公司,{'26' if n < FEW else '27'},{above},{','.join(map(str, figures))},{100 + n}"
        )
    return "\n".join(lines) + "\n"


def _gdp(so_far: float) -> str:
    parts = [so_far * whole for whole in (1123.4142, 2391.2718, 3673.9173)]
    lines = ("地区生产总值", "第一产业增加值", "第二产业增加值", "第三产业增加值")
    values = [sum(parts), *parts]
    return HEADINGS + "".join(
        f"{line},亿元,{value:.4f},{rate}\n"
        for line, value, rate in zip(lines, values, ("3.4", "4.1", "2.7", "3.8"), strict=True)
    )


def office_files(office: str) -> dict[str, str]:
    """What is sent to an office in each quarter."""
    name, (asked, growth), (units, capacity) = NAMES[office], ASKED[office], CONFIDENTIAL[office]
    files = {}
    for quarter, of_100 in PARTS_OF_100.items():
        so_far = of_100 / 100
        files[f"150571/{quarter}/gdp.csv"] = _gdp(so_far)
        is_last = quarter == QUARTERS[-1]
        files[f"150571/{quarter}/main_indicators.csv"] = (
            f"{HEADINGS}规模以上工业增加值,,—,2.5\n固定资产投资,亿元,{so_far * 871.3361:.4f},4.0\n社会消费品零售总额,亿元,{so_far * 1100.2345:.4f},4.1\n"
        )
        files[f"150571/{quarter}/budget.csv"] = (
            f"{HEADINGS}一般公共预算收入,亿元,{asked if is_last else round(so_far * 3111.5, 4)},{growth if is_last else 2.5}\n"
        )
        files[f"150571/{quarter}/enterprise_quarter.csv"] = _register(office, quarter)
    files["150571/2022Q3/key_projects.csv"] = (
        f"指标名称,计量单位,本年累计\n全年实施重点项目数,个,40\n前期手续全部完成的重点项目数,个,38\n"
        f"热电联产机组台数,台,{units}\n热电联产单机容量,千瓦,{capacity}\n"
    )
    files["150571/2022Q3/contract_ledger.csv"] = (
        f"项目或投资方,对象类型,签约阶段\n{name}新能源项目,项目,新签约\n{name}投资集团,投资方,推动签约\n"
    )
    files["150571/2022Q2/project_ledger.csv"] = (
        f"项目名称,领域,建设阶段\n{name}大桥,市政设施,开工\n"
    )
    files["150571/2022Q3/project_ledger.csv"] = (
        f"项目名称,领域,建设阶段\n{name}大桥,市政设施,开工\n{name}厂房,工业,开工\n"
    )
    return files


def write_office(raw: Path, office: str) -> Path:
    """The submissions of an office, each sent by a person."""
    write_raw(raw, office_files(office))
    with (raw / "manifest.csv").open(encoding="utf-8", newline="") as source:
        lines = list(csv.reader(source))
    for line in lines[1:]:
        line[3] = f"{NAMES[office]}科长"
    with (raw / "manifest.csv").open("w", encoding="utf-8", newline="") as sink:
        csv.writer(sink, lineterminator="\n").writerows(lines)
    return raw


def revise(raw: Path, office: str) -> None:
    """A revision of what was frozen: more of the tertiary sector."""
    more = _gdp(1.0).replace("3673.9173", "3675.1284").replace("7188.6033", "7189.8144")
    content = f"{more}修订原因：{REASON},,,\n".encode()
    (raw / "150571/2022Q3/gdp.r2.csv").write_bytes(content)
    with (raw / "manifest.csv").open("a", encoding="utf-8", newline="") as sink:
        csv.writer(sink, lineterminator="\n").writerow(
            ["150571/2022Q3/gdp.r2.csv", hashlib.sha256(content).hexdigest(), len(content), f"{NAMES[office]}科长", "2022-11-20T09:00:00+08:00"]
        )  # fmt: skip


# --- what an output says, whatever wrote it -------------------------------------------------------

_TEXTS = {
    ".csv",
    ".css",
    ".html",
    ".js",
    ".json",
    ".jsonl",
    ".md",
    ".prom",
    ".svg",
    ".txt",
    ".xml",
}
_OWN_DIGEST = re.compile(r'(?<="sha256":")[0-9a-f]{64}(?=","public_key")')  # the seal of a page


def read_any(path: Path) -> str:
    """All that a file says, read by another library than wrote it. A kind that is not known here is an error."""
    if path.suffix == ".duckdb":
        return _read_database(path)
    if path.suffix == ".pdf":
        pages = pypdf.PdfReader(path).pages
        return "\n".join(page.extract_text() for page in pages)
    if path.suffix in (".docx", ".xlsx"):
        with zipfile.ZipFile(path) as parts:
            texts = [parts.read(name).decode("utf-8", "replace") for name in parts.namelist()]
        return "\n".join((*texts, re.sub(r"<[^>]*>", "", "".join(texts))))
    if path.suffix == ".parquet":
        return str(pyarrow.parquet.read_table(path).to_pylist())
    assert path.suffix in _TEXTS, f"{path.name}: say how to read it"
    return _OWN_DIGEST.sub("", html.unescape(path.read_text(encoding="utf-8-sig")))


def _read_database(path: Path) -> str:
    """Every table with its rows and words."""
    with read_only(path) as con:
        words = "select schema_name, table_name, comment from duckdb_tables() order by all"
        tables = con.execute(words).fetchall()
        columns = con.execute(
            "select table_name, column_name, comment from duckdb_columns() where not internal order by all"
        ).fetchall()
        rows = [con.execute(f"from {s}.{t}").fetchall() for s, t, _ in tables]
    return f"{tables}\n{columns}\n" + "\n".join(f"{row}" for of_table in rows for row in of_table)


def digits_of(text: str) -> set[str]:
    """The digits of every number in a text, whatever its unit: 1,234.50 and 123450 are 12345."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"(?<=\d)[,_'  ](?=\d{3}(?!\d))", "", plain)
    plain = re.sub(r"(?<=\d)[eE][+-]?\d+", "", plain)
    return {number.replace(".", "").strip("0") for number in re.findall(r"\d+(?:\.\d+)?", plain)}


def notations(figure: str) -> set[str]:
    """The digits of a figure as they are and rounded to six and more of them: fewer could be of any other number."""
    digits = figure.replace(".", "").strip("0")
    rounded = {
        f"{float(figure):.{n}e}".partition("e")[0].replace(".", "").strip("0")
        for n in range(5, len(digits))
    }
    return {d for d in (digits, *rounded) if len(d) >= 5}
