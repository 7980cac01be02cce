-- One row is a zone and quarter's retail sales beside the value added of the tertiary sector.
-- zh: 一行是社会消费品零售总额与第三产业增加值
-- grain: submission
-- code: PLAUS-RETAIL-TERTIARY
-- stage: cross
-- severity: note
-- forms: main_indicators, gdp
-- subject: submission
-- source: R-plaus
-- version: 2026.1
-- reads: known.observation, known.arrival, known.focus
-- title zh: 社会消费品零售总额一般小于第三产业增加值
-- title en: retail sales are usually less than value added of the tertiary sector
-- message zh: 社会消费品零售总额 {retail_said}，大于第三产业增加值 {tertiary_said}
-- message en: retail sales are {retail_said}, more than value added of the tertiary sector, {tertiary_said}
-- mend zh: 商贸集中的地区可以如此；请核对单位后知悉
-- mend en: a zone of trade may well have it so; check the units, and be aware of it
select
    a.submission,
    -- the cell of whichever is its own
    if(l.is_own, l.sheet, if(r.is_own, r.sheet, null)) as sheet,
    if(l.is_own, l.source_row, if(r.is_own, r.source_row, null)) as source_row,
    if(l.is_own or r.is_own, 'value', null) as field,
    null::varchar as row_key,
    l.value <= r.value as holds,
    l.said as retail_said,
    r.said as tertiary_said,
from known.arrival as a
inner join known.focus as f on a.submission = f.submission
left join known.observation as l on a.submission = l.seen_by and a.period = l.period and l.indicator = 'retail_sales'
left join known.observation as r on a.submission = r.seen_by and a.period = r.period and r.indicator = 'va_tertiary';
