"""Corrections and penalties of commercial electricity."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from metercash.kernel.money import Money
from metercash.rating.components.months import THIRTY
from metercash.rating.terms import corrections
from metercash.rating.terms.corrections import CorrectionTerms
from tests.rate_cases.case import Case, Outcome, exact, fen, milli, of_lines
from tests.rate_cases.plans import MONTH, plan, rated


def number(formula: object) -> str:
    """A number that a case may write as arithmetic, as a document writes it.

    Raises:
        ValueError: if it has more than eight decimals.
    """
    value = exact(str(formula)) * 10**8
    if value.denominator != 1:
        msg = f"{formula} has more than eight decimals"
        raise ValueError(msg)
    return f"{Decimal(int(value)).scaleb(-8).normalize():f}"


def _terms(**written: object) -> CorrectionTerms:
    made = plan("POWER", _energy("1"), corrections=written)
    assert made.corrections is not None
    return made.corrections


def _energy(price: object) -> dict[str, Any]:
    return {"kind": "metered", "price": number(price), "unit": "kWh"}


def meter_error(case: Case) -> Outcome:
    """The energy a slow or fast meter counted wrong, for a share of the time."""
    given, tariff = case.input, case.tariff
    share = number(tariff.get("share", "0.5"))
    lines = rated(
        plan("POWER", _energy(given["price"])),
        MONTH,
        usage={"total": milli(given["metered_kwh"])},
    )
    told = corrections.meter_error(
        terms=_terms(meter_error_share=share),
        lines=lines,
        error_percent=Decimal(number(tariff["error_pct"])),
    )
    return of_lines(told, None, kwh=told[0].quantity)


def wiring(case: Case) -> Outcome:
    """What a wrongly wired meter did not count, at the prices of its zones."""
    given, percent = case.input, Decimal(number(case.tariff["correction_pct"]))
    terms = _terms(clause="更正率")
    zones = [key.removesuffix("_ratio") for key in given if key.endswith("_ratio")]
    if not zones:
        usage = {"total": milli(given.get("total", given.get("metered_kwh", 0)))}
        lines = rated(plan("POWER", _energy(given["price"])), MONTH, usage=usage)
        told = corrections.wiring(terms=terms, lines=lines, correction_percent=percent)
        return of_lines(told, None, kwh=told[0].quantity)
    usage = {zone: milli(given[zone]) for zone in zones}
    usage["flat"] = milli(given["total"]) - sum(usage.values())
    ratios = {zone: {"ratio": number(given.get(f"{zone}_ratio", 1))} for zone in usage}
    floating = {"floats": {"energy": number(given["price"])}, "decimals": 8}
    made = plan("POWER", {"kind": "time_of_use", "zones": ratios, "floating": floating})
    lines = rated(made, MONTH, usage=usage)
    told = corrections.wiring(terms=terms, lines=lines, correction_percent=percent)
    return of_lines(told, {f"correction.energy.{zone}": zone for zone in usage})


def pf_correction(case: Case) -> Outcome:
    """A bill that was adjusted for a wrong power factor."""
    given = case.input
    told = corrections.power_factor(
        terms=_terms(clause="功率因数"),
        billed=Money(fen(given["billed"])),
        billed_percent=Decimal(number(given["billed_pct"])),
        true_percent=Decimal(number(given["true_pct"])),
    )
    return of_lines([told])


def theft(case: Case) -> Outcome:
    """What was stolen by load, days and hours, and the penalty."""
    tariff, given = case.tariff, case.input
    terms = _terms(
        theft_days=int(tariff.get("days", 180)),
        theft_hours=number(tariff.get("hours", 12)),
        theft_multiple=number(tariff.get("penalty", 3)),
    )
    told = corrections.theft(
        terms=terms, load_milli=milli(given["kw"]), price=Decimal(number(given["price"]))
    )
    return of_lines(told)


def misuse(case: Case) -> Outcome:
    """The difference of the price classes, and the penalty."""
    given = case.input
    used = given["kwh"] if isinstance(given["kwh"], list) else [given["kwh"]]
    told = corrections.misuse(
        terms=_terms(misuse_multiple=number(case.tariff.get("penalty", 2))),
        usage_milli=[milli(one) for one in used],
        charged=Decimal(number(given["low"])),
        right=Decimal(number(given["high"])),
    )
    return of_lines(told)


def over_capacity(case: Case) -> Outcome:
    """A price for each kW beyond the contract."""
    terms = _terms(over_capacity_yuan_per_kw=number(case.tariff["yuan_per_kw"]))
    told = corrections.over_capacity(terms=terms, load_milli=milli(case.input["kw"]))
    return of_lines([told])


def private_capacity(case: Case) -> Outcome:
    """The basic charge of capacity connected without consent, and the penalty."""
    given = case.input
    thirtieths = exact(str(given["months"])) * THIRTY
    assert thirtieths.denominator == 1
    months, days = divmod(int(thirtieths), THIRTY)
    told = corrections.private_capacity(
        terms=_terms(over_capacity_multiple=number(case.tariff.get("penalty", 3))),
        capacity_milli=milli(given["kva"]),
        price=Decimal(number(given["price"])),
        months=months,
        days=days,
    )
    return of_lines(told)


MODES: dict[str, Callable[[Case], Outcome]] = {
    "meter_error": meter_error,
    "wiring": wiring,
    "pf_correction": pf_correction,
    "theft": theft,
    "misuse": misuse,
    "over_capacity": over_capacity,
    "penalty": private_capacity,
}
