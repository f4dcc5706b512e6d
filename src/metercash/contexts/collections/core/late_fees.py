"""The tenant's terms in the words of the one calculation of late fees."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from metercash.contexts.collections.contracts import Change, LateFee, PolicyTerms
from metercash.rating.terms import late_fee as calculation


def late_fee(
    *,
    principal_fen: int,
    due_date: date,
    changes: Sequence[Change],
    as_of: date,
    terms: PolicyTerms,
) -> LateFee:
    """The fee on one bill up to and including a day; see :func:`metercash.rating.terms.late_fee.late_fee`.

    Args:
        changes: Payments, waivers and their undoings; what was undone again was owed meanwhile less it.
    """
    return calculation.late_fee(
        principal_fen=principal_fen,
        due_date=due_date,
        changes=changes,
        as_of=as_of,
        terms=_terms(terms),
    )


@lru_cache(maxsize=64)
def _terms(terms: PolicyTerms) -> calculation.LateFeeTerms:
    cap = terms.cap_of_principal
    return calculation.LateFeeTerms(
        per_mille_per_day=terms.rate_per_mille_per_day,
        grace_days=terms.start_days - 1,
        max_percent_of_principal=None if cap is None else cap * 100,
        min_fen=terms.minimum_fen,
    )
