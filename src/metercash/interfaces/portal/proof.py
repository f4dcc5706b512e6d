"""Whether somebody knows enough of an account to be shown it."""

from hmac import compare_digest

from metercash.contexts.customers import api as customers
from metercash.contexts.customers.contracts import AccountNotFound
from metercash.interfaces.portal.session import ProofRefused


def prove(*, account_no: str, name: str, phone_tail: str) -> int:
    """Check number, owner's name and the last four digits of the registered phone.

    Returns:
        The account's id.

    Raises:
        ProofRefused: if they do not belong together; the same answer whatever is wrong.
    """
    try:
        account = customers.get_account_by_no(account_no=account_no.strip())
    except AccountNotFound:
        raise ProofRefused from None
    name_matches = compare_digest(account.name.encode(), name.strip().encode())
    known_tail = account.phone[-4:]
    tail_matches = len(known_tail) == 4 and compare_digest(
        known_tail.encode(), phone_tail.strip().encode()
    )
    if not (name_matches and tail_matches):
        raise ProofRefused
    return account.account_id
