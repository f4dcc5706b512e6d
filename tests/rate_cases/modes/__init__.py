"""How each mode of the cases is written as a price document, and what is asked of the engine."""

from collections.abc import Callable

from tests.rate_cases.case import Case, Outcome
from tests.rate_cases.modes import commercial, heat, residential, terms


MODES: dict[str, Callable[[Case], Outcome]] = {
    **heat.MODES,
    **residential.MODES,
    **commercial.MODES,
    **terms.MODES,
}
