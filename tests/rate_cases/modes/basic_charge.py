"""The basic charge of commercial electricity: demand or capacity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from metercash.kernel.interval import Interval
from metercash.rating.components.capacity import NEW_CONNECTION
from metercash.rating.facts_power import PowerFacts, Transformer
from tests.rate_cases.case import Case, Outcome, exact, milli, of_lines
from tests.rate_cases.modes.corrections import number
from tests.rate_cases.plans import plan, rated


MONTH = Interval(date(2025, 4, 1), date(2025, 5, 1))
YEAR_DAYS = 365


def _demand(case: Case, component: Mapping[str, Any], **power: Any) -> Outcome:
    given = case.input
    demand = given.get("actual_kw", given.get("max_demand_kw"))
    if demand is None:
        demand = given["reading"]
    several = demand if isinstance(demand, list) else [demand]
    times = milli(given.get("multiplier", 1))
    facts = PowerFacts(
        demand_milli=tuple(milli(one) * times // 1000 for one in several),
        contract_demand_milli=milli(given["contract_kw"]) if "contract_kw" in given else None,
        capacity_milli=_capacity(given),
        **power,
    )
    discount = case.tariff.get("discount")
    written = {
        "kind": "demand",
        "price": number(case.tariff["price_yuan_per_kw"]),
        **component,
        **({"discount": _discount(discount)} if discount else {}),
    }
    usage = {"total": milli(given["month_kwh"])} if discount else {}
    [line] = rated(plan("POWER", written), MONTH, power=facts, usage=usage)
    return of_lines([line], None, billed_kw=line.quantity)


def _capacity(given: Mapping[str, Any]) -> int | None:
    for key in ("contract_capacity_kva", "capacity_kva"):
        if key in given:
            return milli(given[key])
    return None


def _discount(told: Mapping[str, Any]) -> dict[str, str]:
    return {"kwh_per_kva_min": number(told["kwh_per_kva"]), "factor": number(told["factor"])}


def contract_demand(case: Case) -> Outcome:
    """The contracted demand, and what lies above its tolerance twice."""
    tolerance = exact(str(case.tariff.get("tolerance", "1.05"))) * 100
    return _demand(case, {"by": "CONTRACT", "tolerance_percent": number(tolerance)})


def demand_floor(case: Case) -> Outcome:
    """The highest demand, at least a share of the capacity."""
    percent = number(case.tariff["pct"])
    return _demand(case, {"by": "ACTUAL", "floor_percent_of_capacity": percent})


def demand(case: Case) -> Outcome:
    """The highest demand, cheaper for those who use their capacity well."""
    if "contract_kw" in case.input:
        return contract_demand(case)
    return _demand(case, {"by": "ACTUAL"})


def capacity(case: Case) -> Outcome:
    """Transformers by thirtieths: suspended, interlocked, exchanged."""
    tariff, given = case.tariff, case.input
    new = tariff.get("new_customer_suspend_pct")
    component = {
        "kind": "capacity",
        "price": number(tariff["price_yuan_per_kva"]),
        "suspension_days_min": tariff.get("suspend_days_min", 15),
        "suspended_percent": number(tariff.get("suspend_pct", 0)),
        **({"suspended_percent_new": number(new)} if new is not None else {}),
    }
    if "old_kva" in given:
        component["lines"] = "EACH"
    facts = PowerFacts(transformers=tuple(_transformers(given)))
    evidence = frozenset({NEW_CONNECTION})
    return of_lines(rated(plan("POWER", component), MONTH, power=facts, evidence=evidence))


def _transformers(given: Mapping[str, Any]) -> Iterable[Transformer]:
    if "old_kva" in given:
        swapped = MONTH.start + timedelta(days=int(given["old_days"]))
        until = swapped + timedelta(days=int(given["new_days"]))
        yield Transformer("old", milli(given["old_kva"]), in_service=Interval(MONTH.start, swapped))
        yield Transformer("new", milli(given["new_kva"]), in_service=Interval(swapped, until))
        return
    suspended = _suspended(given)
    for key, told in given.items():
        if key == "suspended" or any(word in key for word in ("day", "month", "date")):
            continue
        tied = "A" if "interlock" in key else ""
        for index, kva in enumerate(told if isinstance(told, list) else [told]):
            cut = suspended.pop(milli(kva), ()) or suspended.pop(0, ())
            yield Transformer(f"{key}{index}", milli(kva), interlock=tied, suspended=cut)


def _suspended(given: Mapping[str, Any]) -> dict[int, tuple[Interval[date], ...]]:
    """Suspension by capacity, 0 where there is only one to suspend; told by its days, or by its first day alone."""
    told = given.get("suspended", [])
    found: dict[int, tuple[Interval[date], ...]] = {}
    for one in told if isinstance(told, list) else [told]:
        start = MONTH.start + timedelta(days=int(one.get("from_day", 1)) - 1)
        if "days" in one:
            until = start + timedelta(days=int(one["days"]))
        elif "to_day" in one:
            until = MONTH.start + timedelta(days=int(one["to_day"]))
        else:
            until = MONTH.end + timedelta(days=YEAR_DAYS)
        found[milli(one.get("kva", 0))] = (Interval(start, until),)
    return found


MODES: dict[str, Callable[[Case], Outcome]] = {
    "contract_demand": contract_demand,
    "demand_floor": demand_floor,
    "demand": demand,
    "capacity": capacity,
}
