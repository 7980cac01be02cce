-- One row is a figure that an edition froze: published in it, or of another quarter and the base of a published one.
-- zh: 一行是一期发布中的一个数：公布数（published），或公布数所依据的其他季度的数（base）
-- grain: edition, zone, period, metric, item, measure
-- unit: value in the unit of column unit
create table if not exists ledger.edition_figure (
    edition varchar,
    zone varchar,
    period varchar,
    metric varchar,
    item varchar,
    measure varchar,
    role varchar,
    value decimal(28, 6),
    value_text varchar,
    unit varchar,
    form varchar,
    submission varchar
);
