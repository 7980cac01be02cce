-- One row is a series that was seasonally adjusted and still stands, with its diagnostics and what they come to.
-- zh: 一行是一个作了季节调整、且仍为现行的序列：方法、诊断统计量和结论（可用、慎用、不可用）
-- grain: zone, indicator, industry, basis, price_basis
-- unit: statistics without a unit; p-values between 0 and 1; outliers_pct in per cent of the quarters
-- reads: staging.standing_adjustment, ref.seasonal_limit
-- The worst diagnostic decides, by the limits of ref.seasonal_limit. A series without diagnostics is to be used with care.
-- noqa: disable=AM04
create or replace view staging.adjusted_series as
with measured as (
    select
        s.*,
        unnest([
            struct_pack(diagnostic := 'm7', value := s.m7),
            struct_pack(diagnostic := 'q', value := s.q),
            struct_pack(diagnostic := 'qs_adjusted_p', value := s.qs_adjusted_p),
            struct_pack(diagnostic := 'residual_seasonality_f_p', value := s.residual_seasonality_f_p),
            struct_pack(diagnostic := 'outliers_pct', value := s.outliers_pct::double)
        ]) as measure,
    from staging.standing_adjustment as s
),

-- 0 usable, 1 with care, 2 not usable
graded as (
    select
        m.*,
        case
            when m.measure.value is null then null
            when if(l.is_lower_better, m.measure.value > l.care_limit, m.measure.value < l.care_limit) then 2
            when if(l.is_lower_better, m.measure.value > l.usable_limit, m.measure.value < l.usable_limit) then 1
            else 0
        end as grade,
        l.title_zh,
        l.title_en,
    from measured as m
    inner join ref.seasonal_limit as l on m.measure.diagnostic = l.diagnostic
),

judged as (
    select
        g.zone,
        g.series_hash,
        -- no m7: the method gives no diagnostics of the season
        coalesce(max(g.grade) filter (where g.measure.diagnostic <> 'outliers_pct'), 1) as season_grade,
        greatest(season_grade, max(g.grade)) as grade,
        string_agg(g.title_zh || '：' || round(g.measure.value, 3)::varchar, '；' order by g.measure.diagnostic)
        filter (where g.grade > 0) as verdict_reason_zh,
        string_agg(g.title_en || ': ' || round(g.measure.value, 3)::varchar, '; ' order by g.measure.diagnostic)
        filter (where g.grade > 0) as verdict_reason_en,
        bool_and(g.measure.value is null) filter (where g.measure.diagnostic <> 'outliers_pct') as is_without_diagnostics,
    from graded as g
    group by g.zone, g.series_hash
)

select
    s.* exclude (outlier_count, outliers_pct, has_open_query),
    s.outlier_count,
    s.outliers_pct,
    case j.grade when 0 then 'usable' when 1 then 'with care' else 'not usable' end as verdict,
    case j.grade when 0 then '可用' when 1 then '慎用' else '不可用' end as verdict_zh,
    if(j.is_without_diagnostics, s.method || ' 没有诊断统计量', j.verdict_reason_zh) as verdict_reason_zh,
    if(j.is_without_diagnostics, s.method || ' gives no diagnostics', j.verdict_reason_en) as verdict_reason_en,
    s.has_open_query,
from staging.standing_adjustment as s
inner join judged as j on s.zone = j.zone and s.series_hash = j.series_hash;
