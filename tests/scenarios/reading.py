"""A scenario's folder as facts: the clerk's units become the ones rating counts in."""

import csv
import re
from datetime import date
from decimal import Decimal

from metercash.kernel.interval import Interval, days
from metercash.kernel.money import Money
from metercash.rating import facts_json
from metercash.rating.terms.refund import (
    DayTemperature,
    MonthTemperatures,
    Outage,
    RefundFacts,
)


UNITS = {"m2": "milli", "kw": "milli", "kva": "milli", "kvarh": "milli", "yuan": "fen"}
SCALE = {"milli": 1000, "fen": 100}
AS_WRITTEN = {"name", "model", "interlock", "power_factor", "part", "paid_by", "category"}
WHOLE = re.compile(r"-?\d+")


def rows(path):
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def milli(text):
    return int(Decimal(text) * 1000)


def facts_of(given):
    """Everything the folder tells; a fact of ``facts.csv`` wins over one of ``account.csv``."""
    (account,) = rows(given / "account.csv")
    told = {
        "period": {"start": account["from"], "end": account["until"]},
        "area_milli": milli(account["area_m2"]),
        "height_mm": int(account["height_mm"]),
        "household_size": int(account["household_size"]),
        "usage": {row["zone"]: milli(row["quantity"]) for row in rows(given / "usage.csv")},
        "usage_unit": account["usage_unit"],
        "year_to_date_milli": milli(account["year_to_date"]),
        "prepaid_fen": Money.from_yuan(account["prepaid_yuan"]).fen,
    }
    for row in rows(given / "facts.csv"):
        tell(told, row["fact"], row["value"])
    return facts_json.from_json(as_lists(told))


def tell(told, fact, value):
    """Put ``heat.parts.0.area_m2`` at its place; the unit in a name says how it is counted."""
    path, scale = [], None
    for name in fact.split("."):
        stem, _, unit = name.rpartition("_")
        if stem and unit in UNITS:
            scale = SCALE[UNITS[unit]]
            path.append(f"{stem}_{UNITS[unit]}")
        else:
            path.append(name)
    for name in path[:-1]:
        told = told.setdefault(name, {})
    if scale is not None:
        counted = Decimal(value) * scale
        assert counted == int(counted), f"{fact} {value}"
        told[path[-1]] = int(counted)
    elif WHOLE.fullmatch(value) and path[-1] not in AS_WRITTEN:
        told[path[-1]] = int(value)
    else:
        told[path[-1]] = value


def as_lists(told):
    """Entries numbered 0, 1, 2, … become a list."""
    if not isinstance(told, dict):
        return told
    if told and all(name.isdigit() for name in told):
        return [as_lists(told[name]) for name in sorted(told, key=int)]
    return {name: as_lists(value) for name, value in told.items()}


def refund_facts_of(given, *, plan, facts, fee):
    """What was measured, for the refund of the season the bill is of."""
    season = plan.season_of(facts.period.start)
    return RefundFacts(
        fee_yuan=fee.yuan,
        season_days=days(season),
        area_milli=facts.area_milli,
        days=tuple(map(day_temperature, rows(given / "temperatures.csv"))),
        months=tuple(
            MonthTemperatures(
                Interval(date.fromisoformat(row["from"]), date.fromisoformat(row["until"])),
                tuple(map(Decimal, row["celsius"].split())),
            )
            for row in rows(given / "month_temperatures.csv")
        ),
        outages=tuple(
            Outage(date.fromisoformat(row["since"]), int(row["hours"]), int(row["days"]))
            for row in rows(given / "outages.csv")
        ),
    )


def day_temperature(row):
    return DayTemperature(
        on=date.fromisoformat(row["on"]),
        celsius=Decimal(row["celsius"]),
        room=row.get("room") or "",
        room_area_milli=milli(row["room_area_m2"]) if row.get("room_area_m2") else None,
        hours=int(row["hours"]) if row.get("hours") else None,
    )
