"""What is charged after wrong metering, wrong wiring, theft, misuse or capacity run without consent.

Corrections of energy rest on the lines of the bill that was wrong: the price of then, never today's.
Multiples are taken of the unrounded amount; every line is rounded once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass as plain_dataclass
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from metercash.kernel.money import Money
from metercash.rating.bill import Basis, Line, LineKind, Value
from metercash.rating.components.base import HUNDRED, STRICT, Positive, Text
from metercash.rating.components.months import THIRTY
from metercash.rating.errors import CorrectionUndefined, FactMissing
from metercash.rating.facts import from_milli


Share = Annotated[Decimal, Field(gt=0, le=1, decimal_places=6)]
Multiple = Annotated[Decimal, Field(ge=0, le=100, decimal_places=4)]
Days = Annotated[int, Field(gt=0, le=3660)]
Hours = Annotated[Decimal, Field(gt=0, le=24, decimal_places=2)]

T = TypeVar("T")

_ENERGY_UNITS = frozenset({"kWh", "GJ"})


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class CorrectionTerms:
    """How corrections and penalties are counted; what is not written cannot be charged.

    Attributes:
        meter_error_share: Share of the time since the last check a meter is taken to have been wrong.
        theft_days: Days of theft when its time is unknown.
        theft_hours: Hours a day of it, by power.
        theft_hours_lighting: Hours a day of it, for lighting.
        theft_multiple: Penalty, times what was stolen.
        misuse_multiple: Penalty, times the difference to the right price.
        misuse_months_max: Months that are charged when the time is unknown.
        over_capacity_yuan_per_kw: Penalty for each kW beyond the contract, single-part price.
        over_capacity_multiple: Penalty, times the basic charge of private capacity, two-part price.
    """

    meter_error_share: Share | None = None
    theft_days: Days | None = None
    theft_hours: Hours | None = None
    theft_hours_lighting: Hours | None = None
    theft_multiple: Multiple | None = None
    misuse_multiple: Multiple | None = None
    misuse_months_max: Annotated[int, Field(gt=0, le=120)] | None = None
    over_capacity_yuan_per_kw: Positive | None = None
    over_capacity_multiple: Multiple | None = None
    clause: Text = ""
    citation: Text = ""

    def basis(self, names: tuple[str, ...], template: str) -> Basis:
        """Inputs and arithmetic under these terms."""
        return Basis(self.clause, self.citation, names, template)


@plain_dataclass(frozen=True, slots=True)
class _Owed:
    """An amount a breach left unpaid, before rounding, and how it came about."""

    names: tuple[str, ...]
    template: str
    values: tuple[Value, ...]
    exact: Decimal
    quantity: Decimal
    unit: str


def meter_error(
    *, terms: CorrectionTerms, lines: Sequence[Line], error_percent: Decimal
) -> tuple[Line, ...]:
    """Correct the energy of a meter that ran fast or slow, for a share of the time.

    Args:
        lines: The wrong bills' lines since the last check; only lines of energy are corrected.
        error_percent: Error of the meter, below zero where it ran slow. A meter at −10 % counted
            0.9 of the energy.

    Raises:
        CorrectionUndefined: if the meter did not count at all, or the share is not written.
    """
    share = _written(terms.meter_error_share, "meter_error_share")
    if error_percent <= -HUNDRED:
        raise CorrectionUndefined(what="误差 −100% 的表计")
    names = ("原计收（元）", "表计误差（%）", "追补时间比例")
    basis = terms.basis(names, "({0} ÷ (1 + {1}%) − {0}) × {2}")
    return _again(
        lines, -error_percent * share, HUNDRED + error_percent, basis, (error_percent, share)
    )


def wiring(
    *, terms: CorrectionTerms, lines: Sequence[Line], correction_percent: Decimal
) -> tuple[Line, ...]:
    """Correct the energy of a wrongly wired meter for all of the time.

    Args:
        lines: The wrong bills' lines; only lines of energy are corrected.
        correction_percent: What was not counted, percent of what was; below zero is paid back.
    """
    basis = terms.basis(("原计收（元）", "更正率（%）"), "{0} × {1}%")
    return _again(lines, correction_percent, HUNDRED, basis, (correction_percent,))


def _again(
    lines: Sequence[Line], factor: Decimal, divisor: Decimal, basis: Basis,
    values: tuple[Value, ...],
) -> tuple[Line, ...]:  # fmt: skip
    energy = [line for line in lines if line.kind.unit in _ENERGY_UNITS and line.kind.price]
    if not energy:
        raise CorrectionUndefined(what="没有电量明细的账单")
    made = []
    for line in energy:
        code = "correction" if len(energy) == 1 else f"correction.{line.code}"
        label_zh, label_en = f"{line.kind.label_zh}更正", f"{line.kind.label_en}, corrected"
        kind = LineKind(code, label_zh, label_en, line.kind.unit, line.kind.price, basis)
        exact = line.because.exact
        quantity = line.quantity * factor / divisor
        made.append(kind.line(quantity, exact * factor / divisor, (exact, *values)))
    return tuple(made)


def power_factor(
    *, terms: CorrectionTerms, billed: Money, billed_percent: Decimal, true_percent: Decimal
) -> Line:
    """Correct a bill that was adjusted for a wrong power factor.

    Args:
        billed: What was billed, the wrong adjustment included.
        billed_percent: The percent that was added to the base.
        true_percent: The percent that should have been.

    Raises:
        CorrectionUndefined: if the wrong percent left nothing of the base.
    """
    if billed_percent <= -HUNDRED:
        raise CorrectionUndefined(what="调整比例 −100% 的账单")
    names = ("原计收（元）", "原调整比例（%）", "应调整比例（%）")
    basis = terms.basis(names, "{0} ÷ (1 + {1}%) × (1 + {2}%) − {0}")
    kind = LineKind(
        "correction", "功率因数调整更正", "Power factor corrected", "元", Decimal(1), basis
    )
    exact = billed.yuan * (true_percent - billed_percent) / (HUNDRED + billed_percent)
    return kind.line(Decimal(1), exact, (billed.yuan, billed_percent, true_percent))


def theft(
    *,
    terms: CorrectionTerms,
    load_milli: int,
    price: Decimal,
    lighting: bool = False,
    known_days: int | None = None,
    known_hours: Decimal | None = None,
) -> tuple[Line, Line]:
    """What was stolen, and the penalty.

    Args:
        load_milli: Load of the private wiring, thousandths of a kW.
        price: Yuan per kWh.
        lighting: Whether it was for lighting, with fewer hours a day.
        known_days: Days of theft where they can be found out.
        known_hours: Hours a day where they can.

    Raises:
        CorrectionUndefined: if the terms do not say how theft is counted.
        FactMissing: if the load is not positive.
    """
    load = _positive(load_milli, "窃电设备容量")
    days = known_days or _written(terms.theft_days, "theft_days")
    hours = known_hours or (
        _written(terms.theft_hours_lighting, "theft_hours_lighting")
        if lighting
        else _written(terms.theft_hours, "theft_hours")
    )
    names = ("容量（kW）", "天数", "每日小时", "电价（元/kWh）")
    values = (load, days, hours, price)
    kwh = load * days * hours
    multiple = _written(terms.theft_multiple, "theft_multiple")
    owed = _Owed(names, "{0} × {1} × {2} × {3}", values, kwh * price, kwh, "kWh")
    return _arrears(terms, owed, price, "arrears"), _penalty(terms, owed, multiple)


def misuse(
    *,
    terms: CorrectionTerms,
    usage_milli: Sequence[int],
    charged: Decimal,
    right: Decimal,
) -> tuple[Line, Line]:
    """The difference to the price class that energy was really used for, and the penalty.

    Args:
        usage_milli: Usage by month, oldest first, thousandths of a kWh; of more months than the terms
            allow only the latest are charged.
        charged: The price that was charged, yuan per kWh.
        right: The price that should have been.

    Raises:
        CorrectionUndefined: if the right price is not the higher, or there is no multiple.
        FactMissing: if there is no usage.
    """
    if right <= charged:
        raise CorrectionUndefined(what="应执行电价不高于已执行电价的用电")
    months = terms.misuse_months_max
    used = usage_milli if months is None else usage_milli[-months:]
    kwh = _positive(sum(used), "擅改类别期间的电量")
    names = ("电量（kWh）", "应执行电价（元/kWh）", "已执行电价（元/kWh）")
    multiple = _written(terms.misuse_multiple, "misuse_multiple")
    exact = kwh * (right - charged)
    owed = _Owed(names, "{0} × ({1} − {2})", (kwh, right, charged), exact, kwh, "kWh")
    return _arrears(terms, owed, right - charged, "arrears"), _penalty(terms, owed, multiple)


def over_capacity(*, terms: CorrectionTerms, load_milli: int) -> Line:
    """The penalty for load beyond the contract of a single-part customer.

    Args:
        load_milli: Load beyond the contract, thousandths of a kW.

    Raises:
        CorrectionUndefined: if the terms name no price.
        FactMissing: if the load is not positive.
    """
    load = _positive(load_milli, "超合同容量")
    price = _written(terms.over_capacity_yuan_per_kw, "over_capacity_yuan_per_kw")
    basis = terms.basis(("超用容量（kW）", "标准（元/kW）"), "{0} × {1}")
    kind = LineKind("penalty", "违约使用电费", "Penalty", "kW", price, basis)
    return kind.line(load, load * price, (load, price))


def private_capacity(
    *, terms: CorrectionTerms, capacity_milli: int, price: Decimal, months: int, days: int
) -> tuple[Line, Line]:
    """The basic charge of capacity connected without consent, and the penalty.

    Args:
        capacity_milli: Capacity, thousandths of a kVA.
        price: Yuan per kVA and month.
        months: Whole months of use.
        days: Days beyond them, each a thirtieth of a month.

    Raises:
        CorrectionUndefined: if the terms name no multiple.
        FactMissing: if the capacity or the time is not positive.
    """
    capacity = _positive(capacity_milli, "私增容量")
    if months < 0 or days < 0 or not months + days:
        raise FactMissing(fact="私增容量的使用时间")
    names = ("容量（kVA）", "单价（元/kVA·月）", "月数", "天数")
    values = (capacity, price, months, days)
    exact = capacity * price * (THIRTY * months + days) / THIRTY
    multiple = _written(terms.over_capacity_multiple, "over_capacity_multiple")
    template = f"{{0}} × {{1}} × ({{2}} + {{3}} ÷ {THIRTY})"
    owed = _Owed(names, template, values, exact, capacity, "kVA")
    return _arrears(terms, owed, price, "arrears.capacity"), _penalty(terms, owed, multiple)


def _arrears(terms: CorrectionTerms, owed: _Owed, price: Decimal, code: str) -> Line:
    basis = terms.basis(owed.names, owed.template)
    kind = LineKind(code, "补收电费", "Arrears", owed.unit, price, basis)
    return kind.line(owed.quantity, owed.exact, owed.values)


def _penalty(terms: CorrectionTerms, owed: _Owed, multiple: Decimal) -> Line:
    template = f"{owed.template} × {{{len(owed.names)}}}"
    basis = terms.basis((*owed.names, "倍数"), template)
    kind = LineKind("penalty", "违约使用电费", "Penalty", "元", multiple, basis)
    return kind.line(owed.exact, owed.exact * multiple, (*owed.values, multiple))


def _written(value: T | None, name: str) -> T:
    if value is None:
        raise CorrectionUndefined(what=f"条款未写明 {name}")
    return value


def _positive(milli: int, fact: str) -> Decimal:
    if milli <= 0:
        raise FactMissing(fact=fact)
    return from_milli(milli)
