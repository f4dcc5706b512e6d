"""What operators' programs ask: alive, ready, figures."""

import json

from django.test import Client

from metercash.platform import db, tenancy
from metercash.platform.jobs import schedule
from metercash.platform.jobs.models import RoutineState
from metercash.project import walls_check


def ask(path):
    return Client(SERVER_NAME="localhost").get(path)


class TestProbes:
    def test_alive_and_ready(self, database):
        assert ask("/healthz").json() == {"status": "ok"}
        ready = ask("/readyz")
        assert (ready.status_code, ready.json()["problems"]) == (200, [])

    def test_not_ready_while_the_wall_is_down(self, database, monkeypatch):
        monkeypatch.setattr(walls_check, "problems", lambda connection: ["table x lacks it"])
        refused = ask("/readyz")
        assert (refused.status_code, json.loads(refused.content)["problems"]) == (
            503,
            ["table x lacks it"],
        )

    def test_home_leads_to_the_console(self, database):
        assert ask("/")["Location"] == "/console/"


class TestMetrics:
    def test_tell_which_routine_of_whom_fails(self, tenant, now):
        code = tenancy.Tenant.objects.get(id=tenant).code
        with db.transaction():
            RoutineState.objects.create(
                name="payments.poll_due", slot="x", done_at=now, failures=4, error="down"
            )
        [row] = [row for row in schedule.standing() if row.tenant == code]
        assert row.failures == 4
        text = ask("/metrics").content.decode()
        labels = f'{{routine="payments.poll_due",tenant="{code}"}}'
        assert f"metercash_routine_failures{labels} 4.0" in text
        assert f"metercash_routine_done_timestamp_seconds{labels}" in text
        assert "metercash_requests_total" in text
