"""What the inputs of an explanation are called in English; their Chinese names stand with each rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final


ENGLISH: Final[Mapping[str, str]] = {
    "单价": "Price",
    "数量": "Quantity",
    "倍数": "Multiple",
    "标准": "Standard",
    # Heat by area, height and days
    "面积": "Area",
    "使用面积": "Usable area",
    "收费面积": "Chargeable area",
    "使用面积与建筑面积之比": "Usable area to building area",
    "面积系数": "Area factor",
    "月数": "Months",
    "天数": "Days",
    "供热天数": "Days of heat",
    "供暖期天数": "Days of the season",
    "停热天数": "Days without heat",
    "当月天数": "Days of the month",
    "层高": "Story height",
    "起加层高": "Surcharged from",
    "每高": "For each",
    "计入高度": "Height counted",
    "基价": "Base price",
    "加价比例": "Surcharge rate",
    "停热收取比例": "Share charged while stopped",
    "供暖期热费": "Charge of the season",
    # Two-part heat and its settlement
    "热量修正系数": "Heat correction factor",
    "面积热费": "Area charge",
    "上限": "Cap",
    "基本热费加计量热费": "Basic and metered charge",
    "已预收": "Already paid",
    "上期差额": "Difference of last season",
    "本期差额": "Difference of this season",
    # Several payers and holders
    "共同承担的热费": "Charge borne together",
    "承担份额": "Share borne",
    "全部份额": "All shares",
    "全期费用": "Charge of the whole season",
    "本户天数": "Days of this holder",
    "本价天数": "Days under this price",
    "本户本价天数": "Days of this holder under this price",
    "全期天数": "Days of the season",
    # Tiers, free units, price changes
    "电价": "Price of energy",
    "电量": "Energy",
    "本档电量": "In this tier",
    "此前累计": "Used before",
    "本期用量": "Used this period",
    "本档起点": "Tier starts at",
    "免费电量": "Free energy",
    "全年电量": "Energy of the year",
    "全年应收加价": "Tier surcharges due for the year",
    "各月已收加价": "Tier surcharges charged by month",
    "按比价计算应为": "By its ratio it would be",
    # Linked prices
    "基准价": "Base price",
    "基准指数": "Base index",
    "公布指数": "Published index",
    "计入的指数变动": "Change of the index that counts",
    "单价系数": "Price factor",
    "公布日": "Published on",
    "通知日": "Announced on",
    "执行日": "Holds from",
    "应调": "Adjustment due",
    "上次结转": "Carried from the adjustment before",
    "结转下次": "Carried to the next adjustment",
    "不得低于": "Not below",
    "不得高于": "Not above",
    "执行价": "Price charged",
    # Commercial electricity
    "容量": "Capacity",
    "计费容量": "Capacity charged",
    "计费需量": "Demand charged",
    "计费天数": "Days charged",
    "功率因数": "Power factor",
    "功率因数标准": "Standard power factor",
    "调整比例": "Adjustment",
    "铁损": "Iron loss",
    "铜损": "Copper loss",
    "线损": "Line loss",
    "约定损耗": "Agreed losses",
    # Discounts, subsidies, caps
    "计算基数": "Base",
    "优惠": "Discount",
    "补贴标准": "Subsidy rate",
    "不超过本账单": "At most this bill",
    "上限标准": "Ceiling rate",
    "此前合计": "Total before",
    # Refunds, late fees, corrections
    "不达标天数": "Days too cold",
    "不达标面积天数": "Area times days too cold",
    "可退部分": "Refundable share",
    "退费比例": "Share paid back",
    "热能损耗补偿比例": "Share for lost heat",
    "计收基数": "Charged on",
    "逾期天数": "Days overdue",
    "每日比例": "Rate a day",
    "违约金比例": "Late fee rate",
    "违约金上限余额": "Left under the cap",
    "最低违约金补足至": "Raised to the least late fee of",
    "表计误差": "Error of the meter",
    "更正率": "Correction rate",
    "追补时间比例": "Share of the time corrected",
    "原计收": "Charged before",
    "原调整比例": "Adjustment before",
    "应调整比例": "Adjustment due",
    "已执行电价": "Price charged",
    "应执行电价": "Price due",
    "每日小时": "Hours a day",
    "超用容量": "Capacity beyond the contract",
}
UNITS: Final[Mapping[str, str]] = {
    "元": "yuan",
    "分": "fen",
    "供暖期": "season",
    "月": "month",
    "日": "day",
    "天": "day",
    "户": "home",
    "人": "person",
    "吨": "t",
    "以公布价为准": "the listed price is charged",
}

_NAME_AND_UNIT = re.compile(r"([^（]+)（([^）]+)）(?:，(.+))?")


def english(name: str) -> str:
    """``单价（元/m²）`` as ``Price (yuan/m²)``; a word that is not known stays as it is."""
    found = _NAME_AND_UNIT.fullmatch(name)
    if found is None:
        return ENGLISH.get(name, name)
    stem, unit, remark = found.groups()
    said = f"{ENGLISH.get(stem, stem)} ({english_unit(unit)})"
    return f"{said}, {english_unit(remark)}" if remark else said


def english_unit(unit: str) -> str:
    """``元/m²·供暖期`` as ``yuan/m²·season``."""
    return "/".join(
        "·".join(UNITS.get(factor, factor) for factor in part.split("·"))
        for part in unit.split("/")
    )
