-- Which cell of the enterprise tables: a whole section is one cell, whether it lies in one sector or in several.
-- zh: 企业汇总表的单元标识：门类作为整体是一个单元，不论属于一个还是几个产业
-- unit: text; the same from year to year
-- reads: nothing
create or replace macro cell_key(level, industry, sector) as (
    level || '/' || industry || '/' || if(level = 'section', 'section', sector)
);
