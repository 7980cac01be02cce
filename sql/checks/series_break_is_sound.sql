-- A line of the register of breaks names an indicator, a zone or *, a quarter, a kind, and two levels above zero or none.
-- zh: 断点登记的每一行：指标、地区（或 *）、季度、类型都有效，重叠期的两个数都大于零或都为空；* 没有重叠期
-- reads: ref.series_break, ref.indicator, ref.zone
-- Rows returned are failures: a run that finds one is not published.
select
    b.zone, b.indicator, b.period, b.break_kind, b.note_zh,
from ref.series_break as b
where
    not regexp_full_match(b.period, '\d{4}Q[1-4]')
    or b.break_kind is null
    or b.break_kind not in ('census', 'scope', 'classification', 'price base')
    or b.indicator not in (select i.indicator, from ref.indicator as i)
    or (b.zone <> '*' and b.zone not in (select z.zone, from ref.zone as z))
    or (b.overlap_value_old is null) <> (b.overlap_value_new is null)
    or (b.overlap_value_old is not null and (b.zone = '*' or b.overlap_value_old <= 0 or b.overlap_value_new <= 0));
