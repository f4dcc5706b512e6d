"""The JSON API as a program sees it."""

from datetime import datetime

import pytest
from django.test import Client

from metercash.interfaces.openapi.security import Buckets
from metercash.platform.access import api


def _client(*scopes: str) -> Client:
    token = api.issue_api_token(name="erp", scopes=scopes, expires_at=None)
    return Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {token}"})


class TestProblems:
    def test_refuse_without_token(self, database: str) -> None:
        response = Client(SERVER_NAME="localhost").get("/api/v1/accounts")
        assert response.status_code == 401

    def test_name_the_missing_scope(self, tenant: int) -> None:
        response = _client("billing:read").get("/api/v1/accounts")
        assert response.status_code == 403
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["code"] == "api.scope_missing"

    def test_name_the_wrong_field(self, tenant: int) -> None:
        response = _client("customers:read").get("/api/v1/accounts?limit=0")
        assert response.status_code == 422
        assert response.json()["errors"][0]["field"] == "query.limit"

    @pytest.mark.parametrize("cursor", ["abc", "cDow", "////", "cDp4"])
    def test_refuse_foreign_cursors(self, tenant: int, cursor: str) -> None:
        response = _client("customers:read").get("/api/v1/accounts", {"starting_after": cursor})
        assert response.status_code == 422

    def test_answer_unknown_account(self, tenant: int) -> None:
        response = _client("customers:read").get("/api/v1/accounts/404404")
        assert (response.status_code, response.json()["code"]) == (
            404,
            "customers.account_not_found",
        )


class TestSchema:
    def test_publishes_problems_for_every_operation(self, database: str) -> None:
        schema = Client(SERVER_NAME="localhost").get("/api/v1/openapi.json").json()
        operations = [op for path in schema["paths"].values() for op in path.values()]
        assert len(operations) >= 12
        for operation in operations:
            assert "application/problem+json" in operation["responses"]["422"]["content"]
            assert operation["summary"]


class TestOrders:
    def test_need_an_idempotency_key(self, tenant: int, now: datetime) -> None:
        response = _client("payments:write").post(
            "/api/v1/orders", {"account_no": "1", "amount": "1.00"}, content_type="application/json"
        )
        assert response.status_code == 422
        assert response.json()["errors"][0]["field"] == "header.Idempotency-Key"


class TestBuckets:
    def test_let_a_burst_through_then_the_rate(self) -> None:
        buckets = Buckets(rate=10, burst=3)
        assert [buckets.take(1, at=0.0) for _ in range(4)] == [True, True, True, False]
        assert buckets.take(2, at=0.0)
        assert not buckets.take(1, at=0.05)
        assert buckets.take(1, at=0.2)
