"""What the pages of bulletins read, each for the zones and the quarters of all pages at once."""

from __future__ import annotations

HEADS = """
select
    z.zone, p.period, coalesce(z.title_zh, z.zone) as zone_zh,
    coalesce(z.title_en, z.zone) as zone_en, p.title_ytd_zh as span_zh, p.title_ytd_en as span_en
from ref.zone as z cross join ref.period as p
where z.zone {zones} and p.period {periods}
"""
# the public may see what the views of schema public show (docs/methodology.md#open-query)
FIGURES = """
select
    f.*, i.headline is not null and f.industry is null as is_headline,
    not f.figure_has_open_query
    and f.bulletin_line not like 'stage.%'
    and not is_confidential(split_part(f.bulletin_line, '.', 1), f.industry, f.zone) as is_public
from metrics.bulletin_figure as f
left join ref.indicator as i on f.bulletin_line = i.indicator
where f.zone {zones} and f.period {periods}
order by f.zone, f.period, f.section_ord, f.ord, f.bulletin_line, f.industry
"""
SOURCES = """
-- a figure that is sent again as it was is not revised
with told as (
    select
        o.zone, o.period, figure_item(o.indicator, o.industry, o.basis) as item,
        count(distinct row(o.value)) > 1 as is_value_altered,
        count(distinct row(o.growth_reported_pct)) > 1 as is_growth_altered,
        min(t.received_at) as first_received_at
    from core.observation as o
    inner join ledger.submission as t on o.submission = t.submission
    where
        t.status <> 'rejected'
        and (o.zone {zones} or o.zone = nation())
        and o.period {periods}
    group by all
)
select
    s.*, s.source_period = s.period as is_own,
    -- of the level and of the growth
    list_transform([t.is_value_altered, t.is_growth_altered], lambda is_altered: case
        when n.edition is null then if(is_altered, 'revised', 'preliminary')
        when coalesce(t.first_received_at, c.received_at) > n.cut_off_at then 'preliminary'
        when c.received_at > n.cut_off_at and is_altered then 'revised'
        else 'published'
    end) as statuses
from metrics.bulletin_source as s
inner join staging.current_submission as c on s.submission = c.submission
left join staging.edition_zone as n
    on c.zone = n.zone and s.source_period = n.period and n.is_newest
left join told as t
    on c.zone = t.zone and s.source_period = t.period and s.source_item = t.item
where s.zone {zones} and s.period {periods}
order by all
"""
CHARTS = """
with hidden as (
    select c.indicator from ref.confidential_indicator as c
    union all
    select i.target_of
    from ref.confidential_indicator as c inner join ref.indicator as i on c.indicator = i.indicator
    where i.target_of is not null
),

hidden_row as (
    select coalesce(i.sector, i.indicator) as chart_row
    from ref.indicator as i inner join hidden as h on i.indicator = h.indicator
    union all
    select h.indicator from hidden as h
)
select
    c.*,
    not c.has_open_query and c.chart_row not in (select h.chart_row from hidden_row as h)
        as is_public
from metrics.bulletin_chart as c
where c.zone {zones} and c.period {periods}
order by c.zone, c.period, c.chart, c.ord nulls last, c.bulletin_line
"""
EDITIONS = """
select e.zone, e.period, e.edition, e.sha256,
    strftime(in_beijing(e.frozen_at), '%Y-%m-%d %H:%M UTC+8') as frozen_at, e.edition_number
from staging.edition_zone as e
where e.period {periods}
order by e.frozen_at, e.edition_number
"""
REVISIONS = """
select
    r.*,
    not r.has_open_query and not is_confidential(r.indicator, r.industry, r.zone) as is_public
from metrics.bulletin_revision as r
where r.zone {zones} and r.period {periods}
order by r.zone, r.period, r.move = 'revised' desc, r.move, r.item, r.measure desc
"""
SENT_AGAIN = """
select s.zone
from ledger.submission as s
where s.status <> 'rejected' and s.zone {zones} and s.period {periods}
group by s.form, s.zone, s.period
having count(*) > 1
limit 1
"""
VINTAGES = """
from metrics.bulletin_vintage as v where v.zone {zones} and v.period {periods}
order by v.zone, v.period, v.ord nulls last, v.bulletin_line
"""
RANKINGS = """
from metrics.bulletin_ranking as r where r.zone {zones} and r.period {periods}
order by r.zone, r.period, r.ord, r.bulletin_line
"""
REGISTERS_BEFORE = """
select c.zone
from staging.current_submission as c
inner join staging.current_submission as b
    on c.zone = b.zone and c.form = b.form and b.period = period_previous(c.period)
where c.form in ('project_ledger', 'enterprise_quarter')
    and c.zone {zones} and c.period {periods}
"""
REGISTER_CHANGES = """
from metrics.bulletin_register_change as c where c.zone {zones} and c.period {periods}
order by c.zone, c.period, c.register_change desc, c.entry_name, c.uscc
"""
