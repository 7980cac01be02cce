-- F14: the change of the implied deflator, in per cent, from nominal and real growth in per cent.
-- zh: 隐含平减指数的变化（%），由名义增速和实际增速推算
-- unit: per cent; NULL where either growth is missing or the real one is a fall to nothing
-- reads: nothing
create or replace macro deflator_change_pct(nominal_pct, real_pct) as (
    case when real_pct > -100 then ((1 + nominal_pct / 100) / (1 + real_pct::double / 100) - 1) * 100 end
);
