"""Residential electricity: tiers, time of use, free units."""

from collections.abc import Callable

from tests.rate_cases.case import Case, Outcome, milli, of_lines
from tests.rate_cases.plans import MONTH, plan, rated


def tou(case: Case) -> Outcome:
    """A price for each zone."""
    zones = {zone: {"price": price} for zone, price in case.tariff["prices"].items()}
    made = plan("POWER", {"kind": "time_of_use", "zones": zones})
    usage = {zone: milli(case.input[f"{zone}_kwh"]) for zone in case.tariff["prices"]}
    return of_lines(rated(made, MONTH, usage=usage))


MODES: dict[str, Callable[[Case], Outcome]] = {"tou": tou}
