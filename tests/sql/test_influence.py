"""metrics.query_influence: how far a published number could move with the figure that a question is about; by hand."""

from __future__ import annotations

import pytest

from flows.orchestration.questions import list_questions, tell_questions
from tests.sql.enterprises import register

PRIMARY, SECONDARY = 3, 4  # rows of the form


def give(given, period, levels, growths):
    submission = given.submission("gdp", period)
    for row, (indicator, value, growth) in enumerate(
        zip(("gdp", "va_primary", "va_secondary", "va_tertiary"), levels, growths, strict=True),
        start=2,
    ):
        given.figure(submission, indicator, value, growth=growth, source_row=row)
    return submission


@pytest.fixture
def asked(given):
    """Last year 50, 100 and 150. Now 110 (growth 10), 100 (0) and 150 (0): is the 110 right, where 50 stood?"""
    give(given, "2021Q1", (300, 50, 100, 150), (0, 0, 0, 0))
    return given, give(given, "2022Q1", (360, 110, 100, 150), (2.9, 10, 0, 0))


def question(given, submission, row, code="FIGURE-OUTLIER", **more):
    given.finding(
        submission,
        outcome="broken",
        severity="query",
        code=code,
        row=row,
        **{'"column"': "value"},
        **more,
    )


def test_a_sector_that_is_mended_or_dropped_moves_growth_share_and_contribution(asked):
    given, submission = asked
    question(given, submission, PRIMARY)
    row = given.one("metrics.query_influence", "*")
    # the others stand at 250, as last year: in last year's proportion the sector is 50; there is no growth of a quarter
    # before, so it grows with the others, by 0
    assert (row["item_en"], row["expected_value"], row["expected_growth_pct"]) == (
        "Primary sector value added",
        pytest.approx(50e8),
        pytest.approx(0),
    )
    # 360 on bases of 100 and 250 is 2.857 %; mended or dropped it is 0
    implied = 100 * (360 / 350 - 1)
    assert row["growth_mended_pp"] == pytest.approx(implied)
    assert row["growth_dropped_pp"] == pytest.approx(implied)
    assert row["share_mended_pp"] == pytest.approx(100 * (110 / 360 - 50 / 300))
    assert row["contribution_mended_pp"] == pytest.approx(100 * 10 / 350)
    assert row["influence_pp"] == pytest.approx(100 * (110 / 360 - 50 / 300)), "the largest of them"


def test_questions_come_in_the_order_of_what_they_can_alter(asked):
    given, submission = asked
    question(given, submission, PRIMARY, cell="C3")
    question(given, submission, SECONDARY, cell="C4")
    jobs = given.submission("employment", "2022Q1")
    given.figure(jobs, "jobs_new_urban", 100, source_row=2)
    question(given, jobs, 2, cell="B2")
    rows = given.con.execute(
        "select cell, influence_pp, influence_reason from metrics.query_influence order by influence_pp desc nulls last"
    ).fetchall()
    assert [cell for cell, _, _ in rows] == ["C3", "C4", "B2"]
    # the secondary sector: 100 of 360; a year earlier 100 to 200, where the others now stand at 260
    assert rows[1][1] == pytest.approx(100 * (130 / 390 - 100 / 360), rel=1e-6)
    assert rows[2][1:] == (None, "nothing to compare with")


def test_the_growth_of_the_quarter_before_is_what_is_expected(given):
    give(given, "2022Q1", (300, 50, 100, 150), (5, 4, 5, 6))
    submission = give(given, "2022Q2", (600, 100, 200, 300), (9, 4, 20, 6))
    question(given, submission, SECONDARY)
    row = given.one("metrics.query_influence", "expected_growth_pct, contribution_mended_pp")
    assert row["expected_growth_pct"] == 5
    bases = [100 / 1.04, 200 / 1.2, 300 / 1.06]
    mended = 200 / 1.05
    assert row["contribution_mended_pp"] == pytest.approx(
        100 * ((200 - bases[1]) / sum(bases) - (200 - mended) / (bases[0] + mended + bases[2]))
    )


def test_the_totals_own_growth_is_what_a_question_about_it_can_alter(given):
    give(given, "2022Q1", (300, 50, 100, 150), (5, 4, 5, 6))
    submission = give(given, "2022Q2", (600, 100, 200, 300), (9, 4, 5, 6))
    question(given, submission, 2)
    assert given.rows("metrics.query_influence", "influence_pp, growth_mended_pp") == [(4, 4)]


def test_a_question_about_a_whole_file_counts_by_what_could_move_most(asked):
    given, submission = asked
    given.finding(submission, outcome="broken", severity="query", code="SHEET-HIDDEN")
    row = given.one("metrics.query_influence", "item_en, influence_pp")
    assert row == {
        "item_en": "Primary sector value added",
        "influence_pp": pytest.approx(100 * (110 / 360 - 50 / 300)),
    }


def test_an_enterprise_is_asked_about_for_what_it_makes_of_the_register(given):
    """Revenue of 200 where it gives 100 for a year before; the other two had 150 each in both years."""
    submission = register(
        given,
        "2022Q3",
        [
            {
                "name": "A",
                "industry": "C1311",
                "revenue_ytd_cny": 200,
                "revenue_ytd_year_earlier_cny": 100,
            },
            {
                "name": "B",
                "industry": "C1311",
                "revenue_ytd_cny": 150,
                "revenue_ytd_year_earlier_cny": 150,
            },
            {
                "name": "C",
                "industry": "C1311",
                "revenue_ytd_cny": 150,
                "revenue_ytd_year_earlier_cny": 150,
            },
        ],
    )
    question(given, submission, 2, code="ENT-OUTLIER")
    row = given.one(
        "metrics.query_influence",
        "item_zh, growth_mended_pp, growth_dropped_pp, share_mended_pp, contribution_mended_pp",
    )
    assert list(row.values()) == [
        "虚构企业A",
        pytest.approx(25),
        pytest.approx(25),
        pytest.approx(40 - 25),
        pytest.approx(25),
    ]


def test_what_is_explained_is_no_question_any_more(asked):
    given, submission = asked
    question(given, submission, PRIMARY, explanation="新企业投产")
    assert given.rows("metrics.query_influence", "count(*)") == [(0,)]


def test_the_summary_of_a_run_tells_its_own_questions_first_what_could_alter_most(asked):
    given, submission = asked
    sent = {"path": "Z1/2022Q1/gdp.csv"}
    question(
        given, submission, SECONDARY, cell="C4", message_zh="问二", message_en="is it 100?", **sent
    )
    question(
        given, submission, PRIMARY, cell="C3", message_zh="问一", message_en="is it 110?", **sent
    )
    given.con.execute("update ledger.submission set run = 'r2' where submission = ?", [submission])
    assert [q["cell"] for q in list_questions(given.con, 5)] == ["C3", "C4"]
    assert [q["cell"] for q in list_questions(given.con, 1)] == ["C3"]
    page = tell_questions(given.con, "r2")
    assert page.index("问一 · is it 110?") < page.index("问二 · is it 100?")
    assert "| 13.89 | Z1/2022Q1/gdp.csv | C3 | 第一产业增加值 Primary sector value added |" in page
    assert tell_questions(given.con, "r1") == "", "another run asked nothing"


def test_where_nothing_is_asked_there_is_nothing_to_tell(given):
    give(given, "2022Q1", (360, 110, 100, 150), (2.9, 10, 0, 0))
    assert list_questions(given.con, 5) == []
    assert tell_questions(given.con, "r1") == ""
