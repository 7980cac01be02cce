-- May a sum of enterprises not be published: too few of them, one that dominates it, or one that others could work out?
-- zh: 由若干企业合计的数是否敏感：家数过少、一家独大，或其他企业（可合谋）能推算出最大一家（p% 规则）
-- unit: true or false
-- reads: nothing
-- least, dominance_pct, protection_pct and coalition are those of ref.disclosure_parameter; size is of absolute values, so
-- that a loss hides nothing, and largest are the largest of them in order. A sum of zeros is sensitive: it tells that each of
-- its parts is zero.
create or replace macro is_sensitive(
    contributors, size, largest, least_enterprises, dominance_pct, protection_pct, coalition
) as (
    contributors < least_enterprises
    or size = 0
    or 100 * largest[1] > dominance_pct * size
    or 100 * (size - largest[1] - coalesce(list_sum(largest[2:1 + coalition]), 0)) < protection_pct * largest[1]
);
