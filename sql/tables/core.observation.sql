-- One row is a figure as one submission gave it; append-only, every vintage kept.
-- zh: 一行是一份报送中的一个指标值；只增不改，各次修订都保留
-- grain: submission, zone, period, indicator, industry, basis
-- unit: value in the base unit of column unit; growth in per cent
create table if not exists core.observation (
    zone varchar,
    period varchar,
    indicator varchar,
    industry varchar,
    basis varchar,
    value decimal(28, 6),
    unit varchar,
    value_reported decimal(38, 6),
    unit_reported varchar,
    decimals_reported integer,
    growth_reported_pct decimal(18, 6),
    growth_decimals integer,
    qualifier varchar,
    obs_status varchar,
    note varchar,
    form varchar,
    submission varchar,
    sheet varchar,
    source_row integer,
    growth_qualifier varchar
);
