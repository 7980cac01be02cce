-- One row is a zone's investment contracts in a quarter: signed, with funds in place, started; the same contracts throughout.
-- zh: 一行是一个地区一个季度的招商引资转化：签约、资金到位、开工（分子分母为同一批合同）
-- grain: zone, period
-- unit: count of contracts; _cny in yuan; _pct in per cent
-- reads: staging.contract_ledger, staging.work_quarter
-- A ratio is of contracts of the ledger that give both its sides. The totals that the indicator form gives (contract value,
-- funds in place) are of different contracts and dates: they stand beside, and no ratio of them is made.
create or replace view metrics.contract_conversion as
with ledger as (
    select
        c.zone,
        c.period,
        count(*) filter (where c.stage = 'signed') as signed,
        count(*) filter (where c.stage = 'to_be_signed') as to_be_signed,
        count(*) filter (where c.stage = 'signed' and c.funds_in_place_cny is not null) as signed_with_funds_known,
        count(*) filter (where c.stage = 'signed' and c.funds_in_place_cny > 0) as signed_with_funds,
        count(*) filter (where c.stage = 'signed' and c.started is not null) as signed_with_start_known,
        count(*) filter (where c.stage = 'signed' and c.started) as signed_and_started,
        count(*) filter (where c.stage = 'signed' and c.funds_in_place_cny > 0 and c.started is not null)
            as funded_with_start_known,
        count(*) filter (where c.stage = 'signed' and c.funds_in_place_cny > 0 and c.started) as funded_and_started,
        sum(c.amount_signed_cny) filter (where c.stage = 'signed') as amount_signed,
        count(*) filter (
            where c.stage = 'signed' and c.amount_signed_cny is not null and c.funds_in_place_cny is not null
        ) as contracts_with_both,
        sum(c.amount_signed_cny) filter (where c.stage = 'signed' and c.funds_in_place_cny is not null) as amount_of_both,
        sum(c.funds_in_place_cny) filter (where c.stage = 'signed' and c.amount_signed_cny is not null) as funds_of_both,
        bool_or(c.has_open_query) as has_open_query,
    from staging.contract_ledger as c
    group by c.zone, c.period
),

total as (
    select
        w.zone, w.period, w.contracts_signed, w.contract_value, w.funds_in_place, w.has_open_query,
    from staging.work_quarter as w
    where w.form = 'investment_promotion'
),

-- one row each, side by side: through a full join no filter would pass
given as (
    select l.*,
    from ledger as l
    union all by name
    select t.*,
    from total as t
),

side_by_side as (
    select
        g.zone,
        g.period,
        max(g.signed) as signed,
        max(g.to_be_signed) as to_be_signed,
        max(g.signed_with_funds_known) as signed_with_funds_known,
        max(g.signed_with_funds) as signed_with_funds,
        max(g.signed_with_start_known) as signed_with_start_known,
        max(g.signed_and_started) as signed_and_started,
        max(g.funded_with_start_known) as funded_with_start_known,
        max(g.funded_and_started) as funded_and_started,
        max(g.amount_signed) as amount_signed,
        max(g.contracts_with_both) as contracts_with_both,
        max(g.amount_of_both) as amount_of_both,
        max(g.funds_of_both) as funds_of_both,
        max(g.contracts_signed) as contracts_signed,
        max(g.contract_value) as contract_value,
        max(g.funds_in_place) as funds_in_place,
        bool_or(g.has_open_query) as has_open_query,
    from given as g
    group by g.zone, g.period
),

converted as (
    select
        s.*,
        percent_of(s.funds_of_both, s.amount_of_both) as funds_pct,
        100.0 * s.signed_with_funds / nullif(s.signed_with_funds_known, 0) as funded_pct,
        100.0 * s.signed_and_started / nullif(s.signed_with_start_known, 0) as started_pct,
        100.0 * s.funded_and_started / nullif(s.funded_with_start_known, 0) as funded_started_pct,
        if(s.signed is null, 'no ledger of contracts', null) as ledger_reason,
    from side_by_side as s
),

looked_back as (
    select
        c.*,
        quarters_earlier(c, c.zone, c.period, 4) as y,
    from converted as c
)

select
    c.zone,
    c.period,
    c.signed as contracts_listed_signed,
    c.to_be_signed as contracts_listed_to_be_signed,
    c.amount_signed::decimal(28, 2) as amount_signed_listed_cny,
    c.contracts_with_both,
    c.amount_of_both::decimal(28, 2) as amount_signed_of_both_cny,
    c.funds_of_both::decimal(28, 2) as funds_in_place_of_both_cny,
    c.funds_pct as funds_to_signed_pct,
    c.funded_pct as contracts_funded_pct,
    c.started_pct as contracts_started_pct,
    c.funded_started_pct,
    c.y.funds_pct as funds_to_signed_year_earlier_pct,
    c.y.started_pct as contracts_started_year_earlier_pct,
    c.contracts_signed::bigint as contracts_signed_reported,
    c.contract_value::decimal(28, 2) as contract_value_reported_cny,
    c.funds_in_place::decimal(28, 2) as funds_in_place_reported_cny,
    case
        when c.funds_pct is not null then null
        when c.ledger_reason is not null then c.ledger_reason
        when c.contracts_with_both = 0 then 'no contract gives both amounts; the reported totals are of different contracts'
        else 'base zero'
    end as funds_to_signed_reason,
    if(
        c.funded_pct is null, coalesce(c.ledger_reason, 'no signed contract says whether funds are in place'), null
    ) as contracts_funded_reason,
    if(
        c.started_pct is null, coalesce(c.ledger_reason, 'no signed contract says whether it started'), null
    ) as contracts_started_reason,
    if(
        c.funded_started_pct is null, coalesce(c.ledger_reason, 'no contract with funds says whether it started'), null
    ) as funded_started_reason,
    if(c.y.signed is null, 'no ledger a year earlier', null) as year_earlier_reason,
    c.has_open_query or coalesce(c.y.has_open_query, false) as has_open_query,
from looked_back as c;
