"""metrics.completeness: what was due, what came, what is missing."""

from __future__ import annotations


def completeness(given, period="2022Q3", columns="forms_due, forms_received, forms_rejected, forms_missing, completeness_pct"):
    return tuple(given.one("metrics.completeness", columns, f"zone = 'Z1' and period = '{period}'").values())


def test_due_is_what_the_zone_ever_sent(given):
    for form in ("gdp", "income", "budget"):
        given.submission(form, "2022Q2")
    given.submission("gdp", "2022Q3")
    assert completeness(given, "2022Q2") == (3, 3, 0, None, 100.0)
    assert completeness(given, "2022Q3") == (3, 1, 0, "budget, income", 33.3)


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
    for submission, code in ((first, "INC-URBAN-RURAL"), (first, "LINE-LEVEL"), (second, "INC-URBAN-RURAL")):
        given.row("ledger.finding", submission=submission, code=code, severity="query", outcome="broken")
    given.row("ledger.finding", submission=second, code="LINE-LEVEL", severity="note", outcome="unchecked")
    assert completeness(given, columns="findings_query") == (1,)


def test_rows_held_are_those_still_waiting_to_be_mended(given):
    given.submission("income", "2022Q3", status="partial", rows_read=2, rows_accepted=1, rows_held=1)
    given.submission("income", "2022Q3", revision=2, rows_read=2, rows_accepted=2)
    assert completeness(given, columns="rows_held") == (0,)


def test_a_mistyped_folder_makes_no_quarter(given):
    given.submission("gdp", "2022Q3")
    given.submission("income", "2022Q3")
    misplaced = given.submission("income", "2022Q5", status="rejected")  # judged, in the ledger, of no quarter
    given.row("ledger.finding", submission=misplaced, code="FILE-PATH", severity="reject", outcome="broken")
    assert given.rows("metrics.completeness", "period") == [("2022Q3",)]


def test_a_mistyped_form_is_not_due(given):
    given.submission("gdp", "2022Q3")
    given.submission("gpd", "2022Q3", status="rejected")
    assert completeness(given) == (1, 1, 0, None, 100.0)
