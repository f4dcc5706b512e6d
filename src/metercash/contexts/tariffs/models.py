"""Tables of price documents."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from metercash.platform.tenancy.base import TenantModel


class DateRange(Func):
    """``daterange(effective_from, effective_until, '[)')``; an open end is unbounded."""

    function = "daterange"
    output_field = DateRangeField()


class PriceDocument(TenantModel):
    """One version of a price document; its text never changes once submitted.

    Attributes:
        stated_until: First day it no longer holds by its own text.
        closed_on: First day it no longer holds by a decision to close the plan.
        effective_until: First day it does not hold: the above, or its successor's first day.
        approval: What was signed when it was approved, canonical JSON.
        signature: Ed25519 over ``approval``, base64.
    """

    code = models.CharField(max_length=80)
    version = models.IntegerField()
    title = models.CharField(max_length=160)
    commodity = models.CharField(max_length=8)
    locality = models.CharField(max_length=40)
    citation = models.TextField()
    source = models.TextField(default="")
    confidence = models.CharField(max_length=1)
    effective_from = models.DateField()
    effective_until = models.DateField(null=True)
    stated_until = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    yaml_text = models.TextField()
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=10)
    drafted_by = models.BigIntegerField()
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    returned_reason = models.TextField(default="")
    approved_by = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
    approval = models.TextField(default="")
    signature = models.CharField(max_length=88, default="")
    published_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "code", "version"], name="tariffs_version_once"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
                name="tariffs_two_people",
            ),
            models.CheckConstraint(
                condition=Q(effective_until__isnull=True)
                | Q(effective_until__gt=F("effective_from")),
                name="tariffs_period_not_empty",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("DRAFT", "SUBMITTED"))
                | (Q(approved_by__isnull=False) & ~Q(signature="")),
                name="tariffs_published_is_approved",
            ),
            ExclusionConstraint(
                name="tariffs_one_version_a_day",
                expressions=[
                    ("tenant_id", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (
                        DateRange(
                            "effective_from",
                            "effective_until",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=False),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(status="PUBLISHED"),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "code", "status"], name="tariffs_by_code"),
            models.Index(fields=["tenant_id", "sha256"], name="tariffs_by_hash"),
        ]


class PriceAttachment(TenantModel):
    """A source file of a document: what it was written from, kept by content."""

    document = models.ForeignKey(
        PriceDocument,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.BigIntegerField()
    added_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "document", "sha256"], name="tariffs_attached_once"
            )
        ]
