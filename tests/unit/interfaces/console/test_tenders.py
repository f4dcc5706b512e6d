"""From the pay panel to tenders."""

import pytest

from metercash.contexts.payments.contracts import Method, Tender
from metercash.interfaces.console.tenders import Till, tally
from metercash.kernel.errors import InvalidInput


def _till(
    due_fen: int, *, balance_fen: int = 0, keep_change: bool = False, **received: int
) -> Till:
    return tally(
        due_fen=due_fen,
        balance_fen=balance_fen,
        received_fen=received,
        references={"POS": "P1", "TRANSFER": "T1"},
        keep_change=keep_change,
    )


class TestTally:
    def test_gives_change_only_from_cash(self) -> None:
        assert _till(95_00, CASH=100_00) == Till((Tender(Method.CASH, 95_00),), 5_00)

    def test_takes_part_payment_without_change(self) -> None:
        assert _till(95_00, CASH=50_00) == Till((Tender(Method.CASH, 50_00),), 0)

    def test_keeps_change_as_balance_when_asked(self) -> None:
        assert _till(95_00, CASH=100_00, keep_change=True).tenders == (Tender(Method.CASH, 100_00),)

    def test_mixes_card_and_cash(self) -> None:
        till = _till(95_00, POS=60_00, CASH=40_00)
        assert till.tenders == (Tender(Method.CASH, 35_00), Tender(Method.POS, 60_00, "P1"))
        assert till.change_fen == 5_00

    def test_returns_all_cash_when_the_card_paid_everything(self) -> None:
        till = _till(95_00, POS=95_00, CASH=10_00)
        assert till.tenders == (Tender(Method.POS, 95_00, "P1"),)
        assert till.change_fen == 10_00

    def test_uses_no_more_balance_than_is_due(self) -> None:
        assert _till(95_00, balance_fen=200_00).tenders == (Tender(Method.BALANCE, 95_00),)

    def test_conserves_money(self) -> None:
        till = _till(95_00, balance_fen=5_00, TRANSFER=30_00, CASH=100_00)
        assert sum(t.fen for t in till.tenders) == 95_00
        assert sum(t.fen for t in till.tenders) - 5_00 + till.change_fen == 130_00

    def test_refuses_nothing(self) -> None:
        with pytest.raises(InvalidInput):
            _till(95_00)
