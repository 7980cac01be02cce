-- One row is a submission as a new one could see it when it was received: for each form, zone and quarter the newest.
-- zh: 一行是新收到的一份报送在收到之时所能看到的一份报送（每个报表、地区、季度最新的一份）
-- grain: seen_by, form, zone, period
-- unit: quarter counts quarters, so that one less is the quarter before
-- reads: known.submission, known.arrival
-- Order of knowledge is receipt, then period, revision, form and identity, so that no tie is left to chance and of
-- two submissions of a zone that came together exactly one sees the other. A register is seen with the quarter before and the
-- quarter a year earlier, a figure with eight quarters back and four ahead.
create or replace table known.standing as
with pair as (
    -- the same form over time
    select
        a.submission as seen_by,
        s.submission,
    from known.arrival as a
    inner join known.submission as s on a.form = s.form and a.zone = s.zone
    where
        (a.kind = 'indicator' and s.quarter between a.quarter - 8 and a.quarter + 4)
        or (a.kind = 'register' and s.quarter in (a.quarter, a.quarter - 1, a.quarter - 4))
    union
    -- the other forms of the quarter
    select
        a.submission as seen_by,
        s.submission,
    from known.arrival as a
    inner join known.submission as s on a.zone = s.zone and a.period = s.period
    union
    -- the zone above, and zones of the same kind, now and a year earlier
    select
        a.submission as seen_by,
        s.submission,
    from known.arrival as a
    inner join known.submission as s
        on a.form = s.form and compares_zones(a.zone, a.zone_kind, a.parent, s.zone, s.zone_kind)
    where a.kind = 'indicator' and s.quarter in (a.quarter, a.quarter - 4)
)

select
    p.seen_by, p.submission, s.form, s.zone, s.period, s.quarter, s.revision, s.received_at, s.path,
    p.submission = p.seen_by as is_own,
    s.zone = a.zone as is_here,
from pair as p
inner join known.arrival as a on p.seen_by = a.submission
inner join known.submission as s on p.submission = s.submission
where
    -- what is withdrawn stands for those that came before
    (s.withdrawn_at is null or s.withdrawn_at > a.received_at or s.submission = a.submission)
    and if(
        s.zone = a.zone,
        (s.received_at, s.period, s.revision, s.form, s.submission)
        <= (a.received_at, a.period, a.revision, a.form, a.submission),
        s.received_at <= a.received_at
    )
qualify row_number() over (
    partition by p.seen_by, s.form, s.zone, s.period
    order by
        p.submission = p.seen_by desc, s.revision desc, s.replacement asc, s.received_at desc, s.is_part asc,
        s.submission desc
) = 1;
