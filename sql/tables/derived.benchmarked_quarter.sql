-- One row is a quarter of a series benchmarked to the final figures of its years, beside the quarter as it was printed.
-- zh: 一行是按最终年度数调整后的一个当季数（Denton 比例一阶差分法），与原发布的当季数并列
-- grain: series_hash, zone, indicator, industry, period
-- unit: values in the base unit of column unit
create table if not exists derived.benchmarked_quarter (
    zone varchar,
    indicator varchar,
    industry varchar,
    period varchar,
    unit varchar,
    value_quarter double,
    value_benchmarked double,
    method varchar,
    method_version varchar,
    series_hash varchar
);
