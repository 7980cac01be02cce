-- Which series have a break, and can they be linked?
-- zh: 哪些序列有断点，衔接得上吗？
select
    b.indicator, b.period, b.break_kind, b.note_zh, count(l.period) as figures,
    count(*) filter (where l.link_ratio <> 1) as scaled, count(*) filter (where l.growth_flag is not null) as across,
from ref.series_break as b
left join metrics.linked_series as l on b.indicator = l.indicator and b.zone in (l.zone, '*')
group by all
order by all
