"""Heat by area and by meter, stopped and partial seasons, early payment, changed prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from metercash.kernel.interval import Interval
from metercash.kernel.quantity import plain
from metercash.rating.bill import Line
from metercash.rating.facts import METER_FAULTY
from metercash.rating.facts_heat import AreaPart, HeatFacts, Supply
from metercash.rating.plan import Plan
from tests.rate_cases.case import Case, Outcome, exact, fen, milli, of_lines
from tests.rate_cases.plans import SEASON, plan, rated


FIRST = date(2025, 10, 15)
DAY = timedelta(days=1)
CHANNEL_CODES = {"wechat": "WECHAT", "alipay": "ALIPAY"}
RESIDENTS = ("resident", "residential", "居民")
MORE_HEAT = 10**12


def _decimal(text: object) -> Decimal:
    value = exact(str(text))
    return Decimal(value.numerator) / Decimal(value.denominator)


def _season(days: object) -> tuple[dict[str, str], Interval[date]]:
    """A season of so many days, as a document writes it and as dates."""
    season = Interval(FIRST, FIRST + timedelta(days=int(str(days))))
    return {"start": f"{season.start:%m-%d}", "until": f"{season.end:%m-%d}"}, season


def _product(formula: str) -> tuple[str, str]:
    """Price and area of a fee written as ``price*area``; else the fee, on one square meter."""
    price, times, area = formula.partition("*")
    if times and not set(area) & set("*/()+-"):
        return price.strip(), area.strip()
    return plain(_decimal(formula)), "1"


def _fee(case: Case) -> tuple[str, str]:
    """Price for the season and area of a case that tells the fee in one of its ways."""
    told = {**case.tariff, **case.input}
    if "price_yuan_per_m2_season" in told:
        return str(told["price_yuan_per_m2_season"]), str(told["area_m2"])
    names = ("season_fee_formula", "season_fee", "fee_formula", "fee")
    return _product(next(str(told[name]) for name in names if name in told))


def _area_milli(given: Mapping[str, Any]) -> int:
    """The area a price is for, whatever the case calls it."""
    names = ("area_m2", "title_area_m2", "usable_area_m2", "inner_area_m2")
    return milli(next(given[name] for name in names if name in given))


def _factor(tariff: Mapping[str, Any]) -> dict[str, str]:
    factor = Decimal(1)
    for name in ("area_factor", "use_factor"):
        factor *= Decimal(tariff.get(name, "1"))
    return {} if factor == 1 else {"factor": plain(factor)}


def _height(rule: Mapping[str, str]) -> dict[str, Any]:
    """The surcharge of a tall room; a word not known here is refused, never passed over."""
    told = dict(rule)
    component: dict[str, Any] = {
        "kind": "height_surcharge",
        "over_mm": milli(told.pop("over_m")),
        "on": ["heat.area", "heat.area.title"],
    }
    if "step_m" in told:
        component["step_mm"] = milli(told.pop("step_m"))
        component["percent_per_step"] = told.pop("pct_per_step")
    if told.get("mode") == "ratio":
        del told["mode"]
        component["ratio_of_mm"] = milli(told.pop("base_m"))
    if any("started" in word for word in (told.get("mode"), told.get("partial")) if word):
        del told["mode" if "mode" in told else "partial"]
        component["partial_step"] = "STARTED_STEPS"
    if "factor" in told:
        component["flat_percent"] = plain((Decimal(told.pop("factor")) - 1) * 100)
    if "max_pct" in told:
        component["max_percent"] = told.pop("max_pct")
    if told:
        msg = f"height rule not understood: {told}"
        raise ValueError(msg)
    return component


def _low_parts(case: Case, price: Mapping[str, Any]) -> tuple[dict[str, Any], list[AreaPart]]:
    """Areas off the title, half of which count below a height."""
    rule = case.tariff["low_area"]
    attic = {
        "part": "EXTRA", "factor": 1, "code": "heat.area.extra_full",
        "full_from_mm": milli(rule["full_from_m"]), "low_factor": rule["low_factor"],
        "low_code": "heat.area.extra_half", "label_zh": "未计产权面积", "label_en": "Untitled",
    }  # fmt: skip
    parts = [
        AreaPart("EXTRA", milli(one["area_m2"]), milli(one["height_m"]))
        for one in case.input.get("extra", ())
    ]
    return {**price, "kind": "area_parts", "parts": [attic]}, parts


def _shared_parts(case: Case, price: Mapping[str, Any]) -> tuple[dict[str, Any], list[AreaPart]]:
    """Parts told as ``stairwell_share_m2`` with ``stairwell_factor``."""
    told = {**case.tariff, **case.input}
    rules, parts = [], []
    for name in (key.removesuffix("_factor") for key in case.input if key.endswith("_factor")):
        area = next(told[k] for k in (f"{name}_share_m2", f"{name}_area_m2", f"{name}_m2")
                    if k in told)  # fmt: skip
        rules.append({
            "part": name.upper(), "factor": told[f"{name}_factor"], "code": f"heat.{name}",
            "label_zh": name, "label_en": name,
        })  # fmt: skip
        if milli(area):
            parts.append(AreaPart(name.upper(), milli(area)))
    return {**price, "kind": "area_parts", "parts": rules}, parts


def _by_area(case: Case, price: dict[str, Any], season: Interval[date] = SEASON) -> Outcome:
    """Area fee with whatever the case adds to it."""
    tariff, given = case.tariff, case.input
    area = {"kind": "area", **price, **_factor(tariff)}
    facts: dict[str, Any] = {}
    if "usable_divisor" in tariff and "usable_area_m2" in given:
        area |= {"usable": True, "usable_divisor": tariff["usable_divisor"]}
        facts["usable_area_milli"] = milli(given["usable_area_m2"])
    else:
        facts["area_milli"] = _area_milli(given)
    components = [area]
    parts: list[AreaPart] = []
    if "low_area" in tariff:
        area["code"] = "heat.area.title"
        component, parts = _low_parts(case, price)
        components.append(component)
    elif any(key.endswith("_factor") for key in given):
        component, parts = _shared_parts(case, price)
        components.append(component)
    if "height_rule" in tariff:
        components.append(_height(tariff["height_rule"]))
        facts["height_mm"] = milli(given.get("storey_height_m", 0))
    heat = HeatFacts(parts=tuple(parts))
    return of_lines(rated(plan("HEAT", *components), season, heat=heat, **facts))


def area_season(case: Case) -> Outcome:
    """A price for the season."""
    return _by_area(case, {"price": case.tariff["price_yuan_per_m2_season"]})


def area_month(case: Case) -> Outcome:
    """A price for each month."""
    told = {**case.tariff, **case.input}
    price = {"price": told["price_yuan_per_m2_month"], "per": "MONTH", "months": told["months"]}
    return _by_area(case, price)


def area_day(case: Case) -> Outcome:
    """A price for each day with heat."""
    told = {**case.tariff, **case.input}
    _, period = _season(told["heating_days"])
    return _by_area(case, {"price": told["price_yuan_per_m2_day"], "per": "DAY"}, period)


def _area_price(case: Case) -> str | None:
    """The plain price, told only by the fee that was prepaid."""
    told = {**case.tariff, **case.input}
    if "area_price" in told:
        return str(told["area_price"])
    formula = str(told.get("prepaid_formula", ""))
    return formula.split("*", maxsplit=1)[0] if formula.count("*") == 1 else None


def _settlement(policy: Mapping[str, Any]) -> dict[str, Any]:
    if policy.get("carry_forward"):
        return {"settlement": "CARRIED_TO_NEXT_SEASON"}
    percent = str(policy.get("cap_over_area_pct", ""))
    if percent and Decimal(percent):
        return {"settlement": "CAPPED_OVER_AREA", "cap_percent": percent}
    if percent or str(policy.get("settle", "")).startswith("refund only"):
        return {"settlement": "NEVER_ABOVE_AREA_FEE"}
    return {}


def _two_part_plan(case: Case, unit: str) -> Plan:
    tariff, policy = case.tariff, case.tariff.get("policy", {})
    pers = {"": "SEASON", "_month": "MONTH", "_day": "DAY"}
    end = next(end for end in pers if f"basic_yuan_per_m2{end}" in tariff)
    component = {
        "kind": "two_part", "basic": tariff[f"basic_yuan_per_m2{end}"], "basic_per": pers[end],
        "metered": tariff[f"metered_yuan_per_{unit}"], "unit": unit,
        **_factor(tariff), **_settlement(policy),
    }  # fmt: skip
    if end == "_month":
        component["months"] = {**tariff, **case.input}["months"]
    if "heat_factor" in tariff:
        component["heat_factors"] = {FIRST.year: tariff["heat_factor"]}
    price = _area_price(case)
    if price is not None:
        component["area_price"] = price
    return plan("HEAT", component)


def two_part(case: Case) -> Outcome:
    """A basic charge and a metered one, and their settlement."""
    tariff, given = case.tariff, case.input
    units = [unit for unit in ("kWh", "GJ") if f"metered_yuan_per_{unit}" in tariff]
    if len(units) > 1:
        return _both_units(case)
    [unit] = units
    made = _two_part_plan(case, unit)
    _, period = _season(given.get("heating_days", 121))
    prepaid = given.get("prepaid_formula", given.get("prepaid"))
    facts: dict[str, Any] = {"area_milli": _area_milli(given), "usage_unit": unit}
    if any("fault" in key and given[key] for key in given):
        facts["evidence"] = frozenset({METER_FAULTY})
    else:
        facts["usage"] = {"total": milli(given[f"heat_{unit}"])}
    if prepaid is not None:
        facts["prepaid_fen"] = fen(prepaid)
    lines = rated(made, period, **facts)
    charges = [(x.code, x.amount.fen) for x in lines if x.code in _CHARGES]
    return Outcome(tuple(charges), _sum(lines, *_CHARGES), _settled(made, period, facts, lines))


_CHARGES = ("heat.area", "heat.basic", "heat.metered")
_CEILED = (*_CHARGES, "heat.cap")


def _sum(lines: tuple[Line, ...], *codes: str) -> int:
    return sum(line.amount.fen for line in lines if line.code in codes)


def _settled(
    made: Plan, period: Interval[date], facts: dict[str, Any], lines: tuple[Line, ...]
) -> dict[str, object]:
    """What the case may ask of the settlement; the ceiling is the bill of endless heat."""
    most = rated(made, period, **{**facts, "usage": {"total": MORE_HEAT}})
    left = _sum(lines, *_CEILED, "heat.prepaid")
    return {
        "metered_total_fen": _sum(lines, *_CHARGES),
        "billed_fen": _sum(lines, *_CEILED),
        "cap_fen": _sum(most, *_CEILED),
        "prepaid_fen": -_sum(lines, "heat.prepaid"),
        "settlement_fen": left,
        "settlement": "top-up" if left > 0 else "refund" if left else "none",
        "carry_forward_fen": _sum(lines, "heat.carried_out"),
    }


def _both_units(case: Case) -> Outcome:
    """The same heat in two units, each by the price of its own unit."""
    lines = []
    for unit in ("kWh", "GJ"):
        quantity = case.input.get(f"heat_{unit}", case.input.get(f"equals_{unit}"))
        made = plan("HEAT", {
            "kind": "metered", "price": case.tariff[f"metered_yuan_per_{unit}"], "unit": unit,
            "code": f"heat.metered.{unit}",
        })  # fmt: skip
        usage = {"total": milli(quantity)}
        lines += [
            (line.code, line.amount.fen)
            for line in rated(made, SEASON, usage=usage, usage_unit=unit)
        ]
    return Outcome(tuple(lines))


def stop_fee(case: Case) -> Outcome:
    """A share of the season's fee while heat is stopped."""
    price, area = _fee(case)
    made = plan(
        "HEAT",
        {"kind": "area", "price": price},
        {"kind": "stop_fee", "shares": [{"percent": case.tariff["pct"]}]},
    )
    heat = HeatFacts(supply=Supply.STOPPED)
    return of_lines(rated(made, SEASON, area_milli=milli(area), heat=heat))


def _late(case: Case, supply: Supply) -> Outcome:
    """A late start, charged by the days with heat."""
    told = {**case.tariff, **case.input}
    price, area = _fee(case)
    head, season = _season(told["season_days"])
    made = plan(
        "HEAT", {"kind": "area", "price": price, "late_by_days": [supply.value]}, season=head
    )
    heated_from = season.end - int(told["actual_days"]) * DAY
    heat = HeatFacts(supply=supply, heated_from=heated_from)
    return of_lines(rated(made, season, area_milli=milli(area), heat=heat))


def first_connection_daily(case: Case) -> Outcome:
    """The first season pays the days since the connection."""
    return _late(case, Supply.FIRST_CONNECTION)


def resume_daily(case: Case) -> Outcome:
    """Heat again during the season pays the days with heat."""
    return _late(case, Supply.RESUMED)


def resume_full(case: Case) -> Outcome:
    """Who has heat again during the season pays all of it."""
    price, area = _fee(case)
    made = plan(
        "HEAT",
        {"kind": "area", "price": price, "late_by_days": ["FIRST_CONNECTION"]},
        season={"start": "11-01", "until": "04-01"},
    )
    resumed = date.fromisoformat(case.input.get("resume_date", "2024-12-01"))
    season = made.season_of(resumed)
    assert season is not None
    heat = HeatFacts(supply=Supply.RESUMED, heated_from=resumed)
    return of_lines(rated(made, season, area_milli=milli(area), heat=heat))


def _steps(tariff: Mapping[str, Any]) -> list[dict[str, str]]:
    """Percentages by day of payment; a case names the last day, a document the day after."""
    if "steps" in tariff:
        told = [(None, last, percent) for last, percent in tariff["steps"]]
    else:
        first, last = tariff.get("window", (None, "9998-12-31"))
        told = [(first, last, tariff["pct"])]
    return [
        {"percent": str(percent), "until": (date.fromisoformat(last) + DAY).isoformat()}
        | ({"since": first} if first else {})
        for first, last, percent in told
    ]


def early_discount(case: Case) -> Outcome:
    """Less for who pays in time, or by a channel."""
    tariff, given = case.tariff, case.input
    discount = {
        "kind": "discount", "code": "discount.early", "steps": _steps(tariff),
        "unless": ["IN_ARREARS"],
        "channels": [CHANNEL_CODES.get(one, one) for one in tariff.get("channel", ())],
        "categories": ["RESIDENTIAL"] if tariff.get("residents_only") else [],
    }  # fmt: skip
    price, area = _fee(case)
    made = plan("HEAT", {"kind": "area", "price": price}, discount)
    channel = str(given.get("channel", ""))
    resident = str(given.get("customer", "resident")) in RESIDENTS
    paid = given.get("paid_date")
    owes = given.get("arrears", given.get("in_arrears", given.get("has_arrears", False)))
    return of_lines(rated(
        made, SEASON, area_milli=milli(area),
        category="RESIDENTIAL" if resident else "NONRESIDENTIAL",
        evidence=frozenset({"IN_ARREARS"} if owes and str(owes) != "0" else ()),
        heat=HeatFacts(
            paid_on=date.fromisoformat(paid) if paid else None,
            paid_by=CHANNEL_CODES.get(channel, channel),
        ),
    ))  # fmt: skip


def price_change_heat(case: Case) -> Outcome:
    """A price that changes within the season: two versions, each for its days."""
    told = {**case.tariff, **case.input}
    head, season = _season(told["season_days"])
    change = season.start + int(told["days_old"]) * DAY
    end = change + int(told["days_new"]) * DAY
    lines: list[Line] = []
    for age, period in (("old", Interval(season.start, change)), ("new", Interval(change, end))):
        made = plan("HEAT", {
            "kind": "area", "price": told[age], "proration": "ACTUAL_DAYS", "code": f"heat.{age}",
            **_factor(case.tariff),
        }, season=head)  # fmt: skip
        lines += rated(made, period, area_milli=milli(told["area_m2"]))
    return of_lines(lines)


MODES: dict[str, Callable[[Case], Outcome]] = {
    "area_day": area_day,
    "area_month": area_month,
    "area_season": area_season,
    "early_discount": early_discount,
    "first_connection_daily": first_connection_daily,
    "price_change_heat": price_change_heat,
    "resume_daily": resume_daily,
    "resume_full": resume_full,
    "stop_fee": stop_fee,
    "two_part": two_part,
}
