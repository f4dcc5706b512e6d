"""Before a batch is stored a sample of it is made again, and one difference keeps all of it back."""

import json
from datetime import date, datetime

import pytest

from metercash.contexts.billing import api
from metercash.contexts.billing.contracts import BillNotProved
from metercash.contexts.billing.core import draft as drafts
from metercash.contexts.ledger import api as ledger
from metercash.kernel.money import Money
from metercash.proof.bill import verify
from metercash.rating import engine
from metercash.rating.bill import RatedBill
from tests.integration.billing.conftest import HOMES, PERIOD


def run(now: datetime, **changes: object) -> int:
    made = api.create_run(
        period=PERIOD, commodity="HEAT", due_date=date(2026, 2, 28), now=now, **changes
    )  # type: ignore[arg-type]
    return made.run_id


def a_fen_more(**arguments: object) -> RatedBill:
    """An engine that is wrong by one fen."""
    rated = RATE(**arguments)  # type: ignore[arg-type]
    [line] = rated.lines
    line = line._replace(amount=Money(line.amount.fen + 1))
    return RatedBill((line,), line.amount)


RATE = engine.rate


class TestProve:
    def test_counts_what_was_made_again(self, estate: list[int], now: datetime) -> None:
        done = api.execute_run(run_id=run(now), now=now)
        assert done.counts.verified == min(HOMES, 20)
        chunks = api.execute_run(run_id=run(now, purpose="SECOND", accounts_per_chunk=5), now=now)
        assert chunks.counts.verified == HOMES

    def test_leaves_a_document_that_anyone_can_verify(
        self, estate: list[int], now: datetime
    ) -> None:
        api.execute_run(run_id=run(now), now=now)
        bills = api.list_bills().items
        proofs = [api.proof(bill_id=bill.bill_id) for bill in bills]
        assert [verify(proof) for proof in proofs] == [[]] * HOMES
        assert {proof["bill_no"] for proof in proofs} == {bill.bill_no for bill in bills}
        json.dumps(proofs)
        proofs[0]["stretches"][0]["facts"]["area_milli"] += 1000
        assert verify(proofs[0])

    def test_tells_before_what_the_bill_will_be_made_from(
        self, estate: list[int], now: datetime
    ) -> None:
        [shown] = api.preview_proofs(account_id=estate[0], period=PERIOD, now=now)
        assert verify(shown) == []
        api.execute_run(run_id=run(now), now=now)
        [row] = api.list_bills(account_id=estate[0]).items
        assert api.proof(bill_id=row.bill_id) == shown | {"bill_no": row.bill_no}

    def test_keeps_a_wrong_batch_back_and_says_why(
        self, estate: list[int], now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run_id = run(now)
        monkeypatch.setattr(engine, "rate", a_fen_more)
        with pytest.raises(BillNotProved) as refused:
            api.execute_run(run_id=run_id, now=now)
        assert "金额" in refused.value.chinese
        failed = api.get_run(run_id=run_id)
        assert failed.status == "FAILED"
        assert "BillNotProved" in failed.failure
        assert (failed.counts.posted, failed.counts.verified) == (0, 0)
        assert api.bill_totals().bills == 0
        assert not ledger.trial_balance()

    def test_reads_the_very_content_that_is_stored(
        self, estate: list[int], now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        honest = drafts.content_json

        def forged(draft: drafts.Draft) -> str:
            content = json.loads(honest(draft))
            content["stretches"][0]["facts"]["area_milli"] += 1
            return json.dumps(content)

        monkeypatch.setattr("metercash.contexts.billing.core.proving.content_json", forged)
        with pytest.raises(BillNotProved):
            api.execute_run(run_id=run(now), now=now)
