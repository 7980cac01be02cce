-- One row is a variable of a zone's enterprises in a quarter, in all or in one cell of the classification; some are withheld.
-- zh: 一行是一个地区一个季度的全部企业或一个行业单元的一个变量；涉密（conf_status 为 C）和待核实（N）的单元不公布
-- grain: zone, period, level, industry, sector, variable
-- unit: the variable's own: yuan or persons; _pct in per cent
-- reads: metrics.disclosure, staging.current_submission, staging.open_query, ref.industry, ref.sector
-- Growth and the quarter alone follow from figures that are themselves shown, so that they tell nothing more (F1, F4):
-- enterprises that entered or left between the two are in them. A section in several sectors has a row where all of it may
-- be shown: else it is the parts that are shown, and those that are withheld (docs/methodology.md#disclosure, rule 7). A question about the whole register leaves all of its cells
-- out until it is answered; one about an enterprise among many does not.
create or replace view public.enterprise_industry as
with asked as (
    select distinct
        c.zone,
        c.period,
    from staging.current_submission as c
    inner join staging.open_query as q on c.submission = q.submission
    where c.form = 'enterprise_quarter' and q.asks_about_all
),

shown as (
    select
        d.zone, d.period, d.level, d.industry, d.sector,
        cell_key(d.level, d.industry, d.sector) as cell,
        d.variable,
        case when d.is_withheld then 'C' when a.zone is not null then 'N' else 'F' end as conf_status,
        if(conf_status = 'F', d.value, null) as value,
        if(conf_status = 'F', 'A', 'Q') as obs_status,
    from metrics.disclosure as d
    left join asked as a on d.zone = a.zone and d.period = a.period
),

-- by windows and no join, so that a filter on a zone reaches the register
compared as (
    select
        h.*,
        any_value(h.value) over year_earlier as year_earlier,
        any_value(h.conf_status) over year_earlier as year_earlier_status,
        any_value(h.value) over quarter_before as quarter_before,
        any_value(h.conf_status) over quarter_before as quarter_before_status,
    from shown as h
    window
        year_earlier as (
            partition by h.zone, h.cell, h.variable order by period_number(h.period)
            range between 4 preceding and 4 preceding
        ),
        quarter_before as (
            partition by h.zone, h.cell, h.variable order by period_number(h.period)
            range between 1 preceding and 1 preceding
        )
)

select
    s.zone, s.period, s.level, s.industry, s.sector, s.variable,
    coalesce(c.title_zh, i.title_zh, '未分类') as title_zh,
    coalesce(c.title_en, i.title_en, 'Not classified') as title_en,
    s.value,
    growth_pct(s.value, s.year_earlier) as growth_pct,
    case
        when not ends_with(s.variable, '_ytd_cny') then null
        when right(s.period, 1) = '1' then s.value
        else s.value - s.quarter_before
    end as value_quarter,
    s.conf_status,
    s.obs_status,
    case
        when s.conf_status = 'C' then 'withheld'
        when s.conf_status = 'N' then 'under query'
        when s.year_earlier_status = 'C' then 'the base is withheld'
        when s.year_earlier_status = 'N' then 'the base is under query'
        else why_no_growth(s.value, s.year_earlier)
    end as growth_reason,
    case
        when not ends_with(s.variable, '_ytd_cny') then 'not a figure of the year to date'
        when s.conf_status = 'C' then 'withheld'
        when s.conf_status = 'N' then 'under query'
        when right(s.period, 1) = '1' then null
        when s.quarter_before_status = 'C' then 'the quarter before is withheld'
        when s.quarter_before_status = 'N' then 'the quarter before is under query'
        when s.quarter_before is null then 'no prior YTD'
    end as quarter_reason,
from compared as s
left join ref.industry as i on s.industry = i.code
left join ref.sector as c on s.industry = c.sector
where s.sector <> 'several' or s.conf_status <> 'C';
