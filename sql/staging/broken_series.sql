-- One row is an indicator of a zone with a break, and its breaks in the order of time.
-- zh: 一行是一个地区的一个有断点的指标，及其全部断点（按时间先后）
-- grain: zone, indicator
-- unit: overlap_ratio is the level on the new basis over that on the old one of one period
-- reads: ref.series_break, ref.zone
-- F35 of docs/methodology/growth.md#breaks. A line of zone * is a break in every zone.
create or replace view staging.broken_series as
select
    z.zone,
    b.indicator,
    list(
        struct_pack(
            b.period,
            b.break_kind,
            overlap_ratio := b.overlap_value_new::double / nullif(b.overlap_value_old, 0)::double,
            b.note_zh,
            b.note_en
        )
        order by b.period, b.break_kind
    ) as breaks,
from ref.series_break as b
inner join ref.zone as z on b.zone in (z.zone, '*')
group by z.zone, b.indicator;
