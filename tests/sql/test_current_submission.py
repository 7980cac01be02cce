"""staging.current_submission: the one that stands, and no tie left to chance."""

from __future__ import annotations

import itertools

import pytest


def standing(given):
    return [s for (s,) in given.rows("staging.current_submission", "submission")]


def test_the_highest_revision_stands(given):
    given.submission("gdp", "2022Q3", submission="first", received_at="2022-10-20")
    given.submission("gdp", "2022Q3", submission="third", revision=3, received_at="2022-10-22")
    given.submission(
        "gdp", "2022Q3", submission="second", revision=2, received_at="2022-10-25"
    )  # late, and still the second
    assert standing(given) == ["third"]


def test_of_one_revision_the_one_that_came_last_stands(given):
    given.submission("gdp", "2022Q3", submission="b", received_at="2022-10-20")
    given.submission("gdp", "2022Q3", submission="a", received_at="2022-10-21")
    assert standing(given) == ["a"]


@pytest.mark.parametrize("order", list(itertools.permutations("abc")))
def test_a_tie_is_settled_by_identity_whatever_the_order_of_loading(given, order):
    for submission in order:
        given.submission("gdp", "2022Q3", submission=submission, received_at="2022-10-20")
    assert standing(given) == ["c"]


def test_rejected_ones_never_stand_and_partial_ones_do(given):
    given.submission("gdp", "2022Q3", submission="partial", status="partial")
    given.submission("gdp", "2022Q3", submission="rejected", revision=2, status="rejected")
    assert standing(given) == ["partial"]
    given.submission("income", "2022Q3", submission="alone", status="rejected")
    assert standing(given) == ["partial"]


def test_forms_zones_and_quarters_stand_apart(given):
    for n, (form, zone, period) in enumerate(
        [
            ("gdp", "Z1", "2022Q3"),
            ("gdp", "Z1", "2022Q2"),
            ("gdp", "Z2", "2022Q3"),
            ("income", "Z1", "2022Q3"),
        ]
    ):
        given.submission(form, period, zone=zone, submission=f"s{n}")
    assert standing(given) == ["s0", "s1", "s2", "s3"]
