"""What only commercial electricity is priced by: demand, capacity, reactive energy, losses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from metercash.kernel.interval import Interval
from metercash.rating.errors import FactMissing


@dataclass(frozen=True, slots=True)
class Transformer:
    """One transformer or high-voltage motor of a customer.

    Attributes:
        name: What lines call it, such as ``1``; distinct within the account.
        capacity_milli: Rated capacity, thousandths of a kVA.
        interlock: Name shared by those of which an interlock lets only one run; empty for none.
        in_service: Days ``[from, until)`` it is connected; ``None`` for the whole period.
        suspended: Whole intervals of agreed suspension, also where they leave the period.
        model: Name of its losses in the price document.
    """

    name: str
    capacity_milli: int
    interlock: str = ""
    in_service: Interval[date] | None = None
    suspended: tuple[Interval[date], ...] = ()
    model: str = ""


@dataclass(frozen=True, slots=True)
class PowerFacts:
    """Frozen facts of a commercial contract and its meters; ``None`` is unknown and refused.

    Attributes:
        demand_milli: Highest demand of the period by feeder, thousandths of a kW.
        contract_demand_milli: Contracted demand, thousandths of a kW.
        capacity_milli: Contracted capacity, thousandths of a kVA.
        transformers: What capacity and iron loss are counted on.
        reactive_milli: Reactive energy drawn, thousandths of a kvarh, losses included.
        reverse_reactive_milli: Reactive energy fed back; 0 where no register counts it.
        power_factor: Known power factor of an account without a reactive meter.
        loss_kwh: Losses agreed for the period, whole kWh; ``None`` to count them by the document.
    """

    demand_milli: tuple[int, ...] = ()
    contract_demand_milli: int | None = None
    capacity_milli: int | None = None
    transformers: tuple[Transformer, ...] = ()
    reactive_milli: int | None = None
    reverse_reactive_milli: int = 0
    power_factor: Decimal | None = None
    loss_kwh: int | None = None

    def actual_demand_milli(self) -> int:
        """Highest demand, feeders added, thousandths of a kW.

        Raises:
            FactMissing: if no feeder was measured.
        """
        if not self.demand_milli or min(self.demand_milli) < 0:
            raise FactMissing(fact="最大需量")
        return sum(self.demand_milli)

    def contracted_milli(self) -> int:
        """Contracted demand, thousandths of a kW.

        Raises:
            FactMissing: if there is none.
        """
        return _positive(self.contract_demand_milli, "合同最大需量")

    def contract_capacity_milli(self) -> int:
        """Contracted capacity, thousandths of a kVA.

        Raises:
            FactMissing: if there is none.
        """
        return _positive(self.capacity_milli, "合同容量")


def _positive(milli: int | None, fact: str) -> int:
    if milli is None or milli <= 0:
        raise FactMissing(fact=fact)
    return milli


NO_POWER_FACTS = PowerFacts()
