"""Tables of billing.

A bill is two rows: ``Bill`` is narrow, carries what lists filter and sort by, and follows the ledger's open
amount; ``BillDocument`` holds what was told to the customer and is append-only.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from metercash.platform import tenancy


BILLED_ONCE = "billing_bill_once"
"""Name of the constraint that refuses a second bill of an account's period."""


class BillRun(tenancy.TenantModel):
    """One order to bill a set of accounts for a period."""

    period_from = models.DateField()
    period_until = models.DateField()
    purpose = models.CharField(max_length=80)
    commodity = models.CharField(max_length=8)
    plan_code = models.CharField(max_length=60, default="")
    due_date = models.DateField()
    status = models.CharField(max_length=12, default="DRAFT")
    accounts = models.IntegerField(default=0)
    already_billed = models.IntegerField(default=0)
    failure = models.TextField(default="")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    elapsed_ms = models.BigIntegerField(default=0)

    class Meta(tenancy.TenantModel.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=Q(period_from__lt=F("period_until")), name="billing_run_period"
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "-id"], name="billing_run_latest")]


class BillRunChunk(tenancy.TenantModel):
    """Accounts billed in one transaction; the accounts are frozen when the run is made."""

    run = models.ForeignKey(
        BillRun, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    number = models.IntegerField()
    state = models.CharField(max_length=8, default="PENDING")
    account_ids = ArrayField(models.BigIntegerField())
    selected = models.IntegerField(default=0)
    aggregated = models.IntegerField(default=0)
    rated = models.IntegerField(default=0)
    excepted = models.IntegerField(default=0)
    billed = models.IntegerField(default=0)
    posted = models.IntegerField(default=0)
    verified = models.IntegerField(default=0)
    total_fen = models.BigIntegerField(default=0)
    gather_ms = models.IntegerField(default=0)
    aggregate_ms = models.IntegerField(default=0)
    rate_ms = models.IntegerField(default=0)
    write_ms = models.IntegerField(default=0)

    class Meta(tenancy.TenantModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "run", "number"], name="billing_chunk_number"
            ),
            models.CheckConstraint(
                condition=Q(state="PENDING")
                | Q(selected=F("rated") + F("excepted"), billed=F("posted")),
                name="billing_chunk_counts",
            ),
        ]


class Bill(tenancy.TenantModel):
    """The face of a bill: what lists show, filter and sort.

    ``open_fen`` follows the ledger's open item; the ledger is the truth. ``year_usage_milli`` is the part of
    the usage that falls in the calendar year of the period's last day, for tiers that run over a year.
    """

    run_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField()
    account_no = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    community_id = models.BigIntegerField()
    building_id = models.BigIntegerField()
    category = models.CharField(max_length=30)
    commodity = models.CharField(max_length=8)
    plan_code = models.CharField(max_length=60)
    area_milli = models.BigIntegerField()
    period_from = models.DateField()
    period_until = models.DateField()
    purpose = models.CharField(max_length=80)
    generation = models.SmallIntegerField(default=1)
    usage_milli = models.BigIntegerField()
    year_usage_milli = models.BigIntegerField()
    total_fen = models.BigIntegerField()
    open_fen = models.BigIntegerField()
    status = models.CharField(max_length=10, default="POSTED")
    due_date = models.DateField()
    issued_at = models.DateTimeField()
    replaces_bill_id = models.BigIntegerField(null=True)
    reversal_reason = models.CharField(max_length=200, default="")

    class Meta(tenancy.TenantModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "tenant_id",
                    "account_id",
                    "period_from",
                    "period_until",
                    "purpose",
                    "generation",
                ],
                name=BILLED_ONCE,
            ),
            models.CheckConstraint(
                condition=Q(period_from__lt=F("period_until")), name="billing_bill_period"
            ),
            models.CheckConstraint(
                condition=Q(open_fen=0)
                | Q(status="POSTED", open_fen__gt=0, open_fen__lte=F("total_fen")),
                name="billing_bill_open",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "run_id", "id"], name="billing_bill_run"),
            models.Index(fields=["tenant_id", "community_id", "id"], name="billing_bill_community"),
            models.Index(fields=["tenant_id", "total_fen", "id"], name="billing_bill_total"),
            models.Index(
                fields=["tenant_id", "due_date", "id"],
                condition=Q(open_fen__gt=0),
                name="billing_bill_open_due",
            ),
            models.Index(
                fields=["tenant_id", "open_fen", "id"],
                condition=Q(open_fen__gt=0),
                name="billing_bill_open_amount",
            ),
            models.Index(
                fields=["tenant_id", "id"],
                condition=Q(status="REVERSED"),
                name="billing_bill_reversed",
            ),
        ]


class BillDocument(tenancy.TenantModel):
    """What the customer was told: lines with their reasons, name, address, quantities, citations."""

    pk = models.CompositePrimaryKey("tenant_id", "bill_id")
    bill_id = models.BigIntegerField()
    content = models.JSONField()


class BillException(tenancy.TenantModel):
    """A rated bill that failed a check and waits for a decision."""

    run = models.ForeignKey(
        BillRun, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    account_id = models.BigIntegerField()
    account_no = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    community_id = models.BigIntegerField()
    period_from = models.DateField()
    period_until = models.DateField()
    purpose = models.CharField(max_length=80)
    reason = models.CharField(max_length=20)
    reasons = models.JSONField()
    stake_fen = models.BigIntegerField()
    status = models.CharField(max_length=12, default="OPEN")
    raised_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=200, default="")
    bill_id = models.BigIntegerField(null=True)

    class Meta(tenancy.TenantModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "run", "account_id", "period_from"],
                name="billing_exception_once",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "status", "-stake_fen"], name="billing_exc_queue"),
            models.Index(
                fields=["tenant_id", "account_id", "period_from"], name="billing_exc_account"
            ),
        ]
