-- The pull of each sector: year to date, in the quarter, over four quarters?
-- zh: 各产业的拉动：累计、当季、最近四季？
select
    c.title_zh, c.span, round(c.contribution_pp, 2) as pull_pp,
    round(c.contribution_low_pp, 2) as low_pp, round(c.contribution_high_pp, 2) as high_pp,
from metrics.sector_contribution as c
where c.zone = 'CN' and c.period = '2023Q3'
order by c.sector, c.span
