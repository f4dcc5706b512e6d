"""Tables of collections."""

from django.db import models

from metercash.platform import tenancy


class LateFeePolicy(tenancy.TenantModel):
    """A version of the late-fee terms; append-only. Rates are decimals kept as text."""

    effective_from = models.DateField()
    rate_per_mille_per_day = models.CharField(max_length=20)
    start_days = models.SmallIntegerField(default=1)
    cap_of_principal = models.CharField(max_length=20, null=True)
    minimum_fen = models.BigIntegerField(default=0)
    exempt_categories = models.JSONField(default=list)
    citation = models.CharField(max_length=300)
    approved_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "effective_from"], name="collections_policy_once"
            )
        ]


class Accrual(tenancy.TenantModel):
    """Late fee charged on one bill so far; the row is the bill's lock during a pass."""

    reference = models.CharField(max_length=120)
    account_id = models.BigIntegerField()
    charged_fen = models.BigIntegerField(default=0)
    as_of = models.DateField()
    settled = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "reference"], name="collections_accrual_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["tenant_id", "account_id"],
                condition=models.Q(settled=False),
                name="collections_accrual_unsettled",
            )
        ]
