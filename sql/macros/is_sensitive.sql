-- May a sum of enterprises not be published: too few of them, one that dominates it, or the two largest too close to it?
-- zh: 由若干企业合计的数是否敏感：家数过少、一家独大，或最大两家几乎就是全部（p% 规则）
-- unit: true or false
-- reads: nothing
-- least, dominance_pct and protection_pct are those of ref.disclosure_parameter; size is of absolute values, so that a loss
-- hides nothing. A sum of zeros is sensitive: it tells that each of its parts is zero.
create or replace macro is_sensitive(contributors, size, first, second, least_enterprises, dominance_pct, protection_pct) as (
    contributors < least_enterprises
    or size = 0
    or 100 * first > dominance_pct * size
    or 100 * (size - first - second) < protection_pct * first
);
