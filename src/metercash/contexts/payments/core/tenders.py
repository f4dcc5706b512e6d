"""What a till accepts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from metercash.contexts.payments.contracts import AmountInvalid, Method, Tender
from metercash.kernel.errors import InvalidInput


TENDERS_MAX = 8
AMOUNT_FEN_MAX = 10_000_000_000
REFERENCE_LENGTH_MAX = 64


def check(tenders: Sequence[Tender]) -> int:
    """Check what is handed over and add it up.

    Returns:
        The total in fen.

    Raises:
        InvalidInput: if there is none, too many, an unknown method, a slip number missing, or BALANCE twice.
        AmountInvalid: if an amount is not positive or too large.
    """
    if not 0 < len(tenders) <= TENDERS_MAX:
        raise InvalidInput(field="付款方式", reason=f"应为1至{TENDERS_MAX}笔")
    for tender in tenders:
        if tender.method not in set(Method):
            raise InvalidInput(field="付款方式", reason=f"未知的方式“{tender.method}”")
        check_amount(tender.fen)
        needs_slip = tender.method in {Method.POS, Method.TRANSFER}
        if needs_slip and not tender.reference.strip():
            raise InvalidInput(field="凭证号", reason="POS刷卡和转账必须填写参考号")
        if len(tender.reference) > REFERENCE_LENGTH_MAX:
            raise InvalidInput(field="凭证号", reason="过长")
    if sum(tender.method == Method.BALANCE for tender in tenders) > 1:
        raise InvalidInput(field="付款方式", reason="预存余额只能出现一次")
    return sum(tender.fen for tender in tenders)


def check_amount(fen: int) -> None:
    """Refuse an amount nobody pays.

    Raises:
        AmountInvalid: if it is not positive or above the limit.
    """
    if type(fen) is not int or not 0 < fen <= AMOUNT_FEN_MAX:
        raise AmountInvalid(limit_yuan=AMOUNT_FEN_MAX // 100)


def fingerprint(**request: object) -> str:
    """SHA-256 of a request, the same for the same values in any order of names."""
    text = json.dumps(request, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
