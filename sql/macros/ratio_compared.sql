-- What a ratio is held against: the median of enough units, or a fixed change where they are too few; ratio_compared(…).zh is 变动超过 50%.
-- zh: 比值与什么比较：单位够多时是其中位数，不够时是固定的变动幅度（中英文）
-- unit: a structure of texts, zh and en
-- reads: ref.rule_parameter
create or replace macro ratio_compared(units, called_zh, called_en, middle) as (
    if(
        units >= parameter('hb_least_units'),
        struct_pack(
            zh := '而 ' || units || ' ' || called_zh || '的中位数是 ' || plain(round(middle, 2)) || ' 倍',
            en := 'the median of ' || units || ' ' || called_en || ' is ' || plain(round(middle, 2))
        ),
        struct_pack(
            zh := '变动超过 ' || plain(parameter('change_ask_pct')) || '%',
            en := 'a change of more than ' || plain(parameter('change_ask_pct')) || ' %'
        )
    )
);
