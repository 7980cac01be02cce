-- One row is an enterprise of the statistical frame beside the threshold of its industry, at the end of the year.
-- zh: 一行是一家规模（限额）以上企业全年营业收入与其行业标准
-- grain: submission, row_key
-- code: ENT-BELOW-THRESHOLD
-- stage: record
-- severity: note
-- forms: enterprise_quarter
-- subject: row
-- source: R6
-- version: 2026.1
-- reads: known.enterprise_threshold
-- title zh: 规模（限额）以上企业全年营业收入达到标准
-- title en: an enterprise of the statistical frame reaches the threshold over the year
-- message zh: “{enterprise}”全年营业收入 {revenue} 元，低于标准（{title_zh}）：关注退库
-- message en: “{enterprise}” has revenue of CNY {revenue} over the year, below the threshold ({title_en}): it may leave the frame
-- mend zh: 核对营业收入；属实的，按规定办理退库或说明
-- mend en: check revenue; where it is right, arrange its exit or say why it stays
select
    e.submission, e.sheet, e.source_row,
    'revenue_ytd_cny' as field,
    e.uscc as row_key,
    e.revenue_ytd_cny >= e.threshold_cny as holds,
    [
        struct_pack(source_row := e.source_row, field := 'industry'),
        struct_pack(source_row := e.source_row, field := 'above_threshold')
    ] as further,
    e.enterprise,
    e.revenue_ytd_cny as revenue,
    e.title_zh,
    e.title_en,
from known.enterprise_threshold as e
where e.above_threshold and e.quarter_of_year = 4;
