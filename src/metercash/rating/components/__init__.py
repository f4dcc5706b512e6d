"""The component kinds of a plan, one module each; a document names them by ``kind``."""

from typing import Annotated, TypeAlias

from pydantic import Field

from metercash.rating.components.adjustment import Cap, Discount, Subsidy
from metercash.rating.components.area import Area, AreaParts
from metercash.rating.components.build_up import BuildUp
from metercash.rating.components.capacity import Capacity
from metercash.rating.components.demand import Demand
from metercash.rating.components.free_units import FreeUnitsRefund
from metercash.rating.components.height import HeightSurcharge
from metercash.rating.components.linked import Linked
from metercash.rating.components.metered import Metered, Surcharge
from metercash.rating.components.payers import Payers
from metercash.rating.components.power_factor import PowerFactor
from metercash.rating.components.price_change import PriceChange
from metercash.rating.components.stop import StopFee
from metercash.rating.components.tiered import Tiered
from metercash.rating.components.time_of_use import TimeOfUse
from metercash.rating.components.two_part import TwoPart
from metercash.rating.components.year_settlement import YearSettlement


Component: TypeAlias = Annotated[
    Area
    | AreaParts
    | HeightSurcharge
    | Payers
    | StopFee
    | TwoPart
    | Metered
    | Linked
    | Surcharge
    | Tiered
    | TimeOfUse
    | FreeUnitsRefund
    | PriceChange
    | BuildUp
    | Demand
    | Capacity
    | PowerFactor
    | YearSettlement
    | Discount
    | Subsidy
    | Cap,
    Field(discriminator="kind"),
]

__all__ = [
    "Area",
    "AreaParts",
    "BuildUp",
    "Cap",
    "Capacity",
    "Component",
    "Demand",
    "Discount",
    "FreeUnitsRefund",
    "HeightSurcharge",
    "Linked",
    "Metered",
    "Payers",
    "PowerFactor",
    "PriceChange",
    "StopFee",
    "Subsidy",
    "Surcharge",
    "Tiered",
    "TimeOfUse",
    "TwoPart",
    "YearSettlement",
]
