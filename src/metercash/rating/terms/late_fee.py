"""The late fee: day by day on what is unpaid, never on a late fee.

Bill by bill and without a word of explanation in :func:`late_fee`, which a pass over a million bills
calls; :func:`lines` explains the same amounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from metercash.kernel.interval import Interval, days
from metercash.rating import rounding
from metercash.rating.bill import Basis, Line, LineKind, Value
from metercash.rating.errors import FactMissing


_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LateFeeTerms:
    """How a late fee is counted.

    Attributes:
        per_mille_per_day: Share of the base for each day, in thousandths.
        grace_days: Days after the due date before the first day counts.
        max_percent_of_principal: Ceiling of the sum; None when there is none.
        min_fen: Least amount once any is due.
        flat_percent: Instead of the days: once, of what is unpaid when the first day begins.
        cross_year_per_mille: Share for each day after the year of the due date; None for the same.
        cross_year: ``SPLIT`` at the end of that year, or ``ALL_DAYS`` at the higher share as soon as
            one day lies beyond it.
        base: ``UNPAID_PRINCIPAL``, or ``FULL_PRINCIPAL`` as long as any of it is unpaid.
        stops_at_cut_off: No day counts from the day the supply was cut off.
        heat_loss_percent: Yearly share of the principal that cut-off homes owe for heat passing
            through, counted by days.
    """

    per_mille_per_day: Decimal
    grace_days: int = 0
    max_percent_of_principal: Decimal | None = None
    min_fen: int = 0
    flat_percent: Decimal | None = None
    cross_year_per_mille: Decimal | None = None
    cross_year: Literal["SPLIT", "ALL_DAYS"] = "SPLIT"
    base: Literal["UNPAID_PRINCIPAL", "FULL_PRINCIPAL"] = "UNPAID_PRINCIPAL"
    stops_at_cut_off: bool = False
    heat_loss_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Principal that was paid, or owed again where negative, on a day."""

    on: date
    fen: int


@dataclass(frozen=True, slots=True)
class FeeSegment:
    """Days ``[start, end)`` of one base and one rate, and their fee within ceiling and minimum.

    Attributes:
        unpaid_fen: What the fee was counted on.
        rate: Per mille a day, or percent where the fee is flat.
    """

    start: date
    end: date
    unpaid_fen: int
    fee_fen: int
    rate: Decimal


@dataclass(frozen=True, slots=True)
class LateFee:
    """A late fee and how it came about; the fee is the sum of its segments."""

    segments: tuple[FeeSegment, ...]
    fee_fen: int


NOTHING = LateFee((), 0)


@dataclass(frozen=True, slots=True)
class CutOff:
    """Supply cut off for ``[start, end)`` of a season of so many days."""

    stopped: Interval[date]
    season_days: int


@dataclass(frozen=True, slots=True)
class LateFeeFacts:
    """One overdue bill.

    Attributes:
        principal_fen: The bill as issued.
        changes: Payments, waivers and their undoings.
        as_of: Last day counted: the day of payment, or of asking.
    """

    principal_fen: int
    due_date: date
    as_of: date
    changes: tuple[Change, ...] = ()
    cut_off: CutOff | None = None


def late_fee(
    *,
    principal_fen: int,
    due_date: date,
    changes: Sequence[Change],
    as_of: date,
    terms: LateFeeTerms,
) -> LateFee:
    """The fee on one bill up to and including a day.

    A day counts with what was unpaid when it began; money of the due date costs nothing, and money of
    a later day still bears that day. Every stretch of one base and rate is rounded once, half up;
    the ceiling is taken off the latest stretches, the minimum is made up in the last.

    Args:
        changes: Payments, waivers and their undoings; what was undone again was owed meanwhile less it.
    """
    start = due_date + (terms.grace_days + 1) * _DAY
    if as_of < start:
        return NOTHING
    whole = Interval(start, as_of + _DAY)
    if terms.flat_percent is not None:
        segments = _flat(principal_fen, whole, changes, terms.flat_percent)
    else:
        segments = _daily(principal_fen, due_date, whole, changes, terms)
    if not segments:
        return NOTHING
    bounded = _bounded(segments, principal_fen, terms)
    return LateFee(bounded, sum(segment.fee_fen for segment in bounded))


def _unpaid(principal_fen: int, changes: Sequence[Change], on: date) -> int:
    return principal_fen - sum(change.fen for change in changes if change.on < on)


def _flat(
    principal_fen: int, whole: Interval[date], changes: Sequence[Change], percent: Decimal
) -> list[FeeSegment]:
    unpaid = _unpaid(principal_fen, changes, whole.start)
    if unpaid <= 0:
        return []
    fee = rounding.to_fen(_flat_exact(unpaid, percent)).fen
    return [FeeSegment(whole.start, whole.end, unpaid, fee, percent)]


def _flat_exact(unpaid_fen: int, percent: Decimal) -> Decimal:
    return Decimal(unpaid_fen).scaleb(-4) * percent


def _daily(
    principal_fen: int,
    due_date: date,
    whole: Interval[date],
    changes: Sequence[Change],
    terms: LateFeeTerms,
) -> list[FeeSegment]:
    next_year = date(due_date.year + 1, 1, 1)
    cuts = [change.on + _DAY for change in changes]
    later = terms.cross_year_per_mille
    if later is not None and terms.cross_year == "SPLIT":
        cuts.append(next_year)
    owed = [
        (part, unpaid)
        for part in whole.split(cuts)
        if (unpaid := _unpaid(principal_fen, changes, part.start)) > 0
    ]
    stretches: list[tuple[date, date, int, Decimal]] = []
    for part, unpaid in owed:
        last_day = part.end if terms.cross_year == "SPLIT" else owed[-1][0].end
        rate = terms.per_mille_per_day if later is None or last_day <= next_year else later
        base = unpaid if terms.base == "UNPAID_PRINCIPAL" else principal_fen
        last = stretches[-1] if stretches else None
        if last is not None and last[1:] == (part.start, base, rate):
            stretches[-1] = (last[0], part.end, base, rate)
        else:
            stretches.append((part.start, part.end, base, rate))
    return [
        FeeSegment(start, end, base, _daily_fee(base, rate, (end - start).days), rate)
        for start, end, base, rate in stretches
    ]


def _daily_fee(base_fen: int, per_mille: Decimal, day_count: int) -> int:
    return rounding.to_fen(_daily_exact(base_fen, per_mille, day_count)).fen


def _daily_exact(base_fen: int, per_mille: Decimal, day_count: int) -> Decimal:
    return Decimal(base_fen).scaleb(-5) * per_mille * day_count


def _bounded(
    segments: list[FeeSegment], principal_fen: int, terms: LateFeeTerms
) -> tuple[FeeSegment, ...]:
    if terms.min_fen:
        missing = terms.min_fen - sum(segment.fee_fen for segment in segments)
        if missing > 0:
            segments[-1] = replace(segments[-1], fee_fen=segments[-1].fee_fen + missing)
    if terms.max_percent_of_principal is not None:
        cap = _flat_exact(principal_fen, terms.max_percent_of_principal)
        room = rounding.to_fen(cap).fen
        for index, segment in enumerate(segments):
            fee = min(segment.fee_fen, room)
            room -= fee
            segments[index] = replace(segment, fee_fen=fee)
    return tuple(segments)


def lines(
    *, terms: LateFeeTerms, facts: LateFeeFacts, citation: str, clause: str = ""
) -> tuple[Line, ...]:
    """The fee with its reasons: a line for each stretch, and one for the heat lost when cut off.

    The code of a line is ``late_fee``; where there are several, ``late_fee.1`` and so on.

    Raises:
        FactMissing: if the days of the season are unknown and the heat lost is counted by them.
    """
    as_of = facts.as_of
    if facts.cut_off is not None and terms.stops_at_cut_off:
        as_of = min(as_of, facts.cut_off.stopped.start - _DAY)
    fee = late_fee(
        principal_fen=facts.principal_fen,
        due_date=facts.due_date,
        changes=facts.changes,
        as_of=as_of,
        terms=terms,
    )
    several = len(fee.segments) > 1
    made = [
        _line(f"late_fee.{number}" if several else "late_fee", segment, terms, (clause, citation))
        for number, segment in enumerate(fee.segments, start=1)
    ]
    if facts.cut_off is not None and terms.heat_loss_percent is not None:
        percent = terms.heat_loss_percent
        made.append(_heat_loss(facts.principal_fen, percent, facts.cut_off, (clause, citation)))
    return tuple(made)


def _line(code: str, segment: FeeSegment, terms: LateFeeTerms, cited: tuple[str, str]) -> Line:
    base = Decimal(segment.unpaid_fen).scaleb(-2)
    values: tuple[Value, ...]
    if terms.flat_percent is not None:
        exact = _flat_exact(segment.unpaid_fen, segment.rate)
        names: tuple[str, ...] = ("计收基数（元）", "违约金比例（%）")
        template, values, price = "{0} × {1}%", (base, segment.rate), segment.rate / 100
    else:
        day_count = (segment.end - segment.start).days
        exact = _daily_exact(segment.unpaid_fen, segment.rate, day_count)
        names = ("计收基数（元）", "每日比例（‰）", "逾期天数")
        template, values = "{0} × {1}‰ × {2}", (base, segment.rate, day_count)
        price = segment.rate / 1000
    charged = Decimal(segment.fee_fen).scaleb(-2)
    unbounded = rounding.to_fen(exact).fen
    if segment.fee_fen != unbounded:
        raised = segment.fee_fen > unbounded
        names = (*names, "最低违约金补足至（元）" if raised else "违约金上限余额（元）")
        template = ("max(" if raised else "min(") + template + f", {{{len(values)}}})"
        values, exact = (*values, charged), charged
    clause, citation = cited
    basis = Basis(clause, citation, names, template)
    kind = LineKind(code, "违约金", "Late fee", "元", price, basis)
    return kind.line(base, exact, values)


def _heat_loss(
    principal_fen: int, percent: Decimal, cut_off: CutOff, cited: tuple[str, str]
) -> Line:
    if cut_off.season_days <= 0:
        raise FactMissing(fact="供暖期天数")
    base, stopped = Decimal(principal_fen).scaleb(-2), days(cut_off.stopped)
    clause, citation = cited
    names = ("供暖期热费（元）", "热能损耗补偿比例（%）", "停热天数", "供暖期天数")
    basis = Basis(clause, citation, names, "{0} × {1}% × {2} ÷ {3}")
    label_zh, label_en = "热能损耗补偿费", "Heat-loss fee"
    kind = LineKind("heat.loss_fee", label_zh, label_en, "天", percent / 100, basis)
    exact = base * percent * stopped / 100 / cut_off.season_days
    return kind.line(Decimal(stopped), exact, (base, percent, stopped, cut_off.season_days))
