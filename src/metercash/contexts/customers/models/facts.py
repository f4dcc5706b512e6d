"""Tables of what prices ask for beside the registry: parts, supply, proofs, contracts."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from metercash.platform import tenancy


class _Dated(tenancy.TenantModel):
    """Holds in ``[valid_from, valid_until)``; open while ``valid_until`` is empty."""

    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        abstract = True


def _dated(name: str, *keys: str) -> list[models.BaseConstraint]:
    """Never empty; rows of the same keys never overlap (also the index they are read by)."""
    days = Func(F("valid_from"), F("valid_until"), function="daterange")
    equal = [(key, RangeOperators.EQUAL) for key in ("tenant_id", *keys)]
    return [
        models.CheckConstraint(
            condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            name=f"customers_{name}_not_empty",
        ),
        ExclusionConstraint(
            name=f"customers_{name}_no_overlap",
            expressions=[*equal, (days, RangeOperators.OVERLAPS)],
        ),
    ]


class AreaPart(_Dated):
    """Area of premises that a notice counts in a way of its own: balcony, attic, stairwell."""

    premises = models.ForeignKey(
        "customers.Premises",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    part = models.CharField(max_length=40)
    area_milli = models.BigIntegerField()
    height_mm = models.IntegerField(default=0)

    class Meta:
        constraints = [
            *_dated("areapart", "premises", "part", "height_mm"),
            models.CheckConstraint(
                condition=Q(area_milli__gt=0) & Q(height_mm__gte=0),
                name="customers_areapart_measures",
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "premises"], name="customers_areapart_owner")]


class SupplyGap(tenancy.TenantModel):
    """Days a service point is not supplied: stopped on request, or not yet connected (no start)."""

    service_point = models.ForeignKey(
        "customers.ServicePoint",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    kind = models.CharField(max_length=16)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            *_dated("supplygap", "service_point"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=False) | Q(valid_until__isnull=False),
                name="customers_supplygap_bounded",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "service_point"], name="customers_supplygap_owner")
        ]


class Evidence(_Dated):
    """A proof the customer has shown: low income, several persons, a faulty meter."""

    account = models.ForeignKey(
        "customers.Account",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    code = models.CharField(max_length=40)
    reference = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=200, blank=True)
    recorded_by = models.CharField(max_length=120)

    class Meta:
        constraints = _dated("evidence", "account", "code")
        indexes = [models.Index(fields=["tenant_id", "account"], name="customers_evidence_owner")]


class Household(tenancy.TenantModel):
    """Persons of a household from a day on, until the next row begins."""

    account = models.ForeignKey(
        "customers.Account",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    size = models.IntegerField()
    valid_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "account", "valid_from"], name="customers_household_day"
            ),
            models.CheckConstraint(
                condition=Q(size__gte=0) & Q(size__lte=99), name="customers_household_size"
            ),
        ]


class Contract(_Dated):
    """What a commercial customer has agreed: thousandths of a kW, a kVA and of a power factor."""

    service_point = models.ForeignKey(
        "customers.ServicePoint",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    contract_demand_milli = models.BigIntegerField(null=True)
    capacity_milli = models.BigIntegerField(null=True)
    power_factor_milli = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            *_dated("contract", "service_point"),
            models.CheckConstraint(
                condition=(Q(contract_demand_milli__isnull=True) | Q(contract_demand_milli__gt=0))
                & (Q(capacity_milli__isnull=True) | Q(capacity_milli__gt=0))
                & (
                    Q(power_factor_milli__isnull=True)
                    | Q(power_factor_milli__gt=0, power_factor_milli__lte=1000)
                ),
                name="customers_contract_measures",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "service_point"], name="customers_contract_owner")
        ]


class Transformer(_Dated):
    """A transformer or high-voltage motor, connected in ``[valid_from, valid_until)``."""

    service_point = models.ForeignKey(
        "customers.ServicePoint",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    name = models.CharField(max_length=40)
    capacity_milli = models.BigIntegerField()
    interlock = models.CharField(max_length=40, blank=True)
    model = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            *_dated("transformer", "service_point", "name"),
            models.CheckConstraint(
                condition=Q(capacity_milli__gt=0), name="customers_transformer_capacity"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "service_point"], name="customers_transformer_owner")
        ]


class Suspension(_Dated):
    """Days of agreed suspension (暂停) of a transformer; its last day is always agreed."""

    transformer = models.ForeignKey(
        Transformer,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        constraints = [
            *_dated("suspension", "transformer"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=False), name="customers_suspension_ends"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "transformer"], name="customers_suspension_owner")
        ]
