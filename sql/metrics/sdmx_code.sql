-- One row is a code of a codelist of the SDMX structures: zones, indicators, industries, units and the short fixed lists.
-- zh: SDMX 结构中的一个代码：地区、指标、行业、计量单位及各固定代码表
-- grain: codelist, code
-- unit: none
-- reads: ref.sdmx_code, ref.zone, ref.indicator, ref.industry, ref.unit
-- A code whose parent is not in its list has none. Several units of a kind (户, 家, 套) share an SDMX code: its name lists them.
create or replace view metrics.sdmx_code as
with listed as (
    select c.codelist, c.code, c.ord, null as parent, c.title_zh, c.title_en,
    from ref.sdmx_code as c
    union all by name
    select 'CL_AREA' as codelist, z.zone as code, if(z.kind = 'nation', 1, 2) as ord, z.parent, z.title_zh, z.title_en,
    from ref.zone as z
    union all by name
    select 'CL_INDICATOR' as codelist, i.indicator as code, 1 as ord, null as parent, i.title_zh, i.title_en,
    from ref.indicator as i
    union all by name
    select 'CL_ACTIVITY' as codelist, d.code, 1 as ord, d.parent, d.title_zh, d.title_en,
    from ref.industry as d
    union all by name
    select
        'CL_UNIT_MEASURE' as codelist,
        u.sdmx_unit_measure as code,
        1 as ord,
        null as parent,
        string_agg(u.unit, '、' order by u.unit) as title_zh,
        string_agg(u.title_en, ', ' order by u.title_en) as title_en,
    from ref.unit as u
    where u.unit = u.base_unit
    group by u.sdmx_unit_measure
    union all by name
    select distinct
        'CL_UNIT_MULT' as codelist,
        u.sdmx_unit_mult::varchar as code,
        u.sdmx_unit_mult as ord,
        null as parent,
        '10 的 ' || u.sdmx_unit_mult::varchar || ' 次方' as title_zh,
        '10 to the power of ' || u.sdmx_unit_mult::varchar as title_en,
    from ref.unit as u
)

select l.codelist, l.code, l.ord, p.code as parent, l.title_zh, l.title_en,
from listed as l
left join listed as p on l.codelist = p.codelist and l.parent = p.code;
