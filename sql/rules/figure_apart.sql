-- One row is a level in a file, in money or in a unit of 万 or 亿, beside the others of the file and the unit that the form prints.
-- zh: 一行是一份报送中的一个数值（金额，或以万、亿计的数），与同表同类的其他数值和报表印的计量单位相对照
-- grain: submission, field, row_key
-- code: FIGURE-APART
-- stage: form
-- severity: query
-- forms: indicator
-- subject: figure
-- source: R-unit
-- version: 2026.5
-- reads: known.observation, known.level_history, ref.rule_parameter
-- title zh: 没有历史可比的数值，与报表的计量单位和同表的其他数值相称
-- title en: a level that has no history is of a size with the unit that the form prints and the other levels of the file
-- message zh: “{title_zh}”报 {said}，{why_zh}，像是万、亿之误
-- message en: “{title_en}” is given as {said}, {why_en}: it seems that 万 and 亿 were taken for each other
-- mend zh: 核对计量单位（元、万元、亿元）和小数点；如属实，请说明原因
-- mend en: check the unit (元, 万元, 亿元) and the decimal point; where it is right, explain
-- Where a figure has a history, FIGURE-MAGNITUDE and FIGURE-UNIT-SLIP speak. Nothing tells which of two amounts is wrong:
-- both are asked about. 41.82 万元 on a form in 亿元, with nothing larger in the file, is 41.82 亿元 with the wrong unit: whoever
-- chooses a smaller unit for small amounts writes no decimals, or has larger numbers.
with amount as (
    select
        o.*,
        o.value::double as size,
        max(o.value::double) over others as largest_other,
        o.factor < o.quoted_factor and o.rounding < o.factor as is_decimal_of_smaller_unit,
        min(o.value::double) over others as least_other,
        arg_max(o.title_zh || ' ' || o.said, o.value) over others as other_zh,
        arg_max(o.title_en || ' ' || o.said, o.value) over others as other_en,
    from known.observation as o
    where o.is_own and (o.unit = '元' or o.quoted_factor > 1) and o.value > 0
    window others as (
        partition by o.seen_by, o.unit, o.quoted_factor order by o.source_row
        rows between unbounded preceding and unbounded following exclude current row
    )
),

doubt as (
    select
        a.*,
        a.zone <> nation() and (
            (a.unit = '元' and a.size > parameter('amount_most_cny'))
            or (a.unit = '千瓦时' and a.size > parameter('electricity_most_kwh'))
        ) as is_vast,
        a.size < a.quoted_factor * parameter('amount_least_of_unit') as is_tiny,
        a.is_decimal_of_smaller_unit
        and greatest(a.size, coalesce(a.largest_other, 0)) < a.quoted_factor * parameter('amount_small_of_unit')
            as is_of_smaller_unit,
        -- a form prints 元 for what one head has
        a.quoted_factor = 1 and a.unit = '元'
        and a.size not between parameter('amount_per_head_least_cny') and parameter('amount_per_head_most_cny')
            as is_no_head,
        a.unit = '元' and coalesce(
            a.size > a.largest_other * parameter('amount_apart_times')
            or a.size * parameter('amount_apart_times') < a.least_other, false
        ) as is_apart,
    from amount as a
)

select
    d.seen_by as submission, d.sheet, d.source_row,
    'value' as field,
    d.title_zh as row_key,
    if(
        h.times is not null, null,
        not (d.is_vast or d.is_tiny or d.is_of_smaller_unit or d.is_no_head or d.is_apart)
    ) as holds,
    d.title_zh, d.title_en, d.said,
    case
        when d.is_vast then '一个地区没有这么大的数'
        when d.is_no_head then '没有哪里的人均数是这么大的'
        when d.is_tiny then '不到报表所印计量单位的万分之一'
        when d.is_of_smaller_unit then '用的单位比报表印的小，数却像是按报表的单位写的'
        else '与同表的 ' || d.other_zh || ' 相差一千倍以上'
    end as why_zh,
    case
        when d.is_vast then 'more than any zone has'
        when d.is_no_head then 'no amount that one head has'
        when d.is_tiny then 'less than a ten-thousandth of the unit that the form prints'
        when d.is_of_smaller_unit then 'in a smaller unit than the form prints, and written as if it were in that one'
        else 'more than a thousand times apart from ' || d.other_en || ' of the same file'
    end as why_en,
from doubt as d
left join known.level_history as h
    on
        d.seen_by = h.submission
        and same_series(d.indicator, d.industry, d.basis, h.indicator, h.industry, h.basis);
