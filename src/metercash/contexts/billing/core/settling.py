"""How a settlement is told from an ordinary bill: its purpose names the plan it settles by."""

from metercash.rating.components import FreeUnitsRefund, YearSettlement
from metercash.rating.plan import Plan


SETTLEMENT = "SETTLEMENT"
_PREFIX = f"{SETTLEMENT}:"


def settlement_by(plan_code: str) -> str:
    """Purpose of a settlement by a plan; each plan settles a period once."""
    return f"{_PREFIX}{plan_code}"


def settlement_plan(purpose: str) -> str | None:
    """The plan a purpose settles by; ``None`` for an ordinary bill."""
    return purpose.removeprefix(_PREFIX) if purpose.startswith(_PREFIX) else None


def settles(plan: Plan) -> bool:
    """Whether a bill without a line says that nothing was left to settle."""
    return any(isinstance(one, YearSettlement | FreeUnitsRefund) for one in plan.components)
