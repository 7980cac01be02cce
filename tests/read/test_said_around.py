"""What titles, names of sheets, headings and notes say of the figures is asked about, and ordinary words are not.

All files of one test are judged in one pass. A file has a question exactly if the words are in `asked`.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl

from tests.judging import Judged, judge_many
from tests.read.test_figures_in_doubt import raised
from tests.ugly.kinds import HEADS, ROWS

PERIOD, FORM = "2022Q3", "main_indicators"
TITLE = "通辽经济技术开发区主要经济指标（2022年1-9月）"
INDICATOR, UNIT, LEVEL, GROWTH, NOTE = range(5)
Rows = list[list[Any]]


def table(
    title: str = TITLE,
    line: str | None = None,
    foot: str | None = None,
    cells: dict[tuple[int, int], Any] | None = None,
) -> Rows:
    """A good table with a title, a line below it, a foot note, and cells changed: headings are row 0."""
    rows = [list(row) for row in [HEADS, *ROWS]]
    for (row, column), value in (cells or {}).items():
        rows[row][column] = value
    around = [[text] for text in (title, line) if text is not None]
    return [*around, *rows, *([[foot]] if foot else [])]


def as_csv(rows: Rows) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def as_xlsx(rows: Rows, sheet: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def judge_all(
    folder: Path, files: dict[str, bytes], form: str = FORM, period: str = PERIOD
) -> dict[str, Judged]:
    """What became of each file, all judged in one pass."""
    return dict(zip(files, judge_many(folder, files.values(), form, period), strict=True))


def in_both(said: dict[str, Rows]) -> dict[str, bytes]:
    """Every table as CSV and as XLSX."""
    files = {f"{words} (CSV)": as_csv(rows) for words, rows in said.items()}
    return files | {f"{words} (XLSX)": as_xlsx(rows) for words, rows in said.items()}


def check(folder: Path, asked: dict[str, bytes], plain: dict[str, bytes], **kind: str) -> None:
    """Every file of `asked` gets a question or is refused, and none of `plain`."""
    judged = judge_all(folder, asked | plain, **kind)
    silent = [words for words in asked if not raised(judged[words])]
    false = {words: found for words in plain if (found := raised(judged[words]))}
    assert (silent, false) == ([], {})


def test_spans_in_titles(tmp_path: Path) -> None:
    wrong = (
        "截至8月25日", "截止8月25日", "1-捌月", "壹至捌月", "8M2022", "1月1日-8月31日", "8月25日止", "6月30日止", "2022Ⅱ", "2022 II", "2022年度",
        "9M2021",
    )  # fmt: skip
    right = (
        "截至9月30日",
        "截至10月12日",
        "1-玖月",
        "9M2022",
        "1月1日-9月30日",
        "9月30日止",
        "2022Ⅲ",
        "2022年Ⅲ季度",
        "2022年",
    )
    asked, plain = (
        {
            f"{span} {at}": table(title)
            for span in spans
            for at, title in enumerate((f"主要经济指标（{span}）", f"本区{span}主要经济指标"))
        }
        for spans in (wrong, right)
    )
    check(
        tmp_path,
        *({words: as_csv(rows) for words, rows in said.items()} for said in (asked, plain)),
    )
    check(tmp_path, {}, in_both({"2022年度": table("主要经济指标（2022年度）")}), period="2022Q4")


def test_names_of_sheets_that_are_a_span_and_no_more(tmp_path: Path) -> None:
    wrong = (
        "0831",
        "0630",
        "1-8",
        "8",
        "06",
        "Aug",
        "1~8",
        "1-6",
        "7-9",
        "07-09",
        "2208",
        "Q2",
        "Jul-Sep",
    )
    right = (
        "0930",
        "1-9",
        "9",
        "Sep",
        "01-09",
        "2209",
        "Q3",
        "1",
        "2",
        "3",
        "12",
        "1-1",
        "1-2",
        "表1",
        "1012",
        "Sheet2",
        "B201-1",
    )
    asked, plain = ({name: as_xlsx(table(), name) for name in names} for names in (wrong, right))
    check(tmp_path, asked, plain)


def test_spans_in_headings(tmp_path: Path) -> None:
    wrong = {
        words: table(cells={(0, LEVEL): words})
        for words in ("累计（8）", "累计（08）", "三季度", "第三季度")
    }
    wrong |= {
        words: table(cells={(0, GROWTH): words}) for words in ("全年增速（%）", "全年同比增长（%）")
    }
    over = [
        ["指标名称", "计量单位", "三季度", None, "备注"],
        [None, None, "本年累计", "同比增长（%）", None],
    ]
    wrong["三季度 over both"] = [*over, *ROWS]
    right = {
        words: table(cells={(0, LEVEL): words})
        for words in ("累计（9）", "累计（2）", "本年累计（1）", "2022年三季度")
    }
    check(tmp_path, in_both(wrong), in_both(right))


def test_spans_in_notes(tmp_path: Path) -> None:
    wrong = (
        "填报期 2022年8月", "注：固定资产投资为1-8月", "说明：累计数为7-9月合计", "注：截止日期8月31日", "注：社零缺9月数据", "注：社零截至8月",
        "填报期：2022年1-8月", "注：投资缺8-9月", "注：社零无9月数", "注：累计数系7-9月之和",
    )  # fmt: skip
    right = (
        "填报期 2022年9月", "注：固定资产投资为1-9月", "注：截止日期9月30日", "填报日期 2022年10月8日", "注：9月数据为初步数", "注：1-8月增速为5.1%",
        "注：社零增速比1-8月回落0.3个百分点", "填报期：2022年三季度", "注：下次报送时间为2022年12月", "注：指数的基期为2020年",
    )  # fmt: skip
    asked, plain = ({words: table(foot=words) for words in notes} for notes in (wrong, right))
    check(tmp_path, in_both(asked), in_both(plain))


def printed(place: str, words: str) -> bytes:
    """A workbook with words above or below its pages."""
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(table())))
    getattr(book.worksheets[0], place).center.text = words
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_headers_and_footers_of_pages(tmp_path: Path) -> None:
    places = ("oddHeader", "firstHeader", "oddFooter", "evenFooter", "firstFooter")
    asked = {
        f"{place} {words}": printed(place, words)
        for place in places
        for words in ("单位：万元", "2022年1-8月")
    }
    asked |= {words: printed("oddFooter", words) for words in ("主要经济指标（万元）", "预计数")}
    right = (
        "单位：亿元",
        "第 &P 页 共 &N 页 2022年10月15日",
        "打印日期：2022年8月31日",
        "通辽经济技术开发区统计局",
    )
    check(
        tmp_path,
        asked,
        {f"{place} {words}": printed(place, words) for place in places[1:4] for words in right},
    )


def test_units_around_the_table(tmp_path: Path) -> None:
    """Above it, beside its headings, in its title, and in notes below it."""
    lines = ("金额：万元", "币种：美元", "单位：亿元、千分点", "币别：美元")
    titles = (
        "主要经济指标 万元",
        "主要经济指标(RMB 10,000)",
        "主要经济指标 单位万元",
        "主要经济指标_万元",
    )
    notes = (
        "数据单位为万", "注：单位为万", "以万计", "单位：千", "投资为万元", "注：零售额(万元)", "注：零售总额单位为千万元", "注：本表金额系美元折算",
        "注：表中数据乘以10为亿元", "注：单位：千万", "币种：美元", "注：数据以千为单位",
    )  # fmt: skip
    asked = {f"line {words}": table(line=words) for words in lines}
    asked |= {f"title {words}": table(f"{words} 2022年1-9月") for words in titles}
    asked |= {f"note {words}": table(foot=words) for words in notes}
    asked |= {
        f"beside {words}": beside(words) for words in ("单位：万元", "（万元）", "金额：万元")
    }
    lines = (
        "金额：亿元",
        "币种：人民币",
        "单位：亿元、%",
        "单位：亿元、增速%",
        "单位：亿元、同比%",
        "单位：亿元、人、%",
    )
    titles = ("主要经济指标 亿元", "主要经济指标(RMB 100 million)")
    notes = (
        "单位：亿元", "单位：高新区统计局", "单位：高新区", "注：金额为亿元", "注：零售额(亿元)", "单位负责人：张三", "注：新增投资为1.2亿元",
        "注：实际利用外资(万美元)", "注：单位为亿",
    )  # fmt: skip
    plain = {f"line {words}": table(line=words) for words in lines}
    plain |= {f"title {words}": table(f"{words} 2022年1-9月") for words in titles}
    plain |= {f"note {words}": table(foot=words) for words in notes}
    plain |= {f"beside {words}": beside(words) for words in ("单位：亿元", "备注2")}
    check(tmp_path, in_both(asked), in_both(plain))


def beside(words: str) -> Rows:
    """A cell in the row of headings, one column away from them."""
    rows = table()
    rows[1] += [None, words]
    return rows


def test_units_as_the_note_of_a_row(tmp_path: Path) -> None:
    asked, plain = (
        {words: table(cells={(2, NOTE): words}) for words in notes}
        for notes in (
            ("美元", "亿美元", "万", "万元", "单位为万"),
            ("亿元", "人民币", "亿", "单位：亿元"),
        )
    )
    check(tmp_path, in_both(asked), in_both(plain))


def test_headings_that_contradict_their_column(tmp_path: Path) -> None:
    asked = {
        words: table(cells={(0, LEVEL): words})
        for words in (
            "本年累计（同比）",
            "本年累计%",
            "累计（同比增长）",
            "本年累计（增速）",
            "本年累计（%）",
        )
    }
    asked |= {
        words: table(cells={(0, GROWTH): words})
        for words in ("同比（绝对额）", "增速（总量）", "增长（绝对值）")
    }
    levels = (
        "本年累计（绝对额）", "本年累计（累计）", "本年累计完成", "实绩", "本期", "本年实际", "本年累计完成额", "本期实际", "本年完成数", "累计实绩",
    )  # fmt: skip
    plain = {words: table(cells={(0, LEVEL): words}) for words in levels}
    plain |= {
        words: table(cells={(0, GROWTH): words})
        for words in ("可比增速（%）", "可比增长（%）", "同比（±%）", "同比增长（累计）")
    }
    check(tmp_path, in_both(asked), in_both(plain))


def test_rows_that_head_a_section(tmp_path: Path) -> None:
    wrong = (
        "一、限额以上单位",
        "限额以上单位",
        "二、市本级",
        "全市：",
        "预计数",
        "（一）限额以下",
        "一、规模以上",
        "限上单位",
        "一、全市合计",
    )
    right = ("一、工业", "二、内需", "一、主要指标", "（一）国民经济核算", "一、规模以上工业")
    asked, plain = (
        {words: [[TITLE], HEADS, [words], *ROWS] for words in sections}
        for sections in (wrong, right)
    )
    check(tmp_path, in_both(asked), in_both(plain))


def test_ordinary_words_are_not_asked_about(tmp_path: Path) -> None:
    plain = {
        words: table(words)
        for words in ("本区主要经济指标（今年以来）", "今年以来本区主要经济指标")
    }
    plain |= {
        words: table(cells={(2, NOTE): words})
        for words in ("剔除价格因素实际增长1.5%", "扣除价格因素后，实际增长1.5%")
    }
    plain |= {
        words: table(foot=words)
        for words in (
            "社会消费品零售总额为全社会口径",
            "注：社会消费品零售总额为全社会口径，固定资产投资不含农户",
        )
    }
    plain |= {
        words: table(cells={(1, LEVEL): words}) for words in ("不公布", "不对外公布", "未公布")
    }
    plain |= {
        words: table(cells={(3, INDICATOR): words})
        for words in ("固定资产投资（500万元以上）", "固定资产投资（500万元及以上项目）")
    }
    asked = {
        "剔除价格因素": table(cells={(2, NOTE): "剔除价格因素"}),
        "社会消费品零售总额为限上口径": table(foot="社会消费品零售总额为限上口径"),
        "固定资产投资为全社会口径": table(foot="固定资产投资为全社会口径"),
        "固定资产投资（5000万元以上）": table(
            cells={(3, INDICATOR): "固定资产投资（5000万元以上）"}
        ),
    }
    check(tmp_path, in_both(asked), in_both(plain))


def test_notes_that_say_a_figure_is_wrong_or_compared_otherwise(tmp_path: Path) -> None:
    rows = (
        "实为下降",
        "应为负",
        "符号反了",
        "写反了",
        "与上行对调",
        "单位有误",
        "数据错",
        "以百分点计",
        "只含上半年",
        "只到8月",
        "抄上季",
        "估的",
        "初估",
        "拟数",
        "待更新",
        "平均值",
    )
    feet = (
        "注：增速系与上季度相比",
        "增速较上月",
        "增速为与2019年比较",
        "增速为百分点变化",
        "增速乘100",
    )
    right = (
        "增速较上半年回升0.5个百分点",
        "受疫情影响",
        "企业单位变更",
        "增速比上月回落0.3个百分点",
        "持续下降",
        "与上季度相比降幅收窄",
    )
    asked = {words: table(cells={(2, NOTE): words}) for words in rows} | {
        words: table(foot=words) for words in feet
    }
    plain = {f"row {words}": table(cells={(2, NOTE): words}) for words in right}
    check(
        tmp_path,
        in_both(asked),
        in_both(plain | {words: table(foot=f"注：{words}") for words in right}),
    )
