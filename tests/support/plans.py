"""Random price documents and facts for every kind of rule: hypothesis strategies.

``case(kind)`` draws a document whose rules are about that kind, as text, and facts it can be rated with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import yaml
from hypothesis import strategies as st

from metercash.kernel.interval import Interval
from metercash.rating.facts import RatingFacts
from metercash.rating.facts_heat import AreaPart, HeatFacts, Supply
from metercash.rating.facts_power import PowerFacts, Transformer


Document = dict[str, Any]
Case = tuple[str, RatingFacts]

HEAD = {
    "code": "drawn",
    "name_zh": "随机价格",
    "name_en": "Drawn",
    "locality": "drawn",
    "citation": "随机价格文件",
    "source": "随机",
    "confidence": "D",
    "effective_from": "2000-01-01",
}
PROOFS = (
    "LOW_INCOME",
    "METER_FAULTY",
    "FLAT_RATE_CHOSEN",
    "NEW_CONNECTION",
    "MARKET",
    "IN_ARREARS",
)
PARTS = ("BALCONY", "ATTIC", "STAIRWELL")
MILLI = st.integers(0, 5_000_000) | st.integers(0, 3000)
AREAS = st.integers(1, 300_000)


def decimals(low: int, high: int, places: int = 4) -> st.SearchStrategy[str]:
    """Decimal text between two whole numbers."""
    return st.integers(low * 10**places, high * 10**places).map(
        lambda n: f"{Decimal(n).scaleb(-places):f}"
    )


PRICES = decimals(0, 3)
POSITIVE = decimals(1, 60, 2)
PERCENTS = decimals(1, 60, 2)
FACTORS = decimals(1, 2, 3)


@st.composite
def periods(draw: st.DrawFn, longest: int = 400) -> Interval[date]:
    """A stretch of days, often whole months."""
    start = date(draw(st.integers(2021, 2026)), draw(st.integers(1, 12)), draw(st.integers(1, 28)))
    days = draw(st.sampled_from([28, 29, 30, 31]) | st.integers(1, longest))
    return Interval(start, start + timedelta(days=min(days, longest)))


@st.composite
def days_in(draw: st.DrawFn, period: Interval[date], around: int = 20) -> date:
    """A day in the period or near it."""
    length = (period.end - period.start).days
    return period.start + timedelta(days=draw(st.integers(-around, length + around)))


@st.composite
def spans(draw: st.DrawFn, period: Interval[date]) -> Interval[date]:
    """Days that may lie in the period or beyond."""
    start = draw(days_in(period))
    return Interval(start, start + timedelta(days=draw(st.integers(1, 40))))


def some(draw: st.DrawFn, **optional: st.SearchStrategy[Any]) -> Document:
    """Some of the optional names of a rule."""
    return {name: draw(values) for name, values in optional.items() if draw(st.booleans())}


def bounds(draw: st.DrawFn, count: int) -> list[int]:
    """Ascending bounds of tiers, in units."""
    return sorted(draw(st.sets(st.integers(1, 6000), min_size=count, max_size=count)))


LATE = st.lists(st.sampled_from(["RESUMED", "FIRST_CONNECTION"]), unique=True)


def area(draw: st.DrawFn) -> list[Document]:
    """A fee by area."""
    rule = {
        "kind": "area",
        "price": draw(POSITIVE),
        "per": draw(st.sampled_from(["SEASON", "MONTH", "DAY"])),
        **some(
            draw, months=decimals(1, 7, 1), factor=FACTORS, late_by_days=LATE,
            proration=st.sampled_from(["FULL_SEASON", "ACTUAL_DAYS"]),
        ),
    }  # fmt: skip
    if draw(st.booleans()):
        rule |= {"usable": "true"} | some(draw, usable_divisor=FACTORS)
    return [rule]


def area_parts(draw: st.DrawFn) -> list[Document]:
    """Parts beside the area."""

    def sort(part: str) -> Document:
        low = {
            "full_from_mm": "2200",
            "low_factor": draw(FACTORS),
            "low_code": f"heat.{part.lower()}_low",
        }
        return {
            "part": part, "factor": draw(FACTORS), "code": f"heat.{part.lower()}",
            "label_zh": part, "label_en": part, **(low if draw(st.booleans()) else {}),
        }  # fmt: skip

    rule = {
        "kind": "area_parts", "price": draw(POSITIVE), "parts": [sort(part) for part in PARTS],
        **some(draw, late_by_days=LATE, proration=st.just("ACTUAL_DAYS")),
    }  # fmt: skip
    return [*area(draw), rule]


def height_surcharge(draw: st.DrawFn) -> list[Document]:
    """A surcharge in each of the three ways."""
    ways = [
        {"flat_percent": draw(PERCENTS)},
        {"ratio_of_mm": str(draw(st.integers(2500, 3000)))},
        {
            "step_mm": str(draw(st.sampled_from([100, 300]))),
            "percent_per_step": draw(PERCENTS),
            "partial_step": draw(st.sampled_from(["WHOLE_STEPS", "STARTED_STEPS", "PROPORTIONAL"])),
        },
    ]
    rule = {"kind": "height_surcharge", "over_mm": "3000", **draw(st.sampled_from(ways))}
    return [*area(draw), rule | some(draw, max_percent=PERCENTS)]


def stop_fee(draw: st.DrawFn) -> list[Document]:
    """Stopped heat by the share of its season."""
    shares = [
        {"percent": draw(PERCENTS)},
        {"percent": draw(PERCENTS), "effective_from": draw(periods()).start.isoformat()},
    ]
    return [*height_surcharge(draw), {"kind": "stop_fee", "shares": shares}]


def payers(draw: st.DrawFn) -> list[Document]:
    """Several payers."""
    others = [
        {"share": draw(POSITIVE), "code": f"subsidy.{name}", "label_zh": name, "label_en": name}
        for name in draw(st.sampled_from([["a"], ["a", "b"]]))
    ]
    rule = {"kind": "payers", "own": draw(POSITIVE), "others": others}
    return [*area(draw), rule | some(draw, unless=st.just(["MARKET"]))]


def two_part(draw: st.DrawFn) -> list[Document]:
    """Two-part heat with each settlement."""
    settlement = draw(
        st.sampled_from(
            ["BOTH_WAYS", "NEVER_ABOVE_AREA_FEE", "CAPPED_OVER_AREA", "CARRIED_TO_NEXT_SEASON"]
        )
    )
    rule = {
        "kind": "two_part", "basic": draw(POSITIVE), "metered": draw(decimals(1, 2)), "unit": "kWh",
        "area_price": draw(POSITIVE), "settlement": settlement,
        "basic_per": draw(st.sampled_from(["SEASON", "MONTH", "DAY"])),
        **some(draw, factor=FACTORS, late_by_days=LATE, months=decimals(1, 7, 1)),
    }  # fmt: skip
    if settlement == "CAPPED_OVER_AREA":
        rule["cap_percent"] = draw(PERCENTS)
    factors = {str(year): draw(FACTORS) for year in range(2019, 2029)}
    return [rule | draw(st.sampled_from([{}, {"heat_factor": "1.05"}, {"heat_factors": factors}]))]


FREE = st.fixed_dictionaries(
    {"per_month": st.integers(1, 50).map(str), "carry": st.sampled_from(["true", "false"])}
)


def metered(draw: st.DrawFn) -> list[Document]:
    """A price for each unit, and funds."""
    return [
        {"kind": "metered", "price": draw(PRICES), "unit": "kWh", **some(draw, free=FREE)},
        {"kind": "surcharge", "price": draw(PRICES), "unit": "kWh", "zone": "peak"},
    ]


def tiered(draw: st.DrawFn) -> list[Document]:
    """Ladders, alone or on time of use."""
    count = draw(st.integers(1, 3))
    split = draw(st.booleans())
    rule: Document = {
        "kind": "tiered",
        "cycle": draw(st.sampled_from(["YEAR", "MONTH"])),
        "style": "SPLIT" if split else "SURCHARGE",
        "bounds": bounds(draw, count),
        "prices": [draw(PRICES) for _ in range(count + split)],
        **some(
            draw,
            seasons=st.just([{"months": [5, 6, 7, 8], "bounds": bounds(draw, count)}]),
            household=st.fixed_dictionaries(
                {
                    "from_persons": st.just("5"),
                    "per_month": st.integers(1, 200).map(str),
                    "tiers": st.sampled_from(["ALL", "FIRST"]),
                }
            ),
        ),
    }
    crossed = {str(n): {"peak": draw(PRICES), "valley": draw(PRICES)} for n in range(2, count + 2)}
    if split:
        return [rule | some(draw, free=FREE)]
    if draw(st.booleans()):
        return [*time_of_use(draw), rule | some(draw, crossed=st.just(crossed))]
    flat = st.just({"from_persons": "7", "price": draw(PRICES)})
    return [rule | {"base": draw(PRICES)} | some(draw, free=FREE, flat=flat)]


def time_of_use(draw: st.DrawFn) -> list[Document]:
    """Prices by zone, listed or floating."""
    floating = {
        "floats": {"agent": draw(PRICES), "loss": draw(decimals(-1, 1, 6))},
        "fixed": {"td": draw(PRICES)},
        "decimals": draw(st.sampled_from(["2", "4", "6"])),
    }
    zones = {
        name: {"ratio": draw(FACTORS)} | some(draw, price=PRICES)
        for name in ("peak", "flat", "valley")
    }
    return [{"kind": "time_of_use", "floating": floating, "zones": zones}]


def free_units_refund(draw: st.DrawFn) -> list[Document]:
    """Free units paid back."""
    return [
        {
            "kind": "free_units_refund", "price": draw(PRICES), "per_month": "10",
            "paid_every_months": draw(st.sampled_from(["1", "3", "12"])),
            "capped_by_usage": draw(st.sampled_from(["true", "false"])),
        }
    ]  # fmt: skip


def price_change(draw: st.DrawFn) -> list[Document]:
    """A change within a reading."""
    count = draw(st.integers(0, 2))
    rule = {
        "kind": "price_change", "old": draw(PRICES),
        "new": [draw(PRICES) for _ in range(count + 1)],
        "share": draw(st.sampled_from(["DAYS", "HALF"])),
        "changes_on": draw(periods()).start.isoformat(),
    }  # fmt: skip
    return [rule | ({"bounds": bounds(draw, count)} if count else {})]


def build_up(draw: st.DrawFn) -> list[Document]:
    """Parts of a price."""
    parts = {
        "agent": {"price": draw(PRICES), "multiplier": "1.5", "evidence": "MARKET"},
        "sys": {"price": draw(decimals(-1, 1, 6))},
        "fund": {"price": draw(PRICES)},
    }
    return [{"kind": "build_up", "parts": parts}]


def demand(draw: st.DrawFn) -> list[Document]:
    """A charge by demand."""
    by = draw(st.sampled_from([{"by": "ACTUAL"}, {"by": "CONTRACT", "tolerance_percent": "105"}]))
    discount = st.just({"kwh_per_kva_min": "260", "factor": "0.9"})
    more = some(draw, floor_percent_of_capacity=PERCENTS, discount=discount)
    return [{"kind": "demand", "price": draw(POSITIVE), **by, **more}]


def capacity(draw: st.DrawFn) -> list[Document]:
    """A charge by capacity."""
    more = some(
        draw, suspension_days_min=st.just("15"), suspended_percent=PERCENTS,
        suspended_percent_new=PERCENTS, lines=st.sampled_from(["ONE", "EACH"]),
    )  # fmt: skip
    return [{"kind": "capacity", "price": draw(POSITIVE), **more}]


def power_factor(draw: st.DrawFn) -> list[Document]:
    """An adjustment on energy and demand."""
    rule = {
        "kind": "power_factor",
        "standard": draw(st.sampled_from(["0.90", "0.85", "0.80"])),
        **some(draw, funds_within=decimals(0, 1), on=st.just(["energy", "demand"])),
    }
    return [*build_up(draw), *demand(draw), rule]


def year_settlement(draw: st.DrawFn) -> list[Document]:
    """The year's tiers settled."""
    return [
        {
            "kind": "year_settlement", "bounds": bounds(draw, 2),
            "prices": [draw(PRICES), draw(PRICES)],
            "settles": draw(st.sampled_from(["RETURN", "TOP_UP", "BOTH"])),
        }
    ]  # fmt: skip


def discount(draw: st.DrawFn) -> list[Document]:
    """Discounts by proof, day and channel."""
    steps = [{"percent": draw(PERCENTS), "until": f"{year}-07-01"} for year in (2022, 2024, 2026)]
    steps[1] |= some(draw, since=st.just("2023-01-01"))
    by_day = {"kind": "discount", "steps": steps, "unless": ["IN_ARREARS"]}
    by_day |= some(draw, channels=st.just(["WECHAT"]))
    proof = {
        "kind": "discount",
        "code": "discount.more",
        "percent": draw(PERCENTS),
        "evidence": "MARKET",
    }
    return [*area(draw), by_day, proof]


def subsidy(draw: st.DrawFn) -> list[Document]:
    """Subsidies of every sort."""
    rule = {
        "kind": "subsidy", "amount": draw(POSITIVE), "evidence": "LOW_INCOME",
        "per": draw(st.sampled_from(["PERCENT", "SQUARE_METER", "BILL", "FREE_UNIT"])),
        **some(draw, units=POSITIVE),
    }  # fmt: skip
    return [*metered(draw), rule]


def cap(draw: st.DrawFn) -> list[Document]:
    """A ceiling."""
    per = draw(st.sampled_from(["BILL", "SQUARE_METER"]))
    return [*area(draw), {"kind": "cap", "amount": draw(POSITIVE), "per": per}]


def linked(draw: st.DrawFn) -> list[Document]:
    """A price that follows an index."""
    cap = st.fixed_dictionaries(
        {"up": decimals(0, 1), "down": decimals(0, 1), "per": st.sampled_from(["YUAN", "PERCENT"])}
    )
    publications: list[Document] = [
        {"published_on": f"{year}-{month:02}-01", "value": draw(POSITIVE), "citation": "公布"}
        for year in range(2021, 2027)
        for month in draw(st.lists(st.sampled_from([2, 5, 8, 11]), unique=True).map(sorted))
    ]
    rule = {
        "kind": "linked", "price": draw(PRICES), "index": draw(POSITIVE), "unit": "kWh",
        "coefficient": draw(decimals(1, 2, 2)), "publications": publications, "decimals": "4",
        **some(
            draw, cap_each=cap, cap_total=cap, carries=st.just("false"), threshold=PERCENTS,
            threshold_per=st.just("INDEX"), moves=st.just("EXCESS"),
            pass_through_percent=PERCENTS, notice_days=st.integers(0, 40).map(str),
        ),
    }  # fmt: skip
    return [rule]


def losses(draw: st.DrawFn) -> list[Document]:
    """Energy and funds that see the losses; the section is added by :func:`case`."""
    return [{"kind": "metered", "price": draw(PRICES), "unit": "kWh"}, *build_up(draw)]


Writer = Callable[[st.DrawFn], list[Document]]
KINDS: Mapping[str, Writer] = {
    writer.__name__: writer
    for writer in (
        area, area_parts, height_surcharge, stop_fee, payers, two_part, metered, tiered, time_of_use,
        free_units_refund, price_change, build_up, demand, capacity, power_factor, year_settlement,
        discount, subsidy, cap, linked, losses,
    )
}  # fmt: skip
SHORT = ("demand", "capacity", "power_factor", "losses")


@st.composite
def transformers(draw: st.DrawFn, period: Interval[date]) -> tuple[Transformer, ...]:
    """Transformers, some interlocked, some suspended, some connected for a part."""
    return tuple(
        Transformer(
            name=str(number),
            capacity_milli=draw(st.integers(1, 2000)) * 500,
            interlock=draw(st.sampled_from(["", "", "x"])),
            in_service=draw(st.none() | spans(period)),
            suspended=tuple(draw(st.lists(spans(period), max_size=2))),
            model=draw(st.sampled_from(["M1", "M2"])),
        )
        for number in range(1, draw(st.integers(1, 3)) + 1)
    )


@st.composite
def facts(draw: st.DrawFn, period: Interval[date]) -> RatingFacts:
    """Facts that every kind of rule can be rated with."""
    peak, flat, valley = draw(MILLI), draw(MILLI), draw(MILLI)
    usage = {"peak": peak, "flat": flat, "valley": valley}
    if draw(st.booleans()):
        usage["total"] = peak + flat + valley
    parts = st.builds(
        AreaPart, part=st.sampled_from(PARTS), area_milli=AREAS, height_mm=st.integers(2000, 2400)
    )
    supply = draw(st.sampled_from(list(Supply)))
    return RatingFacts(
        period=period,
        area_milli=draw(AREAS),
        usable_area_milli=draw(AREAS),
        height_mm=draw(st.integers(0, 6000) | st.sampled_from([3000, 3300, 3301])),
        household_size=draw(st.integers(0, 9)),
        category=draw(st.sampled_from(["RESIDENTIAL", "SHOP"])),
        usage=usage,
        year_to_date_milli=draw(MILLI),
        tier_months=draw(st.integers(1, 12)),
        household_months=draw(st.none() | st.integers(0, 12)),
        before_household_milli=draw(MILLI),
        free_left_milli=draw(st.integers(0, 50_000)),
        before_change_milli=draw(st.none() | st.integers(0, peak + flat + valley)),
        ladder_charged_fen=draw(st.integers(0, 500_000)),
        prepaid_fen=draw(st.sampled_from([0, 100_000]) | st.integers(0, 10**6)),
        evidence=frozenset(draw(st.lists(st.sampled_from(PROOFS)))),
        heat=HeatFacts(
            parts=tuple(draw(st.lists(parts, max_size=4))),
            supply=supply,
            heated_from=None if supply is Supply.STOPPED else draw(days_in(period)),
            paid_on=draw(st.none() | days_in(period)),
            paid_by=draw(st.sampled_from(["", "WECHAT", "CASH"])),
            carried_fen=draw(st.integers(-(10**5), 10**5)),
        ),
        power=PowerFacts(
            demand_milli=tuple(draw(st.lists(st.integers(0, 3 * 10**6), min_size=1, max_size=2))),
            contract_demand_milli=draw(st.integers(1, 3 * 10**6)),
            capacity_milli=draw(st.integers(1, 3 * 10**6)),
            transformers=draw(transformers(period)),
            reactive_milli=draw(st.none() | st.integers(1, 5 * 10**6)),
            reverse_reactive_milli=draw(st.integers(0, 10**6)),
            power_factor=draw(decimals(0, 1).map(Decimal)),
            loss_kwh=draw(st.none() | st.integers(0, 5000)),
        ),
    )


@st.composite
def case(draw: st.DrawFn, kind: str) -> Case:
    """Text of a document about the kind, and facts of an account."""
    document: Document = {**HEAD, "commodity": "HEAT", "components": KINDS[kind](draw)}
    if draw(st.booleans()):
        document["season"] = {"start": "11-15", "until": "03-16"}
    if kind == "losses" or (kind == "power_factor" and draw(st.booleans())):
        document["losses"] = {
            "models": {"M1": {"no_load_kw": "0.29"}, "M2": {"month_kwh": "304"}},
            "to": draw(st.sampled_from(["flat", "SPREAD"])),
            **some(draw, load_percent=PERCENTS, line_percent=PERCENTS),
        }
    if draw(st.booleans()):
        document["components"][-1]["categories"] = ["RESIDENTIAL"]
    period = draw(periods(31 if kind in SHORT else 400))
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False), draw(facts(period))
