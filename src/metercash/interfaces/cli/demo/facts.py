"""What a few homes of the demo have beside their registry: a balcony, a stop, proofs, a large household."""

from collections.abc import Sequence
from datetime import date, timedelta

from metercash.contexts.customers import api as customers
from metercash.contexts.customers.contracts import (
    AccountFact,
    Evidence,
    HouseholdSize,
    PartOfArea,
    SupplyGap,
)
from metercash.interfaces.cli.demo.city import Home
from metercash.kernel.interval import Interval


def of_heated(homes: Sequence[Home], *, season: Interval[date]) -> None:
    """Facts of the first homes by area, before they are billed.

    One has a balcony, one stays stopped for the season, two draw or drew the minimum living allowance.
    """
    year = timedelta(days=365)
    listed: list[AccountFact] = [
        PartOfArea("BALCONY", 6_500, season.start, height_mm=2_100),
        SupplyGap("STOPPED", season.start, season.end, note="全季报停，已签报停协议"),
        _low_income(season.start, "低保 2025-0118"),
        _low_income(season.start - year, "低保 2024-0077", until=season.start),
    ]
    residents = [home for home in homes if not home.metered and home.category == "RESIDENT"]
    _record(residents[: len(listed)], listed, season.start)


def of_supplied(homes: Sequence[Home], *, since: date) -> None:
    """Facts of the first customers of the electricity company: a household of six, a low income."""
    listed: list[AccountFact] = [
        HouseholdSize(6, since),
        Evidence("SEVERAL_PERSONS", since, reference="户口簿六人"),
        _low_income(since, "低保 2025-0042"),
    ]
    several, *others = homes
    _record([several, several, *others[:1]], listed, since)


def _low_income(since: date, reference: str, until: date | None = None) -> Evidence:
    return Evidence("LOW_INCOME", since, until, reference=reference)


def _record(homes: Sequence[Home], listed: Sequence[AccountFact], as_of: date) -> None:
    for home, fact in zip(homes, listed, strict=False):
        account = customers.get_account_by_no(account_no=home.account_no)
        customers.record_fact(account_id=account.account_id, fact=fact, as_of=as_of)
