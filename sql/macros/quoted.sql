-- A value as a sentence quotes it: a number as a person writes it, of a long text its beginning.
-- zh: 引用的写法：数照人写，长文字只引开头
-- unit: text; `most` is a number of characters
-- reads: nothing
create or replace macro quoted(said, most) as (
    case
        -- only words are so long
        when typeof(said) = 'VARCHAR' then left(said::varchar, most) || if(length(said::varchar) > most, '…', '')
        else plain(said)
    end
);
