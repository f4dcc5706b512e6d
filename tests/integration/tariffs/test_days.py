"""Which version holds on which day: no gap, no overlap, one deliberate end."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError

from metercash.contexts.tariffs import api, contracts
from metercash.contexts.tariffs.models import PriceDocument
from metercash.platform import db
from tests.support.tariffs import CODE, approved, published


def days() -> list[tuple[str, str | None]]:
    """First and end day of every published version, oldest first."""
    found = [(d.effective_from, d.effective_until) for d in api.history(code=CODE)]
    return [(start.isoformat(), end.isoformat() if end else None) for start, end in found][::-1]


class TestPublish:
    def test_ends_the_open_predecessor_but_not_its_text(self, tenant: int, now: datetime) -> None:
        first = published(now, "2025-01-01", "20")
        published(now, "2026-01-01", "21")
        assert days() == [("2025-01-01", "2026-01-01"), ("2026-01-01", None)]
        kept = api.get_document(document_id=first.document_id)
        assert (kept.yaml_text, kept.sha256) == (first.yaml_text, first.sha256)
        for day, version in ((date(2025, 12, 31), 1), (date(2026, 1, 1), 2)):
            assert api.plan_in_force(plan_code=CODE, on=day).version == version

    def test_fits_a_version_in_before_another(self, tenant: int, now: datetime) -> None:
        published(now, "2026-01-01", "20")
        published(now, "2025-01-01", "19")
        published(now, "2025-07-01", "19.5")
        assert days() == [
            ("2025-01-01", "2025-07-01"),
            ("2025-07-01", "2026-01-01"),
            ("2026-01-01", None),
        ]

    def test_respects_the_end_a_text_states(self, tenant: int, now: datetime) -> None:
        published(now, "2025-01-01", until="2026-01-01")
        with pytest.raises(contracts.PeriodTaken, match="2026-01-01"):
            published(now, "2025-10-01")
        with pytest.raises(contracts.PeriodGap) as gap:
            published(now, "2026-02-01")
        assert "请把第 3 版的 effective_from 改为 2026-01-01" in gap.value.chinese
        published(now, "2026-01-01")
        assert days() == [("2025-01-01", "2026-01-01"), ("2026-01-01", None)]

    def test_refuses_the_same_first_day(self, tenant: int, now: datetime) -> None:
        published(now, "2025-01-01")
        with pytest.raises(contracts.FirstDayTaken):
            published(now, "2025-01-01", "30")
        assert len(days()) == 1


class TestWithdraw:
    def test_lets_the_version_before_go_on(self, tenant: int, now: datetime) -> None:
        published(now, "2025-01-01")
        mistaken = published(now, "2026-06-01", "99").document_id
        with pytest.raises(contracts.ReasonMissing):
            api.withdraw(document_id=mistaken, reason="", now=now)
        assert api.withdraw(document_id=mistaken, reason="发文作废", now=now).status == "WITHDRAWN"
        assert days() == [("2025-01-01", None)]
        published(now, "2026-06-01", "21")

    def test_takes_back_an_approval(self, tenant: int, now: datetime) -> None:
        document = approved(now, "2025-01-01").document_id
        api.withdraw(document_id=document, reason="重复", now=now)
        with pytest.raises(contracts.NotTheNextStep):
            api.publish(document_id=document, now=now)

    def test_refuses_what_holds_already(self, tenant: int, now: datetime) -> None:
        today = published(now, now.date().isoformat()).document_id
        with pytest.raises(contracts.AlreadyInForce):
            api.withdraw(document_id=today, reason="晚了", now=now)

    def test_refuses_to_leave_a_gap(self, tenant: int, now: datetime) -> None:
        published(now, "2025-01-01", until="2026-05-01")
        middle = published(now, "2026-05-01").document_id
        published(now, "2026-09-01", "23")
        with pytest.raises(contracts.PeriodGap):
            api.withdraw(document_id=middle, reason="不用了", now=now)


class TestClose:
    def close(self, on: date, now: datetime) -> contracts.PriceDocument:
        return api.close(plan_code=CODE, on=on, reason="并入新方案", now=now)

    def test_ends_a_plan_on_purpose(self, tenant: int, now: datetime) -> None:
        published(now, "2025-01-01")
        assert self.close(date(2026, 4, 20), now).closed_on == date(2026, 4, 20)
        assert days() == [("2025-01-01", "2026-04-20")]
        with pytest.raises(contracts.NoPriceInForce):
            api.plan_in_force(plan_code=CODE, on=date(2026, 4, 20))
        published(now, "2026-04-20", "25")
        assert days()[-1] == ("2026-04-20", None)

    @pytest.mark.parametrize(
        ("on", "reason"),
        [("2026-01-19", "已经过去"), ("2024-06-01", "先撤回"), ("2027-01-01", "自己写明")],
    )
    def test_refuses_other_days(self, tenant: int, now: datetime, on: str, reason: str) -> None:
        published(now, "2025-01-01", until="2026-12-01")
        with pytest.raises(contracts.NotClosable) as refused:
            self.close(date.fromisoformat(on), now)
        assert reason in refused.value.chinese

    def test_knows_the_plan(self, tenant: int, now: datetime) -> None:
        with pytest.raises(contracts.NoPriceInForce):
            self.close(date(2026, 4, 20), now)


class TestDatabase:
    """What would happen if the code above were wrong."""

    def test_refuses_a_gap_at_commit(self, tenant: int, now: datetime) -> None:
        first = published(now, "2025-01-01").document_id
        published(now, "2026-01-01")
        with pytest.raises(IntegrityError, match="tariffs_no_gap"), db.transaction():
            PriceDocument.objects.filter(id=first).update(effective_until=date(2025, 12, 1))
        assert days()[0] == ("2025-01-01", "2026-01-01")

    def test_refuses_an_overlap(self, tenant: int, now: datetime) -> None:
        first = published(now, "2025-01-01").document_id
        published(now, "2026-01-01")
        with pytest.raises(IntegrityError, match="one_version_a_day"), db.transaction():
            PriceDocument.objects.filter(id=first).update(effective_until=None)
