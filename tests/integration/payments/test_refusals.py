"""Shifts and breaks go one way only, and by two people."""

from datetime import timedelta

import pytest

from metercash.contexts.ledger import api as ledger
from metercash.contexts.payments import api as payments
from metercash.contexts.payments import contracts as c
from metercash.kernel.errors import InvalidInput, NotFound, PermissionRefused
from tests.support.payments import balance, control


TELLER, CASHIER = 11, 12


@pytest.fixture
def shift_id(tenant, now):
    return payments.open_shift(user_id=TELLER, now=now).shift_id


class TestShift:
    def test_takes_each_step_once_and_in_order(self, shift_id, now):
        hand_over = {"shift_id": shift_id, "received_by": CASHIER, "now": now}
        bank = {"shift_id": shift_id, "reference": "交款单1", "now": now}
        with pytest.raises(c.ShiftAlreadyOpen):
            payments.open_shift(user_id=TELLER, now=now)
        for early in (
            lambda: payments.hand_over_shift(**hand_over),
            lambda: payments.bank_shift(**bank),
        ):
            with pytest.raises(c.ShiftClosed):
                early()
        payments.close_shift(shift_id=shift_id, counted_fen=0, now=now)
        with pytest.raises(c.ShiftClosed):
            payments.close_shift(shift_id=shift_id, counted_fen=0, now=now)
        with pytest.raises(PermissionRefused):
            payments.hand_over_shift(**(hand_over | {"received_by": TELLER}))
        payments.hand_over_shift(**hand_over)
        with pytest.raises(InvalidInput):
            payments.bank_shift(**(bank | {"reference": "  "}))
        assert payments.bank_shift(**bank).status == "BANKED"
        with pytest.raises(c.ShiftClosed):
            payments.bank_shift(**bank)
        assert ledger.verify().ok

    def test_refuses_sums_nobody_counts_and_shifts_nobody_opened(self, shift_id, now):
        with pytest.raises(InvalidInput):
            payments.open_shift(user_id=CASHIER, now=now, opening_fen=-1)
        with pytest.raises(InvalidInput):
            payments.close_shift(shift_id=shift_id, counted_fen=-1, now=now)
        with pytest.raises(NotFound):
            payments.close_shift(shift_id=404404404, counted_fen=0, now=now)


class TestResolveBreak:
    @pytest.fixture
    def stray(self, merchant, now):
        """Money of nobody, found in a statement."""
        control(merchant.base_url, "faults", statement_extra=1)
        payments.reconcile(provider="WECHAT", day=now.date(), now=now + timedelta(days=1))
        [found] = payments.list_breaks(status="OPEN").items
        return found

    def resolve(self, stray, now, **changes):
        arguments = {
            "break_id": stray.break_id, "reason": "核实", "resolved_by": "甲",
            "approved_by": "乙", "now": now,
        }  # fmt: skip
        return payments.resolve_break(**(arguments | changes))

    def test_refuses_unless_it_is_whole(self, stray, account_id, now):
        for changes, error in (
            ({"break_id": 404404404}, NotFound),
            ({"reason": "  "}, InvalidInput),
            ({"approved_by": ""}, c.BreakRefused),
            ({"approved_by": "甲"}, c.BreakRefused),
            ({}, c.BreakRefused),
        ):
            with pytest.raises(error):
                self.resolve(stray, now, **changes)
        self.resolve(stray, now, credit_account_id=account_id)
        with pytest.raises(c.BreakRefused):
            self.resolve(stray, now, credit_account_id=account_id)
        assert balance(account_id) == 8_800
        assert ledger.verify().ok
