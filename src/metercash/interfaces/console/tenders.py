"""From the pay panel's fields to tenders: pure, so that every mixture is a test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from metercash.contexts.payments.contracts import Method, Tender
from metercash.kernel.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Till:
    """What the clerk takes and gives back.

    Attributes:
        change_fen: Cash to hand back; never part of a tender.
    """

    tenders: tuple[Tender, ...]
    change_fen: int


def tally(
    *,
    due_fen: int,
    balance_fen: int,
    received_fen: Mapping[Method, int],
    references: Mapping[Method, str],
    keep_change: bool,
) -> Till:
    """Balance first, then POS and transfer as given, then cash for the rest.

    Args:
        due_fen: Sum of the chosen items.
        balance_fen: Prepaid balance to use, at most this much; zero to leave it alone.
        received_fen: What was received, by method.
        keep_change: Put cash above the due on the prepaid balance instead of handing it back.

    Raises:
        InvalidInput: if nothing was received.
    """
    from_balance = min(balance_fen, due_fen)
    rest = due_fen - from_balance
    tenders: list[Tender] = []
    if from_balance:
        tenders.append(Tender(Method.BALANCE, from_balance))
    for method in (Method.POS, Method.TRANSFER):
        fen = received_fen.get(method, 0)
        if fen:
            tenders.append(Tender(method, fen, references.get(method, "")))
            rest -= fen
    cash, change = received_fen.get(Method.CASH, 0), 0
    if cash and not keep_change:
        change = max(0, cash - max(0, rest))
        cash -= change
    if cash:
        tenders.append(Tender(Method.CASH, cash))
    if not tenders:
        raise InvalidInput(field="实收金额", reason="还没有收到任何款项")
    return Till(_ordered(tenders), change)


def _ordered(tenders: Sequence[Tender]) -> tuple[Tender, ...]:
    order = list(Method)
    return tuple(sorted(tenders, key=lambda tender: order.index(Method(tender.method))))
