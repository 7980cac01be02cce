"""What the bulletin reads: one query a part of the page, for all its sections at once.

A section is a zone and a quarter. Each query but the first and the last takes the zones and the
quarters of the sections, as two lists, and says with every row which section it belongs to.
"""

from __future__ import annotations

_SECTIONS = "(select unnest(?::varchar[]) as zone, unnest(?::varchar[]) as period)"
_SECTION = "x.zone as section_zone, x.period as section_period"

# a zone's newest quarter whose GDP is complete, then any newer one that has figures; where GDP was
# never complete, the newest with figures; of a zone that has none, the newest it sent anything for
ZONES = """
with sent as (
    select s.zone, s.period, 0 as rank from staging.submission_status as s
    union all
    select h.zone, h.period, 1 from metrics.headline as h
    union all
    select g.zone, g.period, 2 from metrics.sector_growth as g
    where g.value_ytd_cny is not null
    group by g.zone, g.period having count(distinct g.sector) = 4
),

ranked as (
    select s.zone, s.period, max(s.rank) as rank
    from sent as s where regexp_full_match(s.period, '\\d{4}Q[1-4]')
    group by s.zone, s.period
),

led as (
    select
        r.*,
        first_value(r.period) over (
            partition by r.zone order by r.rank desc, r.period desc
        ) as lead,
    from ranked as r
)

select
    l.zone, z.title_zh, z.title_en, z.note_zh, z.note_en, z.kind = 'nation' as is_nation, l.period,
    l.period = l.lead as is_lead,
    l.zone || if(l.period = l.lead, '', '-' || l.period) as anchor
from led as l inner join ref.zone as z on l.zone = z.zone
where l.period = l.lead or (l.period > l.lead and l.rank > 0)
order by is_nation, l.zone, is_lead desc, l.period desc
"""

HEADLINE = f"""
select
    {_SECTION}, h.ord, h.title_zh, h.title_en, h.value_text, h.value_reason, h.growth_pct,
    h.growth_basis_zh, h.growth_basis_en, h.has_open_query
from metrics.headline as h
inner join {_SECTIONS} as x on h.zone = x.zone and h.period = x.period
order by h.ord
"""

SECTORS = f"""
select
    {_SECTION},
    g.sector, g.title_zh, g.title_en, g.share_pct, g.growth_ytd_real_pct, g.contribution_pp,
    g.contribution_rate_pct, g.contribution_residual_pp, g.contribution_method,
    g.contribution_reason, g.quarter_flag, g.figure_has_open_query, g.contribution_has_open_query,
    -- as many decimals as were printed
    fixed(g.value_ytd_cny / 100000000, if(o.unit_reported = '亿元', o.decimals_reported, 2))
        as level_text
from metrics.sector_growth as g
inner join {_SECTIONS} as x on g.zone = x.zone and g.period = x.period
left join staging.observation as o
    on g.zone = o.zone and g.period = o.period and g.sector = o.sector and o.basis = 'ytd'
        and o.industry is null
inner join ref.sector as s on g.sector = s.sector
order by s.ord
"""

IDENTITIES = f"""
with told as (
    select
        {_SECTION}, r.identity, r.title_zh, r.title_en, r.holds, r.has_open_query,
        case
            when r.difference is null then null
            when r.unit = '%' then fixed(r.difference, 2) || ' 个百分点 pp'
            when r.unit = '元' and abs(r.left_value) >= 100000000
                then fixed(r.difference / 100000000, 2) || ' 亿元'
            else plain(round(r.difference, 2)) || ' ' || r.unit
        end as difference_text
    from metrics.reconciliation as r
    inner join {_SECTIONS} as x on r.zone = x.zone and r.period = x.period
)
select
    t.section_zone, t.section_period, t.title_zh, t.title_en, t.holds, count(*) as identities,
    bool_or(t.has_open_query) as has_open_query,
    string_agg(distinct t.difference_text, '；' order by t.difference_text) as difference_text
from told as t
group by t.section_zone, t.section_period, t.title_zh, t.title_en, t.holds
-- what does not hold first, then what is unchecked, then the sectors' sum
order by coalesce(t.holds::integer, 0.5), bool_or(t.identity = 'sector_sum') desc, min(t.identity)
"""

GROWTH = f"""
select
    {_SECTION},
    g.period, g.growth_ytd_real_pct as ytd, g.growth_quarter_real_derived_pct as quarter,
    g.growth_quarter_real_bound_pp as bound, g.quarter_flag as flag, b.reason_zh, b.reason_en,
    g.quarter_has_open_query as has_open_query, g.figure_has_open_query as ytd_has_open_query
from metrics.sector_growth as g
inner join {_SECTIONS} as x on g.zone = x.zone and g.period <= x.period
left join staging.vintage_break as b on g.zone = b.zone and g.period = b.period and b.form = 'gdp'
where g.sector = 'total' order by g.period
"""

SUBMISSIONS = f"""
select
    {_SECTION},
    count(s.submission) as files, count(*) filter (where s.status = 'accepted') as accepted,
    count(*) filter (where s.status = 'partial') as partial,
    count(*) filter (where s.status = 'rejected') as rejected,
    coalesce(sum(s.rows_read), 0)::bigint as rows_read,
    coalesce(sum(s.rows_accepted), 0)::bigint as rows_accepted,
    coalesce(sum(s.rows_held), 0)::bigint as rows_held,
    coalesce(sum(s.findings_query) filter (where s.is_current), 0)::bigint as queries,
    max(c.forms_due) as forms_due, max(c.forms_received) as forms_received
from {_SECTIONS} as x
left join staging.submission_status as s on x.zone = s.zone and x.period = s.period
left join metrics.completeness as c on s.zone = c.zone and s.period = c.period
group by x.zone, x.period
"""

OPEN = f"""
with later as (
    select s.submission
    from staging.submission_status as s
    inner join staging.submission_status as c
        on s.zone = c.zone and s.period = c.period and s.form = c.form and c.is_current
            and (c.revision > s.revision or c.received_at > s.received_at)
)
select
    {_SECTION}, coalesce(f.title_zh, s.form) as title_zh, coalesce(f.title_en, '') as title_en,
    s.status, s.rows_held,
    s.findings_query as queries, s.findings_reject + s.findings_quarantine as faults
from staging.submission_status as s
inner join {_SECTIONS} as x on s.zone = x.zone and s.period = x.period
left join ref.form as f on s.form = f.form
where
    (s.status <> 'accepted' or s.findings_query > 0)
    and (s.is_current or s.status = 'rejected')
    and s.submission not in (select l.submission from later as l)
order by array_position(['rejected', 'partial', 'accepted'], s.status), s.form, s.revision
"""

MISSING = f"""
select {_SECTION}, f.title_zh, f.title_en
from metrics.completeness as c
inner join {_SECTIONS} as x on c.zone = x.zone and c.period = x.period
inner join ref.form as f on list_contains(string_split(c.forms_missing, ', '), f.form)
order by f.form
"""

BUILT = """
select run, strftime(in_beijing(finished_at), '%Y-%m-%d %H:%M') as at
from ledger.run order by run desc limit 1
"""
