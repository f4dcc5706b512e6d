"""Commercial electricity: price build-up, demand and capacity, power factor, losses, corrections."""

from collections.abc import Callable

from tests.rate_cases.case import Case, Outcome, of_lines
from tests.rate_cases.plans import MONTH, plan, rated


def flat(case: Case) -> Outcome:
    """One price for every unit; what was used may be told by two reads and a multiplier."""
    made = plan("POWER", {"kind": "metered", "price": case.tariff["price"], "unit": "kWh"})
    given = case.input
    if "usage_kwh" in given:
        return of_lines(rated(made, MONTH, usage={"total": 1000 * int(given["usage_kwh"])}))
    used = (int(given["to"]) - int(given["from"])) * int(given["multiplier"])
    return of_lines(rated(made, MONTH, usage={"total": 1000 * used}), {"energy.base": "energy"})


MODES: dict[str, Callable[[Case], Outcome]] = {"flat": flat}
