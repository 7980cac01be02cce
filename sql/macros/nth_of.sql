-- The one of six values that stands at a place: nth_of(2, 'a', 'b', 'c', 'd', 'e', 'f') is 'b'.
-- zh: 六个值中的第 n 个
-- unit: that of the values
-- reads: nothing
create or replace macro nth_of(place, v1, v2, v3, v4, v5, v6) as (
    case place when 1 then v1 when 2 then v2 when 3 then v3 when 4 then v4 when 5 then v5 when 6 then v6 end
);
