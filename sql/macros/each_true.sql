-- Which of up to six conditions hold, and a place where none does: each_true(false, null, true, true, null, null, 6) is [3, 4].
-- zh: 六个条件中成立的是第几个；都不成立时为所给的一个
-- unit: places from 1 to 6, a list for unnest
-- reads: nothing
create or replace macro each_true(c1, c2, c3, c4, c5, c6, otherwise) as (
    case
        when c1 or c2 or c3 or c4 or c5 or c6
            then list_filter(
                [if(c1, 1, null), if(c2, 2, null), if(c3, 3, null), if(c4, 4, null), if(c5, 5, null), if(c6, 6, null)],
                lambda x: x is not null
            )
        else [otherwise]
    end
);
