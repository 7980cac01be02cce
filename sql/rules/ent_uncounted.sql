-- One row is an enterprise outside the statistical frame beside the threshold of its industry.
-- zh: 一行是一家规模（限额）以下企业与其行业标准
-- grain: submission, row_key
-- code: ENT-UNCOUNTED
-- stage: cross
-- severity: query
-- forms: enterprise_quarter
-- subject: row
-- source: R6
-- version: 2026.1
-- reads: known.enterprise_threshold, known.cultivation_pool
-- title zh: 达到规模（限额）标准的企业应统尽统
-- title en: an enterprise at or above the threshold is in the statistical frame
-- message zh: “{enterprise}”{in_pool_zh}营业收入本年累计 {revenue} 元，已达标准（{title_zh}），却填为规模以下：应统未统
-- message en: “{enterprise}”{in_pool_en} has revenue of CNY {revenue} for the year to date, at or above the threshold ({title_en}), and is given as below it
-- mend zh: 核对营业收入和行业代码；属实的，按程序申报入统，并说明进度
-- mend en: check revenue and industry; where they are right, apply for its entry into the frame and say how far that is
with candidate as (
    select
        p.seen_by, p.enterprise, p.uscc,
    from known.cultivation_pool as p
    where p.tier in ('threshold_pool', 'above_threshold_plan') and p.status <> 'exited'
),

-- a candidate is known by its code or, where the list has none, by its name; looked for and not joined: of candidates there are few
told as (
    select
        e.*,
        row(e.submission, e.uscc) in (
            select row(c.seen_by, c.uscc), from candidate as c
            where c.uscc is not null
        )
        or row(e.submission, e.enterprise) in (
            select row(c.seen_by, c.enterprise), from candidate as c
            where c.enterprise is not null
        ) as is_candidate,
    from known.enterprise_threshold as e
    where not e.above_threshold
)

select
    t.submission, t.sheet, t.source_row,
    'revenue_ytd_cny' as field,
    t.uscc as row_key,
    t.revenue_ytd_cny < t.threshold_cny as holds,
    [
        struct_pack(source_row := t.source_row, field := 'industry'),
        struct_pack(source_row := t.source_row, field := 'above_threshold')
    ] as further,
    t.enterprise,
    if(t.is_candidate, '（培育库企业）', '') as in_pool_zh,
    if(t.is_candidate, ' (under cultivation)', '') as in_pool_en,
    t.revenue_ytd_cny as revenue,
    t.title_zh,
    t.title_en,
from told as t;
