"""What billing does when a lower context reports: the open amount of bills follows the ledger."""

from metercash.platform import outbox


OPEN_ITEMS_CHANGED = "ledger.open_items.changed"


def register() -> None:
    """Subscribe."""
    outbox.subscribe(OPEN_ITEMS_CHANGED, follow_open_items)


def follow_open_items(event: outbox.Event) -> None:
    """Take over the open amounts of the accounts named; told twice changes nothing."""
    # Loaded at first use: Django starts without the aggregation libraries.
    from metercash.contexts.billing import api

    api.refresh_open(account_ids=event.payload["account_ids"])
