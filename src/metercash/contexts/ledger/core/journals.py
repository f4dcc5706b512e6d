"""When a journal may stand, and what undoes it."""

from collections import Counter
from collections.abc import Iterable, Mapping

from metercash.contexts.ledger.contracts import (
    ChartAccount,
    Journal,
    MalformedPosting,
    Posting,
    UnbalancedJournal,
)


def check(journal: Journal) -> None:
    """Refuse a journal the books could not bear.

    Raises:
        UnbalancedJournal: if it has no postings or they do not sum to zero.
        MalformedPosting: if an amount is zero or a customer's account lacks the customer.
    """
    difference = sum(posting.fen for posting in journal.postings)
    if difference or not journal.postings:
        raise UnbalancedJournal(business_key=journal.business_key, difference_fen=difference)
    for posting in journal.postings:
        if posting.fen == 0 or (posting.account.per_customer and posting.account_id is None):
            raise MalformedPosting(business_key=journal.business_key, account=posting.account.label)


def prepaid_changes(postings: Iterable[Posting]) -> dict[int, int]:
    """What the postings add to each customer's prepaid balance; customers without change are left out."""
    changes: Counter[int] = Counter()
    for posting in postings:
        if posting.account is ChartAccount.PREPAID and posting.account_id is not None:
            changes[posting.account_id] -= posting.fen
    return {account_id: fen for account_id, fen in sorted(changes.items()) if fen}


def merge(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    """Add up postings of the same account and customer, keeping debits and credits of an account apart."""
    sums: dict[tuple[ChartAccount, int | None, bool], int] = {}
    for posting in postings:
        key = (posting.account, posting.account_id, posting.fen > 0)
        sums[key] = sums.get(key, 0) + posting.fen
    return tuple(Posting(key[0], fen, key[1]) for key, fen in sums.items())


def reversal(
    postings: Iterable[Posting],
    *,
    returned: Mapping[ChartAccount, int],
    account_id: int | None,
) -> tuple[Posting, ...]:
    """The postings that undo a journal.

    Args:
        postings: What the journal posted.
        returned: Fen of its allocations per receivable account that were given back to the prepaid balance
            since; that part is now taken from the balance and no longer from the receivable.
        account_id: The customer of those allocations.
    """
    undone = [Posting(p.account, -p.fen, p.account_id) for p in postings]
    for receivable, fen in returned.items():
        if fen:
            undone.append(Posting(receivable, -fen, account_id))
            undone.append(Posting(ChartAccount.PREPAID, fen, account_id))
    return merge(undone)
