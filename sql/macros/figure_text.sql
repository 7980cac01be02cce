-- A figure to its last digit, with its qualifier: figure_text(4200000, 'nearly') is 'nearly 4200000'; NULL for no figure.
-- zh: 数值的精确写法，带限定词
-- unit: text
-- reads: nothing
create or replace macro figure_text(number, qualifier) as (
    if(coalesce(qualifier, 'exact') = 'exact', '', qualifier || ' ') || plain(number)
);
