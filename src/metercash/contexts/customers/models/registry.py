"""Tables of who is supplied where, and on which terms."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from metercash.platform import tenancy


class Party(tenancy.TenantModel):
    """A person or an organization."""

    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=120)
    id_number = models.CharField(max_length=40, blank=True)


class Community(tenancy.TenantModel):
    """A housing estate (小区); coordinates in millionths of a WGS-84 degree."""

    name = models.CharField(max_length=80)
    latitude_micro = models.BigIntegerField(null=True)
    longitude_micro = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "name"], name="customers_community_name")
        ]


class Building(tenancy.TenantModel):
    """A building of a community (楼)."""

    community = models.ForeignKey(
        Community, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    name = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "community", "name"], name="customers_building_name"
            )
        ]


class Premises(tenancy.TenantModel):
    """A home or shop; areas in m² × 1000, storey height in millimeters (0 = unknown)."""

    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    unit = models.CharField(max_length=20, blank=True)
    floor = models.IntegerField(default=0)
    room = models.CharField(max_length=30)
    address = models.CharField(max_length=240)
    building_area_milli = models.BigIntegerField(default=0)
    usable_area_milli = models.BigIntegerField(default=0)
    inside_area_milli = models.BigIntegerField(default=0)
    chargeable_area_milli = models.BigIntegerField(default=0)
    height_mm = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "building", "unit", "room"], name="customers_premises_place"
            ),
            models.CheckConstraint(
                condition=Q(building_area_milli__gte=0)
                & Q(usable_area_milli__gte=0)
                & Q(inside_area_milli__gte=0)
                & Q(chargeable_area_milli__gte=0)
                & Q(height_mm__gte=0),
                name="customers_premises_measures",
            ),
        ]


class ServicePoint(tenancy.TenantModel):
    """Where a commodity is delivered to premises."""

    premises = models.ForeignKey(
        Premises, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    commodity = models.CharField(max_length=8)
    supply_status = models.CharField(max_length=16, default="SUPPLIED")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "premises", "commodity"],
                name="customers_servicepoint_commodity",
            )
        ]


class Account(tenancy.TenantModel):
    """What a customer is billed under (户号)."""

    account_no = models.CharField(max_length=40, db_collation="C")
    external_key = models.CharField(max_length=80)
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    category = models.CharField(max_length=20)
    household_size = models.IntegerField(default=0)
    status = models.CharField(max_length=12, default="ACTIVE")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "account_no"], name="customers_account_no"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "external_key"], name="customers_account_external_key"
            ),
        ]


class Agreement(tenancy.TenantModel):
    """Who takes what where on which plan, in ``[valid_from, valid_until)``.

    ``is_latest`` marks the one agreement of an account that summaries show.
    """

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    service_point = models.ForeignKey(
        ServicePoint,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    plan_code = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    is_latest = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="customers_agreement_not_empty",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "account"],
                condition=Q(is_latest=True),
                name="customers_agreement_latest",
            ),
            ExclusionConstraint(
                name="customers_agreement_no_overlap",
                expressions=[
                    ("tenant_id", RangeOperators.EQUAL),
                    ("service_point", RangeOperators.EQUAL),
                    (
                        Func(F("valid_from"), F("valid_until"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant_id", "account", "valid_from"], name="customers_agreement_account"
            ),
            models.Index(
                fields=["tenant_id", "service_point", "valid_from"],
                name="customers_agreement_point",
            ),
        ]


class Contact(tenancy.TenantModel):
    """A way to reach the holder of an account; at most one is primary."""

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=12)
    value = models.CharField(max_length=200)
    tail = models.CharField(max_length=4, blank=True)
    quality = models.CharField(max_length=12, default="UNVERIFIED")
    is_primary = models.BooleanField(default=False)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "account", "kind", "value"], name="customers_contact_value"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "account"],
                condition=Q(is_primary=True),
                name="customers_contact_primary",
            ),
        ]


class SearchToken(tenancy.TenantModel):
    """Words an account is found by; compared by ``=`` and ``<``, which keep their index behind the wall."""

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    token = models.CharField(max_length=120, db_collation="C")

    class Meta:
        indexes = [
            models.Index(fields=["tenant_id", "token", "account"], name="customers_token_token"),
            models.Index(fields=["tenant_id", "account"], name="customers_token_owner"),
        ]
