"""Work streams: plan, projects, contracts, services, jobs, insurance; results worked out by hand, reasons where there is none."""

from __future__ import annotations

import datetime as dt

import pytest

YI = 100_000_000


def figures(given, form, period, values, **more):
    """A submission of an indicator form: values as they are quoted."""
    submission = given.submission(form, period, **more)
    for indicator, value in values.items():
        amount, growth = value if isinstance(value, tuple) else (value, None)
        given.figure(submission, indicator, amount, growth=growth)
    return submission


# --- plan -------------------------------------------------------------------------------------


def progress(given, period, indicator):
    columns = "progress_pct, time_elapsed_pct, progress_gap_pp, progress_year_earlier_pct, growth_gap_pp, progress_reason, growth_gap_reason"
    return tuple(
        given.one(
            "metrics.plan_progress", columns, f"period = '{period}' and indicator = '{indicator}'"
        ).values()
    )


def test_progress_against_the_target_and_against_time(given):
    """7.34 of 10 is 73.4 % at three quarters of the year; a year before 8 of 16."""
    figures(given, "plan_targets", "2021Q1", {"target_budget_revenue": 16})
    figures(given, "plan_targets", "2022Q1", {"target_budget_revenue": (10, 6)})
    figures(given, "budget", "2021Q3", {"budget_revenue": 8})
    figures(given, "budget", "2022Q3", {"budget_revenue": (7.34, -5)})
    assert progress(given, "2022Q3", "budget_revenue") == (
        pytest.approx(73.4),
        75,
        pytest.approx(-1.6),
        pytest.approx(50),
        pytest.approx(-11),
        None,
        None,
    )


def test_a_plan_that_sets_growth_alone(given):
    figures(given, "plan_targets", "2022Q1", {"target_gdp": (None, 6)})
    figures(given, "gdp", "2022Q3", {"gdp": (107.92, 3.4)})
    assert progress(given, "2022Q3", "gdp") == (
        None,
        75,
        None,
        None,
        pytest.approx(-2.6),
        "the plan sets growth only",
        None,
    )


def judged(given, period="2022Q3", indicator="budget_revenue"):
    columns = "target_qualifier, target_reason, target_growth_qualifier, target_growth_reason"
    where = f"period = '{period}' and indicator = '{indicator}'"
    return tuple(given.one("metrics.plan_progress", columns, where).values())


@pytest.mark.parametrize(
    ("qualifier", "growth", "so_far", "at_the_end"),
    [
        # a plain target of 6, a floor (6 以上), the lower end of 6%-7%
        ("exact", 6, "reached at this pace", "reached"),
        ("over", 5.9, "missed at this pace", "missed"),
        ("band", 6.4, "reached at this pace", "reached"),
        ("band", 5.9, "missed at this pace", "missed"),
        # 6 左右: half a point on either side
        ("about", 5.6, "within the band", "within the band"),
        ("about", 5.4, "below the band", "below the band"),
        ("about", 6.6, "above the band", "above the band"),
        # 6 以内
        ("under", 6, "within the ceiling", "within the ceiling"),
        ("under", 6.1, "above the ceiling", "above the ceiling"),
    ],
)
def test_growth_is_judged_by_the_word_of_its_target(given, qualifier, growth, so_far, at_the_end):
    given.figure(
        given.submission("plan_targets", "2022Q1"),
        "target_gdp",
        None,
        growth=6,
        growth_qualifier=qualifier,
    )
    for period in ("2022Q3", "2022Q4"):
        figures(given, "gdp", period, {"gdp": (107.92, growth)})
    assert judged(given, "2022Q3", "gdp") == (None, None, qualifier, so_far)
    assert judged(given, "2022Q4", "gdp") == (None, None, qualifier, at_the_end)


@pytest.mark.parametrize(
    ("qualifier", "value", "so_far", "at_the_end"),
    [
        ("over", 9.9, "the year is not over", "missed"),
        ("over", 10, "reached at this pace", "reached"),
        ("band", 10.5, "reached at this pace", "reached"),
        ("about", 9.9, "the year is not over", "within the band"),  # 1 % on either side
        ("about", 9.8, "the year is not over", "below the band"),
        ("under", 9.9, "the year is not over", "within the ceiling"),
        ("under", 10.1, "above the ceiling", "above the ceiling"),
    ],
)
def test_a_level_is_judged_once_it_is_reached_or_the_year_is_over(
    given, qualifier, value, so_far, at_the_end
):
    given.figure(
        given.submission("plan_targets", "2022Q1"), "target_budget_revenue", 10, qualifier=qualifier
    )
    for period in ("2022Q3", "2022Q4"):
        figures(given, "budget", period, {"budget_revenue": value})
    assert judged(given, "2022Q3") == (qualifier, so_far, None, None)
    assert judged(given, "2022Q4") == (qualifier, at_the_end, None, None)


def test_no_plan_no_progress(given):
    figures(given, "plan_targets", "2023Q1", {"target_gdp": (100, 6)})  # another year's
    figures(given, "gdp", "2022Q3", {"gdp": (107.92, 3.4)})
    assert progress(given, "2022Q3", "gdp")[-2:] == ("no target submitted", "no target submitted")


def test_a_changed_plan_stands_from_its_quarter_on(given):
    figures(given, "plan_targets", "2022Q1", {"target_budget_revenue": 10})
    figures(given, "plan_targets", "2022Q3", {"target_budget_revenue": 8})
    for period, value in (("2022Q2", 4), ("2022Q3", 6)):
        figures(given, "budget", period, {"budget_revenue": value})
    assert progress(given, "2022Q2", "budget_revenue")[0] == pytest.approx(40)
    assert progress(given, "2022Q3", "budget_revenue")[0] == pytest.approx(75)


# --- projects and contracts -------------------------------------------------------------------


def ledger(given, form, period, rows):
    submission = given.submission(form, period)
    for number, row in enumerate(rows, start=2):
        given.row(
            f"core.{form}",
            zone="Z1",
            period=period,
            submission=submission,
            source_row=number,
            **row,
        )


def test_the_pipeline_by_stage_with_investment_and_delay(given):
    late, due = dt.date(2022, 9, 30), dt.date(2022, 10, 1)
    ledger(given, "project_ledger", "2021Q3", [{"project": "x", "stage": "started"}])
    ledger(given, "project_ledger", "2022Q3", [
        {"project": "a", "stage": "started", "investment_planned_cny": 100, "investment_completed_cny": 40, "next_milestone_date": late},
        {"project": "b", "stage": "started", "investment_planned_cny": 300, "next_milestone_date": due},
        {"project": "c", "stage": "planned_start", "start_date": late},
        {"project": "d", "stage": "completed"},
    ])  # fmt: skip
    columns = (
        "stage, projects, projects_year_earlier, investment_planned_cny, completion_pct, projects_delayed, projects_delayed_names,"
        " completion_reason, delay_reason, year_earlier_reason"
    )
    no_both = "no project gives both investments"
    assert given.rows("metrics.project_pipeline", columns, "period = '2022Q3'") == [
        ("completed", 1, 0, None, None, None, None, no_both, "no project gives a date", None),
        ("planned_start", 1, 0, None, None, 1, "c", no_both, None, None),
        ("started", 2, 1, 400, pytest.approx(40), 1, "a", None, None, None),
    ]
    [(reason,)] = given.rows("metrics.project_pipeline", "year_earlier_reason", "period = '2021Q3'")
    assert reason == "no ledger a year earlier"


PROMOTED = {"contracts_signed": 17, "contract_value": 141.97, "funds_in_place": 11.89}


def test_conversion_is_of_the_same_contracts(given):
    """Signed 100 and 300; the first says 25 in place: 25 %, and not 25 of 400. The totals of the form make no ratio."""
    ledger(given, "contract_ledger", "2022Q3", [
        {"party": "a", "stage": "signed", "amount_signed_cny": 100, "funds_in_place_cny": 25, "started": True},
        {"party": "b", "stage": "signed", "amount_signed_cny": 300, "started": False},
        {"party": "c", "stage": "signed", "funds_in_place_cny": 0},
        {"party": "d", "stage": "to_be_signed", "amount_signed_cny": 900, "funds_in_place_cny": 900, "started": True},
    ])  # fmt: skip
    figures(given, "investment_promotion", "2022Q3", PROMOTED)
    columns = (
        "contracts_listed_signed, amount_signed_listed_cny, contracts_with_both, funds_to_signed_pct, contracts_funded_pct,"
        " contracts_started_pct, funded_started_pct, contracts_signed_reported, contract_value_reported_cny, funds_in_place_reported_cny"
    )
    assert tuple(given.one("metrics.contract_conversion", columns).values()) == (
        3, 400, 1, pytest.approx(25), pytest.approx(50), pytest.approx(50), pytest.approx(100), 17, 141.97 * YI, 11.89 * YI,
    )  # fmt: skip


def test_totals_of_different_contracts_make_no_ratio(given):
    """11.89 of 141.97 would be 8.4 %, and false."""
    figures(given, "investment_promotion", "2022Q3", PROMOTED)
    columns = "funds_to_signed_pct, funds_to_signed_reason"
    assert tuple(given.one("metrics.contract_conversion", columns).values()) == (
        None,
        "no ledger of contracts",
    )
    ledger(given, "contract_ledger", "2022Q3", [{"party": "a", "stage": "signed"}])
    assert tuple(given.one("metrics.contract_conversion", columns).values()) == (
        None,
        "no contract gives both amounts; the reported totals are of different contracts",
    )


# --- services, jobs, insurance ----------------------------------------------------------------


def test_reviews_good_and_bad_and_their_trend(given):
    """5 bad of 1000 are 0.5 %; a year before 10 of 500 were 2 %. Steps cut by 20.9 after 18.9 %: two points."""
    figures(
        given,
        "government_services",
        "2021Q3",
        {"service_reviews": 500, "service_reviews_bad": 10, "steps_cut": 18.9},
    )
    figures(
        given, "government_services", "2022Q2", {"service_reviews": 600, "service_reviews_bad": 6}
    )
    figures(
        given,
        "government_services",
        "2022Q3",
        {"service_reviews": 1000, "service_reviews_bad": 5, "steps_cut": 20.9},
    )
    columns = (
        "good_review_pct, bad_review_pct, good_review_change_pp, good_review_change_quarter_pp, reviews_quarter, reviews_growth_pct,"
        " steps_cut_change_pp, bad_review_rectified_pct, rectified_reason, quarter_reason"
    )
    assert tuple(given.one("metrics.service_quality", columns, "period = '2022Q3'").values()) == (
        pytest.approx(99.5), pytest.approx(0.5), pytest.approx(1.5), pytest.approx(0.5), 400, pytest.approx(100), pytest.approx(2),
        None, "what was put right is not reported", None,
    )  # fmt: skip


def test_nothing_bad_is_not_all_put_right(given):
    figures(
        given, "government_services", "2022Q3", {"service_reviews": 42039, "service_reviews_bad": 0}
    )
    row = given.one(
        "metrics.service_quality",
        "good_review_pct, bad_review_rectified_pct, rectified_reason, year_earlier_reason",
    )
    assert tuple(row.values()) == (
        100,
        None,
        "not applicable: no bad review",
        "no report a year earlier",
    )


def test_no_reviews_have_no_share(given):
    figures(
        given, "government_services", "2022Q3", {"service_reviews": 0, "service_reviews_bad": 0}
    )
    row = given.one("metrics.service_quality", "good_review_pct, bad_review_pct, review_reason")
    assert tuple(row.values()) == (None, None, "no reviews")


def test_persons_and_person_times_stand_apart(given):
    figures(given, "employment", "2021Q3", {"jobs_new_urban": 700, "training_person_times": 4000})
    figures(given, "employment", "2022Q2", {"jobs_new_urban": 500})
    figures(given, "employment", "2022Q3", {
        "jobs_new_urban": 770, "training_person_times": 3800, "vacancies": 5000, "employment_intentions": 700,
    })  # fmt: skip
    columns = (
        "jobs_new_persons, jobs_new_quarter_persons, jobs_new_growth_pct, training_person_times, training_growth_pct,"
        " intentions_per_vacancy_pct, transfers_growth_reason, is_qualified"
    )
    assert tuple(given.one("metrics.jobs", columns, "period = '2022Q3'").values()) == (
        770,
        270,
        pytest.approx(10),
        3800,
        pytest.approx(-5),
        pytest.approx(14),
        "no value",
        False,
    )
    units = dict(
        given.rows(
            "metrics.work_stream", "indicator, unit", "stream = 'jobs' and period = '2022Q3'"
        )
    )
    assert units == {
        "jobs_new_urban": "人",
        "training_person_times": "人次",
        "vacancies": "个",
        "employment_intentions": "人",
    }


def test_coverage_implies_a_population_within_its_printed_digits(given):
    """45872 over 98.8 %: 46429, and between 46406 and 46453 as 98.75 and 98.85 would give."""
    submission = given.submission("social_insurance", "2022Q3")
    given.figure(submission, "insured_persons", 45872, decimals=0)
    given.figure(submission, "insurance_coverage", 98.8, decimals=1)
    columns = (
        "population_implied_persons, population_implied_least_persons, population_implied_most_persons, coverage_change_pp,"
        " insured_growth_reason"
    )
    assert tuple(given.one("metrics.insurance", columns).values()) == (
        46429,
        46406,
        46453,
        None,
        "no base",
    )


def test_infrastructure_beside_a_year_earlier(given):
    figures(given, "urban_works", "2021Q3", {"roads_built": 5000})
    figures(given, "urban_works", "2022Q2", {"roads_built": 4000})
    figures(given, "urban_works", "2022Q3", {"roads_built": 6000})
    row = given.one(
        "metrics.work_stream",
        "stream, value, value_quarter, change_year_earlier, growth_pct, unit",
        "period = '2022Q3'",
    )
    assert tuple(row.values()) == ("infrastructure", 6000, 2000, 1000, pytest.approx(20), "米")


def test_a_stock_has_no_quarter_and_a_rate_no_growth(given):
    submission = given.submission("social_insurance", "2022Q1")
    given.figure(submission, "insurance_coverage", 98.8, decimals=1)
    row = given.one("metrics.work_stream", "value_quarter, quarter_reason, growth_reason")
    assert tuple(row.values()) == (
        None,
        "not a flow of the year to date",
        "a rate has no growth, only a change in points",
    )
