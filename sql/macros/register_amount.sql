-- What the amounts of an enterprise register are called, by place: register_amount(2) is revenue, 营业收入.
-- zh: 企业登记表各数量栏的名称，按次序：总产值、营业收入、利润总额、税金总额、研发费用、从业人员
-- unit: a structure of texts: stem of the columns' names, zh and en
-- reads: nothing
create or replace macro register_amount(place) as (
    struct_pack(
        stem := nth_of(place, 'output', 'revenue', 'profit', 'tax', 'rnd', 'employees'),
        zh := nth_of(place, '总产值', '营业收入', '利润总额', '税金总额', '研发费用', '从业人员'),
        en := nth_of(place, 'output', 'revenue', 'profit', 'tax', 'R&D', 'employment')
    )
);
