-- One row is a sector of the form of GDP beside the other two, for two that stand in each other's place.
-- zh: 一行是一个产业的增加值，与另外两个产业以往的数相对照，看是否互换
-- grain: submission, field, row_key
-- code: SECTORS-EXCHANGED
-- stage: history
-- severity: quarantine
-- forms: gdp
-- subject: figure
-- source: R-prior
-- version: 2026.2
-- reads: known.level_history, ref.rule_parameter
-- title zh: 各产业的增加值没有互换
-- title en: no two sectors stand in each other's place
-- message zh: “{title_zh}”报 {said}（{before_period}报 {before_said}），“{other_zh}”报 {other_said}（{other_period}报 {other_before_said}）：两个产业的数互换了
-- message en: “{title_en}” is given as {said} ({before_said} for {before_period}), “{other_en}” as {other_said} ({other_before_said} for {other_period}): the two have changed places
-- mend zh: 把两行的数换回来，重新报送；若以往的数有误，先报送那个季度的修订件
-- mend en: put the two back and send the form again; where the earlier figures are wrong, send their revision first
-- Distances are logarithms of ratios, each level per quarter gone by. Exchanged, both come near the other's earlier figure;
-- straight, they are far from their own. Sectors of nearly the same size cannot be told apart.
with sector as (
    select h.*,
    from known.level_history as h
    where h.sector in ('primary', 'secondary', 'tertiary') and h.industry is null and h.value > 0
),

pair as (
    select
        a.*,
        b.title_zh as other_zh,
        b.title_en as other_en,
        b.said as other_said,
        b.before_period as other_period,
        b.before_said as other_before_said,
        abs(ln(a.level / a.before_level)) + abs(ln(b.level / b.before_level)) as straight,
        abs(ln(a.level / b.before_level)) + abs(ln(b.level / a.before_level)) as crossed,
    from sector as a
    inner join sector as b on a.submission = b.submission and a.sector <> b.sector
)

select
    p.submission, p.sheet, p.source_row,
    'value' as field,
    p.title_zh as row_key,
    p.straight < parameter('exchange_least') or p.crossed > p.straight / 3 as holds,
    p.title_zh, p.title_en, p.said, p.before_period, p.before_said, p.other_zh, p.other_en, p.other_said,
    p.other_period, p.other_before_said,
from pair as p
qualify row_number() over (partition by p.submission, p.sector order by p.crossed - p.straight nulls last, p.other_zh) = 1;
