"""Heat by area and by meter, stopped and partial seasons."""

from collections.abc import Callable

from tests.rate_cases.case import Case, Outcome, milli, of_lines
from tests.rate_cases.plans import SEASON, plan, rated


def resume_full(case: Case) -> Outcome:
    """Who has heat again during the season pays all of it."""
    made = plan("HEAT", {"kind": "area", "price": case.tariff["price_yuan_per_m2_season"]})
    return of_lines(rated(made, SEASON, area_milli=milli(case.input["area_m2"])))


MODES: dict[str, Callable[[Case], Outcome]] = {"resume_full": resume_full}
