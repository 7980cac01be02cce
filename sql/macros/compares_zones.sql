-- Is a zone held against another one: the zone above it, or one of its kind? compares_zones(a.zone, a.kind, a.parent, b.zone, b.kind).
-- zh: 一个地区是否与另一个地区比较：上级地区，或同类地区
-- unit: true or false
-- reads: nothing
create or replace macro compares_zones(zone, kind, parent, other_zone, other_kind) as (
    zone <> other_zone and (other_zone = parent or other_kind = kind)
);
