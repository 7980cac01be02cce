"""metrics.completeness and metrics.submission_due: what was due, what came, what is late or missing."""

from __future__ import annotations


def completeness(
    given,
    period="2022Q3",
    columns="forms_due, forms_received, forms_rejected, forms_missing, completeness_pct",
):
    return tuple(
        given.one("metrics.completeness", columns, f"zone = 'Z1' and period = '{period}'").values()
    )


def test_due_is_what_the_zone_ever_sent(given):
    for form in ("gdp", "income", "budget"):
        given.submission(form, "2022Q2")
    given.submission("gdp", "2022Q3")
    assert completeness(given, "2022Q2") == (3, 3, 0, None, 100.0)
    assert completeness(given, "2022Q3") == (3, 1, 0, "budget, income", 33.3)


def test_a_form_of_the_year_is_due_in_its_own_quarter_alone(given):
    given.submission("plan_targets", "2022Q1")
    for period in ("2022Q1", "2022Q2", "2023Q1"):
        given.submission("gdp", period)
    assert completeness(given, "2022Q1") == (2, 2, 0, None, 100.0)
    assert completeness(given, "2022Q2") == (1, 1, 0, None, 100.0)
    assert completeness(given, "2023Q1") == (2, 1, 0, "plan_targets", 50.0)
    given.submission("plan_targets", "2022Q2")
    assert completeness(given, "2022Q2") == (2, 2, 0, None, 100.0), (
        "a change of the plan counts where it came"
    )


def test_another_zones_forms_are_not_due(given):
    given.submission("gdp", "2022Q3")
    given.submission("housing", "2022Q3", zone="Z2")
    assert completeness(given) == (1, 1, 0, None, 100.0)


def test_a_rejected_form_was_received_and_does_not_count_as_complete(given):
    given.submission("gdp", "2022Q3")
    given.submission("income", "2022Q3", status="rejected", rows_read=2, rows_held=2)
    assert completeness(given) == (2, 2, 1, None, 50.0)
    assert completeness(given, columns="rows_held") == (2,)


def test_a_revision_mends_a_rejected_form(given):
    given.submission("income", "2022Q3", status="rejected", rows_read=2, rows_held=2)
    given.submission("income", "2022Q3", revision=2, rows_read=2, rows_accepted=2)
    assert completeness(given) == (1, 1, 0, None, 100.0)


def test_a_rejected_revision_leaves_what_stood(given):
    given.submission("income", "2022Q3", rows_read=2, rows_accepted=2)
    given.submission("income", "2022Q3", revision=2, status="rejected", rows_read=2, rows_held=2)
    assert completeness(given) == (1, 1, 0, None, 100.0)


def test_queries_are_those_of_the_submission_that_stands(given):
    first = given.submission("income", "2022Q3")
    second = given.submission("income", "2022Q3", revision=2)
    for submission, code in (
        (first, "INC-URBAN-RURAL"),
        (first, "LINE-LEVEL"),
        (second, "INC-URBAN-RURAL"),
    ):
        given.finding(submission, code=code, severity="query", outcome="broken")
    given.finding(second, code="LINE-LEVEL", severity="note", outcome="unchecked")
    assert completeness(given, columns="findings_query") == (1,)


def test_a_query_that_was_explained_is_no_longer_open(given):
    submission = given.submission("income", "2022Q3")
    for code, explanation in (("INC-URBAN-RURAL", "口径调整所致，已经核实"), ("LINE-LEVEL", None)):
        given.finding(
            submission, code=code, severity="query", outcome="broken", explanation=explanation
        )
    assert completeness(given, columns="findings_query, findings_explained") == (1, 1)


def test_rows_held_are_those_still_waiting_to_be_mended(given):
    given.submission(
        "income", "2022Q3", status="partial", rows_read=2, rows_accepted=1, rows_held=1
    )
    given.submission("income", "2022Q3", revision=2, rows_read=2, rows_accepted=2)
    assert completeness(given, columns="rows_held") == (0,)


def test_a_mistyped_folder_makes_no_quarter(given):
    given.submission("gdp", "2022Q3")
    given.submission("income", "2022Q3")
    misplaced = given.submission(
        "income", "2022Q5", status="rejected"
    )  # judged, in the ledger, of no quarter
    given.finding(misplaced, code="FILE-PATH", severity="reject", outcome="broken")
    assert given.rows("metrics.completeness", "period") == [("2022Q3",)]


def test_a_mistyped_form_is_not_due(given):
    given.submission("gdp", "2022Q3")
    given.submission("gpd", "2022Q3", status="rejected")
    assert completeness(given) == (1, 1, 0, None, 100.0)


def owed(given, where, columns="form, due_status"):
    return given.rows("metrics.submission_due", columns, f"zone = 'Z1' and {where}")


def test_late_is_after_the_end_of_the_due_day_in_beijing(given):
    [(due_at,)] = given.rows("ref.release_calendar", "due_at", "form = 'gdp' and period = '2022Q3'")
    assert str(due_at) == "2022-10-18 16:00:00", (
        "the 18th ends in Beijing when it is 16:00 in Greenwich"
    )
    given.submission("gdp", "2022Q3", received_at="2022-10-18 16:00:00")
    given.submission("income", "2022Q3", received_at="2022-10-18 16:00:01")
    assert owed(given, "period = '2022Q3'") == [("gdp", "received"), ("income", "late")]
    assert completeness(
        given, columns="due_on::varchar, forms_due, forms_late, completeness_pct"
    ) == ("2022-10-18", 2, 1, 100.0)


def test_a_fourth_quarter_may_have_a_day_of_its_own(given):
    given.submission("gdp", "2022Q4")
    given.submission("agriculture", "2022Q4")
    assert owed(given, "period = '2022Q4'", "form, due_on::varchar") == [
        ("agriculture", "2023-01-15"),
        ("gdp", "2023-01-19"),
    ]


def test_a_file_that_was_sent_back_does_not_keep_the_date(given):
    given.submission("income", "2022Q3", status="rejected", received_at="2022-10-10")
    assert owed(given, "period = '2022Q3'") == [("income", "rejected")]
    given.submission("income", "2022Q3", revision=2, received_at="2022-10-25")
    assert owed(given, "period = '2022Q3'") == [("income", "late")]


def test_a_revision_after_the_due_day_makes_nothing_late(given):
    given.submission("income", "2022Q3", received_at="2022-10-10")
    given.submission("income", "2022Q3", revision=2, received_at="2022-12-25")
    assert owed(given, "period = '2022Q3'") == [("income", "received")]


def test_the_four_quarters_after_the_last_are_owed_and_no_more(given):
    given.submission("gdp", "2022Q2")
    given.submission("gdp", "2022Q3")
    assert given.rows("metrics.submission_due", "period, due_status") == [
        ("2022Q2", "received"),
        ("2022Q3", "received"),
        *((p, "missing") for p in ("2022Q4", "2023Q1", "2023Q2", "2023Q3")),
    ]
    assert given.rows("metrics.completeness", "period") == [("2022Q2",), ("2022Q3",)], (
        "what is still to come is not incomplete"
    )


def test_a_quarter_between_two_that_were_sent_is_missing_and_counts(given):
    for form, period in (("gdp", "2022Q1"), ("income", "2022Q1"), ("gdp", "2022Q3")):
        given.submission(form, period)
    assert owed(given, "period = '2022Q2'") == [("gdp", "missing"), ("income", "missing")]
    assert completeness(given, "2022Q2") == (2, 0, 0, "gdp, income", 0.0)
    columns = "forms_due, forms_accepted, completeness_pct, days_late, days_late_reason"
    report = given.one(
        "metrics.quality_report", columns, "zone = 'Z1' and period = '2022Q2' and form = 'all'"
    )
    assert tuple(report.values()) == (2, 0, 0.0, None, "nothing accepted")


def test_a_zone_that_was_silent_for_years_is_asked_for_a_year_of_them(given):
    given.submission("gdp", "2020Q1")
    given.submission("gdp", "2022Q3")
    missing = [
        p
        for p, status in given.rows("metrics.submission_due", "period, due_status")
        if status == "missing"
    ]
    assert missing == [
        f"{y}Q{q}"
        for y, q in (
            (2020, 2),
            (2020, 3),
            (2020, 4),
            (2021, 1),
            (2022, 4),
            (2023, 1),
            (2023, 2),
            (2023, 3),
        )
    ]


def test_a_quarter_outside_the_calendar_has_no_day_and_nothing_is_late(given):
    given.submission("gdp", "1999Q4", received_at="2022-10-10")
    assert owed(given, "period = '1999Q4'", "due_on, due_status") == [(None, "received")]
