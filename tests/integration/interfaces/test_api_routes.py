"""Each operation of the JSON API does what its schema says, and refuses what it must."""

import io
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.test import Client, override_settings

from metercash.contexts.metering import api as metering
from metercash.contexts.metering.contracts import NewInstallation
from metercash.contexts.payments import api as payments
from metercash.interfaces.openapi import cursors
from metercash.interfaces.simulators import wechat as simulator
from metercash.kernel.interval import Interval
from metercash.platform.access import api as access
from metercash.proof.bill import verify
from tests.integration.metering.conftest import wide
from tests.support import homes
from tests.support.payments import control


SEASON = Interval(date(2025, 10, 20), date(2026, 4, 20))
SCOPES = (
    "customers:read", "customers:write", "billing:read", "prices:read", "payments:read",
    "payments:write", "metering:read", "metering:write",
)  # fmt: skip
DAY = date(2026, 1, 5)


@pytest.fixture
def api(tenant):
    """A client with every scope."""
    token = access.issue_api_token(name="erp", scopes=SCOPES, expires_at=None)
    return Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def home(tenant, now):
    """A home by area under a published price."""
    homes.publish(now - timedelta(days=120), homes.text_of("harbin", "harbin-heat-residential"))
    return homes.home(1, "HEAT", "harbin-heat-residential", now - timedelta(days=100))


@pytest.fixture
def bill(home, now):
    """Its bill of the season."""
    return home.billed(SEASON, now)


FACTS = "/api/v1/accounts/10000001/facts"


class TestFacts:
    SENT = (
        {"kind": "AREA_PART", "part": "BALCONY", "area": "6.5", "height_mm": 2100},
        {"kind": "SUPPLY", "reason": "STOPPED", "valid_until": "2025-12-01"},
        {"kind": "EVIDENCE", "code": "LOW_INCOME", "reference": "2025-118"},
        {"kind": "HOUSEHOLD", "size": 5},
        {"kind": "CONTRACT", "contract_demand": "500", "power_factor": "0.85"},
        {"kind": "TRANSFORMER", "name": "1", "capacity": "630", "interlock": "A", "model": "S11"},
        {"kind": "SUSPENSION", "transformer": "1", "valid_until": "2025-12-01"},
    )

    def send(self, api, fact):
        said = {"valid_from": "2025-10-20", **fact}
        return api.post(FACTS, said, content_type="application/json")

    def test_come_back_as_they_were_sent(self, api, home):
        made = [self.send(api, fact) for fact in self.SENT]
        assert [answer.status_code for answer in made] == [201] * len(self.SENT)
        shown = {fact["kind"]: fact for fact in api.get(FACTS).json() if fact["fact_id"]}
        for sent, answer in zip(self.SENT, made, strict=True):
            beside = {"kind", "valid_until"}
            values = {name: str(value) for name, value in sent.items() if name not in beside}
            assert values.items() <= shown[sent["kind"]]["values"].items()
            assert shown[sent["kind"]]["valid_until"] == sent.get("valid_until")
            assert shown[sent["kind"]]["fact_id"] == answer.json()["fact_id"]

    def test_end_and_are_taken_back(self, api, home):
        made = self.send(api, {"kind": "EVIDENCE", "code": "LOW_INCOME"}).json()["fact_id"]
        address = f"{FACTS}/EVIDENCE/{made}"
        ended = api.post(
            f"{address}/end", {"valid_until": "2026-01-01"}, content_type="application/json"
        )
        assert ended.status_code == 204
        assert api.get(FACTS).json()[0]["valid_until"] == "2026-01-01"
        assert api.delete(address).status_code == 204
        assert api.get(FACTS).json() == []
        assert api.delete(address).json()["code"] == "customers.fact_not_found"

    def test_are_refused_where_days_are_taken(self, api, home):
        fact = {"kind": "EVIDENCE", "code": "LOW_INCOME"}
        assert self.send(api, fact).status_code == 201
        refused = self.send(api, fact)
        assert (refused.status_code, refused.json()["code"]) == (409, "customers.fact_overlap")
        assert len(api.get(FACTS).json()) == 1

    @pytest.mark.parametrize(
        "fact",
        [
            {"kind": "AREA_PART", "part": "POOL", "area": "6.5"},
            {"kind": "AREA_PART", "part": "BALCONY", "area": "-1"},
            {"kind": "AREA_PART", "part": "BALCONY", "area": "1.2345"},
            {"kind": "FROZEN"},
        ],
    )
    def test_are_refused_where_they_cannot_be_true(self, api, home, fact):
        assert self.send(api, fact).status_code == 422
        assert api.get(FACTS).json() == []

    def test_need_the_right_to_write(self, tenant, home):
        token = access.issue_api_token(name="bi", scopes={"customers:read"}, expires_at=None)
        reader = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {token}"})
        assert self.send(reader, {"kind": "HOUSEHOLD", "size": 5}).status_code == 403
        assert reader.get(FACTS).json() == []


class TestAccounts:
    def test_shows_one_with_its_phone_masked(self, api, home):
        shown = api.get("/api/v1/accounts/10000001").json()
        assert shown["phone"] == "138****0001"
        assert shown["area_square_meters"] == "90.25"
        assert api.get("/api/v1/accounts?text=10000001").json()["items"] == [shown]

    def test_tells_what_is_owed_in_yuan(self, api, bill):
        owed = api.get("/api/v1/accounts/10000001/owed").json()
        [item] = owed["items"]
        yuan = f"{bill.total_fen // 100}.{bill.total_fen % 100:02d}"
        assert (owed["owed"], owed["balance"]) == (yuan, "0.00")
        assert (item["kind"], item["original"], item["open"]) == ("BILL", yuan, yuan)


class TestBills:
    def test_lists_and_explains(self, api, bill):
        [row] = api.get("/api/v1/bills?account_no=10000001").json()["items"]
        assert (row["bill_id"], row["period_until"]) == (bill.bill_id, "2026-04-20")
        full = api.get(f"/api/v1/bills/{bill.bill_id}").json()
        assert full["total"] == row["total"]
        assert [line["sentence"] for line in full["lines"]] == [
            line.sentence for line in bill.lines
        ]
        assert api.get("/api/v1/bills/404404404").status_code == 404

    def test_gives_out_all_it_was_made_from(self, api, bill):
        document = api.get(f"/api/v1/bills/{bill.bill_id}/proof").json()
        assert verify(document) == []
        assert document["total_fen"] == bill.total_fen

    def test_pages_through_all_without_a_gap(self, api, tenant, now):
        for number in range(1, 4):
            homes.home(number, "HEAT", "plan-a", now)
        seen, cursor = [], ""
        while cursor is not None:
            page = api.get("/api/v1/accounts", {"limit": 2, "starting_after": cursor}).json()
            seen += [item["account_no"] for item in page["items"]]
            cursor = page["next_cursor"]
            assert page["has_more"] == (cursor is not None)
        assert seen == ["10000001", "10000002", "10000003"]
        assert cursors.read("") == 1

    def preview(self, api, **changes):
        body = {"account_no": "10000001", "period_from": SEASON.start, "period_until": SEASON.end}
        return api.post("/api/v1/bill-previews", body | changes, content_type="application/json")

    def test_preview_makes_no_bill(self, api, home):
        [shown] = self.preview(api).json()
        assert (shown["bill_id"], shown["due_date"]) == (None, None)
        assert shown["lines"]
        assert home.bills() == []

    def test_preview_refuses_an_empty_period(self, api, home):
        refused = self.preview(api, period_until=SEASON.start)
        assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")

    def test_prices_carry_their_citation(self, api, home):
        [price] = api.get("/api/v1/prices").json()
        assert price["citation"]
        assert price["confidence"] in {"A", "B", "C", "D"}


class TestOrders:
    @pytest.fixture
    def provider(self, tenant, tmp_path_factory):
        running = simulator.run(tmp_path_factory.mktemp("simulator"))
        payments.configure_provider(
            **simulator.provider_account(
                running.keys.folder.parent.parent,
                running.base_url,
                "",
                merchant_id=f"19{tenant:08d}",
            )
        )
        yield running
        running.close()

    def order(self, api, amount="10.00", key="key-00001", account_no="10000001"):
        return api.post(
            "/api/v1/orders",
            {"account_no": account_no, "amount": amount},
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )

    def test_once_for_a_key(self, api, bill, provider):
        first, second = self.order(api), self.order(api)
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
        assert second["Idempotent-Replayed"] == "true"
        assert self.order(api, amount="11.00").status_code in {409, 422}
        assert len(provider.book.orders) == 1

    def test_money_is_listed_when_it_came(self, api, bill, provider):
        order_no = self.order(api).json()["order_no"]
        assert api.get(f"/api/v1/orders/{order_no}").json()["status"] == "PENDING"
        assert api.get("/api/v1/payments").json()["items"] == []
        control(provider.base_url, "pay", order_no=order_no, notify=False)
        payments.poll_order(order_no=order_no, now=datetime.now(UTC) + timedelta(seconds=5))
        assert api.get(f"/api/v1/orders/{order_no}").json()["status"] == "SUCCEEDED"
        for query in ("", "?account_no=10000001"):
            [paid] = api.get(f"/api/v1/payments{query}").json()["items"]
            assert (paid["account_no"], paid["amount"]) == ("10000001", "10.00")

    @pytest.mark.parametrize("amount", ["0", "-5", "0.001", "zehn"])
    def test_refuses_what_is_no_amount(self, api, bill, provider, amount):
        refused = self.order(api, amount=amount)
        assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
        assert provider.book.orders == {}

    def test_refuses_an_unknown_account_or_order(self, api, bill, provider):
        assert self.order(api, account_no="404").status_code == 404
        assert api.get("/api/v1/orders/404").status_code == 404


class TestReadings:
    @pytest.fixture(autouse=True)
    def meter(self, tenant, now, tmp_path):
        made = homes.home(1, "POWER", "plan-p", now)
        metering.install_devices(
            installations=[NewInstallation(made.service_point_id, "E0", date(2025, 11, 1))]
        )
        with override_settings(METERCASH_READINGS=str(tmp_path)):
            yield

    def upload(self, api, meter="E0"):
        file = io.BytesIO(wide({(meter, DAY): np.full(96, 0.25)}, "csv"))
        file.name = "曲线.csv"
        return api.post("/api/v1/readings", {"file": file}).json()

    def test_uploaded_are_shown(self, api):
        report = self.upload(api)
        assert (report["read"], report["accepted"], report["refused"]) == (96, 96, 0)
        curve = api.get(
            "/api/v1/accounts/10000001/curve", {"since": DAY, "until": DAY + timedelta(days=1)}
        ).json()
        assert {point["value"] for point in curve["points"]} == {"0.25"}
        assert len(curve["points"]) == 96
        rate = api.get("/api/v1/collection-rate", {"day": DAY}).json()
        assert (rate["expected"], rate["received"], rate["estimated"]) == (1, 1, 0)

    def test_unknown_meters_are_named(self, api):
        report = self.upload(api, meter="E9")
        assert report["read"] == report["accepted"] + report["refused"]
        assert report["accepted"] == 0
        assert report["errors"]

    @pytest.mark.parametrize("days", [0, -1, 63])
    def test_curve_refuses_too_long_a_period(self, api, days):
        refused = api.get(
            "/api/v1/accounts/10000001/curve", {"since": DAY, "until": DAY + timedelta(days=days)}
        )
        assert refused.status_code == 422

    def test_announced_days_stand_until_withdrawn(self, api):
        said = {"name": "hot", "day": DAY.isoformat(), "evidence": "气象台公告"}
        made = api.post("/api/v1/announcements", said, content_type="application/json")
        assert made.status_code == 201
        period = {"since": DAY, "until": DAY + timedelta(days=1)}
        shown = api.get("/api/v1/announcements", period).json()
        assert (
            shown == [made.json()] == [said | {"announcement_id": made.json()["announcement_id"]}]
        )
        address = f"/api/v1/announcements/{made.json()['announcement_id']}/withdraw"
        for note, status in (("", 422), ("登记错日期", 204), ("再撤一次", 404)):
            answer = api.post(address, {"note": note}, content_type="application/json")
            assert answer.status_code == status
        assert api.get("/api/v1/announcements", period).json() == []
