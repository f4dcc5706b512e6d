"""Any sequence of drafts, publications, withdrawals and endings leaves each day one price, without a gap."""

import secrets
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metercash.contexts.tariffs import api
from metercash.contexts.tariffs.contracts import FirstDayTaken, PeriodGap, PeriodTaken
from metercash.contexts.tariffs.core.succession import Held, ends
from metercash.kernel.errors import MetercashError
from metercash.platform import tenancy
from tests.support.tariffs import CODE, approved


FIRST = date(2026, 1, 1)
NOW = datetime(2026, 1, 3, 4, tzinfo=UTC)

days = st.integers(0, 8).map(lambda number: FIRST + timedelta(days=number))
ahead = st.none() | st.integers(1, 6)
steps = st.one_of(
    st.tuples(st.just("publish"), days, ahead),
    st.tuples(st.just("publish"), days, st.none()),
    st.tuples(st.just("withdraw"), days, st.none()),
    st.tuples(st.just("close"), days, st.none()),
)


def take(step: str, day: date, length: int | None) -> None:
    """One step of somebody who does not look; what is refused changes nothing."""
    if step == "publish":
        until = (day + timedelta(days=length)).isoformat() if length else ""
        document = approved(NOW, day.isoformat(), until=until)
        api.publish(document_id=document.document_id, now=NOW)
    elif step == "close":
        api.close(plan_code=CODE, on=day, reason="并入", now=NOW)
    else:
        found = [d for d in api.history(code=CODE) if d.effective_from >= day]
        if found:
            api.withdraw(document_id=found[-1].document_id, reason="误", now=NOW)


@pytest.mark.usefixtures("database")
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.lists(steps, max_size=8))
def test_every_day_has_one_price(sequence: list[tuple[str, date, int | None]]) -> None:
    code = f"days-{secrets.token_hex(6)}"
    tenant = tenancy.Tenant.objects.create(code=code, name=code, kind="HEAT")
    with tenancy.bind(tenant.id):
        for step in sequence:
            with suppress(MetercashError):
                take(*step)
            versions = api.history(code=CODE)[::-1]
            assert all(a.effective_until == b.effective_from for a, b in pairwise(versions))
            if versions:
                last = versions[-1]
                day = versions[0].effective_from
                while day < (last.effective_until or FIRST + timedelta(days=20)):
                    [holds] = [
                        d.document_id
                        for d in versions
                        if d.effective_from <= day
                        and (not d.effective_until or day < d.effective_until)
                    ]
                    assert api.plan_in_force(plan_code=CODE, on=day).document_id == holds
                    day += timedelta(days=1)


@given(st.lists(st.tuples(days, ahead), max_size=6))
def test_ends_are_shared_out_or_refused(drawn: list[tuple[date, int | None]]) -> None:
    held = [
        Held(number, number, since, since + timedelta(days=length) if length else None)
        for number, (since, length) in enumerate(drawn)
    ]
    ordered = sorted(held, key=lambda one: (one.since, one.version))
    neighbors = list(pairwise(ordered))
    try:
        found = ends("plan", held)
    except FirstDayTaken:
        assert any(a.since == b.since for a, b in neighbors)
    except PeriodTaken:
        assert any(a.own_until and a.own_until > b.since for a, b in neighbors)
    except PeriodGap:
        assert any(a.own_until and a.own_until < b.since for a, b in neighbors)
    else:
        assert all(found[a.document_id] == b.since for a, b in neighbors)
        assert all(found[one.document_id] == one.own_until for one in ordered[-1:])
        assert len(found) == len(held)
