"""Every sort of line there is: a bill or a term for each, for the golden file of their words."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal

from metercash.kernel.interval import Interval
from metercash.kernel.money import Money
from metercash.rating import document, engine
from metercash.rating.bill import Line
from metercash.rating.facts import RatingFacts
from metercash.rating.facts_heat import AreaPart, HeatFacts, Supply
from metercash.rating.facts_power import PowerFacts, Transformer
from metercash.rating.sharing import Among, borne_by_others
from metercash.rating.terms import corrections, late_fee
from metercash.rating.terms.corrections import CorrectionTerms
from metercash.rating.terms.late_fee import Change, CutOff, LateFeeFacts, LateFeeTerms
from metercash.rating.terms.refund import (
    Band,
    DayTemperature,
    MonthTemperatures,
    Outage,
    OutageRefund,
    RefundFacts,
    RefundTerms,
    TemperatureRefund,
    refund,
)
from tests.unit.rating.helpers import HEAD, SEASON


MONTH = Interval(date(2026, 1, 1), date(2026, 2, 1))
PART = Interval(date(2026, 1, 1), date(2026, 1, 11))
QUARTER = Interval(date(2026, 1, 1), date(2026, 4, 1))
YEAR = Interval(date(2026, 1, 1), date(2027, 1, 1))
LATE = HeatFacts(supply=Supply.RESUMED, heated_from=date(2026, 1, 1))
PROOF = frozenset({"LOW_INCOME"})
AREA = "kind: area, price: 37.5, clause: 第一条"
ENERGY = "kind: metered, price: 0.5, unit: kWh, clause: 第二条"
BUILD_UP = (
    "kind: build_up, clause: 第九条, parts: {agent: {price: 0.45, multiplier: 1.5, evidence: BACK},"
    " loss: {price: 0.0123}, td: {price: 0.2, clause: 第十条}, sys: {price: -0.0051},"
    " fund: {price: 0.0225}, other: {price: 0.01}, named: {price: 0.02, label_zh: 专项, label_en: Own}}"
)
TWO_PART = "kind: two_part, basic: 12.5, metered: 0.15, unit: kWh, clause: 第五条"
DEMAND = "kind: demand, price: 38.5, clause: 第十一条"
CAPACITY = "kind: capacity, price: 22.5, clause: 第十二条"
STEPS = "kind: height_surcharge, over_mm: 3000, step_mm: 300, percent_per_step: 10, clause: 第三条"
LADDER = "kind: tiered, cycle: YEAR, bounds: [2880, 4800], clause: 第七条"
LINKED = (
    "kind: linked, price: 0.5, index: 600, coefficient: 0.001, unit: kWh, clause: 第八条, "
    "publications: [{published_on: 2025-12-20, value: 660, citation: 公布一号},"
    " {published_on: 2026-01-20, value: 560, citation: 公布二号, noticed_on: 2026-01-22}]"
)
TERMS = CorrectionTerms(
    meter_error_share=Decimal("0.5"), theft_days=180, theft_hours=Decimal(12),
    theft_hours_lighting=Decimal(6), theft_multiple=Decimal(3), misuse_multiple=Decimal(2),
    misuse_months_max=3, over_capacity_yuan_per_kw=Decimal(50), over_capacity_multiple=Decimal(3),
    clause="第一百条", citation="供电营业规则",
)  # fmt: skip


def lines(
    *components: str, period: Interval[date] = SEASON, head: str = HEAD, **facts: object
) -> Callable[[], Iterable[Line]]:
    """The lines of an account rated by the components; ``head`` may bring sections with it."""
    text = head + "".join(f"  - {{{one}}}\n" for one in components)

    def rated() -> Iterable[Line]:
        plan = document.parse(text)
        return engine.rate(plan=plan, facts=RatingFacts(period=period, **facts)).lines  # type: ignore[arg-type]

    return rated


def power(**facts: object) -> PowerFacts:
    """Facts of a commercial contract."""
    known = {
        "demand_milli": (500_000, 120_500), "contract_demand_milli": 600_000,
        "capacity_milli": 1_000_000, "transformers": (Transformer("1", 630_000),),
        "power_factor": Decimal("0.83"),
    }  # fmt: skip
    return PowerFacts(**{**known, **facts})  # type: ignore[arg-type]


def zones(peak: int, valley: int) -> dict[str, int]:
    """Usage of three zones."""
    return {"peak": peak, "flat": 50_000, "valley": valley}


def late(cut_off: CutOff | None = None, *changes: Change, **terms: object) -> Iterable[Line]:
    """The late fee of 2,706.75 yuan due on the last day of 2025, asked for 30 days later."""
    facts = LateFeeFacts(270_675, date(2025, 12, 31), date(2026, 1, 30), changes, cut_off)
    made = LateFeeTerms(**{"per_mille_per_day": Decimal(1), **terms})  # type: ignore[arg-type]
    return late_fee.lines(terms=made, facts=facts, citation="供热合同", clause="第五条")


def returned(rule: RefundTerms, **facts: object) -> Iterable[Line]:
    """What is paid back of 3,065.60 yuan for 183 days."""
    made = RefundFacts(fee_yuan=Decimal("3065.60"), season_days=183, **facts)  # type: ignore[arg-type]
    return refund(versions=[rule], facts=made, citation="供热条例")


def temperature(**rule: object) -> RefundTerms:
    """Half of the day's fee below 18 degrees and all of it below 16."""
    bands = (
        Band(percent=Decimal(50), at_least=Decimal(16), below=Decimal(18)),
        Band(percent=Decimal(100), below=Decimal(16)),
    )
    made = TemperatureRefund(bands=bands, **rule)  # type: ignore[arg-type]
    return RefundTerms(temperature=made, clause="第三十四条")


def cold(*celsius: str, **more: object) -> tuple[DayTemperature, ...]:
    """A measurement a day from the first of January."""
    first = date(2026, 1, 1)
    return tuple(
        DayTemperature(first + timedelta(days=n), Decimal(one), **more)  # type: ignore[arg-type]
        for n, one in enumerate(celsius)
    )


WRONG_BILL = lines(ENERGY, DEMAND + ", by: ACTUAL", period=MONTH, usage={"total": 900_000},
                   power=power())  # fmt: skip
TWO_ENERGIES = lines(ENERGY, "kind: surcharge, price: 0.02, unit: kWh", period=MONTH,
                     usage={"total": 900_000})  # fmt: skip
OUTAGE = OutageRefund(min_hours=24, multiplier=Decimal(2), base_percent=Decimal(30))
LOSSES = (
    "losses: {models: {S11: {no_load_kw: 0.29}, S13: {month_kwh: 304}}, load_percent: 1.5,"
    " line_percent: 2, to: SPREAD, clause: 第十五条}\n"
)
AGREED = "losses: {load_percent: 1.5, clause: 第十五条}\n"

SAID: dict[str, Callable[[], Iterable[Line]]] = {
    "面积": lines(AREA, area_milli=80_250),
    "面积按月": lines(AREA + ", per: MONTH, months: 4.5, factor: 0.9", area_milli=80_250),
    "面积按日": lines(AREA + ", per: DAY", area_milli=80_250, period=QUARTER),
    "面积按使用面积": lines(
        AREA + ", usable: true, usable_divisor: 0.75", usable_area_milli=60_000
    ),
    "面积按天数": lines(AREA + ", proration: ACTUAL_DAYS", area_milli=80_250, period=QUARTER),
    "面积恢复用热": lines(AREA + ", late_by_days: [RESUMED]", area_milli=80_250, heat=LATE),
    "面积恢复用热按日": lines(
        AREA + ", per: DAY, late_by_days: [RESUMED]", area_milli=80_250, heat=LATE
    ),
    "面积恢复用热按使用面积": lines(
        AREA + ", usable: true, usable_divisor: 0.75, late_by_days: [RESUMED], per: MONTH, months: 4",
        usable_area_milli=60_000, heat=LATE,
    ),
    "附属面积": lines(
        "kind: area_parts, price: 37.5, clause: 第二条, parts: [{part: BALCONY, factor: 0.5,"
        " code: heat.balcony, label_zh: 阳台, label_en: Balcony, full_from_mm: 2200,"
        " low_factor: 0.2, low_code: heat.balcony_low}, {part: ATTIC, factor: 1, code: heat.attic,"
        " label_zh: 阁楼, label_en: Attic, clause: 第二条之二}]",
        heat=HeatFacts(parts=(AreaPart("BALCONY", 5000, 2200), AreaPart("BALCONY", 3000, 2199),
                              AreaPart("ATTIC", 9000), AreaPart("BALCONY", 1000, 2500))),
    ),
    "附属面积按天数": lines(
        "kind: area_parts, price: 37.5, proration: ACTUAL_DAYS, parts: [{part: ATTIC, factor: 1,"
        " code: heat.attic, label_zh: 阁楼, label_en: Attic}]",
        heat=HeatFacts(parts=(AreaPart("ATTIC", 9000),)), period=QUARTER,
    ),
    "层高逐档": lines(AREA, STEPS, area_milli=80_000, height_mm=3700),
    "层高起步即计": lines(
        AREA, STEPS + ", partial_step: STARTED_STEPS", area_milli=80_000, height_mm=3301
    ),
    "层高按比例": lines(
        AREA, STEPS + ", partial_step: PROPORTIONAL", area_milli=80_000, height_mm=3400
    ),
    "层高按高": lines(
        AREA, "kind: height_surcharge, over_mm: 3000, ratio_of_mm: 2800", area_milli=80_000,
        height_mm=3500,
    ),
    "层高加倍": lines(
        AREA, "kind: height_surcharge, over_mm: 3000, flat_percent: 100", area_milli=80_000,
        height_mm=3001,
    ),
    "层高封顶": lines(AREA, STEPS + ", max_percent: 25", area_milli=80_000, height_mm=4500),
    "停热": lines(
        AREA, "kind: stop_fee, clause: 第四条, shares: [{percent: 20}, {percent: 30,"
        " effective_from: 2025-11-15, clause: 第四条之二}]", area_milli=80_000,
        heat=HeatFacts(supply=Supply.STOPPED),
    ),
    "停热旧比例": lines(
        AREA, "kind: stop_fee, clause: 第四条, shares: [{percent: 20}, {percent: 30,"
        " effective_from: 2025-11-16}]", area_milli=80_000, heat=HeatFacts(supply=Supply.STOPPED),
    ),
    "共同负担": lines(
        AREA, "kind: payers, own: 23.3, clause: 第六条, others: [{share: 2.7, code: subsidy.employer,"
        " label_zh: 单位负担, label_en: Employer}, {share: 1, code: subsidy.city,"
        " label_zh: 财政负担, label_en: City}]", area_milli=80_010,
    ),
    "过户分担": lambda: [
        borne_by_others(Money(345_838), [92, 91], 0, among=among, citation="测试文号")
        for among in Among
    ],
    "两部制": lines(TWO_PART, area_milli=80_000, usage={"total": 9_000_500}),
    "两部制修正": lines(
        TWO_PART + ", heat_factors: {2024: 1.02, 2025: 1.05, 2026: 1.1}, factor: 0.9",
        area_milli=80_000, usage={"total": 9_000_500},
    ),
    "两部制按月": lines(
        TWO_PART + ", basic_per: MONTH, months: 4, heat_factor: 0.95", area_milli=80_000,
        usage={"total": 9_000_500},
    ),
    "两部制按日": lines(
        TWO_PART + ", basic_per: DAY", area_milli=80_000, usage={"total": 9_000_500},
        period=QUARTER,
    ),
    "两部制按日恢复用热": lines(
        TWO_PART + ", basic_per: DAY, late_by_days: [RESUMED]", area_milli=80_000,
        usage={"total": 9_000_500}, heat=LATE,
    ),
    "两部制不超过面积热费": lines(
        TWO_PART + ", area_price: 37.5, settlement: NEVER_ABOVE_AREA_FEE", area_milli=80_000,
        usage={"total": 19_000_500}, prepaid_fen=300_000,
    ),
    "两部制封顶": lines(
        TWO_PART + ", area_price: 37.5, settlement: CAPPED_OVER_AREA, cap_percent: 10",
        area_milli=80_000, usage={"total": 19_000_500},
    ),
    "两部制恢复用热封顶": lines(
        TWO_PART + ", area_price: 37.5, settlement: NEVER_ABOVE_AREA_FEE,"
        " late_by_days: [RESUMED], basic_per: MONTH, months: 4", area_milli=80_000,
        usage={"total": 49_000_500}, heat=LATE,
    ),
    "两部制结转": lines(
        TWO_PART + ", settlement: CARRIED_TO_NEXT_SEASON", area_milli=80_000,
        usage={"total": 9_000_500}, prepaid_fen=300_000, heat=HeatFacts(carried_fen=-1234),
    ),
    "两部制表计故障": lines(
        TWO_PART + ", area_price: 37.5", area_milli=80_000, evidence=frozenset({"METER_FAULTY"}),
    ),
    "两部制表计故障恢复用热": lines(
        TWO_PART + ", area_price: 37.5, late_by_days: [RESUMED]", area_milli=80_000, heat=LATE,
        evidence=frozenset({"METER_FAULTY"}),
    ),
    "计量": lines(ENERGY, usage={"total": 123_456}),
    "计量免费电量": lines(
        ENERGY + ", free: {per_month: 15, carry: true}", usage={"total": 123_456}, period=QUARTER,
        evidence=PROOF, free_left_milli=2500,
    ),
    "计量热": lines("kind: metered, price: 44.45, unit: GJ", usage={"total": 12_345},
                  usage_unit="GJ"),
    "基金": lines("kind: surcharge, price: 0.0225, unit: kWh, zone: peak", usage=zones(9000, 1)),
    "联动": lines(LINKED, usage={"total": 310_500}, period=MONTH),
    "联动未调": lines(LINKED, usage={"total": 310_500},
                    period=Interval(date(2025, 11, 1), date(2025, 12, 1))),
    "联动封顶": lines(
        LINKED + ", cap_each: {up: 0.02, down: 4, per: YUAN}, cap_total: {up: 10, down: 2,"
        " per: PERCENT}, notice_days: 3, index_unit: 元/立方米, threshold: 5, moves: EXCESS",
        usage={"total": 310_500}, period=MONTH, before_change_milli=100_250,
    ),
    "阶梯加价": lines(
        LADDER + ", base: 0.5, prices: [0.05, 0.3]", usage={"total": 2_500_000},
        year_to_date_milli=2_500_000, period=MONTH,
    ),
    "阶梯分档": lines(
        LADDER + ", style: SPLIT, prices: [0.5, 0.55, 0.8], free: {per_month: 10}",
        usage={"total": 2_500_000}, year_to_date_milli=2_500_000, period=MONTH, evidence=PROOF,
    ),
    "阶梯按月": lines(
        "kind: tiered, cycle: MONTH, bounds: [180, 280], base: 0.5, prices: [0.05, 0.3],"
        " seasons: [{months: [1, 2], bounds: [200, 300]}]", usage={"total": 900_000},
        period=QUARTER,
    ),
    "阶梯多人口": lines(
        LADDER + ", base: 0.5, prices: [0.05, 0.3], household: {from_persons: 5, per_month: 100}",
        usage={"total": 9_000_000}, period=YEAR, household_size=5, household_months=6,
        before_household_milli=3_000_000,
    ),
    "阶梯多人口首档": lines(
        LADDER + ", base: 0.5, prices: [0.05, 0.3], household: {from_persons: 5, per_month: 100,"
        " tiers: FIRST}", usage={"total": 9_000_000}, period=YEAR, household_size=5, tier_months=7,
    ),
    "合表价": lines(
        LADDER + ", base: 0.5, prices: [0.05, 0.3], flat: {from_persons: 7, price: 0.52},"
        " free: {per_month: 10}", usage={"total": 900_000}, period=MONTH, household_size=7,
        evidence=frozenset({"FLAT_RATE_CHOSEN", "LOW_INCOME"}),
    ),
    "阶梯加分时": lines(
        "kind: time_of_use, zones: {peak: {price: 0.6}, flat: {price: 0.5}, valley: {price: 0.3}}",
        LADDER + ", prices: [0.05, 0.3], crossed: {2: {peak: 0.06, flat: 0.05, valley: 0.04,"
        " other: 0}}", usage={**zones(80_000, 20_000), "other": 0}, period=MONTH,
        year_to_date_milli=2_890_000,
    ),
    "分时": lines(
        "kind: time_of_use, clause: 第十条, zones: {critical: {price: 1}, sharp: {price: 0.9},"
        " peak: {price: 0.6, ratio: 1.2}, flat: {ratio: 1}, valley: {ratio: 0.4},"
        " deep_noon: {price: 0.1}, odd: {price: 0.7, label_zh: 特别, label_en: Odd}, own: {price: 1}},"
        " floating: {floats: {agent: 0.4}, fixed: {td: 0.12345}, decimals: 4}",
        usage={**zones(80_000, 20_000), "critical": 1000, "sharp": 2000, "deep_noon": 3000,
               "odd": 4000, "own": 5000}, period=MONTH,
    ),
    "免费电量返还": lines(
        "kind: free_units_refund, price: 0.5, per_month: 10, paid_every_months: 1,"
        " capped_by_usage: true", usage={"total": 25_000}, period=QUARTER, evidence=PROOF,
    ),
    "免费电量全年返还": lines(
        "kind: free_units_refund, price: 0.5, per_month: 10, clause: 第七条之三", period=YEAR,
        evidence=PROOF,
    ),
    "调价": lines(
        "kind: price_change, old: 0.5, new: [0.6], changes_on: 2026-01-11, clause: 第八条",
        usage={"total": 310_500}, period=MONTH,
    ),
    "调价分档": lines(
        "kind: price_change, old: 0.5, new: [0.6, 0.7], bounds: [100], share: HALF,"
        " changes_on: 2026-01-11", usage={"total": 311_000}, period=MONTH,
    ),
    "工商业各项": lines(BUILD_UP, usage={"total": 123_456}, period=MONTH,
                      evidence=frozenset({"BACK"})),
    "工商业各项平常": lines(BUILD_UP + ", prefix: market", usage={"total": 123_456}, period=MONTH),
    "需量": lines(DEMAND + ", by: ACTUAL", power=power(), period=MONTH),
    "需量保底": lines(
        DEMAND + ", by: ACTUAL, floor_percent_of_capacity: 70, discount: {kwh_per_kva_min: 260,"
        " factor: 0.9}", power=power(), period=PART, usage={"total": 260_000_000},
    ),
    "需量合同": lines(
        DEMAND + ", by: CONTRACT, tolerance_percent: 105, discount: {kwh_per_kva_min: 260,"
        " factor: 0.9}", power=power(demand_milli=(630_000,)), period=MONTH,
        usage={"total": 260_000_000},
    ),
    "需量超合同": lines(
        DEMAND + ", by: CONTRACT, tolerance_percent: 105", power=power(demand_milli=(630_001,)),
        period=PART,
    ),
    "容量": lines(CAPACITY, power=power(), period=MONTH),
    "容量逐台": lines(
        CAPACITY + ", lines: EACH, suspended_percent: 50, suspension_days_min: 10", period=MONTH,
        power=power(transformers=(
            Transformer("1", 630_000, suspended=(PART,)),
            Transformer("2", 315_000, interlock="x"), Transformer("3", 400_000, interlock="x"),
            Transformer("4", 100_000, in_service=PART),
        )),
    ),
    "容量新装减容": lines(
        CAPACITY + ", suspended_percent: 50, suspended_percent_new: 30", period=MONTH,
        power=power(transformers=(Transformer("1", 630_000, suspended=(PART,)),
                                  Transformer("2", 315_000))),
        evidence=frozenset({"NEW_CONNECTION"}),
    ),
    "容量全停": lines(
        CAPACITY, period=PART, power=power(transformers=(
            Transformer("1", 630_000, in_service=Interval(date(2027, 1, 1), date(2027, 2, 1))),)),
    ),
    "功率因数": lines(
        BUILD_UP, DEMAND + ", by: ACTUAL", 'kind: power_factor, standard: "0.90", clause: 第十四条',
        power=power(), usage={"total": 123_456}, period=MONTH,
    ),
    "功率因数奖励": lines(
        ENERGY, 'kind: power_factor, standard: "0.85", funds_within: 0.0275, on: [energy]',
        power=power(reactive_milli=30_000, reverse_reactive_milli=-100), period=MONTH,
        usage={"total": 123_456},
    ),
    "年终退还": lines(
        "kind: year_settlement, bounds: [2880, 4800], prices: [0.05, 0.3], clause: 第七条之四",
        usage={"total": 4_000_000}, period=YEAR, tier_months=11, ladder_charged_fen=10_000,
    ),
    "年终补收": lines(
        "kind: year_settlement, bounds: [2880, 4800], prices: [0.05, 0.3], settles: BOTH",
        usage={"total": 5_000_000}, period=YEAR, ladder_charged_fen=10_000,
    ),
    "优惠": lines(
        AREA, "kind: discount, percent: 2.5, evidence: EARLY, clause: 第二十条",
        area_milli=80_010, evidence=frozenset({"EARLY"}),
    ),
    "优惠按缴费日": lines(
        AREA, "kind: discount, steps: [{percent: 3, until: 2025-09-01, since: 2025-08-01},"
        " {percent: 2, until: 2025-10-01}], channels: [WECHAT], label_zh: 早缴优惠,"
        " label_en: Early, code: early", area_milli=80_010,
        heat=HeatFacts(paid_on=date(2025, 9, 1), paid_by="WECHAT"),
    ),
    "补贴按比例": lines(
        AREA, "kind: subsidy, per: PERCENT, amount: 12.5, evidence: LOW_INCOME, clause: 第二十一条",
        area_milli=80_010, evidence=PROOF,
    ),
    "补贴按面积": lines(
        AREA, "kind: subsidy, per: SQUARE_METER, amount: 5.55, evidence: LOW_INCOME",
        area_milli=80_010, evidence=PROOF,
    ),
    "补贴按户": lines(
        AREA, "kind: subsidy, per: BILL, amount: 9000, evidence: LOW_INCOME", area_milli=80_010,
        evidence=PROOF,
    ),
    "补贴免费量": lines(
        ENERGY, "kind: subsidy, per: FREE_UNIT, amount: 0.45, units: 10, evidence: LOW_INCOME",
        usage={"total": 123_000}, evidence=PROOF,
    ),
    "封顶": lines(AREA, "kind: cap, amount: 2500, clause: 第二十二条", area_milli=80_010),
    "封顶按面积": lines(
        AREA, "kind: cap, amount: 30.5, per: SQUARE_METER, code: cap.area, label_zh: 减免,"
        " label_en: Relief", area_milli=80_010,
    ),
    "损耗": lines(
        ENERGY, head=LOSSES + HEAD, usage=zones(80_000, 20_000), period=MONTH,
        power=power(transformers=(Transformer("1", 630_000, model="S11"),
                                  Transformer("2", 315_000, model="S13", in_service=PART))),
    ),
    "约定损耗": lines(ENERGY, head=AGREED + HEAD, usage={"total": 80_000}, period=MONTH,
                    power=power(loss_kwh=7)),
    "表计误差": lambda: corrections.meter_error(
        terms=TERMS, lines=tuple(WRONG_BILL()), error_percent=Decimal(-10)
    ),
    "表计误差两项": lambda: corrections.meter_error(
        terms=TERMS, lines=tuple(TWO_ENERGIES()), error_percent=Decimal(5)
    ),
    "接线错误": lambda: corrections.wiring(
        terms=TERMS, lines=tuple(WRONG_BILL()), correction_percent=Decimal("36.5")
    ),
    "功率因数更正": lambda: [
        corrections.power_factor(
            terms=TERMS, billed=Money(1_260_000), billed_percent=Decimal(5),
            true_percent=Decimal("9.5"),
        )
    ],
    "窃电": lambda: corrections.theft(terms=TERMS, load_milli=2500, price=Decimal("0.31")),
    "窃电照明": lambda: corrections.theft(
        terms=TERMS, load_milli=2500, price=Decimal("0.31"), lighting=True
    ),
    "窃电已查明": lambda: corrections.theft(
        terms=TERMS, load_milli=2500, price=Decimal("0.31"), known_days=7,
        known_hours=Decimal("2.5"),
    ),
    "擅改类别": lambda: corrections.misuse(
        terms=TERMS, usage_milli=[900_000, 200_000, 200_100, 250_000], charged=Decimal("0.5"),
        right=Decimal("0.8"),
    ),
    "超合同容量": lambda: [corrections.over_capacity(terms=TERMS, load_milli=3001)],
    "私增容量": lambda: corrections.private_capacity(
        terms=TERMS, capacity_milli=315_001, price=Decimal(20), months=1, days=7
    ),
    "违约金": late,
    "违约金分段": lambda: late(None, Change(date(2026, 1, 10), 100_000)),
    "违约金跨年": lambda: late(cross_year_per_mille=Decimal(2), grace_days=3),
    "违约金按全额": lambda: late(
        None, Change(date(2026, 1, 10), 100_000), base="FULL_PRINCIPAL"
    ),
    "违约金一次": lambda: late(flat_percent=Decimal("2.5")),
    "违约金补足": lambda: late(min_fen=10_000),
    "违约金封顶": lambda: late(max_percent_of_principal=Decimal("1.5")),
    "违约金停热": lambda: late(
        CutOff(Interval(date(2026, 1, 11), date(2026, 3, 1)), 151), stops_at_cut_off=True,
        heat_loss_percent=Decimal(20),
    ),
    "低温退费": lambda: returned(
        temperature(base_percent=Decimal(30)), days=cold("17.9", "16", "15.9", "18", "12")
    ),
    "低温退费按房间": lambda: returned(
        temperature(scope="ROOM", after_hours=48), area_milli=95_800,
        days=cold("17.9", room="A", room_area_milli=15_500, hours=48)
        + cold("12", room="B", room_area_milli=9_500, hours=47),
    ),
    "低温退费按月": lambda: returned(
        temperature(by="MONTH_MEAN", readings=3),
        months=(MonthTemperatures(MONTH, (Decimal(17), Decimal(18), Decimal(16))),),
    ),
    "停热退费": lambda: returned(
        RefundTerms(outage=OUTAGE, clause="第三十五条", citation="供用热合同"),
        outages=(Outage(date(2026, 1, 1), 24, 1), Outage(date(2026, 1, 5), 23, 1),
                 Outage(date(2026, 1, 8), 60, 3)),
    ),
}  # fmt: skip
