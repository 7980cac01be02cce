"""How the bulletin words a figure: rise, fall, flat, pace, points, qualifiers, zero, what is missing, what is asked about."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from flows import SQL_DIR
from flows.publish.bulletin_text import render_text

NOW, QUARTER_BEFORE, YEAR_BEFORE = "2023Q2", "2023Q1", "2022Q2"
# indicator: value and growth now, growth a quarter before, value a year before; and what more the figure says
FIGURES: dict[str, tuple[Any, Any, Any, Any, dict[str, Any]]] = {
    "gdp": (100, 5.0, 4.5, None, {}),
    "va_primary": (10, -1.0, -1.5, None, {}),
    "va_secondary": (40, 2.0, -0.5, None, {}),
    "va_tertiary": (50, -3.0, 1.2, None, {}),
    "industry_va": (None, 3.1, 4.0, None, {}),
    "electricity_used": (900, 6.7, None, None, {"decimals": 0}),
    "retail_sales": (20, 0.0, 0.0, None, {}),
    "fixed_asset_investment": (30, -5.0, -3.0, None, {}),
    "budget_revenue": (4, -2.0, -2.0, None, {}),
    "income_urban": (30000, 6.0, 6.0, None, {"decimals": 0}),
    "income_rural": (None, None, None, None, {}),
    "income_residents": (3000, 5.0, None, None, {"decimals": 0}),
    "income_wages": (1500, 6.0, None, None, {"decimals": 0}),
    "income_transfers": (900, -1.0, None, None, {"decimals": 0}),
    "cpi": (100.2, None, None, None, {"decimals": 1}),
    "ppi": (97.8, None, None, 96.0, {"decimals": 1}),
    "ppi_purchase": (100.0, None, None, 97.0, {"decimals": 1}),
    "insurance_coverage": (98.8, None, None, 98.3, {"decimals": 1}),
    "documents_cut": (30.0, None, None, 33.5, {"decimals": 1}),
    "steps_cut": (20.9, None, None, 20.9, {"decimals": 1}),
    "time_cut": (31, None, None, 30, {"decimals": 0}),
    "jobs_new_urban": (5, None, None, 0, {"decimals": 0}),
    "training_person_times": (120, None, None, 100, {"decimals": 0}),
    "labour_transfers": (90, None, None, 100, {"decimals": 0}),
    "job_fairs_online": (0, None, None, 0, {"decimals": 0}),
    "vacancies": (100, None, None, 100, {"decimals": 0}),
    "contract_value": (-1, None, None, 2, {}),
    "policy_payments": (1.5, None, None, None, {"decimals": 1, "qualifier": "nearly"}),
    "logistics_enterprises": (50, None, None, None, {"decimals": 0, "qualifier": "over"}),
    "logistics_4a": (1, None, None, None, {"decimals": 0}),
    "cold_stores": (3, None, None, None, {"decimals": 0, "qualifier": "over"}),
    "express_outlets": (75, None, None, None, {"decimals": 0, "qualifier": "about"}),
    "sewers_dredged": (155, None, None, None, {"decimals": 0, "qualifier": "under"}),
    "emergency_vehicle_trips": (1, None, None, None, {"decimals": 0}),
    "funds_in_place": (
        1.5,
        10,
        None,
        None,
        {"decimals": 1, "qualifier": "over", "growth_qualifier": "over"},
    ),
    "service_reviews_bad": (0, None, None, None, {"decimals": 0}),
    "cooperatives_fostered": (1, None, None, None, {"decimals": 0}),
    "key_projects": (12, None, None, None, {"decimals": 0}),
    "insured_persons": (1234567, None, None, None, {"decimals": 0}),
    "target_gdp": (None, 5.5, None, None, {"growth_qualifier": "about"}),
    "target_retail_sales": (42, 0.0, None, None, {"decimals": 0}),
    "target_jobs_new_urban": (800, None, None, None, {"decimals": 0, "qualifier": "over"}),
}
SAID = {
    "what is no money has no prices, also after what is at constant prices": (
        "0.9个百分点。全社会用电量900亿千瓦时，同比增长6.7%。",
        " Electricity used came to 90.0 billion kWh, up 6.7% year on year.",
    ),
    "rise, faster": (
        "地区生产总值100.00亿元，按可比价格计算，同比增长5.0%，增速比一季度加快0.5个百分点。",
        "Gross regional product (GDP) was 10.000 billion yuan, up 5.0% year on year at constant prices, "
        "0.5 percentage points faster than in the first quarter.",
    ),
    "fall, narrower, with the price basis": (
        "第一产业增加值10.00亿元，按可比价格计算，同比下降1.0%，降幅比一季度收窄0.5个百分点；",
        "The value added of the primary sector was 1.000 billion yuan, down 1.0% year on year at constant prices, "
        "a fall 0.5 percentage points narrower than in the first quarter; ",
    ),
    "turned to rise, the basis said before": (
        "；第二产业增加值40.00亿元，同比增长2.0%，由一季度的下降0.5%转为增长；",
        "; that of the secondary sector 4.000 billion yuan, up 2.0% year on year, after a fall of 0.5% in the first quarter; ",
    ),
    "turned to fall": (
        "；第三产业增加值50.00亿元，同比下降3.0%，由一季度的增长1.2%转为下降。",
        "; that of the tertiary sector 5.000 billion yuan, down 3.0% year on year, after growth of 1.2% in the first quarter.",
    ),
    "shares": (
        "第一产业占三次产业增加值之和的10.0%，第二产业占40.0%，第三产业占50.0%。",
        "The primary sector made up 10.0% of the sum of the three, the secondary sector 40.0% and the tertiary sector 50.0%.",
    ),
    "a drag and a pull": (
        "第一产业下拉增长0.1个百分点，第二产业拉动增长0.8个百分点，第三产业下拉增长1.5个百分点。",
        "the primary sector took 0.1 percentage points from growth, the secondary sector added 0.8 percentage points to it "
        "and the tertiary sector took 1.5 percentage points from it.",
    ),
    "growth without a level, slower": (
        "规模以上工业增加值按可比价格计算，同比增长3.1%，增速比一季度回落0.9个百分点。",
        "Value added of industry above designated size grew by 3.1% year on year at constant prices, "
        "0.9 percentage points slower than in the first quarter.",
    ),
    "flat": (
        "社会消费品零售总额20.00亿元，同比持平。",
        "Total retail sales of consumer goods were 2.000 billion yuan, unchanged from a year earlier.",
    ),
    "fall, wider, asked about": (
        "固定资产投资30.00亿元（待核实），同比下降5.0%，降幅比一季度扩大2.0个百分点。",
        "Fixed asset investment was 3.000 billion yuan (under query), down 5.0% year on year, "
        "a fall 2.0 percentage points wider than in the first quarter.",
    ),
    "the same fall": (
        "一般公共预算收入4.00亿元，同比下降2.0%，降幅与一季度持平。",
        "General public budget revenue was 400 million yuan, down 2.0% year on year, the same fall as in the first quarter.",
    ),
    "the same pace": (
        "城镇常住居民人均可支配收入30000元，同比增长6.0%，增速与一季度持平。",
        "The per capita disposable income of urban residents was 30,000 yuan, up 6.0% year on year, the same pace as in the first quarter.",
    ),
    "by source": (
        "按来源分，居民人均工资性收入1500元，同比增长6.0%；人均转移净收入900元，同比下降1.0%。",
        "By source, the wages and salaries of all residents were 1,500 yuan per capita, up 6.0% year on year; "
        "net transfer income 900 yuan, down 1.0% year on year.",
    ),
    "all before town and country": (
        "居民人均可支配收入3000元，同比增长5.0%。城镇常住居民人均可支配收入30000元，",
        "The per capita disposable income of all residents was 3,000 yuan, up 5.0% year on year. The per capita disposable income of "
        "urban residents was 30,000 yuan, ",
    ),
    "missing": (
        "农村常住居民人均可支配收入未报送。",
        "Not reported: per capita disposable income of rural residents.",
    ),
    "a rate that rose": (
        "参保率98.8%，比上年同期提高0.5个百分点。",
        "the coverage rate was 98.8%, up 0.5 percentage points from a year earlier.",
    ),
    "a rate that fell": (
        "“一次办”办事材料平均减少30.0%，比上年同期降低3.5个百分点；",
        "One-visit services cut the documents asked for by 30.0% on average, down 3.5 percentage points from a year earlier; ",
    ),
    "a rate as before": (
        "办理环节平均减少20.9%，与上年同期持平；",
        "the steps by 20.9%, unchanged from a year earlier; ",
    ),
    "an index of prices that rose, asked for no year before": (
        "居民消费价格指数（以上年同期为100）为100.2，同比上涨0.2%；",
        "The consumer price index, with the same months of last year as 100, was 100.2, up 0.2% year on year; ",
    ),
    "an index that fell less than a year before": (
        "工业生产者出厂价格指数为97.8，同比下降2.2%；",
        "the producer price index was 97.8, down 2.2% year on year; ",
    ),
    "an index of no change": (
        "工业生产者购进价格指数为100.0，同比持平。",
        "the purchase price index of industrial producers was 100.0, unchanged from a year earlier.",
    ),
    "one point": (
        "办理时间平均缩短31%，比上年同期提高1个百分点。",
        "the handling time by 31%, up 1 percentage point from a year earlier.",
    ),
    "base zero": (
        "城镇新增就业5人，上年同期为零；",
        "New urban jobs numbered 5, from zero a year earlier; ",
    ),
    "rise by the levels": (
        "开展职业技能培训120人次，按两期数推算，同比增长20.0%；",
        "vocational training reached 120 person-times, up 20.0% year on year, computed from the two levels; ",
    ),
    "fall by the levels": (
        "农牧民工转移就业90人次，按两期数推算，同比下降10.0%。",
        "90 person-times of farmers and herders were transferred to off-farm work, down 10.0% year on year, computed from the two levels.",
    ),
    "across a break": (
        "同比持平（两期口径不一致）。",
        "computed from the two levels (across a break of the series).",
    ),
    "zero in both years": (
        "举办线上招聘会0场，本期与上年同期均为零；",
        "The zone held 0 online job fairs, as a year earlier; ",
    ),
    "flat by the levels": (
        "提供就业岗位100个，按两期数推算，同比持平",
        "offered 100 vacancies, unchanged from a year earlier, computed from the two levels",
    ),
    "a change of sign": (
        "签约额-1.00亿元，由上年同期的正数转为负数。",
        "The contract value was -100 million yuan, against a positive figure a year earlier.",
    ),
    "nearly": (
        "兑现企业优惠政策资金近1.5亿元",
        "Preferential-policy payments of nearly 150 million yuan were made.",
    ),
    "more than, of a count": (
        "现有物流运输企业50余家，AAAA级物流企业1家。",
        "There were more than 50 logistics and transport enterprises and 1 logistics enterprise rated AAAA.",
    ),
    "more than, of a single digit": (
        "有冷库3家以上，",
        "There were more than 3 cold stores and ",
    ),
    "about": ("快递网点约75家。", "about 75 express delivery outlets."),
    "less than, in a clause that stands alone": (
        "疏通污水管网不足155公里",
        "Less than 155 km of sewers were dredged.",
    ),
    "one alone": (
        "出动抢险车辆1次。",
        "Emergency vehicles made 1 trip.",
    ),
    "growth at least": (
        "招商引资到位资金1.5亿元以上，同比增长10%以上。",
        "Funds in place from investment promotion were more than 150 million yuan, up more than 10% year on year.",
    ),
    "none, in a sentence that nothing opens": (
        "差评数0条，上年同期未报送。",
        "Bad service reviews: 0, not reported a year earlier.",
    ),
    "one": (
        "培育农牧民专业合作社1家。",
        "The zone fostered 1 cooperative of farmers and herders.",
    ),
    "a figure of the year": (
        "全年实施重点项目12个。",
        "Over the whole year 12 key projects are being carried out.",
    ),
    "thousands": ("参保人数1234567人", "Insured persons numbered 1,234,567"),
    "a plan of growth alone": (
        "地区生产总值目标：按可比价格计算，比上年增长约5.5%。",
        "GDP target: growth of about 5.5% on the year before at constant prices.",
    ),
    "a plan to be unchanged": (
        "社会消费品零售总额目标42亿元，与上年持平。",
        "The target for total retail sales of consumer goods is 4.2 billion yuan, unchanged from the year before.",
    ),
    "a plan of a level": (
        "城镇新增就业目标人数800余人。",
        "The target for new urban jobs is more than 800.",
    ),
}
# the same of a second zone, for what an indicator cannot be at once
OTHER_FIGURES: dict[str, tuple[Any, Any, Any, Any, dict[str, Any]]] = {
    "gdp": (100, 0.0, -1.0, None, {}),
    "va_primary": (10, -2.0, 0.0, None, {}),
    "va_secondary": (None, None, None, None, {}),
    "va_tertiary": (None, None, None, None, {}),
    "industry_va": (None, -3.1, 2.0, None, {}),
    "retail_sales": (20, 5.0, 0.0, None, {}),
    "fixed_asset_investment": (30, 2.0, None, None, {"growth_qualifier": "nearly"}),
    "budget_revenue": (4, 0.0, 3.0, None, {}),
    "income_urban": (None, None, None, None, {}),
    "income_rural": (None, None, None, None, {}),
    "deposits_balance": (2585000, None, None, 2400000, {"decimals": 0, "qualifier": "about"}),
    "loans_balance": (5, None, None, None, {}),
    "insurance_coverage": (98, None, None, 99, {"decimals": 0, "qualifier": "over"}),
    "jobs_new_urban": (0, None, None, 5, {"decimals": 0}),
    "manholes_repaired": (1350, None, None, None, {"decimals": 0, "qualifier": "over"}),
    "contract_value": (-1, None, None, -2, {}),
    "contracts_signed": (1, None, None, 1, {"decimals": 0}),
    "funds_in_place": (1.5, 10, 12, None, {"growth_qualifier": "under"}),
    "policy_payments": (0.5, None, None, None, {"decimals": 1, "qualifier": "under"}),
    "cooperatives_fostered": (100, None, None, None, {"decimals": 0, "qualifier": "nearly"}),
    "target_gdp": (None, 6, None, None, {"growth_qualifier": "band"}),
    "target_retail_sales": (42, -2.0, None, None, {"decimals": 0}),
    "target_budget_revenue": (5, 6.0, None, None, {"decimals": 0}),
    "target_income_urban": (None, -1.0, None, None, {}),
    "target_fixed_asset_investment": (None, 0.0, None, None, {}),
}
OTHER_SAID = {
    "flat after a fall": (
        "同比持平，一季度为下降1.0%。",
        "unchanged from a year earlier at constant prices, after a fall of 1.0% in the first quarter.",
    ),
    "a fall after no change": (
        "同比下降2.0%，一季度持平。",
        "down 2.0% year on year at constant prices, after no change in the first quarter.",
    ),
    "several missing": (
        "第二产业增加值、第三产业增加值未报送。缺一个产业或其增速，不计算各产业的拉动。",
        "Not reported: secondary sector value added; tertiary sector value added. A sector or its growth is missing, "
        "so that contributions to growth are not computed.",
    ),
    "growth without a level, turned, asked about": (
        "规模以上工业增加值按可比价格计算，同比下降3.1%（待核实），由一季度的增长2.0%转为下降。",
        "Value added of industry above designated size fell by 3.1% year on year at constant prices (under query), "
        "after growth of 2.0% in the first quarter.",
    ),
    "a rise after no change": (
        "同比增长5.0%，一季度持平。",
        "up 5.0% year on year, after no change in the first quarter.",
    ),
    "growth of nearly": (
        "固定资产投资30.00亿元，同比增长近2.0%。",
        "Fixed asset investment was 3.000 billion yuan, up nearly 2.0% year on year.",
    ),
    "flat after a rise": (
        "一般公共预算收入4.00亿元，同比持平，一季度为增长3.0%。",
        "General public budget revenue was 400 million yuan, unchanged from a year earlier, "
        "after growth of 3.0% in the first quarter.",
    ),
    "a sentence of which nothing was sent": (
        "城镇常住居民人均可支配收入、农村常住居民人均可支配收入未报送。",
        "Not reported: per capita disposable income of urban residents; per capita disposable income of rural residents.",
    ),
    "about, with no digit that was not printed": (
        "金融机构各项存款余额约2585000亿元，",
        "Deposits outstanding were about 258,500 billion yuan, ",
    ),
    "an amount's rise by the levels": (
        "，按两期现价数推算，同比增长7.7%；",
        ", up 7.7% year on year, computed from the two levels at current prices; ",
    ),
    "new since a year earlier": (
        "；各项贷款余额5.00亿元，上年同期未报送。",
        "; loans outstanding 500 million yuan, not reported a year earlier.",
    ),
    "more than, of a rate": (
        "参保率98%以上，比上年同期降低1个百分点",
        "The coverage rate was more than 98%, down 1 percentage point from a year earlier.",
    ),
    "a fall to zero": (
        "城镇新增就业0人，按两期数推算，同比下降100.0%。",
        "New urban jobs numbered 0, down 100.0% year on year, computed from the two levels.",
    ),
    "more than, of a count of four digits": (
        "修复井盖1350余个",
        "More than 1,350 manhole covers were repaired.",
    ),
    "a negative base": (
        "签约额-1.00亿元，上年同期为负数。",
        "the contract value was -100 million yuan, against a negative figure a year earlier.",
    ),
    "one, as a year before": (
        "新签约亿元以上项目1个，按两期数推算，同比持平；",
        "Contracts were signed for 1 new project of 100 million yuan and above, unchanged from a year earlier, computed from the two levels; ",
    ),
    "growth below": (
        "招商引资到位资金1.50亿元，同比增长不足10%，增速比一季度回落2个百分点。",
        "Funds in place from investment promotion were 150 million yuan, up less than 10% year on year, "
        "2 percentage points slower than in the first quarter.",
    ),
    "less than, of an amount": (
        "兑现企业优惠政策资金不足0.5亿元",
        "Preferential-policy payments of less than 50 million yuan were made.",
    ),
    "nearly, of a count": (
        "培育农牧民专业合作社近100家。",
        "The zone fostered nearly 100 cooperatives of farmers and herders.",
    ),
    "a plan with a band": (
        "地区生产总值目标：按可比价格计算，比上年增长6%以上（区间下限）。",
        "GDP target: growth of at least 6% on the year before at constant prices.",
    ),
    "a plan that falls": (
        "42亿元，比上年下降2.0%。",
        "is 4.2 billion yuan, down 2.0% on the year before.",
    ),
    "a plan that rises": (
        "5亿元，比上年增长6.0%。",
        "is 500 million yuan, up 6.0% on the year before.",
    ),
    "a plan of a fall alone": (
        "：比上年下降1.0%。",
        ": a fall of 1.0% on the year before.",
    ),
    "a plan of no change alone": (
        "固定资产投资目标：与上年持平。",
        "Target for fixed asset investment: no change from the year before.",
    ),
}


def give(given: Any, zone: str, figures: dict[str, Any]) -> dict[tuple[str, str], str]:
    """The figures, each form a submission of each quarter that has some. Returns these."""
    sent: dict[tuple[str, str], str] = {}
    for row, (indicator, (value, growth, before, base, more)) in enumerate(figures.items(), 2):
        form = given.declared(indicator)[0].code
        for period, figure in (
            (NOW, (value, growth)),
            (QUARTER_BEFORE, (None, before)),
            (YEAR_BEFORE, (base, None)),
        ):
            if period != NOW and figure == (None, None):
                continue
            if (form, period) not in sent:
                sent[form, period] = given.submission(form, period, zone=zone)
            extra = more if period == NOW else {k: more[k] for k in more if k == "decimals"}
            if isinstance(figure[1], int):
                extra = extra | {"growth_decimals": 0}
            given.figure(
                sent[form, period],
                indicator,
                figure[0],
                growth=figure[1],
                source_row=row,
                **extra,
            )
    return sent


def ask_about(given: Any, submission: str, figures: dict[str, Any], indicator: str) -> None:
    given.finding(
        submission,
        code="FIGURE-OUTLIER",
        severity="query",
        outcome="broken",
        row=2 + list(figures).index(indicator),
        **{'"column"': "value"},
    )


def test_every_wording(given):
    """One build and two texts for each of two zones; a sentence that is not there is named."""
    assert len(SAID) + len(OTHER_SAID) >= 60
    sent = give(given, "Z1", FIGURES)
    given.row(
        "ref.series_break",
        zone="Z1",
        indicator="vacancies",
        period="2023Q1",
        break_kind="scope",
    )
    ask_about(given, sent["main_indicators", NOW], FIGURES, "fixed_asset_investment")
    others = give(given, "Z2", OTHER_FIGURES)
    ask_about(given, others["main_indicators", NOW], OTHER_FIGURES, "industry_va")
    for zone, sentences in (("Z1", SAID), ("Z2", OTHER_SAID)):
        for lang, at in (("zh", 0), ("en", 1)):
            text = render_text(given.con, zone, NOW, lang)
            absent = {kind: said[at] for kind, said in sentences.items() if said[at] not in text}
            assert not absent, text
            assert text.count("待核实" if lang == "zh" else "under query") == 2  # and the note
            assert "None" not in text and "{" not in text and "[" not in text


def test_a_sector_that_is_missing_leaves_shares_and_pulls_out(given):
    given.gdp("2023Q1", {"total": (100, 5.0), "primary": (10, 1.0), "tertiary": (50, -0.3)})
    by_industry = given.submission("value_added_by_industry", "2023Q1")
    given.figure(by_industry, "value_added", 99, growth=5.1)
    given.figure(by_industry, "value_added", 12, growth=-3.6, industry="A")
    given.figure(by_industry, "value_added", 40, growth=6.0, industry="BTD")
    given.figure(by_industry, "value_added", 30, growth=6.4, industry="C")
    given.figure(by_industry, "value_added", 5, growth=3.0, industry="E")
    zh = render_text(given.con, "Z1", "2023Q1", "zh")
    en = render_text(given.con, "Z1", "2023Q1", "en")
    for said in (
        "同比增长1.0%；第三产业增加值50.00亿元，同比下降0.3%。缺一个产业或其增速，不计算各产业的拉动。",
        "分行业增加值合计99.00亿元，同比增长5.1%；农、林、牧、渔业增加值12.00亿元，同比下降3.6%；"
        "工业增加值40.00亿元，同比增长6.0%；其中，制造业增加值30.00亿元，同比增长6.4%；建筑业增加值5.00亿元，同比增长3.0%。",
        "分行业增加值合计与前面的总量不同，可能不是同一次发布的数。",
    ):
        assert said in zh, zh
    for said in (
        "A sector or its growth is missing, so that contributions to growth are not computed.",
        "Value added by industry came to 9.900 billion yuan in all, up 5.1% year on year; that of agriculture, "
        "forestry, animal husbandry and fishery 1.200 billion yuan, down 3.6% year on year; that of industry (sections B to D) 4.000 billion yuan, "
        "up 6.0% year on year; of this, manufacturing 3.000 billion yuan, up 6.4% year on year; that of construction 500 million yuan, "
        "up 3.0% year on year.",
        "The total by industry differs from the total above and may be of another release.",
    ):
        assert said in en, en
    assert "占" not in zh and "made up" not in en
    assert "增速比" not in zh, "a first quarter has none before it in its year"
    assert "当季" not in zh, "a first quarter is the year to date"


def test_a_figure_without_a_sentence_of_its_own_is_stated_by_its_title(given):
    """So that a form that an office adds is in the text without a line of reference."""
    logistics = given.submission("logistics", "2023Q1")
    given.figure(logistics, "cold_stores", 3, decimals=0, qualifier="about")
    given.con.execute("delete from ref.bulletin_line where bulletin_line = 'cold_stores'")
    assert "一、其他\n冷库数约3家。\n" in render_text(given.con, "Z1", "2023Q1", "zh")
    en = render_text(given.con, "Z1", "2023Q1", "en")
    assert "1. Other figures\nCold stores: about 3.\n" in en


def test_every_sentence_is_of_an_indicator_or_of_what_is_derived(built):
    with (SQL_DIR / "reference" / "bulletin_line.csv").open(encoding="utf-8") as source:
        lines = {row["bulletin_line"]: row for row in csv.DictReader(source)}
    declared = {code for (code,) in built.execute("select indicator from ref.indicator").fetchall()}
    derived = {name for name in lines if "." in name}
    assert set(lines) - derived <= declared, "a sentence of no indicator"
    for name, row in lines.items():
        slots = 0 if name in ("pull.none", "totals.differ") else 1
        for phrase in (row["phrase_zh"], row["phrase_en"]):
            assert phrase.count("{value}") + phrase.count("{number}") == slots, name


def test_a_quarter_without_figures_says_so(given):
    with pytest.raises(ValueError, match="there is no figure of Z1 2031Q1"):
        render_text(given.con, "Z1", "2031Q1", "zh")
