-- The sector that a cell of the enterprise tables lies in; of a whole section its only one, or several.
-- zh: 企业汇总表单元所属的产业；跨产业的门类记作 several
-- unit: a code of ref.sector, 'total' or 'several'
-- reads: nothing
create or replace macro cell_sector(level, sector, only_sector) as (
    case level
        when 'total' then 'total'
        when 'section' then coalesce(only_sector, 'several')
        else sector
    end
);
