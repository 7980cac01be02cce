-- Every figure as it was known at a time (UTC): metrics.as_of('2022-11-01').
-- zh: 截至某一时刻（UTC）所知的全部指标值
-- unit: value and rounding in the base unit of column unit; growth in per cent
-- reads: staging.observation_as_of
create or replace macro metrics.as_of(known_at) as table
    select
        o.zone,
        o.period,
        o.indicator,
        o.industry,
        o.basis,
        o.title_zh,
        o.title_en,
        o.department_zh,
        o.department_en,
        o.sector,
        o.flow_type,
        o.price_basis,
        o.value,
        o.unit,
        o.value_reported,
        o.unit_reported,
        o.decimals_reported,
        o.rounding,
        o.growth_reported_pct,
        o.growth_decimals,
        o.qualifier,
        o.obs_status,
        o.note,
        o.form,
        o.submission,
        o.path,
        o.sheet,
        o.source_row,
        o.received_at,
    from staging.observation_as_of(known_at) as o; -- noqa: RF03
