"""Whether somebody knows enough of an account to be shown it."""

from datetime import datetime
from hmac import compare_digest

from metercash.contexts.customers import api as customers
from metercash.contexts.customers.contracts import AccountNotFound
from metercash.interfaces.portal.session import ProofRefused, TooManyAttempts
from metercash.platform.access import guesses


def prove(*, account_no: str, name: str, phone_tail: str, address: str, now: datetime) -> int:
    """Check number, owner's name and the last four digits of the registered phone.

    Args:
        address: Where the request came from; kept beside the guess.

    Returns:
        The account's id.

    Raises:
        ProofRefused: if they do not belong together; the same answer whatever is wrong.
        TooManyAttempts: if the account was guessed at too often today, by whomever.
    """
    subject = f"bind:{account_no.strip()}"
    if guesses.exhausted(subject=subject, now=now):
        raise TooManyAttempts
    account_id = _account_of(account_no=account_no, name=name, phone_tail=phone_tail)
    guesses.record(subject=subject, address=address, succeeded=account_id is not None, now=now)
    if account_id is None:
        raise ProofRefused
    return account_id


def _account_of(*, account_no: str, name: str, phone_tail: str) -> int | None:
    try:
        account = customers.get_account_by_no(account_no=account_no.strip())
    except AccountNotFound:
        return None
    name_matches = compare_digest(account.name.encode(), name.strip().encode())
    known_tail = account.phone[-4:]
    tail_matches = len(known_tail) == 4 and compare_digest(
        known_tail.encode(), phone_tail.strip().encode()
    )
    return account.account_id if name_matches and tail_matches else None
