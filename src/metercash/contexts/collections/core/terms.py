"""Which late-fee terms may be adopted."""

from decimal import Decimal

from metercash.contexts.collections.contracts import PolicyRefused, PolicyTerms


RATE_MAX = Decimal(10)
START_DAYS_MAX = 365
CAP_MAX = Decimal(10)
MINIMUM_FEN_MAX = 100_00


def check(terms: PolicyTerms, citation: str) -> None:
    """Refuse terms that are out of range or rest on nothing.

    Raises:
        PolicyRefused: with the term.
    """
    rate, cap = terms.rate_per_mille_per_day, terms.cap_of_principal
    _require("每日比例", rate.is_finite() and 0 <= rate <= RATE_MAX, "应为千分之 0 到 10")
    _require("起算日", 1 <= terms.start_days <= START_DAYS_MAX, "应为到期后第 1 到 365 天")
    if cap is not None:
        _require("上限", cap.is_finite() and 0 < cap <= CAP_MAX, "应大于 0 且不超过本金的 10 倍")
    _require("最低金额", 0 <= terms.minimum_fen <= MINIMUM_FEN_MAX, "应为 0 到 100 元")
    _require("依据", bool(citation.strip()), "请写明文件或合同条款")


def _require(field: str, holds: bool, reason: str) -> None:  # noqa: FBT001
    if not holds:
        raise PolicyRefused(field=field, reason=reason)
