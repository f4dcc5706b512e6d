"""Which debts money pays: oldest due first, principal and late fee in the tenant's order, to the fen."""

from collections.abc import Sequence
from dataclasses import dataclass

from metercash.contexts.ledger.contracts import (
    AllocationOrder,
    AmountRefused,
    ChartAccount,
    ItemKind,
    OpenItem,
    Posting,
)
from metercash.contexts.ledger.core import journals


@dataclass(frozen=True, slots=True)
class Plan:
    """What money does.

    Attributes:
        postings: The balanced lines of its journal; empty if nothing moves.
        allocations: Open items with the fen applied to each, in the order they were paid.
        to_balance_fen: What is left over as prepaid balance.
    """

    postings: tuple[Posting, ...]
    allocations: tuple[tuple[OpenItem, int], ...]
    to_balance_fen: int


def allocate(
    fen: int, items: Sequence[OpenItem], *, order: AllocationOrder
) -> tuple[tuple[OpenItem, int], ...]:
    """Apply money to open items until either is used up.

    The sum applied is ``min(fen, sum of what is open)``; no item receives more than it is open for.

    Args:
        order: ``PRINCIPAL_FIRST`` pays every bill before any late fee, ``LATE_FEE_FIRST`` the other way
            round; within a kind the oldest due date is first, then the older item.

    Raises:
        AmountRefused: if the money is negative.
    """
    if fen < 0:
        raise AmountRefused(fen=fen, limit_fen=sum(item.open_fen for item in items))
    first = ItemKind.BILL if order is AllocationOrder.PRINCIPAL_FIRST else ItemKind.LATE_FEE
    applied = []
    for item in sorted(
        items, key=lambda item: (item.kind != first, item.due_date, item.open_item_id)
    ):
        part = min(fen, item.open_fen)
        if part:
            applied.append((item, part))
            fen -= part
    return tuple(applied)


def receive(
    *,
    account_id: int,
    fen: int,
    debit: ChartAccount,
    items: Sequence[OpenItem],
    order: AllocationOrder,
) -> Plan:
    """Plan money that came in: Dr ``debit`` Cr 用户预收, then Dr 用户预收 Cr 应收 for what it pays.

    Raises:
        AmountRefused: if the money is not positive.
    """
    if fen <= 0:
        raise AmountRefused(fen=fen, limit_fen=sum(item.open_fen for item in items))
    applied = allocate(fen, items, order=order)
    received = (
        Posting(debit, fen, account_id),
        Posting(ChartAccount.PREPAID, -fen, account_id),
    )
    to_balance = fen - sum(part for _, part in applied)
    return Plan(received + _apply(account_id, applied), applied, to_balance)


def use_balance(
    *,
    account_id: int,
    balance_fen: int,
    items: Sequence[OpenItem],
    order: AllocationOrder,
    fen: int | None = None,
) -> Plan:
    """Plan paying from the prepaid balance: Dr 用户预收 Cr 应收.

    Args:
        fen: Exactly this much; as much as balance and debts allow if None.

    Raises:
        AmountRefused: if ``fen`` is not positive or exceeds the balance or the debts.
    """
    limit = min(balance_fen, sum(item.open_fen for item in items))
    if fen is None:
        fen = limit
    elif not 0 < fen <= limit:
        raise AmountRefused(fen=fen, limit_fen=limit)
    applied = allocate(fen, items, order=order)
    return Plan(_apply(account_id, applied), applied, -fen)


def _apply(account_id: int, applied: Sequence[tuple[OpenItem, int]]) -> tuple[Posting, ...]:
    total = sum(part for _, part in applied)
    if not total:
        return ()
    paid = (Posting(ItemKind(item.kind).receivable, -part, account_id) for item, part in applied)
    return (
        Posting(ChartAccount.PREPAID, total, account_id),
        *journals.merge(paid),
    )
