"""staging.vintage, metrics.revision, revision_triangle, revision_quality and quality_report, by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from tests.figures import REVISED_2022Q3 as SECOND
from tests.figures import YI
from tests.figures import ZONE_2022Q3 as FIRST

THIRD = SECOND | {"tertiary": (68.59, 4.0), "total": (109.12, 3.5)}


def revised(given, indicator="gdp"):
    return given.one("metrics.revision", "*", f"indicator = '{indicator}'")


@pytest.fixture
def thrice(given):
    given.gdp("2022Q3", FIRST, received_at="2022-10-20", sender="统计局")
    given.gdp(
        "2022Q3",
        SECOND,
        revision=2,
        received_at="2022-11-20",
        sender="统计局核算科",
        path="Z1/2022Q3/gdp.r2.csv",
    )
    given.gdp(
        "2022Q3",
        THIRD,
        revision=3,
        received_at="2022-12-20",
        sender="统计局综合科",
        submission="third",
    )
    return given


def test_the_revision_of_a_rate_is_in_points(given):
    for revision, coverage in ((1, 94.0), (2, 95.5)):
        sent = given.submission(
            "social_insurance", "2022Q3", revision=revision, received_at=f"2022-1{revision}-20"
        )
        given.figure(sent, "insurance_coverage", coverage, unit="%", decimals=1)
    row = revised(given, "insurance_coverage")
    assert (float(row["value_revision"]), row["unit"]) == (1.5, "%")
    assert row["value_revision_pct"] is None, "not 1.6 per cent of a per cent"


def test_first_previous_and_latest(thrice):
    row = revised(thrice)
    assert (row["value_first"], row["value_previous"], row["value_latest"]) == (
        107.92 * YI,
        108.92 * YI,
        109.12 * YI,
    )
    assert (row["value_revision"], row["value_revision_last"]) == (120_000_000, 20_000_000)
    assert row["value_revision_pct"] == pytest.approx(100 * 1.2 / 107.92)
    assert (float(row["growth_revision_pp"]), float(row["growth_revision_last_pp"])) == (0.1, 0)
    assert (row["vintages"], row["revision_state"], row["revised_by"]) == (
        3,
        "revised",
        "统计局综合科",
    )
    assert row["first_known_at"] == dt.datetime.fromisoformat("2022-10-20")
    assert row["revised_at"] == dt.datetime.fromisoformat("2022-12-20")


def test_a_figure_that_a_resubmission_repeats_is_not_revised(thrice):
    row = revised(thrice, "va_primary")
    assert (row["vintages"], row["revision_state"], row["revised_at"], row["revised_by"], row["value_revision"]) == (
        3, "unrevised", None, None, 0,
    )  # fmt: skip


def test_the_change_is_dated_by_the_vintage_that_made_it(given):
    given.gdp("2022Q3", FIRST, received_at="2022-10-20", sender="a")
    given.gdp("2022Q3", SECOND, revision=2, received_at="2022-11-20", sender="b")
    given.gdp("2022Q3", SECOND, revision=3, received_at="2022-12-20", sender="c")
    row = revised(given)
    assert (row["revised_by"], row["revised_at"].month, row["value_revision_last"]) == ("b", 11, 0)


def test_a_figure_withdrawn_and_one_added(given):
    given.gdp("2022Q3", {"total": (100, 3), "primary": (10, 2)}, received_at="2022-10-20")
    given.gdp(
        "2022Q3",
        {"total": (100, 3), "secondary": (40, 2)},
        revision=2,
        received_at="2022-11-20",
        sender="b",
    )
    gone, new, same = (revised(given, i) for i in ("va_primary", "va_secondary", "gdp"))
    assert (
        gone["revision_state"],
        gone["value_first"],
        gone["value_latest"],
        gone["revised_by"],
    ) == ("withdrawn", 10 * YI, None, "b")
    assert (new["revision_state"], new["value_first"], new["value_latest"]) == (
        "added",
        40 * YI,
        40 * YI,
    )
    assert same["revision_state"] == "unrevised"


def test_a_single_submission_has_no_previous(given):
    given.gdp("2022Q3", FIRST)
    row = revised(given)
    assert (
        row["vintages"],
        row["value_previous"],
        row["value_revision"],
        row["revision_state"],
    ) == (1, None, 0, "unrevised")


def test_the_reason_is_what_the_sender_explained(thrice):
    words = {"submission": "third", "given_at": "2022-12-21", "given_by": "李强"}
    thrice.row("ledger.explanation", code="OTHER", text="别的规则", **words)
    assert revised(thrice)["revision_reason"] is None
    thrice.row("ledger.explanation", code="REVISION-REASON", text="服务业年报核实", **words)
    row = revised(thrice)
    assert (row["revision_reason"], row["reason_given_by"]) == ("服务业年报核实", "李强")
    assert revised(thrice, "va_tertiary")["revision_reason"] == "服务业年报核实", (
        "it is of the whole submission"
    )
    assert revised(thrice, "va_primary")["revision_reason"] is None, (
        "nothing was revised, nothing is explained"
    )


def test_a_later_reason_is_of_what_changed_later(given):
    given.gdp("2022Q3", FIRST, received_at="2022-10-20")
    given.gdp("2022Q3", FIRST | {"primary": (1.40, 4.1)}, revision=2, received_at="2022-11-20")
    for figures, revision, received_at, submission in (
        (FIRST, 3, "2022-11-25", "its reason"),
        (SECOND, 4, "2022-12-20", "both"),
    ):
        given.gdp(
            "2022Q3",
            figures | {"primary": (1.40, 4.1)},
            revision=revision,
            received_at=received_at,
            submission=submission,
        )
    for submission, text in (("its reason", "农业普查"), ("both", "服务业年报核实")):
        given.row(
            "ledger.explanation",
            code="REVISION-REASON",
            submission=submission,
            text=text,
            given_at="2022-12-21",
            given_by="李强",
        )
    reasons = {
        r: revised(given, r)["revision_reason"]
        for r in ("va_primary", "va_tertiary", "va_secondary")
    }
    assert reasons == {
        "va_primary": "农业普查",
        "va_tertiary": "服务业年报核实",
        "va_secondary": None,
    }


def test_a_revision_calls_the_indicator_what_its_zone_calls_it(thrice):
    thrice.gdp("2022Q3", FIRST, zone="CN", received_at="2022-10-20")
    thrice.gdp("2022Q3", SECOND, zone="CN", revision=2, received_at="2022-11-20")
    titles = thrice.rows("metrics.revision", "zone, title_zh", "indicator = 'gdp'")
    assert titles == [("CN", "国内生产总值"), ("Z1", "地区生产总值")]
    quality = thrice.one(
        "metrics.revision_quality",
        "title_zh",
        "zone = 'all' and indicator = 'gdp' and measure = 'value' and horizon = 'latest'",
    )
    assert quality["title_zh"] == "地区生产总值"


def test_the_triangle_has_each_vintage_with_its_change(thrice):
    rows = thrice.rows(
        "metrics.revision_triangle",
        "vintage, value_change, growth_change_pp, known_until is null",
        "indicator = 'gdp'",
    )
    assert [(v, c and int(c), g and float(g), last) for v, c, g, last in rows] == [
        (1, None, None, False),
        (2, YI, 0.1, False),
        (3, 20_000_000, 0, True),
    ]


def quality(given, columns="*", **where):
    asked = {"zone": "Z1", "measure": "growth_reported_pct", "horizon": "final"} | where
    return given.one(
        "metrics.revision_quality", columns, " and ".join(f"{k} = '{v}'" for k, v in asked.items())
    )


# eight quarters, growth revised by so much
REVISIONS = [0.1, -0.3, 0.2, 0.2, 0, 0, 0, 0]


def give_revisions(given, revisions, again="2023-01-01", **sent):
    for n, r in enumerate(revisions):
        period = f"{2020 + n // 4}Q{n % 4 + 1}"
        given.gdp(period, {"total": (100, 5)}, **sent)
        given.gdp(period, {"total": (100, round(5 + r, 1))}, revision=2, received_at=again, **sent)


def test_revision_quality_by_hand(given):
    give_revisions(given, REVISIONS)
    row = quality(given)
    assert (row["figures"], row["figures_revised"], row["unit"]) == (8, 4, "百分点")
    assert row["mean_revision"] == pytest.approx(0.2 / 8)
    assert row["mean_absolute_revision"] == pytest.approx(0.8 / 8)
    assert row["root_mean_square_revision"] == pytest.approx((0.18 / 8) ** 0.5)
    assert row["relative_mean_absolute_revision_ratio"] == pytest.approx(0.8 / 40.2)
    assert row["positive_pct"] == pytest.approx(75)
    assert row["revision_quality_reason"] is None


def test_the_test_of_bias_is_that_of_newey_and_west(given):
    """By hand: eight deviations from the mean 0.025, two lags, weights 1, 2/3, 1/3; and as statsmodels computes it."""
    import statsmodels.api as sm

    give_revisions(given, REVISIONS)
    row = quality(given)
    e = [r - 0.025 for r in REVISIONS]
    long_run = sum(x * x for x in e)
    for lag, weight in ((1, 2 / 3), (2, 1 / 3)):
        long_run += 2 * weight * sum(a * b for a, b in zip(e, e[lag:], strict=False))
    assert row["hac_lags"] == 2  # 4 (8 / 100) ** (2 / 9) = 2.28
    assert row["hac_standard_error"] == pytest.approx(long_run**0.5 / 8)
    fitted = sm.OLS(REVISIONS, [1] * 8).fit(cov_type="HAC", cov_kwds={"maxlags": 2})
    assert row["t_statistic"] == pytest.approx(fitted.tvalues[0])
    assert row["is_biased"] is False
    give_revisions(given, [0.3, 0.2, 0.3, 0.4] * 3, zone="Z2")
    assert quality(given, "is_biased, positive_pct", zone="Z2") == {
        "is_biased": True,
        "positive_pct": 100,
    }


def test_every_zone_together_is_a_row_of_its_own(given):
    give_revisions(given, REVISIONS)
    give_revisions(given, [0.1] * 8, zone="Z2")
    row = quality(given, zone="all")
    assert (row["figures"], row["figures_revised"]) == (16, 12)
    assert row["mean_revision"] == pytest.approx(1.0 / 16)
    # what the zones deviate by in one quarter is added first, for they are revised together
    mean = 1 / 16
    e = [r + 0.1 - 2 * mean for r in REVISIONS]
    long_run = sum(x * x for x in e) + sum(
        2 * w * sum(a * b for a, b in zip(e, e[lag:], strict=False))
        for lag, w in ((1, 2 / 3), (2, 1 / 3))
    )
    assert row["hac_standard_error"] == pytest.approx(long_run**0.5 / 16)


def test_a_horizon_takes_what_stood_then_of_figures_that_are_old_enough(given):
    # first known in the first quarter of 2020; revised in the second, fourth and in 2022
    for n, (growth, received_at) in enumerate(
        ((5, "2020-03-28"), (5.1, "2020-06-30"), (5.3, "2020-12-01"), (5.9, "2022-05-01")), start=1
    ):
        given.gdp("2020Q1", {"total": (100, growth)}, revision=n, received_at=received_at)
    given.gdp("2022Q1", {"total": (100, 4)}, received_at="2022-04-20")
    rows = given.rows(
        "staging.figure_revision",
        "horizon, period, round(revision, 6)",
        "measure = 'growth_reported_pct'",
    )
    assert rows == [
        ("final", "2020Q1", 0.9),  # 2022Q1 is as new as the newest submission
        ("four quarters", "2020Q1", 0.3),
        ("latest", "2020Q1", 0.9),
        ("latest", "2022Q1", 0),
        ("one quarter", "2020Q1", 0.1),
    ]


def test_the_revision_of_a_rate_is_measured_in_points_and_of_a_level_in_per_cent(given):
    for n in range(8):
        period = f"{2020 + n // 4}Q{n % 4 + 1}"
        for revision, (coverage, total) in enumerate(((94.0, 100), (95.5, 102)), start=1):
            more = {"revision": revision} | ({"received_at": "2023-01-01"} if revision > 1 else {})
            given.figure(
                given.submission("social_insurance", period, **more),
                "insurance_coverage",
                coverage,
                unit="%",
            )
            given.gdp(period, {"total": (total, 5)}, **more)
    rate = quality(given, measure="value", indicator="insurance_coverage")
    assert (rate["unit"], rate["mean_revision"]) == ("百分点", 1.5)
    level = quality(given, measure="value", indicator="gdp")
    assert (level["unit"], level["mean_revision"]) == ("%", pytest.approx(2))


def test_growth_over_the_quarter_before_is_revised_within_its_own_time(given):
    """First print against last: each print compares with the quarter before as it stood then, not as it stands now."""
    # a level a quarter; each is first given with the one before unrevised, then all are raised but the third
    for n, level in enumerate((100, 102, 104, 106), start=1):
        sent = given.submission("main_indicators", f"2020Q{n}", received_at=f"2020-{3 * n:02}-28")
        given.figure(sent, "retail_sales", level, basis="quarter")
    for n, level in ((1, 101), (2, 104), (4, 107)):
        sent = given.submission(
            "main_indicators", f"2020Q{n}", revision=2, received_at="2021-08-01"
        )
        given.figure(sent, "retail_sales", level, basis="quarter")
    rows = given.rows(
        "staging.quarter_on_quarter_revision",
        "period, growth_first, growth_then",
        "horizon = 'final'",
    )
    assert [(p, pytest.approx(a), pytest.approx(b)) for p, a, b in rows] == [
        ("2020Q2", 100 * (102 / 100 - 1), 100 * (104 / 101 - 1)),
        ("2020Q3", 100 * (104 / 102 - 1), 100 * (104 / 104 - 1)),  # itself never revised
        ("2020Q4", 100 * (106 / 104 - 1), 100 * (107 / 104 - 1)),
    ]


def test_growth_over_the_quarter_before_is_of_quarters_alone_across_the_year(given):
    for period, to_date, received_at in (
        ("2020Q3", 300, "2020-10-20"),
        ("2020Q4", 420, "2021-01-20"),
        ("2021Q1", 126, "2021-04-20"),
        ("2021Q2", 258, "2021-07-20"),
    ):
        given.gdp(period, {"total": (to_date, 5)}, received_at=received_at)
    given.gdp("2020Q4", {"total": (425, 5)}, revision=2, received_at="2021-12-30")
    rows = given.rows(
        "staging.quarter_on_quarter_revision",
        "period, growth_first, growth_then",
        "horizon = 'latest'",
    )
    assert [(p, pytest.approx(a), pytest.approx(b)) for p, a, b in rows] == [
        ("2021Q1", 100 * (126 / 120 - 1), 100 * (126 / 125 - 1)),
        ("2021Q2", 100 * (132 / 126 - 1), 100 * (132 / 126 - 1)),
    ]


def test_seven_figures_are_too_few(given):
    for n in range(7):
        given.gdp(f"{2020 + n // 4}Q{n % 4 + 1}", {"total": (100, 5)})
    row = quality(given, horizon="latest")
    assert (
        row["figures"],
        row["mean_revision"],
        row["t_statistic"],
        row["revision_quality_reason"],
    ) == (
        7,
        None,
        None,
        "n too small",
    )


WHEN = st.dates(dt.date(2022, 10, 1), dt.date(2022, 10, 6))
SENT = st.lists(
    st.tuples(st.integers(1, 4), WHEN, st.sampled_from(["accepted", "partial", "rejected"])),
    max_size=6,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@drawn(SENT)
def test_the_last_vintage_is_the_current_submission_and_each_stood_when_it_says(momentary, sent):
    with momentary() as given:
        for n, (revision, when, status) in enumerate(sent):
            given.submission(
                "gdp",
                "2022Q3",
                revision=revision,
                received_at=when,
                status=status,
                submission=f"s{n}",
            )
        vintages = given.rows("staging.vintage", "vintage, submission, known_from, known_until")
        assert [v for v, *_ in vintages] == list(range(1, len(vintages) + 1))
        assert given.rows("staging.current_submission", "submission") == [
            (s,) for _, s, _, until in vintages if until is None
        ]
        for _, submission, since, until in vintages:
            if since != until:
                assert given.rows(
                    f"staging.current_submission_as_of(timestamp '{since}')", "submission"
                ) == [(submission,)]


def test_the_quality_report_by_hand(given):
    given.gdp("2022Q3", FIRST, received_at="2022-10-20")
    given.gdp(
        "2022Q3", SECOND, revision=2, received_at="2022-11-20", submission="second", rows_read=4
    )
    given.submission("income", "2022Q3", status="rejected")
    finding = {"submission": "second", "outcome": "broken", "severity": "query"}
    given.finding(code="A", explanation="核实无误", **finding)
    given.finding(code="B", **finding)
    given.finding(code="C", **(finding | {"severity": "quarantine"}))
    all_ = given.one("metrics.quality_report", "*", "form = 'all'")
    gdp = given.one("metrics.quality_report", "*", "form = 'gdp'")
    assert (all_["forms_due"], all_["forms_accepted"], float(all_["completeness_pct"])) == (
        2,
        1,
        50,
    )
    counts = [
        gdp[c]
        for c in (
            "submissions",
            "findings_hard",
            "findings_soft",
            "findings_explained",
            "explained_pct",
        )
    ]
    assert counts == [2, 1, 2, 1, 50]
    assert (gdp["figures"], gdp["figures_revised"]) == (4, 2)
    assert gdp["growth_mean_revision_pp"] == pytest.approx((0.1 + 0.2) / 4)
    assert (gdp["identities"], all_["identities"] > 0, all_["identities_failed"]) == (None, True, 0)
    income = given.one(
        "metrics.quality_report",
        "forms_accepted, completeness_pct, days_late, days_late_reason",
        "form = 'income'",
    )
    assert (income["forms_accepted"], float(income["completeness_pct"]), income["days_late"]) == (
        0,
        0,
        None,
    )
    assert income["days_late_reason"] in ("no release calendar", "nothing accepted")
    assert given.rows("metrics.quality_report", "form") == [("all",), ("gdp",), ("income",)]


def test_days_late_are_counted_from_the_end_of_the_due_day(given):
    given.con.execute("delete from ref.release_calendar")
    given.row(
        "ref.release_calendar",
        form="gdp",
        period="2022Q3",
        due_on="2022-10-25",
        due_at="2022-10-25 16:00",
    )
    given.gdp("2022Q3", FIRST, received_at="2022-10-25 16:00")
    assert given.one("metrics.quality_report", "days_late, forms_late", "form = 'gdp'") == {
        "days_late": 0,
        "forms_late": 0,
    }
    given.con.execute("update ledger.submission set received_at = '2022-10-27 17:00'")
    assert given.one("metrics.quality_report", "days_late, forms_late", "form = 'gdp'") == {
        "days_late": 3,
        "forms_late": 1,
    }
