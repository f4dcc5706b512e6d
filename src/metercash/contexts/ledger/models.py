"""Tables of the ledger. Journals, postings and allocations are append-only; items and balances are projections."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from metercash.platform import tenancy


class JournalEntry(tenancy.TenantModel):
    """The head of a journal; append-only."""

    business_key = models.CharField(max_length=160)
    event = models.CharField(max_length=80)
    accounting_date = models.DateField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    reverses_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "business_key"], name="ledger_journal_business_key"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "reverses_id"],
                condition=Q(reverses_id__isnull=False),
                name="ledger_journal_reversed_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "accounting_date"], name="ledger_journal_date")
        ]


class PostingLine(tenancy.TenantModel):
    """One posting; append-only.

    The journal is no declared foreign key: the trigger that proves the sum also proves, for the whole
    statement at once, that the journal exists for the tenant, and journals are never deleted.
    """

    pk = models.CompositePrimaryKey("tenant_id", "journal_id", "line")
    journal_id = models.BigIntegerField()
    line = models.SmallIntegerField()
    chart = models.CharField(max_length=24)
    account_id = models.BigIntegerField(null=True)
    fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(fen=0), name="ledger_posting_not_zero"),
        ]
        indexes = [
            models.Index(
                fields=["tenant_id", "account_id"],
                condition=Q(account_id__isnull=False),
                name="ledger_posting_account",
            ),
        ]


class Receivable(tenancy.TenantModel):
    """An open item: ``open_fen`` is the original less the sum of its allocations."""

    account_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    reference = models.CharField(max_length=120)
    description = models.CharField(max_length=200, default="", db_default="")
    due_date = models.DateField()
    original_fen = models.BigIntegerField()
    open_fen = models.BigIntegerField()
    opened_on = models.DateField()
    status = models.CharField(max_length=12, default="OPEN", db_default="OPEN")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "reference"], name="ledger_receivable_reference"
            ),
            models.CheckConstraint(
                condition=Q(open_fen__gte=0, open_fen__lte=F("original_fen"), original_fen__gt=0),
                name="ledger_receivable_open_within_original",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "account_id"], name="ledger_receivable_account"),
            models.Index(
                fields=["tenant_id", "due_date", "id"],
                condition=Q(open_fen__gt=0),
                name="ledger_receivable_overdue",
            ),
        ]


class Allocation(tenancy.TenantModel):
    """A change of an open item by a journal; append-only.

    ``source_id`` is the journal whose money is applied; an undoing row repeats it with a negative amount.
    """

    receivable = models.ForeignKey(
        Receivable,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    journal = models.ForeignKey(
        JournalEntry,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    source_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    fen = models.BigIntegerField()
    accounting_date = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(fen=0), name="ledger_allocation_not_zero"),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "receivable"], name="ledger_allocation_item"),
            models.Index(fields=["tenant_id", "journal"], name="ledger_allocation_journal"),
            models.Index(fields=["tenant_id", "source_id"], name="ledger_allocation_source"),
        ]


class Balance(tenancy.TenantModel):
    """Prepaid balance of a customer account: minus the sum of its 用户预收 postings; the account's lock."""

    account_id = models.BigIntegerField()
    prepaid_fen = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "account_id"], name="ledger_balance_account"
            ),
            models.CheckConstraint(
                condition=Q(prepaid_fen__gte=0), name="ledger_balance_not_negative"
            ),
        ]


class PeriodClose(tenancy.TenantModel):
    """The books are closed for every accounting date before ``closed_until``; append-only."""

    closed_until = models.DateField()
    closed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "closed_until"], name="ledger_period_once")
        ]
