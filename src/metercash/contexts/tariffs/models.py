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
    """One version of a price document; its text never changes once approved."""

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
    yaml_text = models.TextField()
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=10)
    drafted_by = models.BigIntegerField()
    drafted_at = models.DateTimeField()
    approved_by = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
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
                condition=Q(status="DRAFT") | Q(approved_by__isnull=False),
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
        indexes = [models.Index(fields=["tenant_id", "code", "status"], name="tariffs_by_code")]
