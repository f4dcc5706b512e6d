"""The table of price documents; text immutable from approval on, by trigger."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from metercash.platform import tenancy


class PriceDocument(tenancy.TenantModel):
    """One version of one plan."""

    code = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    version = models.IntegerField()
    commodity = models.CharField(max_length=8)
    status = models.CharField(max_length=12, default="DRAFT")
    citation = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    confidence = models.CharField(max_length=1)
    confidence_note = models.CharField(max_length=500)
    effective_from = models.DateField()
    effective_until = models.DateField(null=True)
    yaml_text = models.TextField()
    sha256 = models.CharField(max_length=64)
    drafted_by = models.BigIntegerField()
    drafted_at = models.DateTimeField()
    approved_by = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "code", "version"], name="tariffs_document_version"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
                name="tariffs_document_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(status="DRAFT") | Q(approved_by__isnull=False),
                name="tariffs_document_approved",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["DRAFT", "APPROVED", "PUBLISHED"]),
                name="tariffs_document_status",
            ),
            models.CheckConstraint(
                condition=Q(effective_until__isnull=True)
                | Q(effective_until__gt=F("effective_from")),
                name="tariffs_document_dates",
            ),
            ExclusionConstraint(
                name="tariffs_document_no_overlap",
                expressions=[
                    ("tenant_id", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (
                        Func(F("effective_from"), F("effective_until"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(status="PUBLISHED"),
            ),
        ]
