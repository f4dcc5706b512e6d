"""Tables of payments; evidence and statements are append-only."""

from __future__ import annotations

from typing import Any

from django.db import models

from metercash.contexts.payments.contracts import (
    BreakStatus,
    OrderStatus,
    ReceiptStatus,
    ShiftStatus,
)
from metercash.platform import tenancy


def _down(to: str, **options: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        to,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        **options,
    )


class ProviderAccount(tenancy.TenantModel):
    """Our merchant number with one provider; keys stay in files the settings name."""

    provider = models.CharField(max_length=16)
    merchant_id = models.CharField(max_length=40)
    app_id = models.CharField(max_length=40, default="")
    settings = models.JSONField(default=dict)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "provider"], name="payments_one_account_per_provider"
            )
        ]


class PaymentOrder(tenancy.TenantModel):
    """An intent to collect, committed before the provider is called."""

    order_no = models.CharField(max_length=32)
    provider_account = _down("payments.ProviderAccount")
    account = _down("customers.Account")
    amount_fen = models.BigIntegerField()
    description = models.CharField(max_length=127)
    idempotency_key = models.CharField(max_length=120)
    request_hash = models.CharField(max_length=64)
    status = models.CharField(max_length=16, default=OrderStatus.DRAFT)
    unknown = models.BooleanField(default=False)
    code_url = models.CharField(max_length=512, default="")
    settled_txn = models.CharField(max_length=64, default="")
    failure = models.CharField(max_length=200, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    polled = models.IntegerField(default=0)
    polled_at = models.DateTimeField(null=True)
    next_poll_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "order_no"], name="payments_order_no_unique"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "idempotency_key"], name="payments_order_key_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0), name="payments_order_positive"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "account", "id"], name="payments_order_account"),
            models.Index(fields=["tenant_id", "next_poll_at"], name="payments_order_poll"),
        ]


class Evidence(tenancy.TenantModel):
    """What was received, byte for byte, before anything of it was believed."""

    provider_account = _down("payments.ProviderAccount")
    source = models.CharField(max_length=16)
    raw = models.BinaryField()
    headers = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    verified = models.BooleanField()
    key_id = models.CharField(max_length=80, default="")
    refusal = models.CharField(max_length=200, default="")
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["tenant_id", "sha256"], name="payments_evidence_sha256")]


class MoneyFact(tenancy.TenantModel):
    """Money that exists, once per provider account, kind and provider's number."""

    provider_account = _down("payments.ProviderAccount")
    kind = models.CharField(max_length=16)
    provider_txn = models.CharField(max_length=64)
    order_no = models.CharField(max_length=32, default="")
    method = models.CharField(max_length=16)
    amount_fen = models.BigIntegerField()
    occurred_at = models.DateTimeField()
    accounting_date = models.DateField()
    source = models.CharField(max_length=16)
    evidence = _down("payments.Evidence", null=True)
    outcome = models.CharField(max_length=16)
    account = _down("customers.Account", null=True)
    receipt_no = models.CharField(max_length=40, default="")
    business_key = models.CharField(max_length=120)
    reconciled_day = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "provider_account", "kind", "provider_txn"],
                name="payments_fact_once",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0), name="payments_fact_positive"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant_id", "account", "-occurred_at"], name="payments_fact_account"
            ),
            models.Index(fields=["tenant_id", "-occurred_at"], name="payments_fact_time"),
            models.Index(fields=["tenant_id", "order_no"], name="payments_fact_order"),
        ]


class Break(tenancy.TenantModel):
    """A disagreement to be explained by a person."""

    provider_account = _down("payments.ProviderAccount")
    kind = models.CharField(max_length=16)
    subject = models.CharField(max_length=120)
    status = models.CharField(max_length=16, default=BreakStatus.OPEN)
    day = models.DateField()
    provider_txn = models.CharField(max_length=64, default="")
    order_no = models.CharField(max_length=32, default="")
    expected_fen = models.BigIntegerField(null=True)
    actual_fen = models.BigIntegerField(null=True)
    fact = _down("payments.MoneyFact", null=True)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, default="")
    resolved_by = models.CharField(max_length=80, default="")
    approved_by = models.CharField(max_length=80, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "provider_account", "kind", "subject"],
                name="payments_break_once",
            )
        ]
        indexes = [
            models.Index(fields=["tenant_id", "status", "-day"], name="payments_break_status")
        ]


class TellerShift(tenancy.TenantModel):
    """One person at one till, from opening to handing over."""

    user_id = models.BigIntegerField()
    status = models.CharField(max_length=16, default=ShiftStatus.OPEN)
    opened_at = models.DateTimeField()
    opening_fen = models.BigIntegerField(default=0)
    last_serial = models.IntegerField(default=0)
    expected_fen = models.BigIntegerField(null=True)
    counted_fen = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    handed_over_to = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "user_id"],
                condition=models.Q(status=ShiftStatus.OPEN),
                name="payments_one_open_shift",
            )
        ]


class Receipt(tenancy.TenantModel):
    """A receipt; its serial has no gaps within the shift."""

    receipt_no = models.CharField(max_length=40)
    shift = _down("payments.TellerShift")
    serial = models.IntegerField()
    account = _down("customers.Account")
    total_fen = models.BigIntegerField()
    allocations = models.JSONField(default=list)
    to_balance_fen = models.BigIntegerField(default=0)
    idempotency_key = models.CharField(max_length=120)
    request_hash = models.CharField(max_length=64)
    status = models.CharField(max_length=16, default=ReceiptStatus.ISSUED)
    issued_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)
    voided_by = models.BigIntegerField(null=True)
    void_reason = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "receipt_no"], name="payments_receipt_no_unique"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "shift", "serial"], name="payments_receipt_serial_unique"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "idempotency_key"], name="payments_receipt_key_unique"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "account", "-id"], name="payments_receipt_account")
        ]


class ReceiptTender(tenancy.TenantModel):
    """One way a receipt was paid."""

    receipt = _down("payments.Receipt")
    line_no = models.IntegerField()
    method = models.CharField(max_length=16)
    amount_fen = models.BigIntegerField()
    reference = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "receipt", "line_no"], name="payments_tender_line_unique"
            )
        ]


class StatementFile(tenancy.TenantModel):
    """A channel's statement as downloaded."""

    provider_account = _down("payments.ProviderAccount")
    day = models.DateField()
    sha256 = models.CharField(max_length=64)
    raw = models.BinaryField()
    lines = models.IntegerField()
    fetched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "provider_account", "day", "sha256"],
                name="payments_statement_once",
            )
        ]


class ReconciliationRun(tenancy.TenantModel):
    """The standing outcome of comparing one day."""

    provider_account = _down("payments.ProviderAccount")
    day = models.DateField()
    statement = _down("payments.StatementFile")
    status = models.CharField(max_length=16)
    lines = models.IntegerField()
    matched = models.IntegerField()
    recovered = models.IntegerField()
    waiting = models.IntegerField()
    paid_fen = models.BigIntegerField()
    refunded_fen = models.BigIntegerField()
    fee_fen = models.BigIntegerField()
    banked_fen = models.BigIntegerField()
    ran_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "provider_account", "day"], name="payments_run_per_day"
            )
        ]
