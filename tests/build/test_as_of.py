"""`<view>_as_of(known_at)`: the same query over what was known at a time; as_of(now) is the latest."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from flows.build.as_of import derive_macros, replace_relations
from flows.build.step import order_relations
from flows.model.errors import BuildError
from tests.figures import REVISED_2022Q3 as SECOND
from tests.figures import ZONE_2022Q3 as FIRST


def total(given, ts, columns="value_ytd_cny"):
    rows = given.con.execute(
        f"select {columns} from metrics.sector_growth_as_of(?::timestamp) where sector = 'total'",
        [ts],
    ).fetchall()
    return [r[0] if len(r) == 1 else r for r in rows]


def test_a_figure_is_known_from_when_it_was_received_to_when_it_was_revised(given):
    given.gdp("2022Q3", FIRST, received_at="2022-10-20 09:00")
    given.gdp("2022Q3", SECOND, revision=2, received_at="2022-11-05 09:00")
    assert total(given, "2022-10-20 08:59:59") == []
    assert total(given, "2022-10-20 09:00:00") == [10792000000], "from the second it came"
    assert total(given, "2022-11-05 08:59:00") == [10792000000]
    assert total(given, "2022-11-05 09:00:00") == [10892000000]


def test_a_time_may_be_a_timestamp_a_date_or_text(given):
    given.gdp("2022Q3", FIRST, received_at="2022-10-20 09:00")
    for ts in ("'2022-10-21'", "timestamp '2022-10-21 00:00'", "date '2022-10-21'"):
        assert given.rows(f"metrics.as_of({ts})", "value", "indicator = 'gdp'") == [
            (10792000000,)
        ], ts
    assert given.rows("metrics.as_of('2022-10-20')", "value") == []
    assert given.rows("metrics.as_of(known_at := '2022-10-21')", "count(*)") == [(4,)]


def test_what_depends_on_a_revised_quarter_is_as_it_was_too(given):
    given.gdp("2022Q2", {"total": (70, 3)}, received_at="2022-07-20")
    given.gdp("2022Q3", {"total": (107.92, 3.4)}, received_at="2022-10-20")
    given.gdp("2022Q2", {"total": (71, 3)}, revision=2, received_at="2022-12-01")
    columns, where = "value_quarter_cny, quarter_flag", "period = '2022Q3'"
    assert given.rows("metrics.sector_growth_as_of('2022-11-01')", columns, where) == [
        (3_792_000_000, None)
    ]
    assert given.rows("metrics.sector_growth_as_of('2022-12-02')", columns, where) == [
        (3_692_000_000, "mixed vintage")
    ]


def test_a_rejected_revision_was_never_known(given):
    given.gdp("2022Q3", FIRST, received_at="2022-10-20")
    given.gdp("2022Q3", SECOND, revision=2, received_at="2022-10-21", status="rejected")
    assert total(given, "2023-01-01 00:00:00") == [10792000000]


def test_a_lower_revision_that_came_late_changes_nothing(given):
    given.gdp("2022Q3", SECOND, revision=2, received_at="2022-10-21")
    given.gdp("2022Q3", FIRST, revision=1, received_at="2022-10-25")
    assert (
        total(given, "2022-10-22 00:00:00") == total(given, "2022-10-26 00:00:00") == [10892000000]
    )


def test_completeness_is_as_it_was(given):
    given.submission("gdp", "2022Q3", received_at="2022-10-20")
    given.submission("income", "2022Q3", received_at="2022-10-25")
    assert given.rows(
        "metrics.completeness_as_of('2022-10-21')", "forms_received", "period = '2022Q3'"
    ) == [(1,)]
    assert given.rows(
        "metrics.completeness_as_of('2022-10-26')", "forms_received", "period = '2022Q3'"
    ) == [(2,)]


RESTING = [r.name for r in order_relations() if r.name.split(".")[0] in ("staging", "metrics")]


def macros(con):
    found = con.execute(
        "select schema_name || '.' || function_name from duckdb_functions() where function_name like '%\\_as\\_of' escape '\\'"
    )
    return {name for (name,) in found.fetchall()}


@pytest.mark.parametrize("view", RESTING)
def test_every_view_that_rests_on_a_submission_has_its_macro_with_the_same_columns(built, view):
    con, macro = built, f"{view}_as_of"
    if macro not in macros(con):
        ((query,),) = con.execute(
            "select sql from duckdb_views() where schema_name || '.' || view_name = ?", [view]
        ).fetchall()
        assert not re.search(
            r"ledger\.submission|staging\.(observation|current_submission)", query
        ), f"{view} has no {macro}"
        pytest.skip("rests on nothing that has a time")
    columns = con.execute(f"describe from {view}").fetchall()
    assert con.execute(f"describe from {macro}(timestamp '2022-10-21')").fetchall() == columns


WHEN = st.dates(dt.date(2022, 10, 1), dt.date(2022, 10, 9))
SUBMISSION = st.tuples(
    st.sampled_from(["2022Q1", "2022Q2", "2022Q3"]),
    st.integers(1, 3),
    WHEN,
    st.integers(50, 150),
    st.sampled_from(["accepted", "rejected"]),
)


def send(given, number, submission):
    """A submission of gdp: its period, revision, when it came, the total and its status."""
    period, revision, when, value, status = submission
    given.gdp(
        period,
        {"total": (value, 3)},
        revision=revision,
        received_at=when,
        status=status,
        submission=f"s{number}",
    )


@pytest.mark.torture
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@drawn(st.lists(SUBMISSION, max_size=7), WHEN)
def test_as_of_now_is_the_latest_and_as_of_then_is_what_a_warehouse_of_then_would_say(
    momentary, submissions, then
):
    """Two warehouses: all that came, asked as of then; and only what had come by then, asked for its latest."""
    with momentary() as given:
        for n, submission in enumerate(submissions):
            send(given, n, submission)
        views = (
            "metrics.sector_growth",
            "metrics.indicator_growth",
            "metrics.headline",
            "staging.current_submission",
        )
        for view in views:
            assert given.rows(f"{view}_as_of('2100-01-01')", "*") == given.rows(view, "*"), view
            assert given.rows(f"{view}_as_of('1900-01-01')", "*") == [], view
        known = {view: given.rows(f"{view}_as_of(date '{then}')", "*") for view in views}
    with momentary() as given:
        for n, submission in enumerate(submissions):
            if submission[2] <= then:
                send(given, n, submission)
        assert {view: given.rows(view, "*") for view in views} == known


# --- how the macros are made ------------------------------------------------------------------


def test_relations_are_replaced_and_text_and_comments_are_not(built):
    query = "select 'staging.observation as x' as a, -- staging.observation as o\n o.b from staging.observation as o, staging.other as p"
    by = {"staging.observation": "staging.observation_as_of(known_at)"}
    assert replace_relations(built, query, by) == (
        "select 'staging.observation as x' as a, -- staging.observation as o\n o.b from staging.observation_as_of(known_at) as o, staging.other as p"
    )


BY = {"staging.observation": "staging.observation_as_of(known_at)"}


@pytest.mark.parametrize(
    ("query", "as_of"),
    [
        (  # a CTE of the same name, and a column of a relation that is called like the schema
            "with observation as (select 1 as b) select observation.b from observation",
            "with observation as (select 1 as b) select observation.b from observation",
        ),
        (  # in a CTE that is read twice, and beside one
            "with s as (select o.b from staging.observation as o) select s.b from s as s, s as t, staging.observation as o",
            "with s as (select o.b from staging.observation_as_of(known_at) as o) select s.b from s as s, s as t, staging.observation_as_of(known_at) as o",
        ),
        (  # a correlated subquery, in a list and in a condition
            "select (select max(i.b) from staging.observation as i where i.z = o.z) as m from staging.observation as o where exists (select 1 from staging.observation as e where e.z = o.z)",
            "select (select max(i.b) from staging.observation_as_of(known_at) as i where i.z = o.z) as m from staging.observation_as_of(known_at) as o where exists (select 1 from staging.observation_as_of(known_at) as e where e.z = o.z)",
        ),
        (  # words of more than one byte before it, an alias that stands on the next line
            "select '当季数' as 名称, o.b from staging.observation\n  as o -- 说明",
            "select '当季数' as 名称, o.b from staging.observation_as_of(known_at)\n  as o -- 说明",
        ),
        (  # a call of a macro is no relation
            "select o.b from staging.observation_as_of('2022-01-01') as o",
            "select o.b from staging.observation_as_of('2022-01-01') as o",
        ),
        (  # sets, a pivot of a join
            "select o.b from staging.observation as o union all by name select p.b from (staging.observation as p inner join staging.other as q on p.z = q.z)",
            "select o.b from staging.observation_as_of(known_at) as o union all by name select p.b from (staging.observation_as_of(known_at) as p inner join staging.other as q on p.z = q.z)",
        ),
    ],
)
def test_a_relation_is_replaced_wherever_a_query_reads_it(built, query, as_of):
    assert replace_relations(built, query, BY) == as_of


@pytest.mark.parametrize("written", ['"staging"."observation"', "staging . observation"])
def test_a_relation_that_is_not_written_plainly_is_refused(built, written):
    with pytest.raises(BuildError, match=r"write “staging\.observation” plainly"):
        replace_relations(built, f"select o.b from {written} as o", BY)


def test_what_is_no_query_is_refused(built):
    with pytest.raises(BuildError):
        replace_relations(built, "select from where", BY)


def test_macros_come_only_for_what_rests_on_a_time(built):
    from flows.warehouse.sql_file import Relation

    views = [
        Relation(
            "staging.a",
            "create or replace view staging.a as\nselect s.x from ledger.s as s;",
            "One row is a.",
            "甲",
            ("ledger.s",),
        ),
        Relation(
            "staging.b",
            "create or replace view staging.b as\nselect u.x from ref.unit as u;",
            "One row is b.",
            "乙",
            ("ref.unit",),
        ),
        Relation(
            "metrics.c",
            "create or replace view metrics.c as\nselect a.x from staging.a as a;",
            "One row is c.",
            "丙",
            ("staging.a",),
        ),
    ]
    made = {
        m.name: m.sql.partition("\n")[2]
        for m in derive_macros(built, views, {"ledger.s": "received_at"}, ["staging.a_before"])
    }
    assert made == {
        "ledger.s_as_of": "select k.* from ledger.s as k where k.received_at <= known_at",
        "staging.a_as_of": "select s.x from ledger.s_as_of(known_at) as s",
        "metrics.c_as_of": "select a.x from staging.a_as_of(known_at) as a",
        "ledger.s_before": "select k.* from ledger.s as k where k.run < since_run",
        "staging.a_before": "select s.x from ledger.s_before(since_run) as s",
    }


def test_a_relation_that_is_read_without_an_alias_stops_the_build(tmp_path, monkeypatch):
    """It would be read as it is now, unseen: told, not overlooked."""
    import shutil

    from flows import SQL_DIR
    from flows.build import step as build
    from flows.forms.catalogue import load_catalogue
    from flows.load import step as load

    folder = shutil.copytree(SQL_DIR, tmp_path / "sql")
    (folder / "metrics" / "bare.sql").write_text(
        "-- One row is a.\n-- zh: 甲\n-- grain: form\n-- unit: none\n-- reads: staging.current_submission\n"
        "create or replace view metrics.bare as\nselect form from staging.current_submission;\n"
    )
    monkeypatch.setattr("flows.build.step.SQL_DIR", folder)
    monkeypatch.setattr("flows.build.fingerprint.SQL_DIR", folder)
    load.prepare(tmp_path / "run.duckdb", load_catalogue())
    words = r"metrics\.bare_as_of: write each relation as “staging\.current_submission as …”, so that it is seen as of a time"
    with pytest.raises(BuildError, match=words):
        build.build(tmp_path / "run.duckdb", load_catalogue())


def test_a_header_that_does_not_say_what_is_read_stops_the_build(tmp_path, monkeypatch):
    import shutil

    from flows import SQL_DIR
    from flows.build import step as build
    from flows.forms.catalogue import load_catalogue
    from flows.load import step as load

    folder = shutil.copytree(SQL_DIR, tmp_path / "sql")
    path = folder / "metrics" / "headline.sql"
    text = path.read_text().replace("-- reads: staging.observation, ", "-- reads: ")
    path.write_text(text)
    monkeypatch.setattr("flows.build.step.SQL_DIR", folder)
    monkeypatch.setattr("flows.build.fingerprint.SQL_DIR", folder)
    load.prepare(tmp_path / "run.duckdb", load_catalogue())
    words = "metrics.headline: its header must say “-- reads: .*staging.observation"
    with pytest.raises(BuildError, match=words):
        build.build(tmp_path / "run.duckdb", load_catalogue())


def test_the_plan_is_no_worse_than_the_views(given):
    """The zone reaches the scan of the observations through macro and view alike."""
    given.gdp("2022Q3", FIRST)

    def scans(relation: str) -> int:
        plan = given.con.execute(
            f"explain select * from {relation} where zone = 'Z1' and period = '2022Q3'"
        ).fetchall()[0][1]
        return plan.count("SEQ_SCAN")

    for view in ("staging.observation", "metrics.sector_growth", "metrics.headline"):
        assert scans(f"{view}_as_of('2023-01-01')") <= scans(view), view
    plan = given.con.execute(
        "explain select * from staging.observation_as_of('2023-01-01') where zone = 'Z1'"
    ).fetchall()[0][1]
    assert re.search(r"zone\s*=\s*'Z1'", plan)
