"""The catalogue: a mistake in a declaration names the file, the line and what was expected there."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.forms.catalogue import load_catalogue, load_form
from flows.forms.form import FORMS_DIR
from flows.model.errors import CatalogueError
from flows.model.finding import Severity
from flows.model.name import tidy_heading

# each line numbered by its place here, so that a mistake's line can be told: line 1 is `code`
REGISTER = """\
code = "factory"
version = "2022.1"
kind = "register"
title = { zh = "工厂", en = "Factories" }
department = { zh = "统计部门", en = "Statistics department" }
key = ["name"]

[[column]]
name = "name"
type = "text"
title = { zh = "厂名", en = "Name of the factory" }
required = true

[[column]]
name = "output"
type = "decimal"
title = { zh = "产值", en = "Output" }
headings = ["总产值"]
unit = "万元"
min = 0

[[rule]]
code = "FAC-OUTPUT"
stage = "record"
severity = "query"
target = "output"
good = "output > 1"
title = { zh = "产值大于一", en = "output is above one" }
message = { zh = "产值为 {output}", en = "output is {output}" }
mend = { zh = "核对产值", en = "check the output" }
"""

INDICATORS = """\
code = "steel"
version = "2022.1"
kind = "indicator"
title = { zh = "钢铁", en = "Steel" }
department = { zh = "统计部门", en = "Statistics department" }

[[indicator]]
code = "crude_steel"
title = { zh = "粗钢产量", en = "Crude steel" }
synonyms = ["粗钢"]
unit = "吨"
quoted_unit = "万吨"

[[indicator]]
code = "pig_iron"
title = { zh = "生铁产量", en = "Pig iron" }
unit = "吨"
quoted_unit = "万吨"
"""


def declare(folder: Path, text: str, name: str) -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def mistake(folder: Path, text: str, name: str) -> str:
    """The words with which a declaration is refused."""
    with pytest.raises(CatalogueError) as refused:
        load_form(declare(folder, text, name))
    return str(refused.value)


def spoil(text: str, line: str, by: str) -> tuple[str, int]:
    """The declaration with one line replaced (the first that equals it), and that line's number."""
    lines = text.splitlines()
    at = lines.index(line)
    lines[at] = by
    return "\n".join(lines) + "\n", at + 1


def table(text: str) -> list[list[str]]:
    """The cells of a table of mistakes, a line each; `\\n` in a cell starts a new line."""
    return [[c.replace("\\n", "\n") for c in line.split(" → ")] for line in text.splitlines()]


def test_the_sound_declarations_load(tmp_path: Path) -> None:
    register = load_form(declare(tmp_path, REGISTER, "factory"))
    assert [c.name for c in register.columns] == ["name", "output"]
    assert register.rules[0].severity is Severity.QUERY
    indicators = load_form(declare(tmp_path, INDICATORS, "steel"))
    assert [c.name for c in indicators.columns] == [
        "indicator",
        "unit",
        "value",
        "growth_pct",
        "note",
    ], "declared once for all"
    assert indicators.key == ("indicator",)


# a line of the declaration → what it is replaced by → the words of the refusal
REGISTER_MISTAKES = """\
unit = "万元" → unti = "万元" → column.1.unti: Extra inputs are not permitted
severity = "query" → severity = "warn" → rule.0.severity: Input should be 'reject', 'quarantine', 'query' or 'note'
type = "decimal" → type = "number" → column.1.type: Input should be 'text', 'decimal', 'integer'
stage = "record" → stage = "cell" → rule.0.stage: Input should be
code = "FAC-OUTPUT" → code = "fac output" → rule.0.code: String should match pattern
name = "output" → name = "Output value" → column.1.name: String should match pattern
kind = "register" → kind = "table" → kind: Input should be 'indicator' or 'register'
good = "output > 1" → good = 1 → rule.0.good: Input should be a valid string
title = { zh = "产值", en = "Output" } → title = { zh = "产值" } → column.1.title.en: Field required
min = 0 → min = "nought" → column.1.min: Input should be a valid number
version = "2022.1" → version = 2022 → version: Input should be a valid string
unit = "万元" → unit = "万圆" → “万圆” is not a unit of sql/reference/unit.csv
"""


@pytest.mark.parametrize(("line", "by", "words"), table(REGISTER_MISTAKES))
def test_a_mistake_names_file_line_and_what_was_expected(
    tmp_path: Path, line: str, by: str, words: str
) -> None:
    text, number = spoil(REGISTER, line, by)
    said = mistake(tmp_path, text, "factory")
    assert words in said
    assert said.startswith(f"{tmp_path / 'factory.toml'}:{number}: "), said


# a line of the declaration → what it is replaced by → the words of the refusal
INDICATOR_MISTAKES = """\
unit = "吨" → unit = "顿" → “顿” is not a unit of sql/reference/unit.csv
quoted_unit = "万吨" → quoted_unit = "万元" → quoted_unit “万元” does not convert to unit “吨”
synonyms = ["粗钢"] → synonym = ["粗钢"] → indicator.0.synonym: Extra inputs are not permitted
"""


@pytest.mark.parametrize(("line", "by", "words"), table(INDICATOR_MISTAKES))
def test_a_mistake_in_an_indicator(tmp_path: Path, line: str, by: str, words: str) -> None:
    text, number = spoil(INDICATORS, line, by)
    said = mistake(tmp_path, text, "steel")
    assert words in said
    assert f"{tmp_path / 'steel.toml'}:" in said
    block = INDICATORS.splitlines().index("[[indicator]]") + 1
    assert int(said.split("steel.toml:")[1].split(":")[0]) in (number, block), (
        "the line, or the [[indicator]] that holds it"
    )


PARTS = (
    INDICATORS
    + """
[[indicator]]
code = "steel_of_c"
title = { zh = "制造业用钢", en = "Steel used by manufacturing" }
unit = "吨"
quoted_unit = "万吨"
industry = "C"
of = "crude_steel"
within = "steel_of_btd"

[[indicator]]
code = "steel_of_btd"
title = { zh = "工业用钢", en = "Steel used by industry" }
unit = "吨"
quoted_unit = "万吨"
industry = "BTD"
of = "crude_steel"
"""
)


@pytest.mark.parametrize(
    ("lines", "flow_type"),
    [
        ('unit = "%"\nquoted_unit = "%"', "rate"),
        ('unit = "%"\nquoted_unit = "‰"', "rate"),
        ('unit = "百分点"\nquoted_unit = "百分点"', "rate"),
        ('unit = "%"\nquoted_unit = "%"\nflow_type = "stock"', "stock"),
        ('unit = "美元"\nquoted_unit = "万美元"', "flow"),
        ('unit = "千瓦时"\nquoted_unit = "亿千瓦时"', "flow"),
        ('unit = "立方米"\nquoted_unit = "万立方米"', "flow"),
        ('unit = "吨标准煤"\nquoted_unit = "万吨标准煤"', "flow"),
    ],
)
def test_a_line_in_a_unit_of_rates_is_a_rate_unless_it_says_otherwise(
    tmp_path: Path, lines: str, flow_type: str
) -> None:
    text = INDICATORS.replace('unit = "吨"\nquoted_unit = "万吨"', lines, 1)
    form = load_form(declare(tmp_path, text, "steel"))
    assert [i.flow_type for i in form.indicators] == [flow_type, "flow"]


def test_lines_of_industries_load_as_one_indicator(tmp_path: Path) -> None:
    form = load_form(declare(tmp_path, PARTS, "steel"))
    assert [(i.code, i.indicator, i.industry, i.within) for i in form.indicators] == [
        ("crude_steel", "crude_steel", None, None),
        ("pig_iron", "pig_iron", None, None),
        ("steel_of_c", "crude_steel", "C", "steel_of_btd"),
        ("steel_of_btd", "crude_steel", "BTD", None),
    ]


# a line of the declaration → what it is replaced by → the words of the refusal
PART_MISTAKES = """\
industry = "C" → industry = "CC" → steel_of_c: “CC” is not an industry of sql/reference/industry.csv
industry = "C" → industry = "BTD" → steel_of_btd: steel_of_c is industry BTD of “crude_steel” already
industry = "C" →  → steel_of_c: `industry` and `of` go together
of = "crude_steel" → of = "steel" → steel_of_c: “steel” is no line of the form, or a part itself
of = "crude_steel" → of = "steel_of_btd" → steel_of_c: “steel_of_btd” is no line of the form, or a part itself
within = "steel_of_btd" → within = "pig_iron" → steel_of_c: `within` names another part of “crude_steel”
within = "steel_of_btd" → within = "steel_of_c" → steel_of_c: `within` names another part of “crude_steel”
code = "pig_iron" → code = "pig_iron"\\nwithin = "crude_steel" → pig_iron: `within` is for a line that is `of` another
within = "steel_of_btd" → basis = "quarter" → steel_of_c: basis must be as in “crude_steel”, the line of the total
"""


@pytest.mark.parametrize(("line", "by", "words"), table(PART_MISTAKES))
def test_a_mistake_in_a_part(tmp_path: Path, line: str, by: str, words: str) -> None:
    assert words in mistake(tmp_path, spoil(PARTS, line, by)[0], "steel")


def test_a_target_is_of_a_whole(tmp_path: Path) -> None:
    declare(tmp_path, PARTS, "steel")
    plan = (
        INDICATORS.replace("steel", "plan")
        .replace("pig_iron", "iron_plan")
        .replace("粗钢", "计划钢")
    )
    declare(
        tmp_path,
        plan.replace('quoted_unit = "万吨"', 'quoted_unit = "万吨"\ntarget_of = "steel_of_c"', 1),
        "plan",
    )
    with pytest.raises(
        CatalogueError, match="crude_plan is the target of “steel_of_c”, which no form has"
    ):
        load_catalogue(tmp_path)


def test_a_missing_key_points_at_its_table(tmp_path: Path) -> None:
    text = REGISTER.replace('title = { zh = "产值", en = "Output" }\n', "")
    said = mistake(tmp_path, text, "factory")
    second_column = text.splitlines().index('name = "output"')  # the line before it, counted from 1
    assert said.startswith(
        f"{tmp_path / 'factory.toml'}:{second_column}: column.1.title: Field required"
    ), said


def test_every_mistake_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    text, _ = spoil(REGISTER, 'severity = "query"', 'severity = "warn"')
    text, _ = spoil(text, 'type = "decimal"', 'type = "number"')
    said = mistake(tmp_path, text, "factory").splitlines()
    assert len(said) == 2
    assert ["severity" in line for line in said].count(True) == 1
    assert ["column.1.type" in line for line in said].count(True) == 1


def test_a_target_must_exist(tmp_path: Path) -> None:
    text, _ = spoil(REGISTER, 'target = "output"', 'target = "outptu"')
    said = mistake(tmp_path, text, "factory")
    assert "rule FAC-OUTPUT: target “outptu” is no column or line of the form" in said
    assert str(tmp_path / "factory.toml") in said


def test_a_key_must_name_columns(tmp_path: Path) -> None:
    text, _ = spoil(REGISTER, 'key = ["name"]', 'key = ["nmae"]')
    said = mistake(tmp_path, text, "factory")
    assert "key ['nmae'] must name columns of the form: ['name', 'output']" in said
    text, _ = spoil(REGISTER, 'key = ["name"]', "key = []")
    assert "must name columns of the form" in mistake(tmp_path, text, "factory")


def test_two_columns_cannot_share_a_heading(tmp_path: Path) -> None:
    text, _ = spoil(REGISTER, 'headings = ["总产值"]', 'headings = ["总产值", "厂 名（全称）"]')
    said = mistake(tmp_path, text, "factory")
    assert "heading “厂名” belongs to both name and output" in said, (
        "compared as they are read: without spaces and brackets"
    )


def test_two_lines_cannot_share_a_name(tmp_path: Path) -> None:
    text, _ = spoil(
        INDICATORS,
        'title = { zh = "生铁产量", en = "Pig iron" }',
        'title = { zh = "粗钢", en = "Pig iron" }',
    )
    assert "line “粗钢” belongs to both crude_steel and pig_iron" in mistake(
        tmp_path, text, "steel"
    )


def test_names_and_codes_are_unique(tmp_path: Path) -> None:
    text, _ = spoil(REGISTER, 'name = "output"', 'name = "name"')
    assert "two columns have the same name" in mistake(tmp_path, text, "factory")
    rule = REGISTER[REGISTER.index("[[rule]]") :]
    assert "two rules have the same code" in mistake(tmp_path, REGISTER + "\n" + rule, "factory")


def test_an_indicator_form_has_indicators(tmp_path: Path) -> None:
    text = INDICATORS[: INDICATORS.index("[[indicator]]")]
    assert "an indicator form needs at least one [[indicator]]" in mistake(tmp_path, text, "steel")


def test_a_syntax_error_names_file_and_line(tmp_path: Path) -> None:
    text, number = spoil(REGISTER, 'name = "output"', 'name = "output')
    said = mistake(tmp_path, text, "factory")
    assert said.startswith(f"{tmp_path / 'factory.toml'}")
    assert "not valid TOML" in said
    assert f"line {number}" in said


def test_the_code_is_the_files_name(tmp_path: Path) -> None:
    said = mistake(tmp_path, REGISTER, "factories")
    assert (
        said
        == f"{tmp_path / 'factories.toml'}:1: the form's code is “factory”, the file's name “factories”; make them equal"
    )


def test_a_bad_rule_in_sql_is_told_by_file(tmp_path: Path) -> None:
    """A rule whose SQL cannot be read is a mistake of the declaration, not of a submission."""
    text, _ = spoil(REGISTER, 'good = "output > 1"', 'good = "outptu >> 1 ("')
    said = mistake(tmp_path, text, "factory")
    assert "FAC-OUTPUT" in said
    assert str(tmp_path / "factory.toml") in said


def test_a_brace_in_a_message_must_name_something(tmp_path: Path) -> None:
    old = 'message = { zh = "产值为 {output}", en = "output is {output}" }'
    text, _ = spoil(REGISTER, old, old.replace("{output}", "{outptu}"))
    said = mistake(tmp_path, text, "factory")
    assert "outptu" in said
    assert "FAC-OUTPUT" in said


def test_the_catalogue_lists_the_mistakes_of_every_file(tmp_path: Path) -> None:
    declare(tmp_path, spoil(REGISTER, 'kind = "register"', 'kind = "table"')[0], "factory")
    declare(tmp_path, spoil(INDICATORS, 'unit = "吨"', 'unit = "顿"')[0], "steel")
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(tmp_path)
    said = str(refused.value)
    assert f"{tmp_path / 'factory.toml'}:3: kind" in said
    assert "“顿” is not a unit" in said


def test_an_indicator_belongs_to_one_form(tmp_path: Path) -> None:
    declare(tmp_path, INDICATORS, "steel")
    declare(tmp_path, INDICATORS.replace('code = "steel"', 'code = "metal"'), "metal")
    with pytest.raises(CatalogueError) as refused:
        load_catalogue(tmp_path)
    assert "indicator “crude_steel” is declared by metal, steel; give each its own code" in str(
        refused.value
    )
    assert "indicator “pig_iron” is declared by metal, steel" in str(refused.value)


def test_the_fingerprint_follows_the_words(tmp_path: Path) -> None:
    first = load_form(declare(tmp_path, REGISTER, "factory"))
    again = load_form(declare(tmp_path, REGISTER, "factory"))
    other = load_form(declare(tmp_path, REGISTER.replace("output > 1", "output > 2"), "factory"))
    assert first.fingerprint == again.fingerprint != other.fingerprint
    assert len(first.fingerprint) == 16


@pytest.mark.parametrize(
    ("printed", "tidy"),
    [
        ("本年累计（亿元）", "本年累计"),
        ("同比增长(%)", "同比增长"),
        ("指 标\n名 称", "指标名称"),
        ("其中：制造业", "制造业"),
        ("＊产值", "产值"),
        ("Value (CNY)", "value"),
        ("【单位】", "【单位】"),
        ("（%）", "(%)"),
    ],
)
def test_headings_are_compared_without_print(printed: str, tidy: str) -> None:
    assert tidy_heading(printed) == tidy


# --- the forms we really have -----------------------------------------------------------------

CATALOGUE = load_catalogue()


def test_every_declaration_is_a_form() -> None:
    files = {p.stem for p in FORMS_DIR.glob("[a-z]*.toml")}
    assert set(CATALOGUE) == files
    assert len(files) >= 22


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_words_come_in_two_languages(code: str) -> None:
    """zh is Chinese, en is not, nothing is left empty."""
    form = CATALOGUE[code]
    texts = [
        form.title,
        form.department,
        *(c.title for c in form.columns),
        *(i.title for i in form.indicators),
    ]
    texts += [t for r in form.rules for t in (r.title, r.message, r.mend)]
    texts += [t for c in form.columns for t in (c.codes or {}).values()]
    for text in texts:
        assert text.zh.strip() and text.en.strip()
        assert any("\u4e00" <= c <= "\u9fff" for c in text.zh) or text.zh == text.en, text.zh
        bare = text.en.replace("“", "").replace("”", "")
        outside = "".join(
            part for n, part in enumerate(bare.replace("}", "{").split("{")) if n % 2 == 0
        )
        chinese = [c for c in outside if "\u4e00" <= c <= "\u9fff"]
        assert len(chinese) <= 12, f"{text.en} holds Chinese"


def test_the_ten_main_indicators_are_numbered_one_to_ten() -> None:
    numbers = sorted(i.headline for f in CATALOGUE.values() for i in f.indicators if i.headline)
    assert numbers == list(range(1, 11))
