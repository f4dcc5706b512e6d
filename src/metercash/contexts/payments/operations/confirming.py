"""The confirmation a resident keeps of money that came through a channel; read from the books, never stored."""

from __future__ import annotations

from metercash.contexts.customers import api as customers
from metercash.contexts.ledger import api as ledger
from metercash.contexts.payments import models, queries
from metercash.contexts.payments.contracts import (
    ChannelReceipt,
    FactKind,
    FactOutcome,
    Provider,
)
from metercash.contexts.payments.core.capitals import in_capitals
from metercash.kernel.errors import NotFound
from metercash.platform import db


@db.transaction_required
def receipt(*, fact_id: int) -> ChannelReceipt:
    """The confirmation of one credited payment; see ``api.get_channel_receipt``.

    What it paid is what its own journal applied to debts, less what was taken back since.
    """
    row = (
        models.MoneyFact.objects.select_related("provider_account")
        .filter(id=fact_id, kind=FactKind.PAYMENT, receipt_no="", outcome__in=queries.CREDITED)
        .first()
    )
    if row is None or row.account_id is None or row.method != Provider.WECHAT:
        raise NotFound(what="缴费凭证")
    account = customers.summaries(account_ids=[row.account_id])[row.account_id]
    lines = _lines(row)
    return ChannelReceipt(
        receipt_no=f"WX{row.accounting_date:%Y%m%d}{row.id:08d}",
        fact_id=row.id,
        account_id=row.account_id,
        account_no=account.account_no,
        name=account.name,
        address=account.address,
        channel_label=Provider(row.method).label,
        paid_at=row.occurred_at,
        fen=row.amount_fen,
        lines=lines,
        to_balance_fen=row.amount_fen - sum(fen for _text, fen in lines),
        amount_capitals=in_capitals(row.amount_fen),
        provider_txn=row.provider_txn,
        order_no=row.order_no,
    )


def _lines(row: models.MoneyFact) -> tuple[tuple[str, int], ...]:
    assigned = row.outcome == FactOutcome.ASSIGNED
    key = f"{row.business_key}:assign" if assigned else row.business_key
    journal_id = ledger.journal_lines(business_key=key, limit=1)[0].journal_id
    assert row.account_id is not None, "the caller shows credited money only"
    items = ledger.list_open_items(account_ids=[row.account_id], include_settled=True)
    applied = dict.fromkeys((item.open_item_id for item in items), 0)
    for line in ledger.list_allocations(open_item_ids=list(applied)):
        if line.journal_id == journal_id:
            applied[line.open_item_id] += line.fen
    return tuple(
        (item.description or item.reference, applied[item.open_item_id])
        for item in items
        if applied[item.open_item_id]
    )
