-- The industry that a cell of the enterprise tables is of: its division, section or sector, or total.
-- zh: 企业汇总表单元所指的行业：大类、门类、产业或合计
-- unit: a code of ref.industry or ref.sector, or 'total'
-- reads: nothing
create or replace macro cell_industry(level, sector, section, division) as (
    case level
        when 'total' then 'total'
        when 'sector' then sector
        when 'division' then division
        else section
    end
);
