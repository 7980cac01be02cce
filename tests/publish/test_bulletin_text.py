"""The bulletin as text: golden texts of a zone and of China, and every figure of the zone's quarter in them.

`pytest tests/publish/test_bulletin_text.py --update` writes the golden texts anew; read them before they are committed.
"""

from __future__ import annotations

import csv
import functools
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.publish.bulletin_text import render_text

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
FIGURES = HERE.parent / "backtest" / "expected_figures.csv"
TEXTS = [("150571", "2022Q3", lang) for lang in ("zh", "en")]
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@pytest.fixture(scope="module")
def text_of(readers: duckdb.DuckDBPyConnection) -> Callable[[str, str, str], str]:
    """The text of a zone and quarter in a language, written once."""
    return functools.cache(functools.partial(render_text, readers))


@pytest.mark.parametrize(("zone", "period", "lang"), TEXTS)
def test_a_text_is_as_it_was_read(
    text_of: Callable[..., str], pytestconfig: pytest.Config, zone: str, period: str, lang: str
) -> None:
    text = text_of(zone, period, lang)
    path = GOLDEN / f"{zone}_{period}.{lang}.txt"
    if pytestconfig.getoption("--update"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_all_quarters_of_china_are_as_they_were_read(
    warehouse: Path, pytestconfig: pytest.Config, lang: str
) -> None:
    """In one file, from the texts that the run has written beside its pages."""
    texts = sorted((warehouse.parent / "published" / "CN").glob(f"*/bulletin.{lang}.txt"))
    assert len(texts) == 12
    whole = "\n".join(text.read_text(encoding="utf-8") for text in texts)
    path = GOLDEN / f"CN.{lang}.txt"
    if pytestconfig.getoption("--update"):
        path.write_text(whole, encoding="utf-8")
    assert whole == path.read_text(encoding="utf-8")


@pytest.mark.torture
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_quarter_of_china_in_a_fresh_clone_is_as_it_was_read(
    whole_warehouse: Any, pytestconfig: pytest.Config, lang: str
) -> None:
    """With back series, vintages and years to compare with; without the notes, which are the same below each."""
    texts = sorted((whole_warehouse.folder / "published" / "CN").glob(f"*/bulletin.{lang}.txt"))
    assert len(texts) == 46
    whole = "\n".join(
        "\n".join(line for line in text.read_text(encoding="utf-8").split("\n\n注：")[0].split("\n\nNote: ")[0].splitlines() if line)
        + "\n"
        for text in texts
    )  # fmt: skip
    assert not re.search(r"None|nan\b|[{}\[\]]|，，|。。|；。|\.\.| ,|;\.", whole)
    path = GOLDEN / f"CN_whole.{lang}.txt"
    if pytestconfig.getoption("--update"):
        path.write_text(whole, encoding="utf-8")
    assert whole == path.read_text(encoding="utf-8")


def numbers(text: str) -> Counter[Decimal]:
    """How often each number stands in a text."""
    return Counter(Decimal(found.replace(",", "")) for found in NUMBER.findall(text))


def test_all_68_figures_of_the_zone_stand_in_the_text(text_of: Callable[..., str]) -> None:
    """Each as often as it was published: 63 key projects twice. What was sent is read from the literals of the backtest."""
    with FIGURES.open(encoding="utf-8") as source:
        published = list(csv.DictReader(source))
    assert len(published) == 68
    sent = Counter(
        abs(Decimal(row[column]))
        for row in published
        for column in ("value_reported", "growth_reported_pct")
        if row[column]
    )
    assert sum(sent.values()) == 78
    said = numbers(text_of("150571", "2022Q3", "zh"))
    assert not sent - said, "published, and not said as often"
    qualified = {
        r["value_reported"]: r["qualifier"] for r in published if r["qualifier"] != "exact"
    }
    text = text_of("150571", "2022Q3", "zh")
    for value, qualifier in qualified.items():
        assert (f"近{value}" if qualifier == "nearly" else f"{value}余") in text


@pytest.mark.parametrize(("zone", "period"), [("150571", "2022Q3"), ("CN", "2022Q4")])
def test_every_figure_of_the_view_of_figures_stands_in_both_texts(
    readers: duckdb.DuckDBPyConnection, text_of: Callable[..., str], zone: str, period: str
) -> None:
    """Levels, shares, pulls and growth of `metrics.figure`, in the unit and with the digits that each language writes."""
    figures = readers.execute(
        "select f.item, f.measure, f.value from metrics.figure as f where f.zone = ? and f.period = ?"
        " and f.metric <> 'headline' and f.measure in"
        " ('value', 'growth_reported_pct', 'share_pct', 'contribution_pp')",
        [zone, period],
    ).fetchall()
    assert len(figures) > 12
    for lang, factors in (
        ("zh", (1, 1000, 10**4, 10**8)),
        ("en", (1, 1000, 10**6, 10**9)),
    ):
        said = numbers(text_of(zone, period, lang))
        for item, measure, value in figures:
            if (item, measure) in {
                ("gdp", "share_pct"),
                ("total", "share_pct"),
                ("total", "contribution_pp"),
            }:
                continue  # the whole
            if measure in ("share_pct", "contribution_pp"):
                value = round(value, 1)
            assert any(abs(value) / factor in said for factor in factors), (lang, item, measure)


def test_no_number_is_said_that_the_view_does_not_give(
    readers: duckdb.DuckDBPyConnection, text_of: Callable[..., str]
) -> None:
    for lang in ("zh", "en"):
        text = text_of("150571", "2022Q3", lang)
        given: list[tuple[Any, ...]] = readers.execute(
            f"select unnest([number_{lang}, growth_number, pace_number]) from metrics.bulletin_figure"
            " where zone = '150571' and period = '2022Q3'"
        ).fetchall()
        body = text.split("\n", 1)[1].replace("AAAA", "")
        if lang == "en":  # headings are numbered, and one sentence names a threshold
            body = re.sub(r"(?m)^\d+\. ", "", body).replace("100 million yuan and above", "")
        of_view = Counter(Decimal(n.replace(",", "")) for (n,) in given if n)
        assert numbers(body) == of_view


@pytest.mark.parametrize("period", ["2022Q1", "2022Q4", "2023Q3", "2024Q4"])
def test_other_quarters_of_china_have_no_empty_word(
    text_of: Callable[..., str], period: str
) -> None:
    """The pace is said from the second quarter on."""
    zh = text_of("CN", period, "zh")
    assert not re.search(r"None|nan|[{}\[\]]|，，|。。|；。", zh), zh
    assert ("增速比" in zh) == (period[-1] > "1"), zh


def test_the_command_prints_and_writes(
    warehouse: Path, text_of: Callable[..., str], tmp_path: Path
) -> None:
    folder = ["--warehouse", str(warehouse.parent)]
    said = CliRunner().invoke(app, ["bulletin", "150571", "2022Q3", *folder])
    assert (said.exit_code, said.stdout) == (0, text_of("150571", "2022Q3", "zh"))
    target = tmp_path / "bulletin.txt"
    written = CliRunner().invoke(
        app, ["bulletin", "150571", "2022Q3", "--lang", "en", "-o", str(target), *folder]
    )
    assert (written.exit_code, written.stdout) == (0, "")
    assert target.read_text(encoding="utf-8") == text_of("150571", "2022Q3", "en")
    none = CliRunner().invoke(app, ["bulletin", "150571", "2031Q1", *folder])
    assert none.exit_code == 2 and "there is no figure of 150571 2031Q1" in none.stderr
    inside = warehouse.parent / "bulletin.txt"
    refused = CliRunner().invoke(app, ["bulletin", "150571", "2022Q3", "-o", str(inside), *folder])
    assert refused.exit_code == 2 and not inside.exists()
