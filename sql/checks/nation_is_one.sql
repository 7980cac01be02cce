-- The nation is one zone, the one whose code the macro nation() gives.
-- zh: 全国只有一个区划代码，即宏 nation() 给出的代码
-- reads: ref.zone
-- Rows returned are failures: a run that finds one is not published.
select
    z.zone,
    z.kind,
from ref.zone as z
where (z.kind = 'nation') is distinct from (z.zone = nation());
