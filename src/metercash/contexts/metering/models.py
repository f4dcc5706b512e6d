"""Tables of metering; interval values live in the reading store, not here."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from metercash.platform import tenancy


_PERIOD = Func(F("installed_on"), F("removed_on"), function="daterange")


class Device(tenancy.TenantModel):
    """A meter; the register rolls over at ``10 ** register_digits`` units."""

    device_no = models.CharField(max_length=40, db_collation="C")
    unit = models.CharField(max_length=8)
    register_digits = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "device_no"], name="metering_device_no"),
            models.CheckConstraint(
                condition=Q(register_digits__gte=3) & Q(register_digits__lte=12),
                name="metering_device_digits",
            ),
        ]


class Installation(tenancy.TenantModel):
    """A meter at a service point in ``[installed_on, removed_on)``; one meter a point, one point a meter."""

    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    service_point = models.ForeignKey(
        "customers.ServicePoint",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    multiplier_milli = models.BigIntegerField(default=1000)
    installed_on = models.DateField()
    removed_on = models.DateField(null=True)
    start_register_milli = models.BigIntegerField()
    end_register_milli = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True, end_register_milli__isnull=True)
                | Q(removed_on__gt=F("installed_on"), end_register_milli__isnull=False),
                name="metering_installation_end",
            ),
            ExclusionConstraint(
                name="metering_installation_device",
                expressions=[
                    ("tenant_id", RangeOperators.EQUAL),
                    ("device", RangeOperators.EQUAL),
                    (_PERIOD, RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="metering_installation_point",
                expressions=[
                    ("tenant_id", RangeOperators.EQUAL),
                    ("service_point", RangeOperators.EQUAL),
                    (_PERIOD, RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant_id", "service_point", "installed_on"], name="metering_inst_point"
            ),
            models.Index(fields=["tenant_id", "device", "installed_on"], name="metering_inst_dev"),
        ]


class RegisterRead(tenancy.TenantModel):
    """What a register showed at the beginning of a day; append-only, a correction supersedes."""

    installation = models.ForeignKey(
        Installation,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    register = models.CharField(max_length=16, default="ACTIVE")
    read_on = models.DateField()
    value_milli = models.BigIntegerField()
    source = models.CharField(max_length=12)
    note = models.CharField(max_length=200, blank=True)
    supersedes = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "installation", "register", "read_on"],
                condition=Q(supersedes__isnull=True),
                name="metering_read_original",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "supersedes"],
                condition=Q(supersedes__isnull=False),
                name="metering_read_superseded_once",
            ),
            models.CheckConstraint(condition=Q(value_milli__gte=0), name="metering_read_positive"),
            models.CheckConstraint(
                condition=Q(register__in=["ACTIVE", "REACTIVE", "REVERSE_REACTIVE", "MAX_DEMAND"]),
                name="metering_read_register",
            ),
        ]


class AnnouncedDay(tenancy.TenantModel):
    """A day for which something was announced; it stands until it is withdrawn."""

    name = models.CharField(max_length=40)
    day = models.DateField()
    evidence = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "day", "name"],
                condition=Q(withdrawn_at__isnull=True),
                name="metering_announced_once",
            ),
            models.CheckConstraint(condition=~Q(evidence=""), name="metering_announced_evidence"),
        ]


class ImportBatch(tenancy.TenantModel):
    """A batch of interval values; its id is the version of the rows it wrote to the store."""

    kind = models.CharField(max_length=12)
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    read = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    days = models.BigIntegerField(default=0)
    flagged_days = models.BigIntegerField(default=0)
    errors = models.JSONField(default=list)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "sha256"],
                condition=Q(kind="IMPORT"),
                name="metering_batch_file",
            ),
            models.CheckConstraint(
                condition=Q(read=F("accepted") + F("refused")), name="metering_batch_counts"
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "-id"], name="metering_batch_latest")]
