"""Synthetic figures put straight into `core`: zones, quarters, industries, enterprises and ledgers, with revisions among them.

Made in SQL by DuckDB from hashes, the same each time, quarter after quarter as a warehouse grows: within a quarter in
the order of the zones, which is the order in which a run loads. Of a hundred submissions of an indicator form five were sent again
with other figures. Zones and enterprises are nobody's.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from flows.build.step import build
from flows.forms.catalogue import load_catalogue
from flows.load.step import prepare

QUARTERS = 16  # four years, so that nothing is seasonally adjusted: that takes five
FIRST_YEAR = 2021
BY_INDUSTRY = 20  # so many indicators come for each division of industry besides
ENTERPRISES_A_ZONE = 250
ENTRIES_A_LEDGER = 20

_PLACES = f"""
create temp table place as
select z.zone, ({FIRST_YEAR} + q // 4)::varchar || 'Q' || (q % 4 + 1) as period, q as n
from (select 'Z' || lpad(i::varchar, 6, '0') as zone from range({{zones}}) as s(i) union all select 'CN') as z, range({QUARTERS}) as t(q)
"""
_LINES = f"""
create temp table line as
with every as (
    select i.*, u.base_unit, u.factor, row_number() over (partition by i.basis, i.flow_type order by i.indicator) as n
    from ref.indicator as i inner join ref.unit as u on i.quoted_unit = u.unit
)
select e.*, null::varchar as industry from every as e
union all
select e.*, d.code as industry from every as e, (select code from ref.industry where level = 'division') as d
where e.basis = 'ytd' and e.flow_type = 'flow' and e.n <= {BY_INDUSTRY}
"""
# a twentieth of what indicator forms bring is sent again a month later
_SUBMISSIONS = """
insert into ledger.submission by name
with sent as (
    select p.*, f.form, f.kind from place as p, ref.form as f where p.n = {n}
)
select
    s.form || s.zone || s.period || '.r' || r.revision as submission, s.form, s.zone, s.period, r.revision, 'accepted' as status,
    s.zone || '/' || s.period || '/' || s.form || '.csv' as path, sha256(path || r.revision) as sha256, 'a department' as sender, 0 as rows_read, 0 as rows_accepted, 0 as rows_held,
    timestamp '2021-04-10' + interval (s.n * 3 + r.revision - 1) month as received_at, s.period || '.r' || r.revision as run
from sent as s, (values (1), (2)) as r(revision)
where r.revision = 1 or (s.kind = 'indicator' and hash(s.form || s.zone || s.period) % 20 = 0)
order by s.zone, s.form, r.revision
"""
_OBSERVATIONS = """
insert into core.observation by name
select
    s.zone, s.period, l.indicator, l.industry, l.basis, l.base_unit as unit,
    (
        (1000000 + hash(s.zone || l.indicator || coalesce(l.industry, '')) % 1000000)
        * (1 + {n} * 0.01 + (s.revision - 1) * 0.001) * if(l.basis = 'ytd', {n} % 4 + 1, 1)
    )::decimal(28, 6) as value,
    value / l.factor as value_reported, l.quoted_unit as unit_reported, 2 as decimals_reported,
    (hash(s.submission || l.indicator) % 200 / 10.0 - 5)::decimal(18, 6) as growth_reported_pct, 1 as growth_decimals,
    'exact' as qualifier, 'A' as obs_status, l.form, s.submission, 2 as source_row
from ledger.submission as s inner join line as l on s.form = l.form
where s.period = '{period}'
order by s.zone, s.submission
"""
_ENTERPRISES = """
insert into core.enterprise_quarter by name
select
    p.zone, p.period, p.zone || '-' || e as uscc, '企业' || e as enterprise, (e + p.n) % 10 > 2 as above_threshold,
    c.code as industry,
    (hash(p.zone || e) % 90000000 + 1000000)::decimal(18, 2) as output_quarter_cny, output_quarter_cny * (p.n % 4 + 1) as output_ytd_cny,
    output_ytd_cny * 0.95 as output_ytd_year_earlier_cny, output_quarter_cny as revenue_quarter_cny, output_ytd_cny as revenue_ytd_cny,
    output_ytd_cny * 0.95 as revenue_ytd_year_earlier_cny, output_ytd_cny * 0.06 as profit_ytd_cny,
    output_ytd_cny * 0.05 as profit_ytd_year_earlier_cny, output_ytd_cny * 0.03 as tax_ytd_cny, output_ytd_cny * 0.02 as rnd_ytd_cny,
    (hash(e) % 500 + 5)::integer as employees, (hash(e) % 480 + 5)::integer as employees_year_earlier,
    'enterprise_quarter' || p.zone || p.period || '.r1' as submission, e + 2 as source_row
from place as p cross join range({enterprises}) as s(e)
inner join (select code, row_number() over (order by code) as n from ref.industry where level = 'class') as c
    -- one in a hundred goes to another industry each quarter
    on c.n = hash(e + if((hash(p.zone || e) + p.n) % 100 = 0, 1, 0)) % 1300 + 1
where p.n = {n} and p.zone <> 'CN' and p.zone < 'Z' || lpad('{registers}', 6, '0') and (hash(p.zone || e) + p.n) % 50 > 0
order by p.zone, e
"""
_COLUMNS = {  # of each ledger, beside zone, period, submission and row
    "project_ledger": """'项目' || e as project, ['tertiary', 'industrial', 'education'][e % 3 + 1] as domain,
        ['planned', 'started', 'main_structure_done', 'acceptance'][least((e + p.n) % 8, 3) + 1] as stage,
        (1e8 + e * 1e6)::decimal(18, 2) as investment_planned_cny,
        (1e7 * (p.n % 8))::decimal(18, 2) as investment_completed_cny""",
    "contract_ledger": """'投资方' || e as party, 'project' as party_kind,
        ['signed', 'to_be_signed'][e % 2 + 1] as stage, (1e8 + e * 1e6)::decimal(18, 2) as amount_signed_cny,
        (1e7 * (p.n % 8))::decimal(18, 2) as funds_in_place_cny""",
    "cultivation_pool": """['threshold_pool', 'innovative_sme'][e % 2 + 1] as tier, '企业' || e as enterprise,
        'in_pool' as status""",
}
_LEDGERS = tuple(
    f"""
    insert into core.{ledger} by name
    select
        p.zone, p.period, {columns},
        '{ledger}' || p.zone || p.period || '.r1' as submission, e + 2 as source_row
    from place as p, range({ENTRIES_A_LEDGER}) as s(e) where p.n = {{n}} order by p.zone, e
    """
    for ledger, columns in _COLUMNS.items()
)
# one question in twenty submissions
_FINDINGS = """
insert into ledger.finding by name
select
    s.submission, s.path, s.form, s.zone, s.period, 'FIGURE-MAGNITUDE' as code, 'query' as severity, 'history' as stage, 'broken' as outcome,
    'C4' as cell
from ledger.submission as s where hash(s.submission) % 20 = 0
order by s.zone, s.period
"""


def fill(run_file: Path, observations: int, enterprise_quarters: int, memory: str) -> int:
    """Tables and synthetic rows; a build before them, for the catalogue. Returns the number of zones."""
    catalogue = load_catalogue()
    prepare(run_file, catalogue)
    build(run_file, catalogue)
    with duckdb.connect(str(run_file)) as con:
        con.execute("set enable_progress_bar = false")
        con.execute(f"set memory_limit = '{memory}'")
        con.execute(f"set temp_directory = '{run_file.parent}/spilled'")
        con.execute(_LINES)
        [(lines,)] = con.execute("select count(*) from line").fetchall()
        zones = max(10, round(observations / (lines * QUARTERS * 1.05)))
        registers = min(zones, max(10, enterprise_quarters // (ENTERPRISES_A_ZONE * QUARTERS)))
        enterprises = (
            enterprise_quarters * 50 // (registers * QUARTERS * 49)
        )  # a fiftieth of them is away each quarter
        con.execute(_PLACES.format(zones=zones))
        for n in range(QUARTERS):
            period = f"{FIRST_YEAR + n // 4}Q{n % 4 + 1}"
            for statement in (_SUBMISSIONS, _OBSERVATIONS, _ENTERPRISES, *_LEDGERS):
                con.execute(
                    statement.format(
                        n=n, period=period, registers=registers, enterprises=enterprises
                    )
                )
        con.execute(_FINDINGS)
    return zones
