-- One row is a new submission and the one of the same form, zone and quarter that it replaces.
-- zh: 一行是一份新报送和它所替代的同一报表、地区、季度的报送
-- grain: seen_by
-- unit: none
-- reads: known.submission, known.arrival, known.reasoned
-- A revision whose reason was never given is passed over: the next one is held against what stood before it, so
-- that a reason given later is asked for, and kept, with the change that it is the reason of.
create or replace table known.replaced as
with settled as (
    select s.*,
    from known.submission as s
    left join known.reasoned as r on s.submission = r.submission
    qualify
        r.submission is not null
        or row_number() over (
            partition by s.form, s.zone, s.period
            order by s.revision asc, s.replacement desc, s.received_at asc, s.is_part desc, s.submission asc
        ) = 1
)

select
    a.submission as seen_by,
    s.submission, s.revision, s.received_at, s.path,
from known.arrival as a
inner join settled as s on a.form = s.form and a.zone = s.zone and a.period = s.period and a.submission <> s.submission
-- it is known already, and it is not itself a later revision
where
    s.received_at <= a.received_at
    and (s.withdrawn_at is null or s.withdrawn_at > a.received_at)
    and (s.revision, -s.replacement, s.received_at, not s.is_part, s.submission)
    < (a.revision, -a.replacement, a.received_at, not a.is_part, a.submission)
qualify row_number() over (
    partition by a.submission
    order by s.revision desc, s.replacement asc, s.received_at desc, s.is_part asc, s.submission desc
) = 1;
