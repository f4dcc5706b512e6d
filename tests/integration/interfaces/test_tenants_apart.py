"""No page and no API operation shows one company's data to another."""

import io
from collections.abc import Iterator
from datetime import date, datetime

import openpyxl
import pytest
from django.test import Client

from metercash.contexts.customers import api as customers
from metercash.platform import tenancy
from metercash.platform.access import Role, api
from tests.support.routes import all_routes


MARK = "独有标记䶮"
PASSWORD = "Kuai-Le-2026-Xue"
SCOPES = {
    "customers:read", "billing:read", "prices:read", "payments:read", "payments:write",
    "metering:read", "metering:write",
}  # fmt: skip


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(
        [
            "户号",
            "户名",
            "手机号",
            "小区",
            "楼栋",
            "房号",
            "收费面积",
            "用能类型",
            "价格方案",
            "起始日期",
        ]
    )
    sheet.append(
        [
            "77000001",
            MARK,
            "13800000001",
            "标记小区",
            "1号楼",
            "101",
            "80",
            "供热",
            "p",
            "2025-10-20",
        ]
    )
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def account_id(tenant: int, now: datetime) -> Iterator[int]:
    """An account of the first company, with a name nobody else has."""
    report = customers.import_file(content=_workbook(), filename="a.xlsx", dry_run=False, now=now)
    assert report.errors == []
    return customers.get_account_by_no(account_no="77000001").account_id


def _signed_in(tenant_id: int, role: Role) -> Client:
    with tenancy.bind(tenant_id):
        username = f"{role.lower()}"
        api.create_user(username=username, display_name=role, roles=[role], password=PASSWORD)
    client = Client(SERVER_NAME="localhost")
    code = tenancy.Tenant.objects.get(id=tenant_id).code
    client.post("/console/sign-in/", {"tenant": code, "username": username, "password": PASSWORD})
    return client


class TestConsole:
    def test_shows_its_own_company(self, tenant: int, account_id: int) -> None:
        page = _signed_in(tenant, Role.BILLER).get(f"/console/customers/{account_id}/")
        assert MARK in page.content.decode()

    @pytest.mark.parametrize("role", list(Role))
    def test_shows_nothing_of_another_company(
        self, account_id: int, other_tenant: int, role: Role
    ) -> None:
        client = _signed_in(other_tenant, role)
        for route in all_routes("console/"):
            for address in (
                route.address.replace("/1/", f"/{account_id}/"),
                route.address + f"?q=77000001&text=77000001&account={account_id}",
            ):
                response = client.get(address)
                body = b"".join(response) if response.streaming else response.content
                assert MARK not in body.decode(errors="ignore"), address


class TestApi:
    def test_shows_nothing_of_another_company(
        self, account_id: int, other_tenant: int, now: datetime
    ) -> None:
        with tenancy.bind(other_tenant):
            token = api.issue_api_token(name="erp", scopes=SCOPES, expires_at=None)
        client = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {token}"})
        for address in (
            "/api/v1/accounts",
            f"/api/v1/accounts?text={MARK}",
            "/api/v1/accounts/77000001",
            "/api/v1/accounts/77000001/owed",
            "/api/v1/bills?account_no=77000001",
            "/api/v1/payments?account_no=77000001",
            f"/api/v1/accounts/77000001/curve?since={date(2026, 1, 1)}&until={date(2026, 1, 2)}",
        ):
            response = client.get(address)
            assert MARK not in response.content.decode(), address
            assert response.status_code == (
                200 if address.split("?")[0].endswith("accounts") else 404
            )


class TestPortal:
    def test_binds_no_account_of_another_company(self, account_id: int, other_tenant: int) -> None:
        code = tenancy.Tenant.objects.get(id=other_tenant).code
        response = Client(SERVER_NAME="localhost").post(
            f"/m/{code}/bind/",
            {"account_no": "77000001", "name": MARK, "phone_tail": "0001"},
        )
        assert response.status_code == 422
