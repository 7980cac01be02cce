-- Did a vintage stand just before a time? stands_before(known_from, known_until, time); without a time: does it stand now?
-- zh: 某一版本在某一时点之前是否有效；不给时点则问现在是否有效
-- unit: true or false
-- reads: nothing
create or replace macro stands_before(known_from, known_until, known_before) as (
    coalesce(known_from < known_before, true) and (known_until is null or coalesce(known_until >= known_before, false))
);
