"""A price that does not hold yet, over bills that were really sent."""

from datetime import date, timedelta

import pytest

from metercash.contexts.analytics import api as analytics
from metercash.contexts.billing.contracts import Population
from metercash.contexts.customers import api as customers
from metercash.contexts.customers.contracts import PartyInput
from metercash.kernel.interval import Interval
from metercash.rating.errors import PlanDocumentInvalid
from tests.support import homes


PLAN = "harbin-heat-residential"
SEASON = Interval(date(2025, 10, 20), date(2026, 4, 20))
TEXT = homes.text_of("harbin", PLAN)
DEARER = TEXT.replace("price: 38.32", "price: 40.00")


@pytest.fixture
def billed(tenant, now):
    """Two homes of 90.25 m², the second of which changed hands in mid-season."""
    homes.publish(now - timedelta(days=120), TEXT)
    first, second = (homes.home(n, "HEAT", PLAN, now - timedelta(days=100)) for n in (1, 2))
    customers.change_owner(
        account_id=second.account_id, party=PartyInput("新房主"), on=date(2026, 1, 20)
    )
    first.run(SEASON, now)
    second.run(SEASON, now)


def simulated(text, **filters):
    return analytics.simulate(text=text, population=Population(PLAN, SEASON, **filters))


def test_the_price_that_held_changes_nothing(billed):
    found = simulated(TEXT)
    assert found.impact.whole.accounts == 3
    assert found.impact.whole.same == 3
    assert found.not_reproduced == ()
    assert found.refused == ()


def test_a_dearer_price_comes_to_what_paper_says(billed):
    whole = simulated(DEARER).impact.whole
    # 90.25 m² × 38.32 = 3458.38 and × 40.00 = 3610.00 yuan; both holders of the second home share one season.
    assert (whole.before_fen, whole.after_fen) == (2 * 345_838, 2 * 361_000)
    assert (whole.more, whole.less) == (3, 0)


def test_a_population_is_chosen(billed):
    assert simulated(DEARER, category="NON_RESIDENT").impact.whole.accounts == 0
    assert simulated(DEARER, category="RESIDENT").impact.whole.accounts == 3


def test_whom_the_new_price_cannot_rate_is_named(billed):
    metered = TEXT.replace(
        "components:\n", "components:\n  - {kind: metered, price: 40, unit: GJ}\n"
    )
    found = simulated(metered)
    assert found.impact.whole.accounts == 0
    assert [one.account_no for one in found.refused] == ["10000001", "10000002", "10000002"]
    assert "kWh" in found.refused[0].reason or "用量" in found.refused[0].reason


def test_other_companies_bills_are_not_among_them(billed, other_tenant):
    from metercash.platform import tenancy

    with tenancy.bind(other_tenant):
        assert simulated(TEXT).impact.whole.accounts == 0


def test_a_text_that_is_no_price_is_refused(billed):
    with pytest.raises(PlanDocumentInvalid):
        simulated("code: x\n")
