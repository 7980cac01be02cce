"""Figures that were published, given back by the pipeline: each to its digits, and to the very cell it came from.

What is expected stands in this folder as literals (`expected_figures.csv`, `expected_entities.csv`,
`china_gdp.csv`, `china_industries.csv`) or in the tests; what is derived is computed anew here, in Decimal. The pipeline is
asked only through the published file of a real run.
"""

from __future__ import annotations

import csv
import functools
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from tests.sent import RAW, SENT_PATHS

HERE = Path(__file__).parent
YI = Decimal(100_000_000)  # 亿元
FACTORS = {
    "亿元": (YI, "元"),
    "万元": (Decimal(10_000), "元"),
    "万吨": (Decimal(10_000), "吨"),
    "公里": (Decimal(1000), "米"),
    "MW": (Decimal(1000), "千瓦"),
}
SECTORS = ("primary", "secondary", "tertiary")


def open_csv(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8") as source:
        return list(csv.DictReader(source))


FIGURES = open_csv("expected_figures.csv")
ENTITIES = open_csv("expected_entities.csv")
CHINA = {
    (row["period"], row["sector"]): (
        Decimal(row["value_ytd_100m_cny"]),
        Decimal(row["growth_ytd_pct"]),
    )
    for row in open_csv("china_gdp.csv")
}
PERIODS = sorted({period for period, _ in CHINA})
# NBS, Preliminary Accounting Results of GDP, 2024-04-17 and 2024-07-17: the year to date, and the quarter alone as NBS prints it
INDUSTRIES = {
    (row["period"], row["industry"] or None): row for row in open_csv("china_industries.csv")
}
ADDENDS = ("A", "BTD", "E", "F", "G", "H", "I", "J", "K", "L", "MTS")  # C is inside BTD


@pytest.fixture(scope="module")
def ask(warehouse):
    """`ask(query, *values)`: rows of the published file as plain rows."""
    with duckdb.connect(str(warehouse), read_only=True) as con:

        def rows(query: str, *values: Any) -> list[dict[str, Any]]:
            result = con.execute(query, list(values))
            names = [column[0] for column in result.description]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

        yield rows


@functools.cache
def sheet_of(path: str, sheet: str | None) -> list[list[str]]:
    """A raw file's rows, by a reader that is not the pipeline's."""
    file = RAW / path
    if file.suffix == ".xlsx":
        workbook = openpyxl.load_workbook(file, read_only=True)
        return [
            ["" if c is None else str(c) for c in row]
            for row in workbook[sheet or ""].iter_rows(values_only=True)
        ]
    assert sheet is None
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    return list(csv.reader(io.StringIO(text)))


def row_of(found: dict[str, Any]) -> list[str]:
    """The cells of the row that a figure says it came from."""
    return [
        cell.strip() for cell in sheet_of(found["path"], found["sheet"])[found["source_row"] - 1]
    ]


# --- the 68 figures of the zone ----------------------------------------------------------------


@pytest.fixture(scope="module")
def figures(ask):
    return {
        row["indicator"]: row
        for row in ask("from metrics.indicator_growth where zone = '150571' and period = '2022Q3'")
    }


def test_there_are_68_and_no_others(figures):
    assert len(FIGURES) == 68
    assert sorted(figures) == sorted(row["indicator"] for row in FIGURES)


@pytest.mark.parametrize("expected", FIGURES, ids=lambda row: row["indicator"])
def test_a_figure_comes_back_as_it_was_published(figures, expected):
    found = figures[expected["indicator"]]
    sent = expected["value_reported"]
    unit = expected["unit_reported"]
    factor, base = FACTORS.get(unit, (Decimal(1), unit or "元"))
    assert found["value"] == (Decimal(sent) * factor if sent else None)
    assert found["unit"] == base
    assert found["value_reported"] == (Decimal(sent) if sent else None)
    assert found["unit_reported"] == (unit or None)
    if sent:
        assert found["decimals_reported"] == len(sent.partition(".")[2])
    assert found["growth_reported_pct"] == (
        Decimal(expected["growth_reported_pct"]) if expected["growth_reported_pct"] else None
    )
    for column in ("form", "basis", "qualifier", "department_zh"):
        assert found[column] == expected[column], column
    assert found["department_en"]
    assert found["growth_nominal_pct"] is None  # there is no year before
    assert found["growth_nominal_reason"]


@pytest.mark.parametrize("expected", FIGURES, ids=lambda row: row["indicator"])
def test_a_figure_leads_to_its_cell(figures, expected):
    found = figures[expected["indicator"]]
    assert found["path"].startswith(f"150571/2022Q3/{expected['form']}.")
    cells = row_of(found)
    assert found["title_zh"] in cells, (
        f"{found['path']} {found['sheet']} row {found['source_row']}: {cells}"
    )
    if expected["value_reported"]:
        digits = {cell.removesuffix(".0") for cell in cells}
        said = expected["value_reported"]
        assert {said, f"{said}余", f"近{said} {expected['unit_reported']}"} & digits
    if expected["growth_reported_pct"]:
        assert {
            expected["growth_reported_pct"],
            f"下降{expected['growth_reported_pct'].lstrip('-')}%",
        } & {c.removesuffix(".0") for c in cells}


def test_growth_only_stays_growth_only(figures):
    found = figures["industry_va"]
    assert (found["value"], found["value_reason"], found["growth_reported_pct"]) == (
        None,
        "growth only",
        -2,
    )


def test_plans_and_stocks_are_what_they_are(figures):
    by_basis: dict[str, set[str]] = {}
    for name, row in figures.items():
        by_basis.setdefault(row["basis"], set()).add(name)
    assert by_basis["plan"] == {
        "threshold_crossing_planned",
        "chp_units_planned",
        "chp_unit_capacity",
    }
    assert by_basis["annual"] == {"key_projects", "public_institution_recruits"}
    assert len(by_basis["stock"]) == 9
    assert by_basis.keys() == {"plan", "annual", "stock", "ytd"}


# --- the 45 mentions of enterprises and projects ------------------------------------------------

# by form: the column of the name, of the role and of the stage
REGISTERS = {
    "cultivation_pool": ("enterprise", "tier", "status"),
    "policy_beneficiaries": ("enterprise", None, "status"),
    "contract_ledger": ("party", "party_kind", "stage"),
    "project_ledger": ("project", "domain", "stage"),
}


@pytest.fixture(scope="module")
def entities(ask):
    source = "select r.*, s.path from core.{form} as r inner join staging.current_submission as s on r.submission = s.submission"
    return {
        form: ask(source.format(form=form) + " where r.zone = '150571' and r.period = '2022Q3'")
        for form in REGISTERS
    }


def test_there_are_45_mentions_and_the_registers_hold_them_all(entities):
    assert len(ENTITIES) == 45
    named = {
        form: sorted(row[REGISTERS[form][0]] for row in rows) for form, rows in entities.items()
    }
    expected = {
        form: sorted(e["name"] for e in ENTITIES if e["form"] == form and e["role"] != "caption")
        for form in REGISTERS
    }
    assert named == expected


@pytest.mark.parametrize("expected", ENTITIES, ids=lambda row: f"{row['seq']}-{row['name']}")
def test_a_mention_is_found_with_its_file_sheet_and_row(entities, expected):
    name, role, stage = REGISTERS[expected["form"]]
    rows = [row for row in entities[expected["form"]] if row[name] == expected["name"]]
    if (
        expected["role"] == "caption"
    ):  # a caption of a photograph, kept as a note on the entry it is of
        rows = [row for row in rows if row["note"] == "另见图片说明"]
    else:
        rows = [
            row
            for row in rows
            if (role is None or row[role] == expected["role"]) and row[stage] == expected["stage"]
        ]
    assert len(rows) == 1
    assert rows[0]["path"].startswith(f"150571/2022Q3/{expected['form']}.")
    assert expected["name"] in row_of(rows[0])


def test_an_enterprise_in_two_tiers_is_one_enterprise(entities):
    assert len(entities["cultivation_pool"]) == 15
    assert len({row["enterprise"] for row in entities["cultivation_pool"]}) == 14


# --- the zone's sectors and headline -------------------------------------------------------------


def test_the_zones_sectors(ask):
    rows = {
        row["sector"]: row
        for row in ask("from metrics.sector_growth where zone = '150571' and period = '2022Q3'")
    }
    assert [round(rows[s]["share_pct"], 2) for s in SECTORS] == [1.31, 36.25, 62.44]
    assert [round(rows[s]["contribution_pp"], 3) for s in SECTORS] == [0.053, 0.985, 2.364]
    assert [round(rows[s]["contribution_rate_pct"], 1) for s in SECTORS] == [1.6, 29.0, 69.5]
    assert [rows[s]["growth_ytd_real_pct"] for s in (*SECTORS, "total")] == [4.1, 2.7, 3.8, 3.4]
    total = rows["total"]
    assert round(total["contribution_pp"], 2) == 3.40
    assert round(total["contribution_residual_pp"], 4) == -0.0024  # shown, not scaled away
    assert total["contribution_method"] == "approximate: current-price weights"
    assert (total["value_quarter_cny"], total["quarter_reason"]) == (None, "no prior YTD")
    assert (total["growth_ytd_nominal_pct"], total["growth_ytd_nominal_reason"]) == (
        None,
        "no base",
    )
    assert total["growth_quarter_real_derived_pct"] is None


def test_the_zones_headline_as_an_office_quotes_it(ask):
    rows = ask(
        "select indicator, value_text, growth_pct::double as growth, value_reason from metrics.headline where zone = '150571' order by ord"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("gdp", "107.92 亿元", 3.4, None),
        ("va_primary", "1.41 亿元", 4.1, None),
        ("va_secondary", "39.12 亿元", 2.7, None),
        ("va_tertiary", "67.39 亿元", 3.8, None),
        ("industry_va", None, -2, "growth only"),
        ("retail_sales", "41.82 亿元", 3.6, None),
        ("budget_revenue", "7.34 亿元", -5, None),
        ("fixed_asset_investment", "37.66 亿元", 6.6, None),
        ("income_urban", "34125 元", 6, None),
        ("income_rural", "18519 元", 8.1, None),
    ]


def test_the_zones_identities_hold(ask):
    rows = {
        row["identity"]: row
        for row in ask("from metrics.reconciliation where zone = '150571' and period = '2022Q3'")
    }
    assert {name for name, row in rows.items() if row["holds"] is not True} == set()
    assert rows["sector_sum"]["difference"] == 0
    assert rows["sector_sum"]["tolerance"] == pytest.approx(0.02 * float(YI))
    assert round(rows["growth_weighted"]["right_value"], 4) == 3.4024
    stated = {
        name.removeprefix("cultivation_list_"): row["left_value"]
        for name, row in rows.items()
        if name.startswith("cultivation_list_")
    }
    assert stated == {
        "above_threshold_plan": 3,
        "threshold_pool": 5,
        "innovative_sme": 5,
        "specialised_sme": 2,
    }


# --- China, twelve quarters ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def china(ask):
    rows = {
        (row["period"], row["sector"]): row
        for row in ask("from metrics.sector_growth where zone = 'CN'")
    }
    assert sorted(rows) == sorted(CHINA)
    return rows


def previous(period: str) -> str | None:
    return None if period.endswith("1") else f"{period[:5]}{int(period[5]) - 1}"


def year_earlier(period: str) -> str:
    return f"{int(period[:4]) - 1}{period[4:]}"


def alone(period: str, sector: str) -> Decimal:
    """The quarter by itself, in 亿元."""
    before = previous(period)
    return CHINA[period, sector][0] - (CHINA[before, sector][0] if before else 0)


def grown(value: Decimal, base: Decimal) -> float:
    return float((value / base - 1) * 100)


EACH = pytest.mark.parametrize(("period", "sector"), sorted(CHINA))


@EACH
def test_levels_and_growth_are_those_published(china, period, sector):
    value, growth = CHINA[period, sector]
    assert china[period, sector]["value_ytd_cny"] == value * YI
    assert china[period, sector]["growth_ytd_real_pct"] == float(growth)


@EACH
def test_discrete_quarters(china, period, sector):
    assert china[period, sector]["value_quarter_cny"] == alone(period, sector) * YI
    assert china[period, sector]["quarter_reason"] is None


@EACH
def test_nominal_growth_and_deflator(china, period, sector):
    row = china[period, sector]
    base = year_earlier(period)
    if (base, sector) not in CHINA:
        assert (
            row["growth_ytd_nominal_pct"],
            row["growth_quarter_nominal_pct"],
            row["deflator_ytd_change_pct"],
        ) == (None, None, None)
        assert row["growth_ytd_nominal_reason"] == "no base"
        return
    value, real = CHINA[period, sector]
    nominal = grown(value, CHINA[base, sector][0])
    assert row["growth_ytd_nominal_pct"] == pytest.approx(nominal, abs=1e-9)
    assert row["growth_quarter_nominal_pct"] == pytest.approx(
        grown(alone(period, sector), alone(base, sector)), abs=1e-9
    )
    assert row["deflator_ytd_change_pct"] == pytest.approx(
        ((1 + nominal / 100) / (1 + float(real) / 100) - 1) * 100, abs=1e-9
    )


@EACH
def test_real_growth_of_the_quarter_is_derived_with_a_bound(china, period, sector):
    row = china[period, sector]
    value, growth = CHINA[period, sector]
    before = previous(period)
    if before is None:
        assert (row["growth_quarter_real_derived_pct"], row["growth_quarter_real_bound_pp"]) == (
            float(growth),
            0.05,
        )
        return
    value_0, growth_0 = CHINA[before, sector]
    base = value / (1 + growth / 100) - value_0 / (1 + growth_0 / 100)
    assert row["growth_quarter_real_derived_pct"] == pytest.approx(
        grown(value - value_0, base), abs=1e-6
    )
    bound = Decimal("0.05") * (value + value_0) / (value - value_0) + Decimal("0.05")
    assert row["growth_quarter_real_bound_pp"] == pytest.approx(float(bound), abs=1e-9)
    assert bound > 0


def test_the_third_quarter_of_2022_is_near_the_official_one(china):
    row = china["2022Q3", "total"]
    assert round(row["growth_quarter_real_derived_pct"], 2) == 4.13
    assert round(row["growth_quarter_real_bound_pp"], 2) == 0.28
    assert (
        abs(row["growth_quarter_real_derived_pct"] - 4.0) <= row["growth_quarter_real_bound_pp"]
    )  # official: 4.0 %


def test_the_quarter_that_mixes_vintages_is_flagged_and_no_other(china):
    row = china["2024Q3", "total"]
    assert row["value_quarter_cny"] / YI == Decimal("340954.4")  # official: 341443.2
    flags = {period for (period, _), r in china.items() if r["quarter_flag"]}
    assert flags == {"2024Q3"}
    assert {china["2024Q3", sector]["quarter_flag"] for sector in (*SECTORS, "total")} == {
        "mixed vintage"
    }


@pytest.mark.parametrize("period", PERIODS)
def test_shares_and_contributions_make_up_their_wholes(china, period):
    rows = [china[period, sector] for sector in SECTORS]
    total = china[period, "total"]
    parts = [CHINA[period, sector] for sector in SECTORS]
    whole = sum(value for value, _ in parts)
    bases = [value / (1 + growth / 100) for value, growth in parts]
    implied = grown(whole, sum(bases, Decimal(0)))
    for row, (value, growth), base in zip(rows, parts, bases, strict=True):
        assert row["share_pct"] == pytest.approx(float(value / whole * 100), abs=1e-9)
        assert row["contribution_pp"] == pytest.approx(float(base * growth / sum(bases)), abs=1e-9)
        assert row["contribution_rate_pct"] == pytest.approx(
            float(base * growth) / float(sum(bases)) / implied * 100, abs=1e-6
        )
    assert sum(row["share_pct"] for row in rows) == pytest.approx(100, abs=1e-9)
    assert sum(row["contribution_pp"] for row in rows) == pytest.approx(implied, abs=1e-9)
    assert total["contribution_pp"] == pytest.approx(implied, abs=1e-9)
    assert total["contribution_residual_pp"] == pytest.approx(
        float(CHINA[period, "total"][1]) - implied, abs=1e-9
    )
    assert sum(row["contribution_rate_pct"] for row in rows) == pytest.approx(100, abs=1e-6)


@pytest.mark.parametrize("period", PERIODS)
def test_official_figures_satisfy_their_identities(ask, period):
    rows = {
        row["identity"]: row
        for row in ask("from metrics.reconciliation where zone = 'CN' and period = ?", period)
    }
    values = {sector: CHINA[period, sector][0] for sector in (*SECTORS, "total")}
    growths = [CHINA[period, sector][1] for sector in SECTORS]
    total = CHINA[period, "total"]
    assert rows["sector_sum"]["difference"] == pytest.approx(
        float((total[0] - sum(values[s] for s in SECTORS)) * YI), abs=1
    )
    assert rows["sector_sum"]["tolerance"] == pytest.approx(
        float(YI) * 0.2
    )  # four figures, each half of 0.1
    assert rows["sector_sum"]["holds"] is True
    assert min(growths) - Decimal("0.1") <= total[1] <= max(growths) + Decimal("0.1")
    assert rows["growth_bracket"]["holds"] is True
    residual = rows["growth_weighted"]["difference"]
    assert rows["growth_weighted"]["holds"] is (abs(residual) <= 0.1)
    assert abs(residual) < 0.3  # official releases miss it by up to 0.29


# --- China by industry, two quarters ----------------------------------------------------------------


@pytest.fixture(scope="module")
def industries(ask):
    rows = {
        (r["period"], r["industry"]): r
        for r in ask(
            "from metrics.industry_structure where zone = 'CN' and indicator = 'value_added'"
        )
    }
    assert sorted(rows) == sorted(key for key in INDUSTRIES if key[1])
    return rows


def published(period: str, industry: str | None, column: str) -> Decimal:
    return Decimal(INDUSTRIES[period, industry][column])


OF_INDUSTRY = pytest.mark.parametrize(
    ("period", "industry"), list(INDUSTRIES), ids=lambda part: part or "total"
)


@OF_INDUSTRY
def test_an_industry_is_what_was_published_and_leads_to_its_cell(ask, period, industry):
    where = "zone = 'CN' and indicator = 'value_added' and period = ? and industry is not distinct from ?"
    [found] = ask(f"from metrics.indicator_growth where {where}", period, industry)
    row = INDUSTRIES[period, industry]
    assert found["value"] == Decimal(row["value_ytd_100m_cny"]) * YI
    assert found["growth_reported_pct"] == Decimal(row["growth_ytd_pct"])
    assert found["path"] == f"CN/{period}/value_added_by_industry.csv"
    assert row_of(found)[1:] == ["亿元", row["value_ytd_100m_cny"], row["growth_ytd_pct"]]


@OF_INDUSTRY
def test_the_quarter_of_an_industry_is_the_one_that_nbs_prints(ask, period, industry):
    """F1 within a printed unit, for each of the two is rounded apart; F7 within its bound."""
    [found] = [
        r
        for r in ask("from metrics.growth('value_added', 'CN', ?)", period)
        if r["industry"] == industry
    ]
    assert (
        abs(found["value_quarter"] / YI - published(period, industry, "value_quarter_100m_cny"))
        <= 1
    )
    derived, bound = found["growth_quarter_real_derived_pct"], found["growth_quarter_real_bound_pp"]
    assert abs(derived - float(published(period, industry, "growth_quarter_pct"))) <= bound
    assert bound < 0.25, "a bound that excludes something"
    assert found["quarter_flag"] is None, "both halves are of one vintage"


@pytest.mark.parametrize(
    ("period", "implied", "residual", "reported"),
    [("2024Q1", 5.2811, 0.0189, 5.3), ("2024Q2", 4.9903, 0.0097, 5.0)],
)
def test_contributions_of_industries_make_up_the_growth_that_they_imply(
    industries, period, implied, residual, reported
):
    values = {i: published(period, i, "value_ytd_100m_cny") for i in (*ADDENDS, "C")}
    bases = {i: v / (1 + published(period, i, "growth_ytd_pct") / 100) for i, v in values.items()}
    whole, base = sum(values[i] for i in ADDENDS), sum(bases[i] for i in ADDENDS)
    for industry, value in values.items():
        row = industries[period, industry]
        assert row["within_industry"] == ("BTD" if industry == "C" else None)
        assert row["share_of_total_pct"] == pytest.approx(
            float(100 * value / published(period, None, "value_ytd_100m_cny")), abs=1e-9
        )
        assert row["contribution_pp"] == pytest.approx(
            float(100 * (value - bases[industry]) / base), abs=1e-9
        )
        assert row["contribution_rate_pct"] == pytest.approx(
            float(100 * (value - bases[industry]) / (whole - base)), abs=1e-9
        )
        assert (
            round(row["total_growth_implied_pct"], 4),
            round(row["contribution_residual_pp"], 4),
        ) == (implied, residual)
        assert row["coverage_pct"] == pytest.approx(100, abs=0.001)
        assert row["contribution_method"] == "approximate: current-price weights"
    parts = [industries[period, i] for i in ADDENDS]
    assert sum(row["contribution_pp"] for row in parts) == pytest.approx(implied, abs=1e-4)
    assert sum(row["contribution_rate_pct"] for row in parts) == pytest.approx(100, abs=1e-9)
    assert implied + residual == pytest.approx(reported, abs=1e-4)


def test_what_the_industries_of_the_first_quarter_of_2024_gave(industries):
    """By hand: industry 96426 − 96426/1.06 = 5458.1 of 14863.0, on 281438.0 a year earlier."""
    rows = {i: industries["2024Q1", i] for i in ("BTD", "C", "K", "I")}
    assert {i: round(r["contribution_pp"], 3) for i, r in rows.items()} == {
        "BTD": 1.939,
        "C": 1.713,
        "K": -0.36,
        "I": 0.68,
    }
    assert {i: round(r["contribution_rate_pct"], 1) for i, r in rows.items()} == {
        "BTD": 36.7,
        "C": 32.4,
        "K": -6.8,
        "I": 12.9,
    }


@pytest.mark.parametrize("period", ["2024Q1", "2024Q2"])
def test_the_two_totals_are_of_two_vintages_and_stay_apart(ask, china, industries, period):
    """By industry it is the first release, in form gdp a later one: nothing compares the two."""
    total = industries[period, "A"]["total_value"]
    assert total == published(period, None, "value_ytd_100m_cny") * YI
    assert 1.02 < china[period, "total"]["value_ytd_cny"] / total < 1.03
    assert (
        ask(
            "select code from ledger.finding where path = ? and outcome = 'broken'",
            f"CN/{period}/value_added_by_industry.csv",
        )
        == []
    )


# --- what is derived from them: growth, chain, structure, comparison -------------------------------


@pytest.mark.parametrize("period", PERIODS)
def test_growth_says_the_same_as_the_sectors_view(ask, china, period):
    [row] = ask("from metrics.growth('gdp', 'CN', ?)", period)
    total = china[period, "total"]
    assert row["title_zh"] == "国内生产总值"
    assert row["value_quarter"] == total["value_quarter_cny"]
    assert float(row["growth_reported_pct"]) == total["growth_ytd_real_pct"]
    for ours, theirs in (
        ("growth_nominal_pct", "growth_ytd_nominal_pct"),
        ("growth_quarter_nominal_pct", "growth_quarter_nominal_pct"),
        ("growth_quarter_real_derived_pct", "growth_quarter_real_derived_pct"),
        ("growth_quarter_real_bound_pp", "growth_quarter_real_bound_pp"),
        ("deflator_change_pct", "deflator_ytd_change_pct"),
    ):
        assert row[ours] == (
            None if total[theirs] is None else pytest.approx(total[theirs], abs=1e-9)
        ), ours
    assert row["quarter_flag"] == {
        "2024Q3": "mixed vintage",
        "2024Q4": "mixed vintage a quarter earlier",
    }.get(period)


@pytest.mark.parametrize("period", PERIODS)
def test_growth_over_the_quarter_before_is_unadjusted_and_says_so(ask, period):
    [row] = ask("from metrics.growth('gdp', 'CN', ?)", period)
    before = previous(period) or f"{int(period[:4]) - 1}Q4"
    if (before, "total") not in CHINA:
        assert (row["growth_qoq_pct"], row["growth_qoq_reason"]) == (None, "no base")
        return
    qoq = grown(alone(period, "total"), alone(before, "total"))
    assert row["growth_qoq_pct"] == pytest.approx(qoq, abs=1e-9)
    assert row["growth_qoq_annualised_pct"] == pytest.approx(
        ((1 + qoq / 100) ** 4 - 1) * 100, abs=1e-6
    )
    assert (row["adjustment_zh"], row["adjustment_en"]) == ("未季调", "not seasonally adjusted")


def test_twelve_quarters_are_too_few_to_adjust(ask):
    rows = ask(
        "select distinct is_seasonally_adjusted, adjustment_zh from metrics.seasonal_adjustment"
    )
    assert rows == [{"is_seasonally_adjusted": False, "adjustment_zh": "未季调"}]
    assert ask("from derived.seasonal_adjustment") == []


@pytest.mark.parametrize("period", PERIODS)
def test_the_chain_index_follows_the_published_growth(ask, period):
    [row] = ask(
        "from metrics.chain_index where zone = 'CN' and indicator = 'gdp' and period = ?", period
    )
    years = [f"{year}{period[4:]}" for year in range(2023, int(period[:4]) + 1)]
    index = Decimal(100)
    for year in years:
        index *= 1 + CHINA[year, "total"][1] / 100
    assert (row["index_base_period"], row["index_chained"]) == (
        f"2022{period[4:]}",
        pytest.approx(float(index), abs=1e-9),
    )
    constant = CHINA[f"2022{period[4:]}", "total"][0] * YI * index / 100
    assert row["value_constant_price"] == pytest.approx(float(constant), rel=1e-12)
    assert row["deflator_index"] == pytest.approx(
        float(CHINA[period, "total"][0] * YI / constant * 100), abs=1e-9
    )


def test_two_years_of_chinas_growth(ask):
    [row] = ask("from metrics.cagr('gdp', 'CN', '2024Q4', 2)")
    real = (
        float((1 + CHINA["2023Q4", "total"][1] / 100) * (1 + CHINA["2024Q4", "total"][1] / 100))
        ** 0.5
        - 1
    ) * 100
    nominal = (float(CHINA["2024Q4", "total"][0] / CHINA["2022Q4", "total"][0]) ** 0.5 - 1) * 100
    assert (row["base_period"], row["compound_reported_pct"], row["compound_nominal_pct"]) == (
        "2022Q4",
        pytest.approx(real),
        pytest.approx(nominal),
    )
    [growth] = ask("from metrics.growth('gdp', 'CN', '2024Q4')")
    assert growth["growth_two_year_average_pct"] == pytest.approx(real)  # two years, by either way


def test_the_zones_shares_for_print(ask):
    rows = {r["sector"]: r for r in ask("from metrics.sector_structure where zone = '150571'")}
    assert [rows[s]["share_printed_pct"] for s in SECTORS] == [1.3, 36.2, 62.4]
    assert [rows[s]["share_adjusted_pct"] for s in SECTORS] == [1.3, 36.3, 62.4]


def test_the_zone_beside_the_nation(ask):
    """Location quotient and shift-share of the zone against China, 2022Q3, computed anew from the published figures."""
    zone = dict(
        zip(
            SECTORS,
            [
                (Decimal(v), Decimal(g))
                for v, g in (("1.41", "4.1"), ("39.12", "2.7"), ("67.39", "3.8"))
            ],
            strict=True,
        )
    )
    nation = {s: CHINA["2022Q3", s] for s in SECTORS}
    quotients = {
        r["sector"]: r
        for r in ask("from metrics.location_quotient where zone = '150571' and period = '2022Q3'")
    }
    effects = {
        r["sector"]: r
        for r in ask("from metrics.shift_share where zone = '150571' and period = '2022Q3'")
    }
    whole, nations = sum(v for v, _ in zone.values()), sum(v for v, _ in nation.values())
    base = {s: v / (1 + g / 100) for s, (v, g) in zone.items()}
    nation_base = {s: v / (1 + g / 100) for s, (v, g) in nation.items()}
    growth = nations / sum(nation_base.values()) - 1
    for s in SECTORS:
        quotient = (zone[s][0] / whole) / (nation[s][0] / nations)
        assert quotients[s]["location_quotient_ratio"] == pytest.approx(float(quotient))
        parts = (growth, nation[s][1] / 100 - growth, (zone[s][1] - nation[s][1]) / 100)
        expected = [float(base[s] * part / sum(base.values()) * 100) for part in parts]
        found = [effects[s][f"{name}_effect_pp"] for name in ("national", "mix", "competitive")]
        assert found == pytest.approx(expected, abs=1e-9)
    total = effects["total"]
    assert round(total["contribution_pp"], 4) == 3.4024
    assert sum(
        total[f"{name}_effect_pp"] for name in ("national", "mix", "competitive")
    ) == pytest.approx(total["contribution_pp"])
    [compared] = ask(
        "from metrics.zone_vs_nation where zone = '150571' and period = '2022Q3' and indicator = 'gdp'"
    )
    assert compared["growth_difference_pp"] == pytest.approx(
        3.4 - float(CHINA["2022Q3", "total"][1])
    )


def test_the_zones_income_gap(ask):
    [row] = ask("from metrics.income_gap where zone = '150571'")
    assert (round(row["income_ratio"], 3), round(row["income_year_earlier_implied_ratio"], 3)) == (
        1.843,
        1.879,
    )
    assert row["income_ratio_change_reason"] == "no ratio a year earlier"


def test_every_submission_of_raw_was_accepted(ask):
    rows = ask(
        "select path, status, rows_read, rows_accepted, rows_held from ledger.submission order by path"
    )
    assert [row["path"] for row in rows] == SENT_PATHS
    assert {(row["status"], row["rows_held"]) for row in rows} == {("accepted", 0)}
    assert sum(row["rows_accepted"] for row in rows) == 68 + 48 + 26 + 15 + 2 + 5 + 22
