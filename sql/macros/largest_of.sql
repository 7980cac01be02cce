-- The four largest of a whole, from its parts': the largest firsts, seconds, thirds and fourths; or from those of two parts.
-- zh: 由各部分最大的四家（第一、第二、第三、第四大）得出整体最大的四家
-- unit: a list of the figures' own, from the largest
-- reads: nothing
create or replace macro largest_of(firsts, seconds, thirds, fourths) as (
    list_sort(
        flatten([coalesce(firsts, []), coalesce(seconds, []), coalesce(thirds, []), coalesce(fourths, [])]), 'desc'
    )[1:4]
);
