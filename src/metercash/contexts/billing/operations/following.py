"""Bills follow the ledger's open amounts."""

from collections.abc import Sequence

from metercash.contexts.billing.core import posting
from metercash.contexts.billing.models import Bill
from metercash.contexts.ledger import api as ledger
from metercash.platform import db


@db.transaction_required
def refresh_open(*, account_ids: Sequence[int]) -> int:
    """Set the open amount of the accounts' bills to what the ledger says.

    The bills are locked before the ledger is read, so of two refreshes the later one has the later truth.

    Returns:
        How many bills changed.
    """
    bills = list(
        Bill.objects.select_for_update()
        .filter(account_id__in=account_ids, status="POSTED")
        .order_by("id")
    )
    items = ledger.list_open_items(account_ids=account_ids)
    open_fen = {item.reference: item.open_fen for item in items}
    changed = []
    for bill in bills:
        truth = open_fen.get(posting.reference(bill.id), 0)
        if bill.open_fen != truth:
            bill.open_fen = truth
            changed.append(bill)
    Bill.objects.bulk_update(changed, ["open_fen"], batch_size=1000)
    return len(changed)
