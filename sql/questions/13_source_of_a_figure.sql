-- From which file and row is this figure?
-- zh: 这个数出自哪份文件的哪一行？
select g.indicator, g.value_reported, g.unit_reported, g.path, g.sheet, g.source_row, g.received_at,
from metrics.indicator_growth as g
where g.zone = '150571' and g.indicator in ('gdp', 'retail_sales', 'income_rural')
order by g.indicator
