"""What a till accepts and what it refuses."""

import pytest

from metercash.contexts.payments.contracts import AmountInvalid, Tender
from metercash.contexts.payments.core import tenders
from metercash.kernel.errors import InvalidInput


class TestCheck:
    def test_adds_up(self):
        handed = [Tender("CASH", 5_000), Tender("POS", 2_500, "881234"), Tender("BALANCE", 1)]
        assert tenders.check(handed) == 7_501

    @pytest.mark.parametrize(
        "handed",
        [
            [],
            [Tender("CASH", 1)] * (tenders.TENDERS_MAX + 1),
            [Tender("SHELLS", 1)],
            [Tender("POS", 1, " ")],
            [Tender("TRANSFER", 1)],
            [Tender("CASH", 1, "x" * 65)],
            [Tender("BALANCE", 1), Tender("BALANCE", 1)],
        ],
    )
    def test_refuses(self, handed):
        with pytest.raises(InvalidInput):
            tenders.check(handed)

    @pytest.mark.parametrize("fen", [0, -1, tenders.AMOUNT_FEN_MAX + 1, True, 1.5])
    def test_refuses_amounts_nobody_pays(self, fen):
        with pytest.raises(AmountInvalid):
            tenders.check_amount(fen)


class TestFingerprint:
    def test_is_the_same_in_any_order_and_differs_by_value(self):
        assert tenders.fingerprint(a=1, b="二") == tenders.fingerprint(b="二", a=1)
        assert tenders.fingerprint(a=1) != tenders.fingerprint(a=2)
