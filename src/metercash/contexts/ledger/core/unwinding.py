"""What giving money back does: canceling a debt that was paid, reversing a payment that was applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from metercash.contexts.ledger.contracts import (
    AllocationKind,
    AmountRefused,
    ChartAccount,
    ItemKind,
    OpenItem,
    Posting,
)
from metercash.contexts.ledger.core import journals


@dataclass(frozen=True, slots=True)
class Applied:
    """Money of one journal that stands applied to one open item."""

    open_item_id: int
    source_id: int
    kind: str
    fen: int


@dataclass(frozen=True, slots=True)
class Cancellation:
    """How a debt is closed without being paid.

    Attributes:
        postings: Dr 应收, Cr 用户预收 or the waiver's expense; empty if nothing was applied.
        undone: Applications to undo.
        closing_fen: What is then open and closed without money: the whole original.
    """

    postings: tuple[Posting, ...]
    undone: tuple[Applied, ...]
    closing_fen: int


@dataclass(frozen=True, slots=True)
class Reversal:
    """How a journal is undone together with what its money paid."""

    postings: tuple[Posting, ...]
    undone: tuple[Applied, ...]


def cancel(item: OpenItem, standing: Sequence[Applied]) -> Cancellation:
    """Plan canceling a debt: what was paid returns to the prepaid balance, what was forgiven is unforgiven.

    Args:
        standing: Payments and waivers that stand applied to the item.
    """
    postings = []
    for line in standing:
        receivable, counterpart = _accounts(item.kind, line.kind)
        postings.append(Posting(receivable, line.fen, item.account_id))
        postings.append(Posting(counterpart, -line.fen, item.account_id))
    undone_fen = sum(line.fen for line in standing)
    return Cancellation(journals.merge(postings), tuple(standing), item.open_fen + undone_fen)


def waive(item: OpenItem, fen: int) -> tuple[Posting, ...]:
    """Plan forgiving part of a debt: Dr 违约金减免 or 销售折扣, Cr 应收.

    Raises:
        AmountRefused: if the amount is not positive or more than is open.
    """
    if not 0 < fen <= item.open_fen:
        raise AmountRefused(fen=fen, limit_fen=item.open_fen)
    receivable, expense = _accounts(item.kind, AllocationKind.WAIVER)
    return (
        Posting(expense, fen, item.account_id),
        Posting(receivable, -fen, item.account_id),
    )


def _accounts(item_kind: str, allocation_kind: str) -> tuple[ChartAccount, ChartAccount]:
    if allocation_kind == AllocationKind.PAYMENT:
        counterpart = ChartAccount.PREPAID
    elif item_kind == ItemKind.LATE_FEE:
        counterpart = ChartAccount.LATE_FEE_WAIVED
    else:
        counterpart = ChartAccount.DISCOUNT
    return ItemKind(item_kind).receivable, counterpart


def reverse(
    postings: Sequence[Posting],
    *,
    applied: Sequence[Applied],
    standing: Sequence[Applied],
    kinds: Mapping[int, str],
    account_id: int | None,
) -> Reversal:
    """Plan undoing a journal.

    Args:
        postings: What it posted.
        applied: What it applied to open items when it was posted.
        standing: What of that still stands; the rest went back to the prepaid balance since.
        kinds: Kind of each open item concerned.
        account_id: The customer whose items they are.
    """
    returned: dict[ChartAccount, int] = {}
    for sign, lines in ((1, applied), (-1, standing)):
        for line in lines:
            receivable = ItemKind(kinds[line.open_item_id]).receivable
            returned[receivable] = returned.get(receivable, 0) + sign * line.fen
    undone = journals.reversal(postings, returned=returned, account_id=account_id)
    return Reversal(undone, tuple(standing))
