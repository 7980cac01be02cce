-- What a figure is of, in one word: figure_item('gdp', null, 'ytd') is 'gdp/ytd'.
-- zh: 指标、行业、口径合成的一个代码
-- unit: text
-- reads: nothing
create or replace macro figure_item(indicator, industry, basis) as (
    concat_ws('/', indicator, industry, basis)
);
