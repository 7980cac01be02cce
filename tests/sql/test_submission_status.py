"""staging.submission_status: what became of each submission, and its findings by grade."""

from __future__ import annotations


def test_findings_are_counted_by_grade_and_unchecked_apart(given):
    submission = given.submission("gdp", "2022Q3", status="rejected")
    for severity, outcome in [
        ("reject", "broken"),
        ("quarantine", "broken"),
        ("quarantine", "broken"),
        ("query", "broken"),
        ("note", "broken"),
        ("note", "unchecked"),
    ]:
        given.finding(submission, severity=severity, outcome=outcome)
    columns = "findings_reject, findings_quarantine, findings_query, findings_unchecked, is_current"
    assert tuple(given.one("staging.submission_status", columns).values()) == (1, 2, 1, 1, False)


def test_a_submission_without_findings_has_none(given):
    given.submission("gdp", "2022Q3")
    columns = "findings_reject, findings_quarantine, findings_query, findings_unchecked, is_current"
    assert tuple(given.one("staging.submission_status", columns).values()) == (0, 0, 0, 0, True)


def test_superseded_ones_stay_listed(given):
    given.submission("gdp", "2022Q3", submission="a")
    given.submission("gdp", "2022Q3", submission="b", revision=2)
    assert given.rows("staging.submission_status", "submission, revision, is_current") == [
        ("a", 1, False),
        ("b", 2, True),
    ]
