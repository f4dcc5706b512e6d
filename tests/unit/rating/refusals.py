"""Every refusal of rating: what the document or the facts were, for the golden file of the answers."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from metercash.kernel.interval import Interval
from metercash.kernel.money import Money
from metercash.rating import document, estimate, facts_json
from metercash.rating.facts_heat import AreaPart, HeatFacts, Supply
from metercash.rating.facts_power import Transformer
from metercash.rating.terms import corrections
from metercash.rating.terms.corrections import CorrectionTerms
from metercash.rating.terms.instalments import InstalmentTerms, schedule
from metercash.rating.terms.late_fee import CutOff
from metercash.rating.terms.prepay import PrepayFacts, PrepayTerms, status
from metercash.rating.terms.refund import MonthTemperatures, Outage, RefundTerms
from tests.unit.rating import spoken
from tests.unit.rating.helpers import HEAD
from tests.unit.rating.spoken import (
    AREA,
    CAPACITY,
    DEMAND,
    ENERGY,
    LADDER,
    LINKED,
    MONTH,
    QUARTER,
    STEPS,
    TERMS,
    TWO_PART,
    cold,
    late,
    lines,
    power,
    returned,
    temperature,
)


STOPPED = HeatFacts(supply=Supply.STOPPED)
STOP = "kind: stop_fee, shares: [{percent: 20, effective_from: 2030-01-01}]"
ZONES = "zones: {peak: {price: 1}, valley: {price: 0.5}}"
ALL_DAY = 'hours: {peak: [["00:00", "12:00"]], valley: [["12:00", "24:00"]]}'
DAYS = f"kind: time_of_use, {ZONES}, days: "
PEAK_ALL_DAY = 'hours: {peak: [["00:00", "24:00"]]}'
NEW_YEAR = "{name: 元旦, start: 2026-01-01, until: 2026-01-04}"
ONE_YEAR = f"holidays: [{{year: 2026, citation: 通知, days_off: [{NEW_YEAR}]}}]"
BALCONY = "part: BALCONY, factor: 0.5, code: heat.balcony, label_zh: 阳台, label_en: Balcony"
PARTS = f"kind: area_parts, price: 37.5, parts: [{{{BALCONY}}}]"
TALL_PARTS = (
    f"kind: area_parts, price: 37.5, parts: [{{{BALCONY}, full_from_mm: 2200, low_factor: 0,"
    " low_code: heat.low}]"
)
FACTOR = 'kind: power_factor, standard: "0.90"'
INSTALMENTS = InstalmentTerms(first_percent_min=Decimal(50), due=("10-20", "12-31"))
PREPAY = PrepayTerms(warn_below_fen=5000, cut_below_fen=0)
OUT = Outage(date(2026, 1, 1), 24, 1)


def no(*components: str, **facts: object) -> Callable[[], object]:
    """Rating by the components, for a month; metered usage of 100 units unless told otherwise."""
    known = {"period": MONTH, "usage": {"total": 100_000}, **facts}
    return lines(*components, **known)  # type: ignore[arg-type]


def bad(*components: str, section: str = "") -> Callable[[], object]:
    """Reading a document of the components, with another section above them."""
    text = section + HEAD + "".join(f"  - {{{one}}}\n" for one in components)
    return lambda: document.parse(text)


def text(written: str) -> Callable[[], object]:
    """Reading a document of the text alone."""
    return lambda: document.parse(written)


def fact(**written: object) -> Callable[[], object]:
    """Reading facts as JSON."""
    period = {"period": {"start": "2026-01-01", "end": "2026-02-01"}}
    return lambda: facts_json.from_json({**period, **written})


def two_refunds(first: str, second: str) -> Callable[[], object]:
    """A document with two versions of the refund."""
    outage = "outage: {min_hours: 24}"
    head = f"refund: [{{{outage}{first}}}, {{{outage}{second}}}]\n"
    return bad(AREA, section=head)


def by_band(bands: str, **more: str) -> Callable[[], object]:
    """A document with a refund by temperature."""
    rest = "".join(f", {name}: {value}" for name, value in more.items())
    return bad(AREA, section=f"refund: [{{temperature: {{bands: [{bands}]{rest}}}}}]\n")


REFUSED: dict[str, Callable[[], object]] = {
    # What the facts do not hold
    "没有用量": no(ENERGY, usage={}),
    "没有时段用量": no(ENERGY + ", zone: peak"),
    "单位不同": no(ENERGY, usage_unit="GJ"),
    "时段之和不等": no(ENERGY, usage={"total": 100, "peak": 99}),
    "没有面积": no(AREA),
    "面积为负": no(AREA, area_milli=-1),
    "没有使用面积": no(AREA + ", usable: true", area_milli=1),
    "使用面积为零": no(AREA + ", usable: true", usable_area_milli=0),
    "没有开始供热日期": no(
        AREA + ", late_by_days: [RESUMED]", area_milli=1, heat=HeatFacts(supply=Supply.RESUMED)
    ),
    "没有规定的附属面积": no(PARTS, heat=HeatFacts(parts=(AreaPart("ATTIC", 1),))),
    "附属面积为零": no(PARTS, heat=HeatFacts(parts=(AreaPart("BALCONY", 0),))),
    "附属面积没有层高": no(TALL_PARTS, heat=HeatFacts(parts=(AreaPart("BALCONY", 1),))),
    "层高协商": no(AREA, STEPS + ", negotiated_over_mm: 6000", area_milli=1, height_mm=6001),
    "停热没有规定": no(AREA, STOP, area_milli=1, heat=STOPPED),
    "停热没有热费": no("kind: stop_fee, shares: [{percent: 20}]", heat=STOPPED),
    "停热又用热": no(
        AREA, STOP, area_milli=1,
        heat=HeatFacts(supply=Supply.STOPPED, heated_from=date(2026, 1, 1)),
    ),
    "没有当年修正系数": no(TWO_PART + ", heat_factors: {2024: 1.02}", area_milli=1),
    "表计故障没有面积热费": no(
        TWO_PART, area_milli=1, evidence=frozenset({"METER_FAULTY"})
    ),
    "冻结读数大于用量": no(
        "kind: price_change, old: 0.5, new: [0.6], changes_on: 2026-01-11",
        before_change_milli=100_001,
    ),
    "冻结读数为负": no(
        "kind: price_change, old: 0.5, new: [0.6], changes_on: 2026-01-11", before_change_milli=-1
    ),
    "联动冻结读数大于用量": no(LINKED, before_change_milli=100_001),
    "联动冻结读数为负": no(LINKED, before_change_milli=-1),
    "没有各月加价": no("kind: year_settlement, bounds: [9], prices: [0.1]"),
    "没有需量": no(DEMAND + ", by: ACTUAL"),
    "需量为负": no(DEMAND + ", by: ACTUAL", power=power(demand_milli=(5, -1))),
    "没有合同需量": no(
        DEMAND + ", by: CONTRACT, tolerance_percent: 105", power=power(contract_demand_milli=None)
    ),
    "合同需量为零": no(
        DEMAND + ", by: CONTRACT, tolerance_percent: 105", power=power(contract_demand_milli=0)
    ),
    "没有合同容量": no(
        DEMAND + ", by: ACTUAL, floor_percent_of_capacity: 70", power=power(capacity_milli=None)
    ),
    "按月计收超过一个月": no(DEMAND + ", by: ACTUAL", power=power(), period=QUARTER),
    "没有变压器": no(CAPACITY),
    "变压器没有容量": no(CAPACITY, power=power(transformers=(Transformer("1", 0),))),
    "变压器同名": no(
        CAPACITY, power=power(transformers=(Transformer("1", 1), Transformer("1", 2)))
    ),
    "没有无功": no(FACTOR, power=power(power_factor=None)),
    "功率因数过大": no(FACTOR, power=power(power_factor=Decimal("1.01"))),
    "功率因数为负": no(FACTOR, power=power(power_factor=Decimal("-0.01"))),
    "有功无功均为零": no(FACTOR, usage={"total": 0}, power=power(reactive_milli=0)),
    "有功为负": no(FACTOR, usage={"total": -1}, power=power(reactive_milli=5)),
    "损耗没有约定": lines(ENERGY, head="losses: {}\n" + HEAD, period=MONTH, usage={"total": 1}),
    "损耗没有变压器": lines(
        ENERGY, head="losses: {models: {A: {month_kwh: 1}}}\n" + HEAD, period=MONTH,
        usage={"total": 1},
    ),
    "损耗没有型号": lines(
        ENERGY, head="losses: {models: {A: {month_kwh: 1}}}\n" + HEAD, period=MONTH,
        usage={"total": 1}, power=power(),
    ),
    "损耗没有时段": lines(
        ENERGY, head="losses: {load_percent: 1, to: peak}\n" + HEAD, period=MONTH,
        usage={"total": 1},
    ),
    # Terms around a bill
    "表计未计量": lambda: corrections.meter_error(
        terms=TERMS, lines=[], error_percent=Decimal(-100)
    ),
    "没有追补比例": lambda: corrections.meter_error(
        terms=CorrectionTerms(), lines=[], error_percent=Decimal(1)
    ),
    "没有电量明细": lambda: corrections.wiring(
        terms=TERMS, lines=[], correction_percent=Decimal(1)
    ),
    "调整比例减尽": lambda: corrections.power_factor(
        terms=TERMS, billed=Money(1), billed_percent=Decimal(-100), true_percent=Decimal(1)
    ),
    "电价不高": lambda: corrections.misuse(
        terms=TERMS, usage_milli=[1], charged=Decimal("0.5"), right=Decimal("0.5")
    ),
    "擅改没有电量": lambda: corrections.misuse(
        terms=TERMS, usage_milli=[0], charged=Decimal("0.5"), right=Decimal("0.6")
    ),
    "擅改没有倍数": lambda: corrections.misuse(
        terms=CorrectionTerms(), usage_milli=[1], charged=Decimal("0.5"), right=Decimal("0.6")
    ),
    "窃电没有容量": lambda: corrections.theft(terms=TERMS, load_milli=0, price=Decimal(1)),
    "窃电没有天数": lambda: corrections.theft(
        terms=CorrectionTerms(), load_milli=1, price=Decimal(1)
    ),
    "窃电没有小时": lambda: corrections.theft(
        terms=CorrectionTerms(theft_days=1), load_milli=1, price=Decimal(1)
    ),
    "窃电照明没有小时": lambda: corrections.theft(
        terms=CorrectionTerms(theft_days=1), load_milli=1, price=Decimal(1), lighting=True
    ),
    "窃电没有倍数": lambda: corrections.theft(
        terms=CorrectionTerms(theft_days=1, theft_hours=Decimal(1)), load_milli=1, price=Decimal(1)
    ),
    "超容量没有标准": lambda: corrections.over_capacity(terms=CorrectionTerms(), load_milli=1),
    "超容量为零": lambda: corrections.over_capacity(terms=TERMS, load_milli=0),
    "私增容量为零": lambda: corrections.private_capacity(
        terms=TERMS, capacity_milli=0, price=Decimal(1), months=1, days=0
    ),
    "私增没有时间": lambda: corrections.private_capacity(
        terms=TERMS, capacity_milli=1, price=Decimal(1), months=0, days=0
    ),
    "私增时间为负": lambda: corrections.private_capacity(
        terms=TERMS, capacity_milli=1, price=Decimal(1), months=-1, days=2
    ),
    "私增天数为负": lambda: corrections.private_capacity(
        terms=TERMS, capacity_milli=1, price=Decimal(1), months=2, days=-1
    ),
    "私增没有倍数": lambda: corrections.private_capacity(
        terms=CorrectionTerms(), capacity_milli=1, price=Decimal(1), months=1, days=0
    ),
    "违约金没有供暖期": lambda: late(
        CutOff(Interval(date(2026, 1, 11), date(2026, 3, 1)), 0), heat_loss_percent=Decimal(20)
    ),
    "分期没有金额": lambda: schedule(terms=INSTALMENTS, fee=Money(0), first_year=2026),
    "首期过少": lambda: schedule(
        terms=INSTALMENTS, fee=Money(10_001), first_year=2026, first=Money(5000)
    ),
    "首期过多": lambda: schedule(
        terms=INSTALMENTS, fee=Money(10_001), first_year=2026, first=Money(10_002)
    ),
    "预存为负": lambda: status(
        terms=PREPAY, facts=PrepayFacts(date(2026, 1, 1), -1, 0, Decimal(0))
    ),
    "暂估为负": lambda: status(
        terms=PREPAY, facts=PrepayFacts(date(2026, 1, 1), 0, 0, Decimal("-0.01"))
    ),
    "欠费为负": lambda: status(
        terms=PREPAY, facts=PrepayFacts(date(2026, 1, 1), 0, -1, Decimal(0))
    ),
    "不足起始日在后": lambda: status(
        terms=PREPAY,
        facts=PrepayFacts(date(2026, 1, 1), 0, 0, Decimal(0), below_since=date(2026, 1, 2)),
    ),
    "没有抄表天数": lambda: estimate.usage_so_far(measured={}, days_measured=0, days_since=1),
    "退费一天两条": lambda: returned(temperature(), days=cold("17") + cold("16")),
    "退费一月两条": lambda: returned(
        temperature(by="MONTH_MEAN"), months=(MonthTemperatures(MONTH, ()),) * 2
    ),
    "退费次数不足": lambda: returned(
        temperature(by="MONTH_MEAN"), months=(MonthTemperatures(MONTH, (Decimal(1),)),)
    ),
    "退费应逐日": lambda: returned(
        temperature(), months=(MonthTemperatures(MONTH, (Decimal(1),) * 3),)
    ),
    "退费应按月": lambda: returned(temperature(by="MONTH_MEAN"), days=cold("17")),
    "退费没有小时": lambda: returned(temperature(after_hours=1), days=cold("17")),
    "退费没有房间面积": lambda: returned(
        temperature(scope="ROOM"), days=cold("17"), area_milli=1
    ),
    "退费房间面积为负": lambda: returned(
        temperature(scope="ROOM"), days=cold("17", room_area_milli=-1), area_milli=1
    ),
    "退费没有收费面积": lambda: returned(
        temperature(scope="ROOM"), days=cold("17", room_area_milli=1)
    ),
    "退费收费面积为负": lambda: returned(
        temperature(scope="ROOM"), days=cold("17", room_area_milli=1), area_milli=-1
    ),
    "退费没有低温规定": lambda: returned(RefundTerms(outage=spoken.OUTAGE), days=cold("17")),
    "退费没有停热规定": lambda: returned(temperature(), outages=(OUT,)),
    "退费还未生效": lambda: returned(
        RefundTerms(outage=spoken.OUTAGE, effective_from=date(2026, 1, 2)), outages=(OUT,)
    ),
    # Facts as JSON
    "事实没有账期": lambda: facts_json.from_json({}),
    "事实不是对照表": lambda: facts_json.from_json([]),  # type: ignore[arg-type]
    "事实名称不对": fact(aera_milli=1),
    "事实下级名称不对": fact(heat={"suply": "HEATED"}),
    "事实缺下级": fact(heat={"parts": [{"part": "ATTIC"}]}),
    "事实应为整数": fact(area_milli="1"),
    "事实是非不是整数": fact(area_milli=True),
    "事实应为文字": fact(category=1),
    "事实应为列表": fact(evidence="A"),
    "事实应为对照表": fact(usage=[]),
    "事实下级应为对照表": fact(heat=[]),
    "事实应为日期": fact(heat={"paid_on": "昨天"}),
    "事实应为其一": fact(heat={"supply": "COLD"}),
    "事实应为数字": fact(power={"power_factor": "零点九"}),
    "事实账期缺终": fact(period={"start": "2026-01-01"}),
    "事实账期不是对照表": fact(period="2026-01"),
    "事实账期多写": fact(period={"start": "2026-01-01", "end": "2026-02-01", "x": 1}),
    "事实账期颠倒": fact(period={"start": "2026-01-01", "end": "2026-01-01"}),
    "事实列表里的数": fact(power={"demand_milli": [1, "2"]}),
    "事实对照表里的数": fact(usage={"total": 1.5}),
    # Documents: one rule contradicts itself
    "使用面积折算": bad(AREA + ", usable_divisor: 0.75"),
    "附属面积半写": bad(f"kind: area_parts, price: 1, parts: [{{{BALCONY}, low_factor: 0}}]"),
    "附属面积没有低处代码": bad(
        f"kind: area_parts, price: 1, parts: [{{{BALCONY}, low_factor: 0, full_from_mm: 9}}]"
    ),
    "附属面积重复": bad(f"kind: area_parts, price: 1, parts: [{{{BALCONY}}}, {{{BALCONY}}}]"),
    "层高半写": bad("kind: height_surcharge, over_mm: 1, step_mm: 300"),
    "层高另一半": bad("kind: height_surcharge, over_mm: 1, percent_per_step: 3"),
    "层高没有写法": bad("kind: height_surcharge, over_mm: 1"),
    "层高两种写法": bad(STEPS + ", flat_percent: 100"),
    "层高比例为负": bad("kind: height_surcharge, over_mm: 3000, ratio_of_mm: 3001"),
    "停热比例无序": bad("kind: stop_fee, shares: [{percent: 1}, {percent: 2}]"),
    "负担重复": bad(
        "kind: payers, own: 1, others: [{share: 1, code: subsidy, label_zh: 甲, label_en: A},"
        " {share: 1, code: subsidy, label_zh: 乙, label_en: B}]"
    ),
    "两部制没有面积价": bad(TWO_PART + ", settlement: NEVER_ABOVE_AREA_FEE"),
    "两部制多写上限": bad(TWO_PART + ", cap_percent: 10"),
    "两部制两种系数": bad(TWO_PART + ", heat_factor: 1.1, heat_factors: {2024: 1}"),
    "阶梯不递增": bad(
        "kind: tiered, cycle: YEAR, bounds: [2, 2], base: 0.5, prices: [0.1, 0.2]"
    ),
    "阶梯少价格": bad(LADDER + ", base: 0.5, prices: [0.1]"),
    "阶梯分档少价格": bad(LADDER + ", style: SPLIT, prices: [0.1, 0.2]"),
    "阶梯分档又写基价": bad(LADDER + ", style: SPLIT, prices: [0.1, 0.2, 0.3], base: 0.5"),
    "阶梯分档又写跨档": bad(
        LADDER + ", style: SPLIT, prices: [0.1, 0.2, 0.3], crossed: {2: {peak: 1}}"
    ),
    "阶梯没有基价": bad(LADDER + ", prices: [0.1, 0.2], free: {per_month: 1}"),
    "阶梯没有基价却有合表": bad(
        LADDER + ", prices: [0.1, 0.2], flat: {from_persons: 7, price: 1}"
    ),
    "阶梯季节档数": bad(
        LADDER + ", base: 0.5, prices: [0.1, 0.2], seasons: [{months: [5], bounds: [9]}]"
    ),
    "年终少价格": bad("kind: year_settlement, bounds: [1, 2], prices: [0.1]"),
    "调价少价格": bad("kind: price_change, old: 1, new: [1], bounds: [9], changes_on: 2026-01-01"),
    "各项倍数": bad("kind: build_up, parts: {agent: {price: 1, multiplier: 1.5}}"),
    "各项证明": bad("kind: build_up, parts: {agent: {price: 1, evidence: A}}"),
    "各项之和": bad("kind: build_up, listed: 0.9, parts: {agent: {price: 1}, td: {price: 0.1}}"),
    "需量没有容差": bad(DEMAND + ", by: CONTRACT"),
    "需量多写容差": bad(DEMAND + ", by: ACTUAL, tolerance_percent: 105"),
    "优惠日颠倒": bad(
        AREA, "kind: discount, steps: [{percent: 1, until: 2026-01-01, since: 2026-01-01}]"
    ),
    "优惠两种比例": bad(
        AREA, "kind: discount, percent: 1, steps: [{percent: 1, until: 2026-01-01}]"
    ),
    "优惠没有比例": bad(AREA, "kind: discount, evidence: A"),
    "优惠人人可得": bad(AREA, "kind: discount, percent: 1"),
    "优惠日无序": bad(
        AREA, "kind: discount, steps: [{percent: 1, until: 2026-01-01},"
        " {percent: 1, until: 2026-01-01}]",
    ),
    "联动基准小数": bad("kind: linked, price: 0.55555, index: 6, coefficient: 1, unit: kWh"),
    "联动公布无序": bad(LINKED.replace("2026-01-20", "2025-12-20")),
    "联动通知过早": bad(LINKED.replace("2026-01-22", "2026-01-19")),
    "联动执行过早": bad(
        LINKED.replace("noticed_on", "effective_on: 2026-01-21, noticed_on")
    ),
    "联动执行无序": bad(
        LINKED.replace("value: 660", "value: 660, effective_on: 2026-01-22")
    ),
    "损耗两种写法": bad(
        ENERGY, section="losses: {models: {A: {month_kwh: 1, no_load_kw: 1}}}\n"
    ),
    "损耗没有写法": bad(ENERGY, section="losses: {models: {A: {}}}\n"),
    # Documents: hours and kinds of days
    "时段没有价格": bad("kind: time_of_use, zones: {peak: {ratio: 1.5}}"),
    "时段只有浮动": bad(
        "kind: time_of_use, zones: {peak: {}}, floating: {floats: {agent: 1}}"
    ),
    "时段没有 days": bad(f"kind: time_of_use, {ZONES}, {ONE_YEAR}"),
    "时段没有 days 却有公布": bad(
        f"kind: time_of_use, {ZONES}, announced: [{{name: 高温, on: 2026-07-01, citation: 通知}}]"
    ),
    "时刻不对": bad('kind: time_of_use, zones: {peak: {price: 1, hours: [["00:10", "24:00"]]}}'),
    "时刻过晚": bad('kind: time_of_use, zones: {peak: {price: 1, hours: [["00:00", "24:15"]]}}'),
    "时刻不成分": bad('kind: time_of_use, zones: {peak: {price: 1, hours: [["00:60", "24:00"]]}}'),
    "时刻缺零": bad('kind: time_of_use, zones: {peak: {price: 1, hours: [["0:00", "24:00"]]}}'),
    "时段颠倒": bad('kind: time_of_use, zones: {peak: {price: 1, hours: [["12:00", "12:00"]]}}'),
    "时段有缺": bad('kind: time_of_use, zones: {peak: {price: 1, hours: [["00:00", "23:45"]]}}'),
    "时段有重": bad(
        'kind: time_of_use, zones: {peak: {price: 1, hours: [["00:00", "24:00"],'
        ' ["10:30", "10:45"]]}}'
    ),
    "各种日子又写钟点": bad(
        'kind: time_of_use, zones: {peak: {price: 1, hours: [["00:00", "24:00"]]}},'
        f" days: [{{name: 全年, {PEAK_ALL_DAY}}}]"
    ),
    "日子的时段没有价格": bad(
        "kind: time_of_use, zones: {valley: {price: 1}}, days: "
        f"[{{name: 全年, {PEAK_ALL_DAY}}}]"
    ),
    "时段没有日子": bad(f"{DAYS}[{{name: 全年, {PEAK_ALL_DAY}}}]"),
    "日子有缺": bad(f'{DAYS}[{{name: 全年, hours: {{peak: [["00:00", "12:00"]]}}}}]'),
    "日子重名": bad(f"{DAYS}[{{name: 夏, months: [7], {ALL_DAY}}}, {{name: 夏, {ALL_DAY}}}]"),
    "日子不全": bad(f"{DAYS}[{{name: 夏, months: [1, 3, 12], {ALL_DAY}}}]"),
    "日子不全工作日": bad(f"{DAYS}[{{name: 休, on: [WEEKEND, HOLIDAY], {ALL_DAY}}}], {ONE_YEAR}"),
    "日子轮不到": bad(f"{DAYS}[{{name: 全年, {ALL_DAY}}}, {{name: 夏, months: [7], {ALL_DAY}}}]"),
    "期间首尾相同": bad(
        f"{DAYS}[{{name: 夏, between: [{{start: 07-01, until: 07-01}}], {ALL_DAY}}},"
        f" {{name: 其余, {ALL_DAY}}}]"
    ),
    "没有列假日": bad(f"{DAYS}[{{name: 休, on: [HOLIDAY], {ALL_DAY}}}, {{name: 余, {ALL_DAY}}}]"),
    "假日颠倒": bad(
        f"{DAYS}[{{name: 全年, {ALL_DAY}}}], "
        + ONE_YEAR.replace("until: 2026-01-04", "until: 2026-01-01")
    ),
    "假日又上班": bad(
        f"{DAYS}[{{name: 全年, {ALL_DAY}}}], " + ONE_YEAR[:-2] + ", working: [2026-01-03]}]"
    ),
    "假日不在当年": bad(
        f"{DAYS}[{{name: 全年, {ALL_DAY}}}], " + ONE_YEAR.replace("year: 2026", "year: 2025")
    ),
    "调休不是周末": bad(
        f"{DAYS}[{{name: 全年, {ALL_DAY}}}], " + ONE_YEAR[:-2] + ", working: [2026-01-05]}]"
    ),
    "假日年份重复": bad(
        f"{DAYS}[{{name: 全年, {ALL_DAY}}}], " + ONE_YEAR[:-1] + ", {year: 2026, citation: 又,"
        " days_off: [{name: 春节, start: 2026-02-17, until: 2026-02-20}]}]"
    ),
    "假日没有此名": bad(
        f"{DAYS}[{{name: 节, holidays: [春节], {ALL_DAY}}}, {{name: 余, {ALL_DAY}}}], {ONE_YEAR}"
    ),
    "公布没有用到": bad(
        f"{DAYS}[{{name: 全年, {ALL_DAY}}}], announced: [{{name: 高温, on: 2026-07-01,"
        " citation: 通知}]"
    ),
    "月日不对": bad(AREA, section="instalments: {first_percent_min: 50, due: [1月1日, 12-31]}\n"),
    "月日闰日": bad(AREA, section="instalments: {first_percent_min: 50, due: [02-29, 12-31]}\n"),
    # Documents: terms around a bill
    "违约金两种": bad(
        AREA, section="late_fee: {confidence: D, citation: 合同, per_mille_per_day: 1,"
        " flat_percent: 5}\n",
    ),
    "违约金没有": bad(AREA, section="late_fee: {confidence: D, citation: 合同}\n"),
    "违约金一次跨年": bad(
        AREA, section="late_fee: {confidence: D, citation: 合同, flat_percent: 5,"
        " cross_year_per_mille: 1}\n",
    ),
    "违约金一次全额": bad(
        AREA, section="late_fee: {confidence: D, citation: 合同, flat_percent: 5,"
        " base: FULL_PRINCIPAL}\n",
    ),
    "违约金跨年没有比例": bad(
        AREA, section="late_fee: {confidence: D, citation: 合同, per_mille_per_day: 1,"
        " cross_year: ALL_DAYS}\n",
    ),
    "预警低于停供": bad(AREA, section="prepay: {warn_below_fen: 1, cut_below_fen: 2}\n"),
    "退费没有内容": bad(AREA, section="refund: [{clause: 第一条}]\n"),
    "退费版本无序": two_refunds("", ""),
    "退费版本同日": two_refunds(", effective_from: 2026-01-01", ", effective_from: 2026-01-01"),
    "温度两个下限": by_band("{percent: 1, at_least: 1, above: 1}"),
    "温度两个上限": by_band("{percent: 1, below: 1, at_most: 1}"),
    "温度颠倒": by_band("{percent: 1, at_least: 18, below: 18}"),
    "温度有空": by_band("{percent: 1, below: 16}, {percent: 2, at_least: 17, below: 18}"),
    "温度没有敞口": by_band("{percent: 1, at_least: 16, below: 18}"),
    "温度达标也退": by_band("{percent: 1}"),
    "温度没有目标": by_band("{percent: 1}", measure="BELOW_TARGET"),
    "温度多写目标": by_band("{percent: 1, below: 18}", target_celsius="18"),
    "温度按月按房间": by_band("{percent: 1, below: 18}", by="MONTH_MEAN", scope="ROOM"),
    "温度按月按小时": by_band("{percent: 1, below: 18}", by="MONTH_MEAN", after_hours="1"),
    # Documents as a whole
    "文件失效过早": bad(AREA, section="effective_until: 2020-01-01\n"),
    "文件两个分时": bad(f"kind: time_of_use, {ZONES}", f"kind: time_of_use, {ZONES}"),
    "文件两种单位": bad(ENERGY, "kind: surcharge, price: 1, unit: GJ"),
    "文件过长": text("#" * 64_001),
    "文件有引用": text("a: &x 1\nb: *x\n"),
    "文件有怪字": text("a: \x00\n"),
    "文件不是对照表": text("- a\n"),
    "文件名称不简单": text("? [a]\n: 1\n"),
    "文件名称重复": text("x: {a: 1,\n  a: 2}\n"),
    "文件列表里名称重复": text("x:\n  - {a: 1, a: 2}\n"),
}  # fmt: skip
