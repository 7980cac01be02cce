"""has_open_query: which figures a finding puts under query, what is computed from them, what the public sees."""

from __future__ import annotations

import pytest

from tests.figures import ZONE_2022Q3

ASKED = {"code": "FIGURE-OUTLIER", "severity": "query", "outcome": "broken"}
ROWS = {"gdp": 2, "va_primary": 3, "va_secondary": 4, "va_tertiary": 5}


def gdp(given, period="2022Q3", figures=None, **more):
    """The four lines of the form of GDP, in rows 2 to 5."""
    submission = given.submission("gdp", period, **more)
    for sector, indicator in (
        ("total", "gdp"),
        ("primary", "va_primary"),
        ("secondary", "va_secondary"),
        ("tertiary", "va_tertiary"),
    ):
        value, growth = (figures or ZONE_2022Q3)[sector]
        given.figure(submission, indicator, value, growth=growth, source_row=ROWS[indicator])
    return submission


def ask(given, submission, row=None, column=None, **more):
    given.finding(submission, **(ASKED | {"row": row, '"column"': column} | more))


def asked_about(given, where="true"):
    return [
        i for (i,) in given.rows("staging.observation", "indicator", f"has_open_query and {where}")
    ]


# the views that show no figure that a question could be about, and what they show
NO_FIGURE = {
    "audit": "who did what",
    "bulletin_source": "which rows a number rests on",
    "catalogue": "the views",
    "completeness": "which forms came",
    "enterprise_demography": "how many enterprises came and went",
    "enterprise_event": "which enterprise came or went",
    "quality_report": "how good the reporting was",
    "query_influence": "the questions themselves",
    "revision_quality": "how revisions went over many quarters",
    "run_metric": "how runs went",
    "sdmx_code": "the codes of SDMX",
    "submission_due": "which form is due",
}


def test_every_view_that_shows_figures_says_which_are_under_query(given):
    columns = given.con.execute(
        "select table_name, bool_or(column_name like '%has_open_query') from duckdb_columns()"
        " where schema_name = 'metrics' and not internal group by 1"
    ).fetchall()
    views = {
        view.removesuffix("_as_of").removesuffix("_before"): marked for view, marked in columns
    }
    assert len(views) >= 60
    assert {view for view, is_marked in views.items() if not is_marked} == NO_FIGURE.keys()


# --- which figures -------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["value", "growth_pct", "unit"])
def test_a_question_about_a_cell_is_about_its_row(given, column):
    ask(given, gdp(given), 4, column)
    assert asked_about(given) == ["va_secondary"]


def test_a_question_about_cells_of_several_rows_is_about_each(given):
    cells = "C3, D4, 'A9, 其他''表'!C5"
    ask(given, gdp(given), 4, "value", code="INV-CONTRACT-SIZE", further_cells=cells)
    assert asked_about(given) == ["va_primary", "va_secondary", "va_tertiary"]
    influence = {i for (i,) in given.rows("metrics.query_influence", "item_zh")}
    assert len(influence) == 1, "one question, however many rows it is about"


def test_a_growth_beside_a_level_that_is_missing_is_asked_about_too(given):
    ask(given, gdp(given), 4, "value", code="LINE-LEVEL")
    assert asked_about(given) == ["va_secondary"]


@pytest.mark.parametrize(
    "place",
    [
        {},  # the file
        {"row": 1},  # a title or a heading
        {"row": 3, '"column"': "value", "code": "COLUMN-HIDDEN"},  # named by its first cell
        {"row": 2, '"column"': "growth_pct", "code": "GDP-WEIGHTED"},  # the total, of all lines
    ],
)
def test_a_question_about_the_file_a_heading_or_a_column_is_about_every_figure(given, place):
    ask(given, gdp(given), **place)
    assert asked_about(given) == sorted(ROWS)


@pytest.mark.parametrize("code", ["LINE-MISSING", "PERIOD-GAP", "EXPLANATION-SHORT"])
def test_what_is_missing_puts_no_question_to_what_is_there(given, code):
    ask(given, gdp(given), code=code)
    assert asked_about(given) == []


@pytest.mark.parametrize(
    "finding",
    [
        {"explanation": "冶炼企业检修，产量减少"},
        {"severity": "note"},
        {"outcome": "unchecked"},
    ],
)
def test_what_is_explained_or_asks_nothing_leaves_no_question(given, finding):
    ask(given, gdp(given), 4, "value", **finding)
    assert asked_about(given) == []


def test_a_revision_brings_its_own_questions(given):
    ask(given, gdp(given), 4, "value")
    second = gdp(given, revision=2)
    assert asked_about(given) == [], "what it replaced is not asked about any more"
    ask(given, second, 2, "value")
    assert asked_about(given) == ["gdp"]


def test_an_acceptance_closes_the_questions_from_its_time_on(given):
    submission = gdp(given)
    ask(given, submission, 4, "value")
    given.row("ledger.accepted_revision", submission=submission, accepted_at="2022-11-01")
    assert asked_about(given) == []
    before = given.rows(
        "staging.observation_as_of(timestamp '2022-10-30')", "indicator", "has_open_query"
    )
    assert before == [("va_secondary",)]


def test_a_question_elsewhere_leaves_a_zone_alone(given):
    other = gdp(given, zone="Z2")
    gdp(given)
    ask(given, other, 4, "value")
    assert asked_about(given, "zone = 'Z1'") == []


# --- what is computed from them ------------------------------------------------------------------


def marked(given, view, item, where="true"):
    return [r[0] for r in given.rows(view, item, f"has_open_query and {where}")]


def test_a_sector_under_query_puts_the_structure_of_the_quarter_under_query(given):
    ask(given, gdp(given), 4, "value")
    columns = "sector, figure_has_open_query, contribution_has_open_query, quarter_has_open_query, has_open_query"
    assert given.rows("metrics.sector_growth", columns) == [
        ("primary", False, True, False, True),
        ("secondary", True, True, True, True),
        ("tertiary", False, True, False, True),
        ("total", False, True, False, True),
    ]
    assert marked(given, "metrics.headline", "indicator") == ["va_secondary"]
    assert marked(given, "metrics.indicator_growth", "indicator") == ["va_secondary"]
    assert marked(given, "metrics.sector_structure", "sector") == [
        "primary",
        "secondary",
        "tertiary",
    ]
    assert marked(given, "metrics.reconciliation", "identity") == [
        "growth_bracket",
        "growth_weighted",
        "sector_sum",
    ]
    assert marked(given, "metrics.diversification", "classification") == ["sector"]
    assert marked(given, "metrics.chain_index", "indicator") == ["va_secondary"]
    assert marked(given, "metrics.zone_ranking", "indicator") == ["va_secondary"]


def test_the_total_alone_leaves_the_sectors_shares_alone(given):
    ask(given, gdp(given), 2, "value")
    assert marked(given, "metrics.sector_growth", "sector") == ["total"]


def test_a_base_under_query_is_carried_to_the_growth_and_the_quarter(given):
    ask(given, gdp(given, "2021Q3"), 4, "value")
    gdp(given, "2022Q2", {s: (v / 2, g) for s, (v, g) in ZONE_2022Q3.items()})
    gdp(given)
    columns = "figure_has_open_query, has_open_query"
    now = "indicator = 'va_secondary' and period = '2022Q3'"
    assert given.rows("metrics.indicator_growth", columns, now) == [(False, True)]
    assert given.rows("metrics.discrete_quarter", columns, now) == [(False, True)]
    assert given.rows("metrics.growth", "has_open_query", now) == [(True,)]
    assert given.rows(
        "metrics.sector_growth", columns, "sector = 'secondary' and period = '2022Q3'"
    ) == [(False, True)]
    assert given.rows("metrics.indicator_growth", columns, now.replace("va_secondary", "gdp")) == [
        (False, False)
    ]


def test_a_quarter_is_under_query_with_the_year_to_date_before_it(given):
    ask(
        given,
        gdp(given, "2022Q2", {s: (v / 2, g) for s, (v, g) in ZONE_2022Q3.items()}),
        4,
        "value",
    )
    gdp(given)
    columns = "sector, figure_has_open_query, contribution_has_open_query, quarter_has_open_query"
    assert given.rows("metrics.sector_growth", columns, "period = '2022Q3' and has_open_query") == [
        ("secondary", False, False, True)
    ]


def test_work_streams_and_incomes_carry_it(given):
    submission = given.submission("income", "2022Q3")
    given.figure(submission, "income_urban", 34125, growth=6.0, source_row=2)
    given.figure(submission, "income_rural", 18519, growth=8.1, source_row=3)
    assert given.rows("metrics.income_gap", "has_open_query") == [(False,)]
    ask(given, submission, 3, "value")
    assert given.rows("metrics.income_gap", "has_open_query") == [(True,)]


def test_a_contract_under_query_is_carried_to_the_conversion(given):
    submission = given.submission("contract_ledger", "2022Q3")
    contracts = [{"party": party, "stage": "signed"} for party in ("甲", "乙")]
    given.entries("core.contract_ledger", submission, *contracts)
    assert given.rows("metrics.contract_conversion", "has_open_query") == [(False,)]
    ask(given, submission, 3, "stage")
    assert given.rows("staging.contract_ledger", "party, has_open_query") == [
        ("乙", True),
        ("甲", False),
    ]
    assert given.rows("metrics.contract_conversion", "has_open_query") == [(True,)]


def test_rows_of_a_register_are_not_each_looked_for_in_a_list(given):
    """A million rows and fifty thousand asked about are 50,000,000,000 comparisons: minutes of a run."""
    [(_, plan)] = given.con.execute("explain from staging.enterprise_quarter").fetchall()
    assert "asked_row" in plan and "list_contains" not in plan


def test_an_enterprise_under_query_is_carried_to_its_cells_and_their_growth(given):
    for period in ("2021Q3", "2022Q3"):
        submission = given.submission("enterprise_quarter", period)
        for n, industry in enumerate(("27", "35"), start=1):
            given.row("core.enterprise_quarter", zone="Z1", period=period, uscc=f"C{n}", enterprise=f"虚构企业{n}",
                      industry=industry, above_threshold=True, output_ytd_cny=n * 1_000_000, revenue_ytd_cny=n * 1_000_000,
                      submission=submission, source_row=n + 1)  # fmt: skip
        if period == "2021Q3":
            ask(given, submission, 2, "revenue_ytd_cny", code="ENT-OUTLIER")
    of_revenue = "variable = 'revenue_ytd_cny' and level = 'division'"
    for view, first in (
        ("enterprise_industry", "level = 'division'"),
        ("enterprise_concentration", of_revenue),
        ("disclosure", of_revenue),
    ):
        assert given.rows(f"metrics.{view}", "period, industry", f"has_open_query and {first}") == [
            ("2021Q3", "27")
        ], view
    for view in ("enterprise_growth", "register_growth"):
        now = f"has_open_query and period = '2022Q3' and {of_revenue}"
        assert given.rows(f"metrics.{view}", "industry", now) == [("27",)], view
    assert given.rows("metrics.enterprise_top", "period, has_open_query", "rank = 1") == [
        ("2021Q3", True),
        ("2022Q3", False),
    ]


def test_a_published_number_and_its_revisions_carry_it(given):
    gdp(given)
    second = gdp(given, revision=2, figures=ZONE_2022Q3 | {"secondary": (3913000000, 2.7)})
    ask(given, second, 4, "value")
    columns = "metric, item, measure"
    assert given.rows(
        "metrics.figure", columns, "has_open_query and metric <> 'sector_growth'"
    ) == [
        ("headline", "va_secondary", "value_text"),
        ("indicator_growth", "va_secondary/ytd", "growth_reported_pct"),
        ("indicator_growth", "va_secondary/ytd", "value"),
    ]
    of_sectors = {
        (item, measure)
        for _, item, measure in given.rows(
            "metrics.figure", columns, "has_open_query and metric = 'sector_growth'"
        )
    }
    assert ("secondary", "value_ytd_cny") in of_sectors and ("primary", "share_pct") in of_sectors
    assert ("primary", "value_ytd_cny") not in of_sectors
    assert marked(given, "metrics.revision", "indicator") == ["va_secondary"]
    assert given.rows("metrics.revision_triangle", "indicator, vintage", "has_open_query") == [
        ("va_secondary", 2)
    ]


# --- what the public sees ------------------------------------------------------------------------


def test_the_public_sees_neither_the_figure_nor_what_is_computed_from_it(given):
    submission = gdp(given)
    ask(given, submission, 4, "value")
    assert given.rows(
        "public.headline", "indicator, value_text, growth_pct::double, value_reason"
    ) == [
        ("gdp", "107.92 亿元", 3.4, None),
        ("va_primary", "1.41 亿元", 4.1, None),
        ("va_secondary", None, None, "under query"),
        ("va_tertiary", "67.39 亿元", 3.8, None),
    ]
    hidden = given.one(
        "public.indicator",
        "value, growth_reported_pct, growth_nominal_pct, conf_status, obs_status, value_reason, growth_nominal_reason",
        "indicator = 'va_secondary'",
    )
    assert hidden == {
        "value": None,
        "growth_reported_pct": None,
        "growth_nominal_pct": None,
        "conf_status": "N",
        "obs_status": "Q",
        "value_reason": "under query",
        "growth_nominal_reason": "under query",
    }
    columns = "sector, value_ytd_cny is null, share_pct is null, growth_ytd_real_pct is null, value_reason, contribution_reason"
    assert given.rows("public.sector_growth", columns) == [
        ("primary", False, True, False, None, "under query"),
        ("secondary", True, True, True, "under query", "under query"),
        ("tertiary", False, True, False, None, "under query"),
        ("total", False, True, False, None, "under query"),
    ]
    given.row("ledger.accepted_revision", submission=submission, accepted_at="2022-11-01")
    assert given.rows("public.headline", "indicator", "value_text is null") == []
    assert given.rows("public.indicator", "count(*)", "conf_status <> 'F' or value is null") == [
        (0,)
    ]


def test_the_public_sees_a_figure_whose_base_is_under_query_without_its_growth(given):
    ask(given, gdp(given, "2021Q3"), 4, "value")
    gdp(given)
    shown = given.one(
        "public.indicator",
        "value is not null as value, growth_reported_pct is not null as growth, growth_nominal_pct, conf_status, growth_nominal_reason",
        "indicator = 'va_secondary' and period = '2022Q3'",
    )
    assert shown == {
        "value": True,
        "growth": True,
        "growth_nominal_pct": None,
        "conf_status": "F",
        "growth_nominal_reason": "the base is under query",
    }


def test_a_question_about_the_whole_register_withholds_its_cells_one_about_an_enterprise_does_not(
    given,
):
    submission = given.submission("enterprise_quarter", "2022Q3")
    for n in range(12):
        given.row("core.enterprise_quarter", zone="Z1", period="2022Q3", uscc=f"C{n}", enterprise=f"虚构企业{n}",
                  industry="27", above_threshold=True, revenue_ytd_cny=1_000_000 + n, submission=submission,
                  source_row=n + 2)  # fmt: skip
    total = "level = 'total' and variable = 'revenue_ytd_cny'"
    columns = "value is null, conf_status, obs_status, growth_reason"
    ask(given, submission, 3, "revenue_ytd_cny", code="ENT-OUTLIER")
    [shown] = given.rows("public.enterprise_industry", columns, total)
    assert shown[:3] == (False, "F", "A")
    ask(given, submission, None, "revenue_ytd_cny", code="REGISTER-MAGNITUDE")
    assert given.rows("public.enterprise_industry", columns, total) == [
        (True, "N", "Q", "under query")
    ]
