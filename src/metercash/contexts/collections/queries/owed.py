"""Policies, and what late fee each overdue bill owes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from metercash.contexts.collections import models
from metercash.contexts.collections.contracts import Change, Policy, PolicyTerms
from metercash.contexts.collections.core.late_fees import late_fee
from metercash.contexts.customers import api as customers
from metercash.contexts.ledger import api as ledger
from metercash.contexts.ledger.contracts import ItemKind, OpenItem
from metercash.platform import db


CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Owed:
    """A bill, the late fee it owes as of a day, and what of it was charged."""

    item: OpenItem
    fee_fen: int
    charged_fen: int


@db.transaction_required
def policies() -> list[Policy]:
    """Every version of the terms, latest first."""
    rows = models.LateFeePolicy.objects.order_by("-effective_from")
    return [_policy(row) for row in rows]


def _policy(row: models.LateFeePolicy) -> Policy:
    cap = row.cap_of_principal
    terms = PolicyTerms(
        rate_per_mille_per_day=Decimal(row.rate_per_mille_per_day),
        start_days=row.start_days,
        cap_of_principal=None if cap is None else Decimal(cap),
        minimum_fen=row.minimum_fen,
        exempt_categories=tuple(row.exempt_categories),
    )
    return Policy(row.id, row.effective_from, terms, row.citation, row.approved_by)


def terms_for(due_date: date, versions: Sequence[Policy]) -> PolicyTerms | None:
    """The terms in force on a bill's due date; None before the first."""
    for version in versions:
        if version.effective_from <= due_date:
            return version.terms
    return None


@db.transaction_required
def overdue_bills(as_of: date, account_ids: Collection[int] | None) -> list[OpenItem]:
    """Bills due before the day that are open, and those settled since the last pass saw them open."""
    items = ledger.list_open_items(account_ids=account_ids, kind=ItemKind.BILL, due_before=as_of)
    seen = {item.reference for item in items}
    rows = models.Accrual.objects.filter(settled=False)
    if account_ids is not None:
        rows = rows.filter(account_id__in=account_ids)
    closed = set(rows.values_list("reference", flat=True)) - seen
    return items + list(ledger.items_by_reference(references=closed).values())


@db.transaction_required
def owed(items: Sequence[OpenItem], as_of: date) -> list[Owed]:
    """The late fee of each bill as of a day; a canceled bill owes none."""
    versions = policies()
    if not versions:
        return []
    categories = _categories({item.account_id for item in items})
    changes = _changes([i.open_item_id for i in items if i.open_fen != i.original_fen])
    references = [item.reference for item in items]
    rows = models.Accrual.objects.filter(reference__in=references)
    charged = dict(rows.values_list("reference", "charged_fen"))
    result = []
    for item in items:
        terms = terms_for(item.due_date, versions)
        exempt = terms is None or categories.get(item.account_id) in terms.exempt_categories
        fee_fen = 0
        if terms is not None and not exempt and item.status != "CANCELED":
            fee_fen = late_fee(
                principal_fen=item.original_fen,
                due_date=item.due_date,
                changes=changes.get(item.open_item_id, ()),
                as_of=as_of,
                terms=terms,
            ).fee_fen
        result.append(Owed(item, fee_fen, charged.get(item.reference, 0)))
    return result


def _categories(account_ids: Collection[int]) -> dict[int, str]:
    wanted = sorted(account_ids)
    found: dict[int, str] = {}
    for start in range(0, len(wanted), CHUNK):
        summaries = customers.summaries(account_ids=wanted[start : start + CHUNK])
        found.update((account_id, row.category) for account_id, row in summaries.items())
    return found


def _changes(open_item_ids: Iterable[int]) -> dict[int, list[Change]]:
    changes: dict[int, list[Change]] = defaultdict(list)
    for line in ledger.list_allocations(open_item_ids=list(open_item_ids)):
        changes[line.open_item_id].append(Change(line.accounting_date, line.fen))
    return changes
