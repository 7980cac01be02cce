-- The 97.5 % quantile of Student's t with so many degrees of freedom: t_quantile(7) is 2.365.
-- zh: t 分布的 97.5% 分位数，自由度为 n
-- unit: none; from a table to ten degrees, beyond by the first terms of the Cornish–Fisher expansion; NULL below one
-- reads: nothing
create or replace macro t_quantile(degrees) as (
    case
        when degrees between 1 and 10
            then [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228][degrees]::double
        when degrees > 10
            then 1.959964 + 2.372271 / degrees::double + 2.822500 / power(degrees::double, 2)
    end
);
