-- How a gap to the target of a plan, known to lie between two numbers, is judged by the word that the target came with.
-- zh: 与计划目标之差（在一个区间内）按目标的限定词判断：以上、区间的下限为下限，以内为上限，左右为上下各 band
-- unit: gaps and band in per cent or points alike; text
-- reads: nothing
-- F24 of docs/methodology.md#plan. Of 6%-7% (`band`) the lower end is kept, and is a floor. is_over: the year is over.
create or replace macro against_target(gap_low, gap_high, band, qualifier, is_over) as (
    case
        when qualifier = 'about' and gap_low >= -band and gap_high <= band then 'within the band'
        when qualifier = 'about' and gap_high < -band then 'below the band'
        when qualifier = 'about' and gap_low > band then 'above the band'
        when qualifier in ('under', 'nearly') and gap_high <= 0 then 'within the ceiling'
        when qualifier in ('under', 'nearly') and gap_low > 0 then 'above the ceiling'
        when qualifier in ('exact', 'over', 'band') and gap_low >= 0 and is_over then 'reached'
        when qualifier in ('exact', 'over', 'band') and gap_low >= 0 then 'reached at this pace'
        when qualifier in ('exact', 'over', 'band') and gap_high < 0 and is_over then 'missed'
        when qualifier in ('exact', 'over', 'band') and gap_high < 0 then 'missed at this pace'
        when gap_low is not null and gap_high is not null then 'open: earlier years differ'
    end
);
