"""When a charge may stand."""

from metercash.contexts.ledger.contracts import (
    AmountRefused,
    Charge,
    MalformedPosting,
    UnbalancedJournal,
)


def check(charge: Charge) -> None:
    """Refuse a charge the books could not bear.

    Raises:
        AmountRefused: if it is not above zero.
        MalformedPosting: if a credit is zero or goes to an account kept by customer.
        UnbalancedJournal: if what is credited does not sum to it.
    """
    if charge.fen <= 0:
        raise AmountRefused(fen=charge.fen, limit_fen="∞")
    difference = charge.fen
    for account, fen in charge.credited:
        if fen == 0 or account.per_customer:
            raise MalformedPosting(business_key=charge.reference, account=account.label)
        difference -= fen
    if difference:
        raise UnbalancedJournal(business_key=charge.reference, difference_fen=difference)
