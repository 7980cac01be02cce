-- One row is a zone's government services in a quarter: reviews good and bad, what was put right, what was cut, the trend.
-- zh: 一行是一个地区一个季度的政务服务质量：好评率、差评率、差评整改率、减环节减材料减时间及变化
-- grain: zone, period
-- unit: count of reviews; _pct in per cent, _pp in percentage points
-- reads: staging.observation
-- Good reviews are all that are not bad (GB/T 39735-2020: five grades, the last two are bad). 0 bad reviews of 0 put right is
-- not applicable, and not 100 %.
create or replace view metrics.service_quality as
with service as (
    select
        o.zone,
        o.period,
        max(o.value) filter (where o.indicator = 'service_reviews') as reviews,
        max(o.value) filter (where o.indicator = 'service_reviews_bad') as bad,
        max(o.value) filter (where o.indicator = 'service_reviews_rectified') as rectified,
        max(o.value) filter (where o.indicator = 'documents_cut')::double as documents_cut,
        max(o.value) filter (where o.indicator = 'steps_cut')::double as steps_cut,
        max(o.value) filter (where o.indicator = 'time_cut')::double as time_cut,
    from staging.observation as o
    where o.form = 'government_services' and o.industry is null
    group by o.zone, o.period
),

rated as (
    select
        s.*,
        case when s.reviews > 0 then 100 * (1 - s.bad::double / s.reviews::double) end as good_pct,
        case when s.reviews > 0 then 100 * s.bad::double / s.reviews::double end as bad_pct,
        case when s.bad > 0 then 100 * s.rectified::double / s.bad::double end as rectified_pct,
    from service as s
),

looked_back as (
    select
        r.*,
        quarters_earlier(r, r.zone, r.period, 4) as y,
        if(right(r.period, 1) = '1', null, quarters_earlier(r, r.zone, r.period, 1)) as p,
    from rated as r
)

select
    r.zone,
    r.period,
    r.reviews::bigint as reviews,
    r.bad::bigint as reviews_bad,
    if(right(r.period, 1) = '1', r.reviews, r.reviews - r.p.reviews)::bigint as reviews_quarter,
    r.y.reviews::bigint as reviews_year_earlier,
    growth_pct(r.reviews, r.y.reviews) as reviews_growth_pct,
    r.good_pct as good_review_pct,
    r.bad_pct as bad_review_pct,
    r.good_pct - r.y.good_pct as good_review_change_pp,
    r.good_pct - r.p.good_pct as good_review_change_quarter_pp,
    r.rectified_pct as bad_review_rectified_pct,
    r.documents_cut as documents_cut_pct,
    r.documents_cut - r.y.documents_cut as documents_cut_change_pp,
    r.steps_cut as steps_cut_pct,
    r.steps_cut - r.y.steps_cut as steps_cut_change_pp,
    r.time_cut as time_cut_pct,
    r.time_cut - r.y.time_cut as time_cut_change_pp,
    case
        when r.reviews is null or r.bad is null then 'not reported'
        when r.reviews = 0 then 'no reviews'
    end as review_reason,
    case
        when r.bad = 0 then 'not applicable: no bad review'
        when r.bad is null then 'not reported'
        when r.rectified is null then 'what was put right is not reported'
    end as rectified_reason,
    if(r.y is null, 'no report a year earlier', null) as year_earlier_reason,
    case
        when r.reviews is null then 'not reported'
        when right(r.period, 1) <> '1' and r.p.reviews is null then 'no prior YTD'
    end as quarter_reason,
from looked_back as r;
