"""Pure decisions of payments."""

from datetime import UTC, datetime, timedelta

import pytest

from metercash.contexts.payments.contracts import Observation
from metercash.contexts.payments.core import facts, matching, polling
from metercash.contexts.payments.core.capitals import in_capitals


NOW = datetime(2026, 1, 20, 2, 0, tzinfo=UTC)


class TestInCapitals:
    @pytest.mark.parametrize(
        ("fen", "words"),
        [
            (0, "零元整"),
            (5, "伍分"),
            (50, "伍角整"),
            (100, "壹元整"),
            (10_005, "壹佰元零伍分"),
            (168_032, "壹仟陆佰捌拾元叁角贰分"),
            (10_700_000, "壹拾万柒仟元整"),
            (10_000_100, "壹拾万零壹元整"),
            (10_000_000_000_100, "壹仟亿零壹元整"),
            (-1_200, "负壹拾贰元整"),
        ],
    )
    def test_writes_as_cheques_ask(self, fen, words):
        assert in_capitals(fen) == words


class TestJudge:
    def judge(self, *, fen=100, merchant="m", order=("PENDING", ""), kind="PAYMENT"):
        seen = Observation(kind, "t1", "o1", merchant, fen, NOW, "QUERY")
        state = facts.OrderState(7, 100, *order) if order else None
        return facts.judge(seen, merchant_id="m", order=state)

    def test_credits_what_agrees(self):
        verdict = self.judge()
        assert (verdict.account_id, verdict.break_kind) == (7, None)

    @pytest.mark.parametrize(
        ("changes", "kind"),
        [
            ({"fen": 99}, "AMOUNT"),
            ({"merchant": "x"}, "MERCHANT"),
            ({"order": None}, "UNKNOWN_ORDER"),
            ({"order": ("SUCCEEDED", "t0")}, "DUPLICATE"),
            ({"kind": "REFUND"}, "REFUND"),
        ],
    )
    def test_suspends_what_does_not(self, changes, kind):
        verdict = self.judge(**changes)
        assert (verdict.account_id, verdict.break_kind) == (None, kind)

    @pytest.mark.parametrize("status", ["CLOSED", "FAILED"])
    def test_takes_late_money(self, status):
        verdict = self.judge(order=(status, ""))
        assert (verdict.account_id, verdict.order_status) == (7, "SUCCEEDED_LATE")


class TestMatch:
    def test_pairs_each_fact_once(self):
        line = matching.Theirs(2, "PAYMENT", "t1", 5)
        again = matching.Theirs(3, "PAYMENT", "t1", 5)
        ours = {
            ("PAYMENT", name): matching.Ours(number, "PAYMENT", name, fen, NOW)
            for number, name, fen in ((1, "t1", 5), (2, "t2", 6))
        }
        found = matching.match([line, again], ours)
        assert (found.matched, found.only_channel, found.only_ours) == (((2, 1),), (3,), (2,))


class TestNextPoll:
    def test_slows_down_and_ends(self):
        assert polling.next_poll(asked=0, now=NOW) == NOW + timedelta(seconds=10)
        assert polling.next_poll(asked=len(polling.DELAYS), now=NOW) is None
