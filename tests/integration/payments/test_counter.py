"""Money at the counter: shifts, receipts, mixed tender, voids."""

import pytest

from metercash.contexts.ledger import api as ledger
from metercash.contexts.payments import api as payments
from metercash.contexts.payments import contracts as c
from metercash.kernel.errors import InvalidInput
from tests.support.payments import balance, charge, owed


TELLER, SUPERVISOR = 11, 12


@pytest.fixture
def shift(tenant, now):
    return payments.open_shift(user_id=TELLER, now=now, opening_fen=20_000)


def take(shift, account_id, now, *tenders, key="k1"):
    return payments.take_payment(
        shift_id=shift.shift_id,
        account_id=account_id,
        tenders=[c.Tender(*tender) for tender in tenders],
        idempotency_key=key,
        now=now,
    )


class TestTakePayment:
    def test_mixes_balance_cash_and_card(self, shift, account_id, now):
        take(shift, account_id, now, ("CASH", 3_000), key="before")
        charge(account_id, 10_000, now)
        receipt = take(
            shift, account_id, now, ("CASH", 5_000), ("BALANCE", 3_000), ("POS", 2_500, "881234")
        )
        assert (owed(account_id), balance(account_id)) == (0, 500)
        assert (receipt.total_fen, receipt.to_balance_fen) == (10_500, 500)
        assert receipt.amount_capitals == "壹佰零伍元整"
        assert sum(fen for _, fen in receipt.allocations) == 10_000
        assert ledger.verify().ok

    def test_numbers_receipts_without_gaps_and_repeats_by_key(self, shift, account_id, now):
        receipts = [take(shift, account_id, now, ("CASH", 100 + n), key=f"k{n}") for n in range(3)]
        again = take(shift, account_id, now, ("CASH", 101), key="k1")
        assert again.replayed
        assert again.receipt_no == receipts[1].receipt_no
        with pytest.raises(c.IdempotencyConflict):
            take(shift, account_id, now, ("CASH", 999), key="k1")
        assert [r.receipt_no[-4:] for r in receipts] == ["0001", "0002", "0003"]
        assert balance(account_id) == 303

    @pytest.mark.parametrize(
        ("tender", "error"),
        [
            (("CASH", 0), c.AmountInvalid),
            (("CASH", -5), c.AmountInvalid),
            (("POS", 100), InvalidInput),
            (("SHELLS", 100), InvalidInput),
        ],
    )
    def test_refuses_what_no_till_takes(self, shift, account_id, now, tender, error):
        with pytest.raises(error):
            take(shift, account_id, now, tender)
        assert payments.get_shift(shift_id=shift.shift_id).receipts == 0

    def test_refuses_more_balance_than_there_is_and_keeps_no_receipt(self, shift, account_id, now):
        charge(account_id, 10_000, now)
        with pytest.raises(Exception, match=r"(?i)balance|amount"):
            take(shift, account_id, now, ("BALANCE", 1), ("CASH", 100))
        assert payments.list_receipts(shift_id=shift.shift_id) == []
        assert owed(account_id) == 10_000


class TestVoidReceipt:
    def test_gives_the_debt_back_with_a_second_person(self, shift, account_id, now):
        charge(account_id, 10_000, now)
        receipt = take(shift, account_id, now, ("CASH", 12_000))
        arguments = {"receipt_no": receipt.receipt_no, "reason": "收错户", "now": now}
        with pytest.raises(c.VoidRefused):
            payments.void_receipt(**arguments, voided_by=TELLER)
        assert payments.void_receipt(**arguments, voided_by=SUPERVISOR).status == "VOIDED"
        assert (owed(account_id), balance(account_id)) == (10_000, 0)
        assert payments.get_shift(shift_id=shift.shift_id).totals_fen["CASH"] == 0
        assert payments.money_flow().paid == 0
        with pytest.raises(c.VoidRefused):
            payments.void_receipt(**arguments, voided_by=SUPERVISOR)
        assert ledger.verify().ok

    def test_ends_with_the_shift(self, shift, account_id, now):
        receipt = take(shift, account_id, now, ("CASH", 100))
        payments.close_shift(shift_id=shift.shift_id, counted_fen=20_100, now=now)
        with pytest.raises(c.VoidRefused):
            payments.void_receipt(
                receipt_no=receipt.receipt_no, reason="晚了", voided_by=SUPERVISOR, now=now
            )


class TestCloseShift:
    def test_counts_hands_over_and_banks(self, shift, account_id, now):
        take(shift, account_id, now, ("CASH", 5_000), ("TRANSFER", 700, "T1"))
        closed = payments.close_shift(shift_id=shift.shift_id, counted_fen=24_990, now=now)
        assert (closed.expected_fen, closed.over_short_fen) == (25_000, -10)
        with pytest.raises(c.ShiftClosed):
            take(shift, account_id, now, ("CASH", 1), key="late")
        payments.hand_over_shift(shift_id=shift.shift_id, received_by=SUPERVISOR, now=now)
        banked = payments.bank_shift(shift_id=shift.shift_id, reference="D-1", now=now)
        assert banked.status == "BANKED"
        flow = payments.money_flow()
        assert (flow.paid, flow.banked) == (2, 2)
        assert ledger.verify().ok

    def test_one_open_shift_a_person(self, shift, now):
        with pytest.raises(c.ShiftAlreadyOpen):
            payments.open_shift(user_id=TELLER, now=now)
        assert payments.current_shift(user_id=TELLER).shift_id == shift.shift_id
        assert payments.current_shift(user_id=SUPERVISOR) is None
