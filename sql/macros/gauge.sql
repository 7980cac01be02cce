-- What is kept of a variable of enterprises so that cells can be added up: gauge('revenue_ytd_cny', revenue, base, kept := 10).
-- zh: 一组企业的一个变量：合计、家数、绝对值之和、平方和、最大的几家，以及两年都报数的企业的本期与上年同期合计
-- unit: the variable's own; an aggregate
-- reads: nothing
-- The so many largest of a whole are among the so many largest of its parts, so that no cell has to look at an enterprise twice.
create or replace macro gauge(named, amount, amount_year_earlier, kept := 4) as (
    struct_pack(
        variable := named,
        value := sum(amount::decimal(18, 2)),
        contributors := count(amount),
        size := sum(abs(amount::decimal(18, 2))),
        -- of what concentration is measured in alone: a square takes twice the digits
        squares := if(kept > 4, sum(amount::decimal(19, 2) * amount::decimal(19, 2)), null),
        largest := max(abs(amount::decimal(18, 2)), kept),
        paired_value := sum(amount::decimal(18, 2)) filter (where amount_year_earlier is not null),
        paired_year_earlier := sum(amount_year_earlier::decimal(18, 2)) filter (where amount is not null)
    )
);
