"""Credentials stored sealed, checked against the provider; receipts of money that came through it."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from metercash.contexts.customers import api as customers
from metercash.contexts.payments import api as payments
from metercash.contexts.payments import jobs, models
from metercash.contexts.payments.contracts import CredentialsRefused
from metercash.interfaces.simulators import wechat as simulator
from metercash.kernel.errors import NotFound
from metercash.platform import db, tenancy
from tests.integration.payments.test_wechat import notify, order_for, pay
from tests.support.payments import charge, owed


@pytest.fixture
def parts(tenant, provider):
    """What an operator types, with the simulator's keys."""
    given = simulator.provider_account(
        provider.keys.folder.parent.parent, provider.base_url, "", merchant_id=f"19{tenant:08d}"
    )
    settings = given["settings"]
    return {
        "merchant_id": given["merchant_id"],
        "app_id": given["app_id"],
        "serial_no": settings["serial_no"],
        "private_key": Path(settings["private_key_file"]).read_bytes(),
        "api_v3_key": Path(settings["api_v3_key_file"]).read_bytes(),
        "platform_keys": {k: Path(f).read_bytes() for k, f in settings["platform_keys"].items()},
        "base_url": provider.base_url,
        "notify_url": "https://pay.example.com/gateway/x/wechat/notify",
    }


class TestConfigureWechat:
    def test_stores_keys_sealed_and_shows_none(self, parts):
        setup = payments.configure_wechat(**parts)
        assert setup == payments.provider_setup()
        with db.transaction():
            stored = str(models.ProviderAccount.objects.get().settings)
        for text in (stored, str(asdict(setup))):
            assert "PRIVATE KEY" not in text
            assert parts["api_v3_key"].decode().strip() not in text
        assert parts["merchant_id"] not in str(asdict(setup))
        assert setup.sealed

    @pytest.mark.parametrize(
        ("part", "value"),
        [
            ("merchant_id", "abc"),
            ("private_key", b"nothing"),
            ("api_v3_key", b"short"),
            ("platform_keys", {"PUB_KEY_ID_1": b"nothing"}),
            ("platform_keys", {}),
            ("base_url", "http://example.com"),
        ],
    )
    def test_refuses_a_malformed_part(self, parts, part, value):
        with pytest.raises(CredentialsRefused):
            payments.configure_wechat(**(parts | {part: value}))
        assert payments.provider_setup() is None


class TestCheckProvider:
    def test_passes_with_the_right_keys(self, parts, now):
        payments.configure_wechat(**parts)
        found = payments.check_provider(now=now)
        assert (found.ok, found.reason) == (True, "")

    def test_tells_an_answer_that_does_not_verify(self, parts, now):
        keys = parts["platform_keys"]
        only = {key: pem for key, pem in keys.items() if key.startswith("PUB_KEY_ID")}
        payments.configure_wechat(**(parts | {"platform_keys": only}))
        found = payments.check_provider(now=now)
        assert (found.reached, found.verified, found.ok) == (True, False, False)
        assert found.reason

    def test_tells_when_nobody_answers(self, parts, now):
        payments.configure_wechat(**(parts | {"base_url": "http://127.0.0.1:1"}))
        assert not payments.check_provider(now=now).reached


class TestChannelReceipt:
    def test_says_what_was_paid_in_capitals(self, merchant, account_id, now):
        charge(account_id, 8_000, now)
        order = order_for(account_id, now)
        pay(merchant, order, now)
        notify(merchant, order, now)
        (row,) = payments.list_payments(account_id=account_id).items
        receipt = payments.get_channel_receipt(fact_id=row.fact_id)
        assert receipt.amount_capitals == "壹佰元整"
        assert [fen for _text, fen in receipt.lines] == [8_000]
        assert receipt.to_balance_fen == 2_000
        assert receipt.receipt_no == f"WX20260120{row.fact_id:08d}"
        assert owed(account_id) == 0

    def test_is_only_for_money_of_a_channel(self, merchant, account_id):
        with pytest.raises(NotFound):
            payments.get_channel_receipt(fact_id=1)


class TestReconcileMissing:
    def test_catches_up_once_and_leaves_a_quiet_company_alone(self, merchant, account_id, now):
        jobs.reconcile_missing(now=now)
        assert payments.list_reconciliations() == []
        order = order_for(account_id, now)
        pay(merchant, order, now)
        notify(merchant, order, now)
        later = now + timedelta(days=2)
        jobs.reconcile_missing(now=later)
        done = [row.day for row in payments.list_reconciliations()]
        assert now.date() in done
        jobs.reconcile_missing(now=later)
        assert [row.day for row in payments.list_reconciliations()] == done

    def test_touches_no_other_company(self, merchant, other_tenant, now):
        with tenancy.bind(other_tenant):
            jobs.reconcile_missing(now=now)
            jobs.poll_due(now=now)
            assert payments.list_reconciliations() == []


class TestResidentsPage:
    def test_shows_the_receipt_to_its_owner_alone(self, merchant, account_id, now):
        charge(account_id, 8_000, now)
        order = order_for(account_id, now)
        pay(merchant, order, now)
        notify(merchant, order, now)
        (row,) = payments.list_payments(account_id=account_id).items
        code = tenancy.Tenant.objects.get(id=tenancy.current_id()).code
        client, stranger = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
        home = customers.get_account(account_id=account_id)
        proof = {
            "account_no": home.account_no, "name": home.name, "phone_tail": home.phone[-4:],
        }  # fmt: skip
        assert client.post(f"/m/{code}/bind/", proof).status_code == 302
        page = client.get(f"/m/{code}/paid/{row.fact_id}/").content.decode()
        assert "壹佰元整" in page
        assert f"WX20260120{row.fact_id:08d}" in page
        assert "data-print" in page
        assert (
            f"/m/{code}/paid/{row.fact_id}/" in client.get(f"/m/{code}/history/").content.decode()
        )
        state = client.get(f"/m/{code}/order/{order.order_no}/state/").content.decode()
        assert f"/m/{code}/paid/{row.fact_id}/" in state
        assert "壹佰元整" not in stranger.get(f"/m/{code}/paid/{row.fact_id}/").content.decode()
