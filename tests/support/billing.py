"""Prices for tests of billing: one plan by area, 38.32 yuan a square meter and season."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from metercash.rating.components.area import Area
from metercash.rating.components.base import Season
from metercash.rating.plan import Plan


@dataclass(frozen=True)
class InForce:
    """The part of a published price that billing reads."""

    document_id: int
    version: int
    plan: Plan
    citation: str


def area_plan(price: str = "38.32") -> Plan:
    """Price times area for the season."""
    return Plan(
        code="plan-a",
        name_zh="居民面积热费",
        name_en="Heat by area",
        locality="test",
        commodity="HEAT",
        citation="测价〔2025〕1号",
        source="",
        confidence="D",
        confidence_note="",
        effective_from=date(2000, 1, 1),
        effective_until=None,
        components=(Area(kind="area", price=Decimal(price), clause="第三条"),),
        season=Season(10, 20, 4, 20),
    )


_plan = area_plan()


def plan_in_force(*, plan_code: str, on: date) -> InForce:
    """The one plan there is."""
    return InForce(1, 1, _plan, _plan.citation)
