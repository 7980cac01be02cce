-- Of the five figures before, newest first, the one of a quarter: of_quarter(8087, r1, r2, r3, r4, r5); NULL where none is.
-- zh: 在前五期的数中取某一季度的数；没有的为空
-- unit: the figure's own; a structure with a field quarter, counted by period_number
-- reads: nothing
create or replace macro of_quarter(number, r1, r2, r3, r4, r5) as (
    case number
        when r5.quarter then r5
        when r4.quarter then r4
        when r3.quarter then r3
        when r2.quarter then r2
        when r1.quarter then r1
    end
);
