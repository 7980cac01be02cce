-- One row is a quarter with the regressor that tells seasonal adjustment how early the Spring Festival is.
-- zh: 一行是一个季度的春节回归量：春节前若干天落在本季的比重，减去同季的多年平均
-- grain: period
-- unit: a share of the days before the festival, less its mean over the years of ref.spring_festival
-- reads: ref.spring_festival, ref.seasonal_setting
-- F21 of docs/methodology.md#seasonal. The festival itself always lies in the first quarter, so that the season takes it up; what
-- moves is how many of the days before it lie in the quarter before. Centred by quarter, it takes no level and no season along.
create or replace view staging.spring_festival_regressor as
with counted as (
    select
        f.festival_year,
        least(
            datediff('day', make_date(f.festival_year, 1, 1), f.festival_date),
            s.spring_festival_days
        )::double / s.spring_festival_days as share_in_first_quarter,
    from ref.spring_festival as f
    cross join ref.seasonal_setting as s
),

centred as (
    select
        c.festival_year,
        c.share_in_first_quarter - (select list_avg(list(a.share_in_first_quarter order by a.festival_year)), from counted as a)
            as excess,
    from counted as c
)

select
    c.festival_year || 'Q' || q.quarter as period,
    case q.quarter
        when 1 then c.excess
        -- what lies in the first quarter of the next year does not lie here
        when 4 then -n.excess
        else 0
    end as spring_festival_regressor,
from centred as c
inner join centred as n on c.festival_year + 1 = n.festival_year
cross join (values (1), (2), (3), (4)) as q (quarter);
