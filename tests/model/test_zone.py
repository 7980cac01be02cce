"""The package's own, and those that an office adds beside its submissions."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from flows.build.step import build, fingerprint
from flows.forms.catalogue import load_catalogue
from flows.load.step import prepare
from flows.model.zone import fingerprint_zones, known_zones, load_zones
from flows.receive.step import receive

OWN = "zone,title_zh,title_en\n990001,虚构开发区,Made-up zone\n"


def write(raw: Path, text: str, encoding: str = "utf-8") -> Path:
    raw.mkdir(exist_ok=True)
    (raw / "zone.csv").write_text(text, encoding=encoding)
    return raw


def test_an_office_adds_a_zone_without_touching_the_package(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", OWN, "utf-8-sig")
    assert known_zones(raw) == known_zones() | {"990001"}
    assert load_zones(raw)[-1] == {
        "zone": "990001",
        "title_zh": "虚构开发区",
        "title_en": "Made-up zone",
        "kind": "development_zone",
        "parent": "CN",
        "note_zh": "",
        "note_en": "",
    }
    (raw / "990001" / "2022Q3").mkdir(parents=True)
    (raw / "990001" / "2022Q3" / "gdp.csv").write_text("指标名称,本年累计\n", encoding="utf-8")
    assert receive(raw, load_catalogue(), known_zones(raw), {}).findings == []
    assert [f.code for f in receive(raw, load_catalogue(), known_zones(), {}).findings] == [
        "FILE-PATH"
    ]


def test_a_name_that_a_cell_breaks_into_lines_is_one_line(tmp_path: Path) -> None:
    text = 'zone,title_zh,title_en\n990001,"虚构\n开发区","Made-up\r\n  zone"\n'
    zone = load_zones(write(tmp_path / "raw", text))[-1]
    assert (zone["title_zh"], zone["title_en"]) == ("虚构 开发区", "Made-up zone")


@pytest.mark.torture
def test_the_warehouse_knows_it_and_is_built_anew_when_it_changes(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", OWN)
    assert fingerprint_zones(tmp_path) == ""
    first = fingerprint(load_catalogue(), raw)
    assert first not in (
        fingerprint(load_catalogue()),
        fingerprint(load_catalogue(), write(raw, OWN.replace("虚构", "另一"))),
    )
    write(raw, OWN)
    run_file = tmp_path / "run.duckdb"
    prepare(run_file, load_catalogue())
    build(run_file, load_catalogue(), raw)
    with duckdb.connect(str(run_file), read_only=True) as con:
        assert con.execute(
            "select title_zh, kind, parent, note_zh from ref.zone where zone = '990001'"
        ).fetchall() == [("虚构开发区", "development_zone", "CN", None)]
        assert con.execute(
            "select count(*) from ref.zone where zone in ('CN', '150571')"
        ).fetchone() == (2,)
        assert con.execute("select fingerprint from ref.build").fetchone() == (first,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("zone,title_zh\n990001,虚构\n", "it has the columns zone,title_zh,title_en"),
        (
            "zone,title_zh,title_en\n150571,虚构,Made up\n",
            "line 2：地区 150571 已有，每个地区只写一行 · zone 150571 is there already",
        ),
        (
            "zone,title_zh,title_en\n990001,虚构,a\n990001,虚构,b\n",
            "line 3：地区 990001 已有，每个地区只写一行 · zone 990001 is there already",
        ),
        (
            "zone,title_zh,title_en\n990001,,Made up\n",
            "line 2：title_zh 为空，请写明代码和中英文名称 · title_zh is empty",
        ),
        ("zone,title_zh,title_en\n../x,虚构,Made up\n", "is no code of a zone"),
        (
            "zone,title_zh,title_en,kind,parent\n990001,虚构,Made up,,999999\n",
            "第 2 行 line 2：parent “999999” 不是已有的地区",
        ),
    ],
)
def test_a_mistake_in_the_list_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("../", "")):
        known_zones(write(tmp_path / "raw", text))


def test_a_list_that_is_no_utf_8_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="saved as UTF-8"):
        known_zones(write(tmp_path / "raw", OWN, "gb18030"))
