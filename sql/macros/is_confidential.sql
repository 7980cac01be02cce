-- Whether a figure is not for the public by what it is about: an indicator of the register of confidential ones, or of a
-- zone's industry, which there may be one enterprise. Questions about the figure are asked apart.
-- zh: 指标本身是否涉密：列入涉密指标表的，或一个地区分行业的（一个行业可能只有一家企业）
-- unit: true or false; the industry is NULL of an indicator that is of none
-- reads: ref.confidential_indicator
create or replace macro is_confidential(indicator_code, industry_code, zone_code) as (
    indicator_code in (select c.indicator, from ref.confidential_indicator as c)
    or (industry_code is not null and zone_code <> nation())
);
