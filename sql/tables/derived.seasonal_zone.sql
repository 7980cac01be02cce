-- One row is a zone with the fingerprint that it had when its series were last looked at for seasonal adjustment.
-- zh: 一行是一个地区，及其序列上次作季节调整时的指纹
-- grain: zone
-- unit: none
-- A zone whose fingerprint is the same has nothing to adjust, and none of its series is put in order.
create table if not exists derived.seasonal_zone (
    zone varchar,
    zone_fingerprint varchar
);
