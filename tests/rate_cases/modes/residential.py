"""Residential electricity: tiers, time of use, free units, the end of the year, changed prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from metercash.kernel.interval import Interval
from metercash.rating.components import Metered, Tiered
from metercash.rating.components.months import started_months
from metercash.rating.components.tiered import split
from metercash.rating.facts import MONTHS_PER_YEAR, RatingFacts, from_milli
from metercash.rating.plan import Plan
from tests.rate_cases.case import Case, Outcome, milli, of_lines
from tests.rate_cases.plans import MONTH, YEAR, plan, rated, verified


SHANGHAI = {
    "t1_kwh": "3120",
    "t2_kwh": "4800",
    "tou": {"peak": "0.617", "valley": "0.307"},
    "crossing_surcharge": {"2": "0.05", "3": "0.30"},
    "later_surcharge": {
        "2": {"peak": "0.06", "valley": "0.03"},
        "3": {"peak": "0.36", "valley": "0.18"},
    },
}
_FREE = {"evidence": "LOW_INCOME"}
_HELD = frozenset({"LOW_INCOME"})


def _months(count: int) -> Interval[date]:
    start = MONTH.start
    month = start.month - 1 + count
    return Interval(start, date(start.year + month // 12, month % 12 + 1, 1))


def _zones(prices: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": "time_of_use",
        "zones": {zone: {"price": str(price)} for zone, price in prices.items()},
    }


def tou(case: Case) -> Outcome:
    """A price for each zone."""
    made = plan("POWER", _zones(case.tariff["prices"]))
    usage = {zone: milli(case.input.get(f"{zone}_kwh", 0)) for zone in case.tariff["prices"]}
    return of_lines(rated(made, MONTH, usage=usage))


def _cycle(tariff: Mapping[str, Any], before: int) -> tuple[str, int]:
    """Whether bounds are of the year or of the reading, and how many months a reading has."""
    text = str(tariff.get("cycle", "year"))
    if before or "month" not in text:
        return "YEAR", MONTHS_PER_YEAR
    return "MONTH", int(text.split(maxsplit=1)[0]) if text[0].isdigit() else 1


def _bounds(totals: list[int], months: int) -> dict[str, Any]:
    """Bounds of each month whose sum over the reading is what the case names."""
    seasons = [
        {"months": [month + 1], "bounds": [(t + month) // months for t in totals]}
        for month in range(months)
    ]
    return {"bounds": [*seasons[0]["bounds"]], "seasons": seasons} if months > 1 else {
        "bounds": totals
    }  # fmt: skip


def _served(case: Case) -> int:
    """Months of the tier year the account is served."""
    given = case.input
    if "opened" in given:
        opened = date.fromisoformat(given["opened"])
        return started_months(opened, date(opened.year + 1, 1, 1))
    if "closed" in given:
        closed = date.fromisoformat(given["closed"])
        return started_months(date(closed.year, 1, 1), closed + timedelta(days=1))
    return int(given.get("months", case.tariff.get("months", MONTHS_PER_YEAR)))


def _ladder(case: Case, prices: list[str], **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The component of a ladder, and facts: months served and the usage before."""
    tariff = case.tariff
    totals = [int(tariff[key]) for key in ("t1_kwh", "t2_kwh", "t3_kwh") if key in tariff]
    kept = len(prices) - (1 if more.get("style") == "SPLIT" else 0)
    totals = totals[:kept]
    before = milli(case.input.get("cumulative_before_kwh", 0))
    cycle, months = _cycle(tariff, before)
    component = {"kind": "tiered", "cycle": cycle, "prices": prices, **more}
    facts: dict[str, Any] = {"year_to_date_milli": before}
    if cycle == "MONTH":
        return {**component, **_bounds(totals, months)}, {**facts, "period": _months(months)}
    served = _served(case)
    if all(total * MONTHS_PER_YEAR % served == 0 for total in totals):
        totals = [total * MONTHS_PER_YEAR // served for total in totals]
        facts["tier_months"] = served
    return {**component, "bounds": totals}, {**facts, "period": MONTH}


def _outcome(made: Plan, facts: RatingFacts, case: Case) -> Outcome:
    """Lines, and what the case asks of the tiers and the free units besides."""
    lines = verified(made, facts)
    more: dict[str, object] = {}
    for component in made.components:
        if isinstance(component, Tiered):
            usage = facts.zone_milli("total", "kWh")
            before = facts.year_to_date_milli if component.cycle == "YEAR" else 0
            parts = split(component.bounds_milli(facts), before, usage)
            more["tier_kwh"] = [f"{from_milli(part).normalize():f}" for part in parts]
        if isinstance(component, Tiered | Metered) and component.free:
            more["free_kwh_left"] = str(from_milli(component.free.left_milli(facts, "kWh")))
    return of_lines(lines, None, **more)


def ladder(case: Case) -> Outcome:
    """One base or a price by zone for everything used, and surcharges by tier."""
    tariff, given = case.tariff, case.input
    zones = tariff.get("tou")
    head = [_zones(zones)] if zones else []
    free = {}
    if "free_kwh_month" in tariff:
        free = {"free": {**_FREE, "per_month": int(tariff["free_kwh_month"]), "carry": True}}
    base = {"base": tariff["base"]} if "base" in tariff and not zones else {}
    if "t1_kwh" not in tariff:
        component = {"kind": "metered", "price": tariff["base"], "unit": "kWh", **free}
        facts: dict[str, Any] = {"period": MONTH}
    else:
        prices = [tariff[key] for key in ("surcharge2", "surcharge3") if key in tariff]
        component, facts = _ladder(case, prices, **base, **free)
    if zones:
        usage = {zone: milli(given["tou_kwh"].get(zone, 0)) for zone in zones}
    else:
        usage = {"total": milli(given["usage_kwh"])}
    if free and "months" in given:
        facts["period"] = _months(int(given["months"]))
    made = plan("POWER", *head, component)
    return _outcome(made, RatingFacts(usage=usage, evidence=_HELD, **facts), case)


def ladder_split(case: Case) -> Outcome:
    """A full price for each tier."""
    component, facts = _ladder(case, list(case.tariff["prices"]), style="SPLIT")
    usage = {"total": milli(case.input["usage_kwh"])}
    return _outcome(plan("POWER", component), RatingFacts(usage=usage, **facts), case)


def ladder_tou_shanghai(case: Case) -> Outcome:
    """Zones, then one surcharge in the month that crosses a bound and one by zone afterwards."""
    tariff = {**SHANGHAI, **case.tariff}
    tiers = sorted(tariff["crossing_surcharge"])
    made = plan(
        "POWER",
        _zones(tariff["tou"]),
        {
            "kind": "tiered",
            "cycle": "YEAR",
            "bounds": [int(tariff["t1_kwh"]), int(tariff["t2_kwh"])][: len(tiers)],
            "prices": [tariff["crossing_surcharge"][tier] for tier in tiers],
            "crossed": tariff["later_surcharge"],
        },
    )
    facts = RatingFacts(
        period=MONTH,
        usage={zone: milli(case.input[f"{zone}_kwh"]) for zone in tariff["tou"]},
        year_to_date_milli=milli(case.input.get("cumulative_before_kwh", 0)),
    )
    return _outcome(made, facts, case)


def ladder_allowance(case: Case) -> Outcome:
    """What is left of each tier, and its surcharges."""
    tariff = case.tariff
    first = int(tariff["left1"])
    bounds = [first, first + int(tariff["left2"])] if "left2" in tariff else [first]
    prices = [tariff[key] for key in ("surcharge2", "surcharge3") if key in tariff]
    used = milli(case.input["usage_kwh"])
    if len(prices) < len(bounds) and used > 1000 * bounds[-1]:
        msg = "the price above the second tier is not told"
        raise ValueError(msg)
    base = {"base": tariff["base"]} if "base" in tariff else {}
    made = plan(
        "POWER",
        {"kind": "tiered", "cycle": "YEAR", "bounds": bounds[: len(prices)], "prices": prices}
        | base,
    )
    return _outcome(made, RatingFacts(period=MONTH, usage={"total": used}), case)


def free_kwh(case: Case) -> Outcome:
    """Units without charge, at most what was used."""
    tariff, given = case.tariff, case.input
    free = {**_FREE, "per_month": int(tariff["kwh_month"])}
    if tariff.get("carry"):
        free["carry"] = True
    price = given["price"] if "price" in given else tariff.get("price", tariff.get("base"))
    made = plan("POWER", {"kind": "metered", "price": price, "unit": "kWh", "free": free})
    facts = RatingFacts(
        period=_months(int(given.get("months", 1))),
        usage={"total": milli(given["usage_kwh"])},
        evidence=_HELD,
    )
    return _outcome(made, facts, case)


def free_kwh_refund(case: Case) -> Outcome:
    """The worth of free units, paid by month, quarter or year."""
    tariff, given = case.tariff, case.input
    yearly = {"kwh_month": int(tariff["kwh_year"]) // 12} if "kwh_year" in tariff else {}
    pay = str(tariff.get("pay", "year"))
    made = plan(
        "POWER",
        {
            "kind": "free_units_refund",
            "price": tariff.get("price", tariff.get("base")),
            "per_month": int({**tariff, **yearly}["kwh_month"]),
            "paid_every_months": next(
                months for word, months in _PAID.items() if pay.startswith(word)
            ),
            **({"capped_by_usage": True} if "usage_kwh" in given else {}),
        },
    )
    default = 12 if pay.startswith("year") else 1
    period = _months(int(given.get("months", default)))
    usage = {"total": milli(given["usage_kwh"])} if "usage_kwh" in given else {}
    return of_lines(rated(made, period, usage=usage, evidence=_HELD))


_PAID = {"month": "1", "quarter": "3", "year": "12"}


def _prices(tariff: Mapping[str, Any]) -> list[str]:
    return [tariff[key] for key in ("surcharge2", "surcharge3") if key in tariff]


def ladder_month_settled_yearly(case: Case) -> Outcome:
    """Surcharges by month, settled by yearly bounds at the end of the year."""
    tariff, prices = case.tariff, _prices(case.tariff)
    by_month = plan(
        "POWER",
        {
            "kind": "tiered",
            "cycle": "MONTH",
            "bounds": [int(tariff[f"t{n}_month"]) for n in (1, 2)][: len(prices)],
            "prices": prices,
        },
    )
    by_year = plan(
        "POWER",
        {
            "kind": "year_settlement",
            "bounds": [int(tariff[f"t{n}_year"]) for n in (1, 2)][: len(prices)],
            "prices": prices,
        },
    )
    months = [milli(used) for used in case.input["monthly_kwh"]]
    charged = sum(
        line.amount.fen for used in months for line in rated(by_month, MONTH, usage={"total": used})
    )
    settled = rated(by_year, YEAR, usage={"total": sum(months)}, ladder_charged_fen=charged)
    lines = (
        ("ladder.monthly_charged", charged),
        *((line.code, line.amount.fen) for line in settled),
    )
    return Outcome(lines, sum(fen for _, fen in lines))


def ladder_yearly_topup(case: Case) -> Outcome:
    """The months were charged at the base; the year's surcharges follow at its end."""
    tariff, prices = case.tariff, _prices(case.tariff)
    bounds = [int(tariff[key]) for key in ("t1_year", "t2_year") if key in tariff]
    used = milli(case.input["year_kwh"])
    if len(prices) < len(bounds) and used > 1000 * bounds[-1]:
        msg = "the price above the second tier is not told"
        raise ValueError(msg)
    made = plan(
        "POWER",
        {"kind": "tiered", "cycle": "YEAR", "bounds": bounds[: len(prices)], "prices": prices},
    )
    return _outcome(made, RatingFacts(period=YEAR, usage={"total": used}), case)


def transition_window(case: Case) -> Outcome:
    """What is used between two reading days has its own price and may stay out of the tiers."""
    tariff = case.tariff
    component = {"kind": "metered", "price": tariff["price"], "unit": "kWh"}
    if not tariff.get("counts_in_ladder", False):
        component["counts_in_ladder"] = False
    made = plan("POWER", component)
    facts = RatingFacts(
        period=MONTH,
        usage={"total": milli(case.input["usage_kwh"])},
        year_to_date_milli=milli(case.input.get("cumulative_before_kwh", 0)),
    )
    [priced] = made.components
    assert isinstance(priced, Metered)
    after = from_milli(priced.year_to_date_after_milli(facts))
    return of_lines(verified(made, facts), cumulative_after_kwh=str(after))


def half_half(case: Case) -> Outcome:
    """A ladder that begins within a reading: half at the old price, half on one month's bounds."""
    tariff, new = case.tariff, case.tariff["new"]
    period = _months(2)
    made = plan(
        "POWER",
        {
            "kind": "price_change",
            "share": "HALF",
            "changes_on": (period.start + timedelta(days=31)).isoformat(),
            "old": tariff["old_price"],
            "new": list(new["prices"]),
            "bounds": [int(new[key]) for key in ("t1_kwh", "t2_kwh") if key in new],
        },
    )
    return of_lines(rated(made, period, usage={"total": milli(case.input["usage_kwh"])}))


def price_change(case: Case) -> Outcome:
    """A price that changes within a reading: by the reading frozen that day, else by days."""
    tariff, given = case.tariff, case.input
    frozen = [milli(n) for key, n in given.items() if "kwh" in key and "old" in key]
    later = [milli(n) for key, n in given.items() if "kwh" in key and "new" in key]
    old_days, new_days = int(given.get("days_old", 1)), int(given.get("days_new", 1))
    change = MONTH.start + timedelta(days=old_days)
    made = plan(
        "POWER",
        {
            "kind": "price_change",
            "changes_on": change.isoformat(),
            "old": tariff["old"],
            "new": [tariff["new"]],
        },
    )
    used = milli(given["usage_kwh"]) if "usage_kwh" in given else sum(frozen + later)
    period = Interval(MONTH.start, change + timedelta(days=new_days))
    before = {"before_change_milli": frozen[0]} if frozen else {}
    return of_lines(rated(made, period, usage={"total": used}, **before))


MODES: dict[str, Callable[[Case], Outcome]] = {
    "free_kwh": free_kwh,
    "free_kwh_refund": free_kwh_refund,
    "half_half": half_half,
    "ladder": ladder,
    "ladder_allowance": ladder_allowance,
    "ladder_month_settled_yearly": ladder_month_settled_yearly,
    "ladder_split": ladder_split,
    "ladder_tou_shanghai": ladder_tou_shanghai,
    "ladder_yearly_topup": ladder_yearly_topup,
    "price_change": price_change,
    "tou": tou,
    "transition_window": transition_window,
}
