"""The component kinds of a plan, one module each; a document names them by ``kind``."""

from typing import Annotated, TypeAlias

from pydantic import Field

from metercash.rating.components.adjustment import Cap, Discount, Subsidy
from metercash.rating.components.area import Area
from metercash.rating.components.height import HeightSurcharge
from metercash.rating.components.metered import Metered, Surcharge
from metercash.rating.components.tiered import Tiered
from metercash.rating.components.time_of_use import TimeOfUse
from metercash.rating.components.two_part import TwoPart


Component: TypeAlias = Annotated[
    Area
    | HeightSurcharge
    | TwoPart
    | Metered
    | Surcharge
    | Tiered
    | TimeOfUse
    | Discount
    | Subsidy
    | Cap,
    Field(discriminator="kind"),
]

__all__ = [
    "Area",
    "Cap",
    "Component",
    "Discount",
    "HeightSurcharge",
    "Metered",
    "Subsidy",
    "Surcharge",
    "Tiered",
    "TimeOfUse",
    "TwoPart",
]
