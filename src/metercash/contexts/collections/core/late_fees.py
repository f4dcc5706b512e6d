"""The late fee: on unpaid principal only, day by day, never on a late fee."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from metercash.contexts.collections.contracts import Change, FeeSegment, LateFee, PolicyTerms
from metercash.kernel.interval import Interval, days
from metercash.kernel.money import round_half_up


NOTHING = LateFee((), 0)
_DAY = timedelta(days=1)


def late_fee(
    *,
    principal_fen: int,
    due_date: date,
    changes: Sequence[Change],
    as_of: date,
    terms: PolicyTerms,
) -> LateFee:
    """The fee on one bill up to and including a day.

    A day counts with what was unpaid when it began; money of the due date costs nothing, and money of a later
    day still bears that day. Every stretch of one principal is rounded once, half up.

    Args:
        changes: Payments, waivers and their undoings; what was undone again was owed meanwhile less it.
    """
    start = due_date + terms.start_days * _DAY
    if as_of < start:
        return NOTHING
    whole = Interval(start, as_of + _DAY)
    segments = []
    for part in whole.split(change.on + _DAY for change in changes):
        unpaid = principal_fen - sum(c.fen for c in changes if c.on < part.start)
        if unpaid > 0:
            fee = _fee(unpaid, days(part), terms)
            segments.append(FeeSegment(part.start, part.end, unpaid, fee))
    total = sum(segment.fee_fen for segment in segments)
    if segments:
        total = max(total, terms.minimum_fen)
    if terms.cap_of_principal is not None:
        cap = round_half_up(Decimal(principal_fen) / 100 * terms.cap_of_principal).fen
        total = min(total, cap)
    return LateFee(tuple(segments), total)


def _fee(unpaid_fen: int, day_count: int, terms: PolicyTerms) -> int:
    yuan = Decimal(unpaid_fen) / 100
    return round_half_up(yuan * terms.rate_per_mille_per_day / 1000 * day_count).fen
