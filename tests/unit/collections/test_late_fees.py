"""Golden late fees: worked examples of published rules, to the fen."""

from datetime import date
from decimal import Decimal

import pytest

from metercash.contexts.collections.contracts import Change, PolicyTerms
from metercash.contexts.collections.core.late_fees import late_fee


def terms(per_mille: str, **more: object) -> PolicyTerms:
    return PolicyTerms(Decimal(per_mille), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "principal_fen", "due", "as_of", "rule", "fee_fen"),
    [
        ("Tianjin 2‰", 250_000, date(2024, 12, 31), date(2025, 1, 20), terms("2"), 10_000),
        ("Jinan 0.02%", 227_911, date(2018, 11, 15), date(2018, 11, 30), terms("0.2"), 684),
        ("Penglai 0.03%", 226_780, date(2020, 11, 15), date(2020, 12, 25), terms("0.3"), 2_721),
        ("resident 1‰", 20_000, date(2024, 3, 15), date(2024, 3, 25), terms("1"), 200),
        (
            "1996 minimum",
            5_000,
            date(2024, 3, 15),
            date(2024, 3, 20),
            terms("1", minimum_fen=100),
            100,
        ),
        ("paid on the due date", 20_000, date(2024, 3, 15), date(2024, 3, 15), terms("1"), 0),
        ("the day it starts", 20_000, date(2024, 3, 15), date(2024, 3, 16), terms("1"), 20),
        ("later start", 20_000, date(2024, 3, 15), date(2024, 3, 16), terms("1", start_days=2), 0),
        (
            "Datong 3‰ capped at the principal",
            20_000,
            date(2024, 1, 1),
            date(2025, 6, 1),
            terms("3", cap_of_principal=Decimal(1)),
            20_000,
        ),
    ],
)
def test_golden(
    case: str, principal_fen: int, due: date, as_of: date, rule: PolicyTerms, fee_fen: int
) -> None:
    fee = late_fee(principal_fen=principal_fen, due_date=due, changes=[], as_of=as_of, terms=rule)
    assert fee.fee_fen == fee_fen, case


class TestLateFee:
    changes = (Change(date(2025, 1, 10), 100_000), Change(date(2025, 1, 31), 200_000))

    def fee(self, as_of: date) -> tuple[list[int], int]:
        found = late_fee(
            principal_fen=300_000,
            due_date=date(2024, 12, 31),
            changes=self.changes,
            as_of=as_of,
            terms=terms("1"),
        )
        return [segment.fee_fen for segment in found.segments], found.fee_fen

    def test_splits_at_part_payments(self) -> None:
        assert self.fee(date(2025, 1, 31)) == ([3_000, 4_200], 7_200)

    def test_stops_when_all_is_paid(self) -> None:
        assert self.fee(date(2025, 6, 30)) == ([3_000, 4_200], 7_200)

    def test_money_before_the_due_date_never_bears_a_fee(self) -> None:
        fee = late_fee(
            principal_fen=300_000,
            due_date=date(2024, 12, 31),
            changes=[Change(date(2024, 12, 31), 300_000)],
            as_of=date(2025, 6, 30),
            terms=terms("1", minimum_fen=100),
        )
        assert (fee.segments, fee.fee_fen) == ((), 0)
