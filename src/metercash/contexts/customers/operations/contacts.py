"""Ways to reach a holder, and how far they may be trusted."""

from __future__ import annotations

from datetime import datetime

from metercash.contexts.customers.contracts import AccountNotFound, ContactKind, ContactQuality
from metercash.contexts.customers.core import cells, words
from metercash.contexts.customers.models import Account, Contact
from metercash.contexts.customers.operations import tokens
from metercash.kernel.errors import InvalidInput
from metercash.platform import audit, db


@db.transaction_required
def record_contact(
    *, account_id: int, kind: str, value: str, quality: str, primary: bool, now: datetime
) -> int:
    """Note a contact or its new quality mark; its id."""
    if Account.objects.select_for_update().filter(id=account_id).first() is None:
        raise AccountNotFound(account=account_id)
    value = _checked(kind, value)
    contact = Contact.objects.filter(account_id=account_id, kind=kind, value=value).first()
    if contact is None:
        contact = Contact(account_id=account_id, kind=kind, value=value)
        contact.tail = words.phone_tail(value) if kind == ContactKind.PHONE else ""
    wrong = quality == ContactQuality.WRONG
    leads = kind == ContactKind.PHONE and not wrong and (primary or not _has_primary(account_id))
    if leads:
        Contact.objects.filter(account_id=account_id, is_primary=True).update(is_primary=False)
    contact.is_primary = leads or (contact.is_primary and not wrong)
    contact.quality, contact.noted_at = quality, now
    contact.save()
    tokens.rebuild([account_id])
    audit.record(
        action="customers.contact.record",
        subject=f"account:{account_id}",
        detail={"contact_id": contact.id, "kind": kind, "quality": quality, "primary": leads},
    )
    return int(contact.id)


def _has_primary(account_id: int) -> bool:
    return bool(Contact.objects.filter(account_id=account_id, is_primary=True).exists())


def _checked(kind: str, value: str) -> str:
    try:
        text = cells.phone(value) if kind == ContactKind.PHONE else cells.text_of(200)(value)
    except cells.CellError as fault:
        raise InvalidInput(field="联系方式", reason=f"{fault.reason}；{fault.advice}") from None
    if not text:
        raise InvalidInput(field="联系方式", reason="不能为空")
    return text
