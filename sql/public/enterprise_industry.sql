-- One row is a variable of a zone's enterprises in a quarter, in all or in one cell of the classification; some are withheld.
-- zh: 一行是一个地区一个季度的全部企业或一个行业单元的一个变量；涉密的单元不公布（conf_status 为 C）
-- grain: zone, period, level, industry, sector, variable
-- unit: the variable's own: yuan or persons; _pct in per cent
-- reads: metrics.disclosure, ref.industry, ref.sector
-- Growth and the quarter alone follow from figures that are themselves shown, so that they tell nothing more (F1, F4):
-- enterprises that entered or left between the two are in them.
create or replace view public.enterprise_industry as
with shown as (
    select
        d.zone,
        d.period,
        d.level,
        d.industry,
        d.sector,
        cell_key(d.level, d.industry, d.sector) as cell,
        d.variable,
        if(d.is_withheld, null, d.value) as value,
        if(d.is_withheld, 'C', 'F') as conf_status,
        if(d.is_withheld, 'Q', 'A') as obs_status,
    from metrics.disclosure as d
)

select
    s.zone,
    s.period,
    s.level,
    s.industry,
    s.sector,
    s.variable,
    coalesce(c.title_zh, i.title_zh, '未分类') as title_zh,
    coalesce(c.title_en, i.title_en, 'Not classified') as title_en,
    s.value,
    growth_pct(s.value, y.value) as growth_pct,
    case
        when not ends_with(s.variable, '_ytd_cny') then null
        when right(s.period, 1) = '1' then s.value
        else s.value - q.value
    end as value_quarter,
    s.conf_status,
    s.obs_status,
    case
        when s.conf_status = 'C' then 'withheld'
        when y.conf_status = 'C' then 'the base is withheld'
        else why_no_growth(s.value, y.value)
    end as growth_reason,
    case
        when not ends_with(s.variable, '_ytd_cny') then 'not a figure of the year to date'
        when s.conf_status = 'C' then 'withheld'
        when right(s.period, 1) = '1' then null
        when q.conf_status = 'C' then 'the quarter before is withheld'
        when q.value is null then 'no prior YTD'
    end as quarter_reason,
from shown as s
left join shown as y
    on s.zone = y.zone and s.cell = y.cell and s.variable = y.variable and y.period = period_year_earlier(s.period)
left join shown as q
    on s.zone = q.zone and s.cell = q.cell and s.variable = q.variable and q.period = period_previous(s.period)
left join ref.industry as i on s.industry = i.code
left join ref.sector as c on s.industry = c.sector;
