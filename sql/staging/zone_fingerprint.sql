-- One row is a zone with a fingerprint of the submissions that stand for it and of the build that reads them.
-- zh: 一行是一个地区，及其现行有效的报送和所用建库版本的指纹
-- grain: zone
-- unit: none
-- reads: staging.current_submission, ledger.submission, ref.build
-- Figures of a submission never change unless it is judged again, by another run: so this tells, without a look at any figure,
-- whether anything of a zone can have changed.
create or replace view staging.zone_fingerprint as
select
    c.zone,
    md5(
        any_value(b.fingerprint) || string_agg(c.submission || coalesce(s.run, ''), ';' order by c.submission)
    ) as zone_fingerprint,
from staging.current_submission as c
inner join ledger.submission as s on c.submission = s.submission
cross join ref.build as b
group by c.zone;
