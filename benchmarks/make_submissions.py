"""Synthetic submissions for timing: a large enterprise register and many small indicator forms.

Everything here is made up by a seeded generator; nothing of it may be taken for a figure.
"""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
from peers.columns import SIGNS, WEIGHTS

from flows.forms.catalogue import load_catalogue
from flows.forms.form import Form
from flows.model.unit import load_units

HEADINGS = (
    "统一社会信用代码", "单位名称", "行业", "规上", "本季总产值", "总产值累计", "总产值上年同期", "营业收入", "营业收入上年同期",
    "利润总额", "利润总额上年同期", "税金总额", "研发费用", "从业人员", "上年同期从业人数",
)  # fmt: skip


def make_register(raw: Path, rows: int, zone: str = "150571", period: str = "2022Q3") -> Path:
    """One CSV of `rows` enterprises; about one row in eighty is spoiled in one of six ways."""
    target = raw / zone / period / "enterprise_quarter.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    body = "'91150500' || lpad((i * 7919 % 1000000000)::varchar, 9, '0')"
    total = " + ".join(
        f"(strpos('{SIGNS}', substr(body, {n}, 1)) - 1) * {w}"
        for n, w in enumerate(WEIGHTS, start=1)
    )
    with duckdb.connect() as con:
        con.execute("set threads = 2; select setseed(0.42)")
        con.execute(f"""
            copy (
                with body as (
                    select i, {body} as body, hash(i) as h, 500 + (hash(i * 3 + 1) % 900000) / 100.0 as output,
                        0.8 + (hash(i * 5 + 2) % 500) / 1000.0 as growth
                    from range({rows}) as r (i)
                )
                select
                    case when h % 400 = 1 then left(body, 16) || 'I' else body end
                    || substr('{SIGNS}', 1 + (31 - ({total}) % 31) % 31, 1) as "{HEADINGS[0]}",
                    '虚构企业' || i as "{HEADINGS[1]}",
                    case when h % 400 = 2 then '9999' else ['1311', '2710', '3011', '4411', '5212', '6513'][(1 + h % 6)::integer] end as "{HEADINGS[2]}",
                    case when h % 5 < 2 then '是' else '否' end as "{HEADINGS[3]}",
                    round(output * case when h % 400 = 3 then 3 else 0.35 end, 2) as "{HEADINGS[4]}",
                    case when h % 400 = 4 then '约' || round(output, 1) when h % 400 = 5 then round(output, 2) || 'l'
                        else round(output, 2)::varchar end as "{HEADINGS[5]}",
                    round(output / growth, 2) as "{HEADINGS[6]}",
                    round(output * 1.02, 2) as "{HEADINGS[7]}",
                    round(output / growth, 2) as "{HEADINGS[8]}",
                    round(output * 0.07 - 20, 2) as "{HEADINGS[9]}",
                    round(output * 0.06, 2) as "{HEADINGS[10]}",
                    round(output * 0.04, 2) as "{HEADINGS[11]}",
                    case when h % 7 < 5 then round(output * 0.01, 2) end as "{HEADINGS[12]}",
                    10 + h % 300 as "{HEADINGS[13]}",
                    11 + h % 300 as "{HEADINGS[14]}"
                from body order by i
            ) to '{target}' (header, delimiter ',')
        """)
    return target


def make_small(raw: Path, files: int, zone: str = "150571", seed: int = 7) -> int:
    """`files` small submissions of every indicator form, quarter after quarter; returns how many."""
    rng = random.Random(seed)
    forms = [f for f in load_catalogue().values() if f.kind == "indicator"]
    made = 0
    for year in range(1960, 2060):
        for quarter in range(1, 5):
            for form in forms:
                if made == files:
                    return made
                folder = raw / zone / f"{year}Q{quarter}"
                folder.mkdir(parents=True, exist_ok=True)
                encoding = rng.choice(["utf-8", "gb18030", "utf-8-sig"])
                (folder / f"{form.code}.csv").write_text(_fill(form, rng), encoding=encoding)
                made += 1
    return made


def _fill(form: Form, rng: random.Random) -> str:
    """A filled form; every fiftieth file or so has a letter in a number."""
    lines = ["指标名称,计量单位,本年累计,同比增长(%)"]
    parts = [rng.uniform(10, 500) for _ in range(3)]
    spoil = rng.random() < 0.02
    for indicator in form.indicators:
        if indicator.sector:
            value = (
                sum(round(p, 2) for p in parts)
                if indicator.sector == "total"
                else parts[["primary", "secondary", "tertiary"].index(indicator.sector)]
            )
        else:
            value = rng.uniform(1, 90 if indicator.flow_type == "rate" else 5000)
        decimals = (
            0
            if load_units()[indicator.quoted_unit].base_unit
            in ("个", "家", "人", "人次", "条", "件")
            else 2
        )
        text = f"{value:.{decimals}f}" + ("O" if spoil else "")
        spoil = False
        lines.append(
            f"{indicator.title.zh},{indicator.quoted_unit},{text if indicator.level else ''},{rng.uniform(-5, 9):.1f}"
        )
    return "\r\n".join(lines) + "\r\n"
