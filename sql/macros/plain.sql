-- A number as a person writes it: no trailing zeros, no exponent.
-- zh: 去掉多余的零，照人写数字的样子
-- unit: text; text is left as it is
-- reads: nothing
create or replace macro plain(number) as (
    case
        -- words are quoted as they are: only a number has idle zeros
        when typeof(number) = 'VARCHAR' then number::varchar
        when strpos(number::varchar, '.') = 0 then number::varchar
        else rtrim(rtrim(number::varchar, '0'), '.')
    end
);
