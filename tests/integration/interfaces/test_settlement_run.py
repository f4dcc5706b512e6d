"""A settlement started from the console's form of a new run."""

from datetime import datetime

from metercash.contexts.billing import api as billing
from metercash.platform.access import Role
from tests.integration.billing.test_settling import DOCUMENT, LADDER
from tests.integration.interfaces.test_tenants_apart import _signed_in
from tests.support import homes


RULE = "kind: year_settlement, bounds: [2160, 3120], prices: [0.05, 0.3]"
FORM = {
    "first": "2025-01-01", "last": "2025-12-31", "due": "2026-02-28", "commodity": "POWER",
    "settlement": "settlement",
}  # fmt: skip


def test_says_by_which_plan_and_whose_accounts(tenant: int, now: datetime) -> None:
    homes.publish(now, DOCUMENT.format(code="ladder", rule=LADDER))
    homes.publish(now, DOCUMENT.format(code="settlement", rule=RULE))
    homes.home(1, "POWER", "ladder", now, unit="kWh")
    client = _signed_in(tenant, Role.BILLER)
    assert "清算须写被清算的价格方案" in client.post("/console/runs/new/", FORM).content.decode()
    assert client.post("/console/runs/new/", {**FORM, "plan": "ladder"}).status_code == 302
    [run] = billing.list_runs().items
    assert (run.purpose, run.accounts) == ("SETTLEMENT:settlement", 1)
