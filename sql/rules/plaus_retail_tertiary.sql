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
-- reads: known.facing
-- title zh: 社会消费品零售总额一般小于第三产业增加值
-- title en: retail sales are usually less than value added of the tertiary sector
-- message zh: 社会消费品零售总额 {retail_said}，大于第三产业增加值 {tertiary_said}
-- message en: retail sales are {retail_said}, more than value added of the tertiary sector, {tertiary_said}
-- mend zh: 商贸集中的地区可以如此；请核对单位后知悉
-- mend en: a zone of trade may well have it so; check the units, and be aware of it
select
    f.submission, f.sheet, f.source_row,
    if(f.is_own, 'value', null) as field,
    null::varchar as row_key,
    f.left_value <= f.right_value as holds,
    f.left_said as retail_said,
    f.right_said as tertiary_said,
from known.facing as f
where f.left_indicator = 'retail_sales';
