"""Quantities and unit prices: exact decimals that refuse to mix units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Unit(StrEnum):
    """Units a tariff or a meter counts in."""

    KWH = "kWh"
    GJ = "GJ"
    SQUARE_METER = "m²"
    KVA = "kVA"
    KW = "kW"
    DAY = "d"
    MONTH = "月"
    CUBIC_METER = "m³"
    ONE = "1"


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much of a unit; adding kWh to GJ is a ``TypeError``."""

    value: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", _decimal(self.value))

    @classmethod
    def sum(cls, quantities: Iterable[Quantity], *, unit: Unit) -> Quantity:
        """Add quantities of one unit; the empty sum is zero."""
        total = cls(Decimal(0), unit)
        for quantity in quantities:
            total += quantity
        return total

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(self.value + self._same(other).value, self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        return Quantity(self.value - self._same(other).value, self.unit)

    def __str__(self) -> str:
        return f"{plain(self.value)} {self.unit}"

    def _same(self, other: Quantity) -> Quantity:
        if not isinstance(other, Quantity) or other.unit is not self.unit:
            msg = f"cannot combine {self.unit} with {getattr(other, 'unit', type(other).__name__)}"
            raise TypeError(msg)
        return other


@dataclass(frozen=True, slots=True)
class Price:
    """Yuan per one unit; times a quantity of that unit gives unrounded yuan."""

    value: Decimal
    per: Unit

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", _decimal(self.value))

    def __mul__(self, quantity: Quantity) -> Decimal:
        if not isinstance(quantity, Quantity) or quantity.unit is not self.per:
            msg = f"cannot price {getattr(quantity, 'unit', type(quantity).__name__)} by {self.per}"
            raise TypeError(msg)
        return self.value * quantity.value

    def __str__(self) -> str:
        return f"{plain(self.value)} 元/{self.per}"


def plain(value: Decimal) -> str:
    """Write a decimal without exponent and without trailing zeros."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def _decimal(value: object) -> Decimal:
    if isinstance(value, float):
        msg = "a float is not exact; pass a string or Decimal"
        raise TypeError(msg)
    return value if isinstance(value, Decimal) else Decimal(value)  # type: ignore[arg-type]
