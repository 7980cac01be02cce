-- One row is a sector of a zone in a quarter with its share, as it is, as printed, and against a year earlier.
-- zh: 一行是一个地区一个季度的一个产业所占比重：未修约、公布用、与上年同期相比
-- grain: zone, period, sector
-- unit: _pct in per cent of the three sectors at current prices, _pp in percentage points
-- reads: metrics.sector_growth
-- share_printed_pct rounds each share alone; share_adjusted_pct gives what is left of 100.0 to the largest remainders
-- (1.3 : 36.3 : 62.4), for print only: docs/methodology.md#contributions.
create or replace view metrics.sector_structure as
with shared as (
    select
        g.*,
        percent_of(
            g.value_quarter_cny,
            all_three(count(g.value_quarter_cny) over whole, sum(g.value_quarter_cny) over whole)
        ) as share_quarter_pct,
        first_value(g.share_pct) over (
            partition by g.zone, g.sector order by period_number(g.period)
            range between 4 preceding and 4 preceding
        ) as share_year_earlier_pct,
        first_value(g.contribution_has_open_query) over (
            partition by g.zone, g.sector order by period_number(g.period)
            range between 4 preceding and 4 preceding
        ) as year_earlier_has_open_query,
        bool_or(g.quarter_has_open_query) over whole as shares_have_open_query,
        count(g.share_pct) over whole as shares,
        -- tenths of a per cent
        floor(g.share_pct * 10)::integer as tenths,
        g.share_pct * 10 - floor(g.share_pct * 10) as remainder,
    from metrics.sector_growth as g
    where g.sector <> 'total'
    window whole as (partition by g.zone, g.period)
),

ranked as (
    select
        s.*,
        1000 - sum(s.tenths) over (partition by s.zone, s.period) as tenths_left,
        row_number() over (partition by s.zone, s.period order by s.remainder desc, s.sector asc) as remainder_rank,
    from shared as s
)

select
    r.zone, r.period, r.sector, r.title_zh, r.title_en, r.value_ytd_cny, r.share_pct,
    round(r.share_pct, 1) as share_printed_pct,
    case when r.shares = 3 then (r.tenths + (r.remainder_rank <= r.tenths_left)::integer) / 10 end as share_adjusted_pct,
    r.share_year_earlier_pct,
    r.share_pct - r.share_year_earlier_pct as share_change_pp,
    r.share_quarter_pct,
    case when r.share_pct is null then if(r.value_ytd_cny is null, 'growth only', 'a sector is missing or the sum is zero') end
        as share_reason,
    case
        when r.share_pct is null then 'no share'
        when r.share_year_earlier_pct is null then 'no share a year earlier'
    end as share_change_reason,
    case when r.share_quarter_pct is null then coalesce(r.quarter_reason, 'a sector is missing or the sum is zero') end
        as share_quarter_reason,
    r.quarter_flag,
    r.shares_have_open_query or coalesce(r.year_earlier_has_open_query, false) as has_open_query,
from ranked as r;
