-- One row is a zone's government services in a quarter: reviews good and bad, what was put right, what was cut, the trend.
-- zh: 一行是一个地区一个季度的政务服务质量：好评率、差评率、差评整改率、减环节减材料减时间及变化
-- grain: zone, period
-- unit: count of reviews; _pct in per cent, _pp in percentage points
-- reads: staging.work_quarter
-- Good reviews are all that are not bad (GB/T 39735-2020: five grades, the last two are bad). 0 bad reviews of 0 put right is
-- not applicable, and not 100 %.
create or replace view metrics.service_quality as
select
    r.zone,
    r.period,
    r.reviews::bigint as reviews,
    r.reviews_bad::bigint as reviews_bad,
    if(right(r.period, 1) = '1', r.reviews, r.reviews - r.a_quarter_earlier.reviews)::bigint as reviews_quarter,
    r.a_year_earlier.reviews::bigint as reviews_year_earlier,
    growth_pct(r.reviews, r.a_year_earlier.reviews) as reviews_growth_pct,
    r.good_review_pct,
    r.bad_review_pct,
    r.good_review_pct - r.a_year_earlier.good_review_pct as good_review_change_pp,
    r.good_review_pct - r.a_quarter_earlier.good_review_pct as good_review_change_quarter_pp,
    r.bad_review_rectified_pct,
    r.documents_cut as documents_cut_pct,
    r.documents_cut - r.a_year_earlier.documents_cut as documents_cut_change_pp,
    r.steps_cut as steps_cut_pct,
    r.steps_cut - r.a_year_earlier.steps_cut as steps_cut_change_pp,
    r.time_cut as time_cut_pct,
    r.time_cut - r.a_year_earlier.time_cut as time_cut_change_pp,
    case
        when r.reviews is null or r.reviews_bad is null then 'not reported'
        when r.reviews = 0 then 'no reviews'
    end as review_reason,
    case
        when r.reviews_bad = 0 then 'not applicable: no bad review'
        when r.reviews_bad is null then 'not reported'
        when r.reviews_rectified is null then 'what was put right is not reported'
    end as rectified_reason,
    if(r.a_year_earlier is null, 'no report a year earlier', null) as year_earlier_reason,
    case
        when r.reviews is null then 'not reported'
        when right(r.period, 1) <> '1' and r.a_quarter_earlier.reviews is null then 'no prior YTD'
    end as quarter_reason,
    r.has_open_query
    or coalesce(r.a_year_earlier.has_open_query, false)
    or coalesce(r.a_quarter_earlier.has_open_query, false) as has_open_query,
from staging.work_quarter as r
where r.form = 'government_services';
