-- One row is a row of a file that a number of the bulletin is computed from, and the part that it plays.
-- zh: 一行是公报中一个数所依据的一行报送数据：出自哪份文件、哪张表、哪一行，起什么作用
-- grain: zone, period, bulletin_line, industry, basis, bulletin_part, submission, sheet, source_row, source_item
-- unit: none; source_row is the row of the sheet, counted from 1
-- reads: staging.observation, staging.project_ledger, ref.indicator
-- Lines and their parts are those of metrics.bulletin_figure: a number is computed from the rows of part figure, growth by levels also
-- from those of a year earlier, a pace from those of the quarter before. Lines that begin with chart. are those of metrics.bulletin_chart. `jibao verify-bulletin` computes each number again from these
-- rows alone, so that a row that is missing here is found there.
create or replace view metrics.bulletin_source as
with own as not materialized (
    select
        o.zone, o.period, o.industry, o.basis, o.indicator, o.sector,
        o.indicator || if(o.industry is null, '', '.industry') as bulletin_line,
        figure_item(o.indicator, o.industry, o.basis) as source_item,
        o.form, o.submission, o.sheet, o.source_row,
    from staging.observation as o
),

compared as not materialized (
    select
        o.zone, o.period, o.industry, o.basis, o.indicator, o.sector, o.bulletin_line,
        c.period as source_period,
        if(c.period = period_previous(o.period), 'quarter before', 'year earlier') as bulletin_part,
        c.form, c.submission, c.sheet, c.source_row, c.source_item,
    from own as o
    inner join own as c
        on
            o.zone = c.zone
            and same_series(o.indicator, o.industry, o.basis, c.indicator, c.industry, c.basis)
            and c.period in (period_previous(o.period), period_year_earlier(o.period))
),

-- shares and contributions weigh the sectors with each other; the total is one of their rows
-- a cross join and no unnest: the zone that is asked for has to reach the table
by_sector as (
    select
        o.*,
        v.of_sector,
    from own as o
    cross join (values ('primary'), ('secondary'), ('tertiary')) as v (of_sector)
    where o.sector is not null and o.industry is null and o.basis = 'ytd'
),

by_part as (
    select
        s.*,
        v.of_part,
    from by_sector as s
    cross join (values ('share'), ('pull'), ('drag')) as v (of_part)
),

by_chart as (
    select
        o.*,
        v.of_chart,
    from own as o
    cross join (values ('plan'), ('nation')) as v (of_chart)
    where o.industry is null and o.basis = 'ytd'
),

by_stage as (
    select
        p.*,
        if(v.of_all, 'stage.all', 'stage.' || p.stage) as bulletin_line,
    from staging.project_ledger as p
    cross join (values (true), (false)) as v (of_all)
)

select
    o.zone, o.period, o.bulletin_line, o.industry, o.basis,
    'figure' as bulletin_part,
    o.period as source_period,
    o.form, o.submission, o.sheet, o.source_row, o.source_item,
from own as o
union all by name
select
    c.zone, c.period, c.bulletin_line, c.industry, c.basis, c.bulletin_part, c.source_period,
    c.form, c.submission, c.sheet, c.source_row, c.source_item,
from compared as c
union all by name
select
    s.zone, s.period,
    s.of_part || '.' || s.of_sector as bulletin_line,
    null as industry,
    null as basis,
    'figure' as bulletin_part,
    s.period as source_period,
    s.form, s.submission, s.sheet, s.source_row, s.source_item,
from by_part as s
union all by name
-- the quarter alone is the difference of two
select
    o.zone, o.period,
    'quarter.total' as bulletin_line,
    null as industry,
    null as basis,
    'figure' as bulletin_part,
    o.period as source_period,
    o.form, o.submission, o.sheet, o.source_row, o.source_item,
from own as o
where o.sector = 'total' and o.industry is null and o.basis = 'ytd'
union all by name
select
    c.zone, c.period,
    'quarter.total' as bulletin_line,
    null as industry,
    null as basis,
    'figure' as bulletin_part,
    c.source_period, c.form, c.submission, c.sheet, c.source_row, c.source_item,
from compared as c
where c.sector = 'total' and c.industry is null and c.basis = 'ytd' and c.bulletin_part = 'quarter before'
union all by name
select
    t.zone, t.period, t.bulletin_line,
    null as industry,
    null as basis,
    'figure' as bulletin_part,
    t.period as source_period,
    'project_ledger' as form,
    t.submission, t.sheet, t.source_row,
    null as source_item,
from by_stage as t
union all by name
-- growth of the quarter alone follows from two of the year to date
select
    o.zone, o.period,
    'chart.quarter.' || o.sector as bulletin_line,
    null as industry,
    null as basis,
    'figure' as bulletin_part,
    o.period as source_period,
    o.form, o.submission, o.sheet, o.source_row, o.source_item,
from own as o
where o.sector is not null and o.industry is null and o.basis = 'ytd'
union all by name
select
    c.zone, c.period,
    'chart.quarter.' || c.sector as bulletin_line,
    null as industry,
    null as basis,
    c.bulletin_part,
    c.source_period, c.form, c.submission, c.sheet, c.source_row, c.source_item,
from compared as c
where c.sector is not null and c.industry is null and c.basis = 'ytd' and c.bulletin_part = 'quarter before'
union all by name
select
    o.zone, o.period,
    'chart.' || o.of_chart || '.' || o.indicator as bulletin_line,
    null as industry,
    null as basis,
    'figure' as bulletin_part,
    o.period as source_period,
    o.form, o.submission, o.sheet, o.source_row, o.source_item,
from by_chart as o
union all by name
select
    o.zone, o.period,
    'chart.plan.' || o.indicator as bulletin_line,
    null as industry,
    null as basis,
    'target' as bulletin_part,
    t.period as source_period,
    t.form, t.submission, t.sheet, t.source_row, t.source_item,
from own as o
inner join ref.indicator as i on o.indicator = i.target_of
inner join own as t
    on
        o.zone = t.zone
        and i.indicator = t.indicator
        and left(o.period, 4) = left(t.period, 4)
        and o.period >= t.period
where o.industry is null and o.basis = 'ytd'
union all by name
select
    o.zone, o.period,
    'chart.nation.' || o.indicator as bulletin_line,
    null as industry,
    null as basis,
    'nation' as bulletin_part,
    n.period as source_period,
    n.form, n.submission, n.sheet, n.source_row, n.source_item,
from own as o
inner join own as n
    on
        n.zone = nation()
        and o.zone <> n.zone
        and o.period = n.period
        and same_series(o.indicator, o.industry, o.basis, n.indicator, n.industry, n.basis)
where o.industry is null and o.basis = 'ytd';
