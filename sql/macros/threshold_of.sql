-- The threshold of an industry in a quarter: the class goes before the division, the division before the section.
-- zh: 一个行业在某季度的规模（限额）标准：小类先于大类，大类先于门类
-- unit: a structure: threshold_cny in yuan, title_zh, title_en; NULL for an industry without a bound (construction, real estate)
-- reads: ref.industry, ref.threshold
-- noqa: disable=RF03
create or replace macro threshold_of(of_industry, of_period) as (
    (
        select
            arg_max(
                struct_pack(threshold_cny := t.threshold_cny, title_zh := t.title_zh, title_en := t.title_en),
                length(t.industry)
            ) as bound,
        from ref.industry as i
        inner join ref.threshold as t on t.industry in (i.code, i.division, i.section)
        where i.code = of_industry and t.valid_from <= of_period and (t.valid_to is null or t.valid_to >= of_period)
    )
);
