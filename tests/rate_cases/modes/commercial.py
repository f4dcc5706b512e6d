"""Commercial electricity: price build-up, zones, demand and capacity, power factor, losses, readings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from metercash.contexts.metering.core.registers import difference
from metercash.kernel.interval import Interval
from metercash.rating.bill import Line
from metercash.rating.components import power_factor
from metercash.rating.facts_power import PowerFacts, Transformer
from metercash.rating.plan import Plan
from tests.rate_cases.case import Case, Outcome, exact, milli, of_lines
from tests.rate_cases.modes import basic_charge, corrections
from tests.rate_cases.modes.basic_charge import MONTH
from tests.rate_cases.modes.corrections import number
from tests.rate_cases.plans import plan, rated


RETURNED = "RETURNED_FROM_MARKET"
_FUNDS = {
    "农网还贷": "rural",
    "国家重大水利工程建设": "hydro",
    "重大水利": "hydro",
    "水库移民": "reservoir",
    "可再生能源": "renewable",
}


def _energy(price: object, **more: Any) -> dict[str, Any]:
    return {"kind": "metered", "price": number(price), "unit": "kWh", **more}


def _used(given: Mapping[str, Any], digits: int = 12) -> int:
    """Usage in thousandths of a kWh, told outright or by two reads and a multiplier."""
    for key in ("usage_kwh", "kwh", "month_kwh", "active_kwh", "metered_kwh"):
        if key in given:
            return milli(given[key])
    counted = difference(milli(given["from"]), milli(given["to"]), digits)
    if counted is None:
        msg = "the register fell and no rollover explains it"
        raise ValueError(msg)
    return counted * milli(given.get("multiplier", 1)) // 1000


def flat(case: Case) -> Outcome:
    """One price for every unit; what was used may be told by two reads and a multiplier."""
    made = plan("POWER", _energy(case.tariff.get("price", case.input.get("price"))))
    usage = {"total": _used(case.input, int(case.tariff.get("digits", 12)))}
    names = {} if "usage_kwh" in case.input else {"energy.base": "energy"}
    return of_lines(rated(made, MONTH, usage=usage), names)


def price_buildup(case: Case) -> Outcome:
    """A line for each part; the purchase may be multiplied for customers back from the market."""
    tariff, given = case.tariff, case.input
    parts = tariff.get("parts") or {
        name: price
        for name, price in given.items()
        if name != "multiplier" and not name.startswith(("kwh", "usage", "from", "to"))
    }
    written: dict[str, dict[str, Any]] = {
        name: {"price": number(price)} for name, price in parts.items()
    }
    for key, multiplier in tariff.items():
        if key.endswith("_multiplier"):
            part = written[key.removesuffix("_multiplier")]
            if exact(str(multiplier)) != 1:
                part |= {"multiplier": number(multiplier), "evidence": RETURNED}
    made = plan("POWER", {"kind": "build_up", "parts": written})
    usage = {"total": _used(given)}
    return of_lines(rated(made, MONTH, usage=usage, evidence=frozenset({RETURNED})))


def funds(case: Case) -> Outcome:
    """Each fund on a line of its own."""
    parts = {_fund(name): {"price": number(p)} for name, p in case.tariff["parts"].items()}
    made = plan("POWER", {"kind": "build_up", "parts": parts, "prefix": "fund"})
    return of_lines(rated(made, MONTH, usage={"total": _used(case.input)}))


def _fund(name: str) -> str:
    return next((code for start, code in _FUNDS.items() if name.startswith(start)), name)


def _zoned(
    zones: Mapping[str, Mapping[str, Any]], given: Mapping[str, Any], **more: Any
) -> Outcome:
    made = plan("POWER", {"kind": "time_of_use", "zones": dict(zones), **more})
    return of_lines(rated(made, MONTH, usage=_by_zone(zones, given)))


def _by_zone(zones: Iterable[str], given: Mapping[str, Any]) -> dict[str, int]:
    told = given.get("kwh", {})
    told = told if isinstance(told, Mapping) else {"each": told}
    used = {}
    for zone in zones:
        each = given.get("kwh_each", told.get("each", 0))
        used[zone] = milli(given.get(f"{zone}_kwh", told.get(zone, given.get(zone, each))))
    return used


def _ratios(tariff: Mapping[str, Any]) -> dict[str, str]:
    """Ratio by zone; one may be told by another, as ``peak*1.25``, and the flat one be left out."""
    told = {zone: str(ratio) for zone, ratio in tariff["ratios"].items()}
    for zone in ("critical", "sharp", "deep"):
        if zone in tariff and zone not in told:
            told[zone] = re.sub(r"[a-z]+", lambda found: told[found[0]], str(tariff[zone]))
    return {"flat": "1", **{zone: number(ratio) for zone, ratio in told.items()}}


def tou_float(case: Case) -> Outcome:
    """Only some parts of the price float with the zone."""
    tariff = case.tariff
    floats = tariff.get("float_base", tariff.get("float", tariff.get("flat")))
    floating = {
        "floats": {"energy": number(floats)},
        "fixed": {"other": number(tariff.get("fixed", 0))},
        "decimals": tariff.get("price_decimals", 6),
    }
    ratios = _ratios(tariff)
    if "flat" not in tariff["ratios"] and "float" in tariff:
        ratios.pop("flat")
    zones = {zone: {"ratio": ratio} for zone, ratio in ratios.items()}
    return _zoned(zones, case.input, floating=floating)


def tou_listed(case: Case) -> Outcome:
    """The published price of a zone is charged, whatever its ratio would make."""
    listed = case.tariff.get("prices") or {
        zone: price
        for zone, price in case.tariff.items()
        if zone != "mode" and not zone.startswith("formula")
    }
    zones: dict[str, dict[str, Any]] = {z: {"price": number(p)} for z, p in listed.items()}
    formulas = {
        key.removeprefix("formula_"): number(text)
        for key, text in case.tariff.items()
        if key.startswith("formula_")
    }
    for zone, price in formulas.items():
        zones[zone]["ratio"] = price
    return _zoned(zones, case.input, floating={"floats": {"formula": "1"}, "decimals": 8})


def pf(case: Case) -> Outcome:
    """What the table adds to the bill before."""
    given = case.input
    base = number(given["base_yuan"])
    standard = f"{Decimal(str(case.tariff['standard'])):.2f}"
    made = plan(
        "POWER",
        {"kind": "demand", "by": "ACTUAL", "price": base},
        {"kind": "power_factor", "standard": standard, "code": "pf_adjust"},
    )
    facts = PowerFacts(demand_milli=(1000,), **_reactive(given))
    usage = {"total": milli(given["active_kwh"])} if "active_kwh" in given else {}
    lines = rated(made, MONTH, power=facts, usage=usage)
    return _adjusted(lines[1:])


def _reactive(given: Mapping[str, Any]) -> dict[str, Any]:
    if "power_factor" in given:
        return {"power_factor": Decimal(str(given["power_factor"]))}
    reverse = given.get("reverse_reactive_kvarh", 0)
    return {
        "reactive_milli": milli(given["reactive_kvarh"]),
        "reverse_reactive_milli": milli(reverse),
    }


def _adjusted(lines: Iterable[Line]) -> Outcome:
    [line] = lines
    told = line.because.inputs
    return of_lines([line], None, power_factor=told["功率因数"], pct=told["调整比例（%）"])


def pf_round(case: Case) -> Outcome:
    """Known power factors, half up."""
    raw = case.input["raw"]
    found = [str(power_factor.rounded(Decimal(str(one)))) for one in raw]
    return Outcome((), None, {"rounded": found})


def pf_ratio(case: Case) -> Outcome:
    """Power factors of ratios of reactive to active energy."""
    ratios = [Fraction(str(one)) for one in case.input["ratios"]]
    found = [str(power_factor.of_energy(one.denominator, one.numerator)) for one in ratios]
    return Outcome((), None, {"power_factor": found})


def loss_to_flat(case: Case) -> Outcome:
    """Losses of secondary metering are billed in the flat zone, or over all zones."""
    given, to = case.input, case.tariff.get("loss_to", "flat")
    prices = given.get("prices") or case.tariff["prices"]
    zones = {zone: {"price": number(price)} for zone, price in prices.items()}
    made = plan("POWER", {"kind": "time_of_use", "zones": zones}, losses={"to": to})
    lost = sum(milli(kwh) for key, kwh in given.items() if key.endswith("_loss"))
    facts = PowerFacts(loss_kwh=lost // 1000)
    return of_lines(rated(made, MONTH, usage=_by_zone(zones, given), power=facts))


def transformer_loss(case: Case) -> Outcome:
    """Iron loss by hours or by the table, copper loss by usage: whole kWh at the price of energy."""
    tariff, given = case.tariff, case.input
    model = {key: number(tariff[key]) for key in ("no_load_kw", "month_kwh") if key in tariff}
    losses = {
        "models": {"T": model},
        "hours_per_month": number(tariff.get("hours", 720)),
        "load_percent": number(tariff.get("copper_pct", 0)),
        "line_percent": number(tariff.get("line_pct", 0)),
        "to": "loss",
    }
    price = given.get("price", tariff.get("price"))
    made = plan("POWER", _energy(price, zone="loss", code="energy.loss"), losses=losses)
    served = _first_days(given["days"]) if "days" in given else None
    facts = PowerFacts(transformers=(Transformer("T", 1000, in_service=served, model="T"),))
    usage = {"total": milli(given["kwh"])} if "kwh" in given else {}
    lines = rated(made, MONTH, usage=usage, power=facts)
    [lost] = [line for line in lines if line.code == "losses"]
    return of_lines(lines, None, loss_kwh=lost.quantity)


def _first_days(count: object) -> Interval[date]:
    return Interval(MONTH.start, MONTH.start + timedelta(days=int(str(count))))


def mid_period_swap(case: Case) -> Outcome:
    """Two bills of one month: the old meter with its losses, the new one by zone with its power factor."""
    given = case.input
    old, new = given["old"], given["new"]
    before = plan("POWER", _energy(given["price"]), losses={"to": "total"})
    facts = PowerFacts(loss_kwh=milli(old.get("loss", 0)) // 1000)
    lines = rated(before, MONTH, usage={"total": _used(old)}, power=facts)
    told = of_lines(lines, {"energy.base": "old.energy"})

    after, usage, reactive = _after(given, new)
    lines = rated(after, MONTH, usage=usage, power=PowerFacts(reactive_milli=reactive))
    names = {f"energy.{zone}": zone for zone in usage}
    adjusted = of_lines(lines, names)
    return Outcome(
        (*told.lines, *adjusted.lines), (told.total_fen or 0) + (adjusted.total_fen or 0)
    )


def _after(given: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Plan, dict[str, int], int]:
    times = milli(new["multiplier"]) // 1000
    zones = [zone for zone in ("critical", "peak", "valley", "deep") if zone in new]
    usage = {zone: milli(new[zone]) * times for zone in zones}
    usage["flat"] = milli(new["total"]) * times - sum(usage.values())
    floating = {"floats": {"energy": number(given["price"])}, "decimals": 8}
    ratios = {zone: {"ratio": number(given.get(zone, 1))} for zone in usage}
    made = plan(
        "POWER",
        {"kind": "time_of_use", "zones": ratios, "floating": floating},
        {
            "kind": "power_factor",
            "standard": str(given.get("standard", "0.90")),
            "code": "pf_adjust",
        },
    )
    return made, usage, milli(new["reactive"]) * times


MODES: dict[str, Callable[[Case], Outcome]] = {
    **basic_charge.MODES,
    **corrections.MODES,
    "flat": flat,
    "reading": flat,
    "price_buildup": price_buildup,
    "funds": funds,
    "tou_float": tou_float,
    "tou_ratio": tou_float,
    "tou_listed": tou_listed,
    "pf": pf,
    "pf_round": pf_round,
    "pf_ratio": pf_ratio,
    "loss_to_flat": loss_to_flat,
    "transformer_loss": transformer_loss,
    "transformer_loss_table": transformer_loss,
    "mid_period_swap": mid_period_swap,
}
