"""Routines: once per slot, by the tenant's clock, each tenant for itself."""

from datetime import UTC, datetime, time, timedelta

import pytest

from metercash.platform import tenancy
from metercash.platform.jobs import schedule


NIGHT = datetime(2026, 1, 19, 17, 0, tzinfo=UTC)  # 01:00 of the 20th in Shanghai


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    made: list[int] = []

    def work(*, now: datetime) -> None:
        made.append(tenancy.current_id())

    monkeypatch.setattr(schedule, "_routines", {})
    schedule.daily("test.work", work, at=time(1, 30))
    return made


def company(tenant_id: int) -> tenancy.Tenant:
    return tenancy.Tenant.objects.get(id=tenant_id)


def standing(tenant_id: int) -> schedule.Standing:
    code = company(tenant_id).code
    (found,) = [row for row in schedule.standing() if row.tenant == code]
    return found


class TestRunDue:
    def test_runs_once_a_day_from_the_hour_of_the_tenants_clock(
        self, tenant: int, calls: list[int]
    ) -> None:
        for minutes in (0, 29, 30, 31, 600):
            now = NIGHT + timedelta(minutes=minutes)
            assert schedule.run_due(tenant=company(tenant), name="test.work", now=now)
        assert calls == [tenant]
        schedule.run_due(tenant=company(tenant), name="test.work", now=NIGHT + timedelta(hours=25))
        assert calls == [tenant, tenant]
        assert standing(tenant).slot == "2026-01-21"

    def test_counts_in_the_zone_of_each_tenant(
        self, tenant: int, other_tenant: int, calls: list[int]
    ) -> None:
        tenancy.Tenant.objects.filter(id=other_tenant).update(time_zone="Asia/Urumqi")
        now = NIGHT + timedelta(minutes=45)
        for one in (tenant, other_tenant):
            schedule.run_due(tenant=company(one), name="test.work", now=now)
        assert (standing(tenant).slot, standing(other_tenant).slot) == ("2026-01-20", "2026-01-19")

    def test_keeps_a_failure_with_its_tenant_and_tries_again_later(
        self, tenant: int, other_tenant: int, calls: list[int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        failing = [tenant]

        def work(*, now: datetime) -> None:
            if tenancy.current_id() in failing:
                raise RuntimeError("no")
            calls.append(tenancy.current_id())

        schedule.daily("test.work", work, at=time(1, 30))
        now = NIGHT + timedelta(hours=1)
        for one in (tenant, other_tenant):
            schedule.run_due(tenant=company(one), name="test.work", now=now)
        assert calls == [other_tenant]
        found = standing(tenant)
        assert (found.failures, found.error, found.slot) == (1, "RuntimeError: no", "")
        assert schedule.due(tenant=company(tenant), now=now + timedelta(seconds=59)) == []
        failing.clear()
        later = now + timedelta(minutes=1)
        assert schedule.run_due(tenant=company(tenant), name="test.work", now=later)
        assert (standing(tenant).failures, standing(tenant).error) == (0, "")
        assert calls == [other_tenant, tenant]

    def test_does_again_what_a_killed_worker_left(self, tenant: int, calls: list[int]) -> None:
        def die(*, now: datetime) -> None:
            raise SystemExit  # not an Exception: nothing is recorded, as with kill -9

        schedule.daily("test.work", die, at=time(1, 30))
        now = NIGHT + timedelta(hours=1)
        with pytest.raises(SystemExit):
            schedule.run_due(tenant=company(tenant), name="test.work", now=now)
        assert schedule.due(tenant=company(tenant), now=now) == ["test.work"]


class TestRoutines:
    def test_are_those_of_the_documented_table(self) -> None:
        named = {(r.name, r.at and f"{r.at:%H:%M}") for r in schedule.routines()}
        assert named == {
            ("outbox.sweep", None),
            ("notifications.deliver", None),
            ("payments.poll_due", None),
            ("payments.reconcile", "10:30"),
            ("collections.accrue", "01:30"),
            ("collections.remind", "09:30"),
            ("customers.supply", "00:10"),
        }
