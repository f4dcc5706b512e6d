"""Two officers publish versions of one plan in the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from itertools import pairwise

from django.db import connection

from metercash.contexts.tariffs import api
from metercash.kernel.errors import MetercashError
from metercash.platform import tenancy
from tests.support.tariffs import CODE, approved, published


PUBLISHERS = 6


def together(tenant: int, steps):
    """Run the steps at once, each on its own connection; what each answered."""
    ready = threading.Barrier(len(steps))

    def run(step):
        try:
            with tenancy.bind(tenant):
                ready.wait()
                return step()
        except MetercashError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


class TestPublishers:
    def test_leave_no_gap_and_no_overlap(self, tenant: int, now: datetime) -> None:
        published(now, "2020-01-01")
        waiting = [approved(now, f"{2021 + number}-01-01") for number in range(PUBLISHERS)]

        def publish(document_id):
            return lambda: api.publish(document_id=document_id, now=now).status

        done = together(tenant, [publish(one.document_id) for one in waiting])
        assert done == ["PUBLISHED"] * PUBLISHERS
        versions = api.history(code=CODE)[::-1]
        assert [one.effective_from.year for one in versions] == list(range(2020, 2021 + PUBLISHERS))
        assert all(a.effective_until == b.effective_from for a, b in pairwise(versions))
        assert versions[-1].effective_until is None

    def test_of_one_day_are_one(self, tenant: int, now: datetime) -> None:
        waiting = [approved(now, "2026-01-01", str(20 + number)) for number in range(2)]

        def publish(document_id):
            return lambda: api.publish(document_id=document_id, now=now).status

        done = together(tenant, [publish(one.document_id) for one in waiting])
        assert sorted(done) == ["PUBLISHED", "tariffs.first_day_taken"]

    def test_and_a_closer_agree(self, tenant: int, now: datetime) -> None:
        published(now, "2025-01-01")
        successor = approved(now, "2026-06-01").document_id
        end = date(2026, 5, 1)
        done = together(
            tenant,
            [
                lambda: api.publish(document_id=successor, now=now).status,
                lambda: api.close(plan_code=CODE, on=end, reason="并入", now=now).status,
            ],
        )
        assert sorted(done) in (
            ["PUBLISHED", "tariffs.not_closable"],
            ["PUBLISHED", "tariffs.period_gap"],
        )
