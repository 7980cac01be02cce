-- What an edition of a quarter freezes: its published figures, and those of other quarters that they are computed from.
-- zh: 某季度的一期发布所要封存的数：公布数，以及公布数所依据的其他季度的报送数
-- unit: column unit; value_text is the exact number, with its qualifier
-- reads: metrics.figure, ref.indicator
-- Levels a year earlier (F2); of the sectors also the year to date of the quarter before and its growth (F1, F7).
-- noqa: disable=RF03, AM04
create or replace macro metrics.edition_of(edition_period) as table
    with sector_item as (
        select figure_item(i.indicator, null, i.basis) as item,
        from ref.indicator as i
        where i.sector is not null
    )

    select
        f.* exclude (has_open_query),
        if(f.period = edition_period, 'published', 'base') as role,
    from metrics.figure as f
    where
        f.zone in (
            select p.zone, from metrics.figure as p
            where p.period = edition_period
        )
        and (
            f.period = edition_period
            or (
                f.metric = 'indicator_growth'
                and (
                    (f.measure = 'value' and f.period = period_year_earlier(edition_period))
                    or (
                        f.item in (
                            select s.item, from sector_item as s
                        )
                        and (
                            (f.measure in ('value', 'growth_reported_pct') and f.period = period_previous(edition_period))
                            or (f.measure = 'value' and f.period = period_previous(period_year_earlier(edition_period)))
                        )
                    )
                )
            )
        );
