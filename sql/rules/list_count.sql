-- One row is a number of enterprises or projects stated in one form, beside the list of them in another.
-- zh: 一行是一张表所报的家数或个数，与另一张表的名录
-- grain: submission, row_key
-- code: LIST-COUNT
-- stage: cross
-- severity: query
-- forms: cultivation, cultivation_pool, key_projects, project_ledger, education, investment_promotion, contract_ledger
-- subject: figure
-- source: R-list, R5
-- version: 2026.1
-- reads: known.observation, known.list_entry, known.arrival, known.form, ref.list_count
-- title zh: 所报的家数、个数与名录相符
-- title en: the number stated is that of the list
-- message zh: “{title_zh}”报 {said}，“{list_zh}”中列有 {named} 个，{expected_zh}
-- message en: “{title_en}” is given as {said}, “{list_en}” names {named}; {expected_en}
-- mend zh: 核对数字和名录，改正有误的一张表重新报送
-- mend en: check the number against the list, correct the form that is wrong and send it again
with pair as (
    select
        o.seen_by,
        t.coverage,
        t.form as list_form,
        o.is_own, o.title_zh, o.title_en, o.said, o.value, o.qualifier, o.sheet, o.source_row,
        count(distinct e.entry) as named,
        bool_or(e.is_own) as is_own_list,
    from known.observation as o
    inner join known.arrival as a on o.seen_by = a.submission and o.period = a.period
    inner join ref.list_count as t on o.indicator = t.indicator
    left join known.list_entry as e on o.seen_by = e.seen_by and o.indicator = e.indicator
    where o.value is not null and (o.is_own or a.form = t.form)
    group by all
)

select
    p.seen_by as submission,
    if(p.is_own, p.sheet, null) as sheet,
    if(p.is_own, p.source_row, null) as source_row,
    if(p.is_own, 'value', null) as field,
    p.title_zh as row_key,
    case
        when p.named = 0 or p.qualifier <> 'exact' then null
        when p.coverage = 'closed' then p.named = p.value
        else p.named <= p.value
    end as holds,
    p.title_zh, p.title_en, p.said, p.named,
    f.title_zh as list_zh,
    f.title_en as list_en,
    if(p.coverage = 'closed', '应当相等', '名录不应更多') as expected_zh,
    if(p.coverage = 'closed', 'the two should be equal', 'the list should not be longer') as expected_en,
from pair as p
inner join known.form as f on p.list_form = f.form;
