"""Commands about money: orders, credentials, reconciliation, late fees, proof of the books."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from metercash.contexts.collections import api as collections
from metercash.contexts.ledger import models
from metercash.contexts.payments import api as payments
from metercash.interfaces.simulators.wechat.keys import MERCHANT_SERIAL, PUBLIC_KEY_ID
from metercash.platform import db
from tests.support.payments import charge, control, open_accounts


@pytest.fixture
def account_no(tenant, now):
    [account_id] = open_accounts(1, now)
    charge(account_id, 8_000, now)
    return "10000001"


@pytest.fixture
def configure(provider, tenant, code):
    """Arguments that store the simulator's credentials."""
    folder = provider.keys.folder
    return [
        "pay", "configure", "--merchant-id", f"19{tenant:08d}", "--app-id", "wxsimulator",
        "--serial-no", MERCHANT_SERIAL, "--private-key", folder / "merchant_key.pem",
        "--api-v3-key", folder / "api_v3.key", "--base-url", provider.base_url,
        "--platform-key", f"{provider.keys.certificate_id}={folder / 'platform_certificate.pem'}",
        "--platform-key", f"{PUBLIC_KEY_ID}={folder / 'successor_public.pem'}", "--tenant", code,
    ]  # fmt: skip


class TestPay:
    def test_orders_once_for_a_key_and_tells_what_became_of_it(
        self, run, merchant, account_no, code
    ):
        arguments = (
            *("pay", "order", account_no, "--amount", "80.00", "--key", "counter-1"),
            *("--tenant", code, "--json"),
        )
        order = run(*arguments).json
        assert order["fen"] == 8_000
        assert run(*arguments).json["order_no"] == order["order_no"]
        httpx.post(f"{merchant.base_url}/pay/{order['order_no']}", trust_env=False)
        asked = ("pay", "status", order["order_no"], "--tenant", code)
        assert run(*asked, "--json").json["status"] == "SUCCEEDED"
        assert "SUCCEEDED" in run(*asked).out
        [paid] = run("pay", "list", "--tenant", code, "--json").json
        assert paid["fen"] == 8_000

    @pytest.mark.parametrize("amount", ["0", "-1", "1.234", "viel"])
    def test_refuses_what_is_no_amount(self, run, merchant, account_no, code, amount):
        told = run(
            *("pay", "order", account_no, f"--amount={amount}", "--key", "k", "--tenant", code)
        )
        assert (told.code, told.out) == (1, "")
        assert payments.list_payments().items == []

    def test_refuses_an_unknown_account(self, run, merchant, code):
        told = run("pay", "order", "404", "--amount", "1", "--key", "k", "--tenant", code)
        assert told.code == 1


class TestPayConfigure:
    def test_stores_sealed_and_prints_no_key(self, run, configure, provider, code):
        told = run(*configure, "--json")
        assert told.json["sealed"] is True
        for secret in ("PRIVATE KEY", provider.keys.api_v3_key.decode()):
            assert secret not in told.out + told.err
        assert payments.provider_setup() is not None

    def test_check_passes_and_then_fails_with_three(self, run, configure, provider, code):
        run(*configure)
        assert run("pay", "check", "--tenant", code, "--json").json["verified"] is True
        provider.close()
        told = run("pay", "check", "--tenant", code)
        assert (told.code, "无法连接" in told.out) == (3, True)

    def test_check_without_an_account(self, run, code):
        assert run("pay", "check", "--tenant", code).code == 1

    @pytest.mark.parametrize("key", ["no-equals-sign", "PUB_KEY_ID_1=/no/such/file"])
    def test_refuses_a_platform_key_that_names_no_file(self, run, configure, key):
        told = run(*configure, "--platform-key", key)
        assert (told.code, key in told.err) == (1, True)
        assert payments.provider_setup() is None

    def test_refuses_a_file_that_holds_no_key(self, run, configure, tmp_path):
        wrong = tmp_path / "key.pem"
        wrong.write_text("nothing")
        told = run(*configure, "--private-key", wrong)
        assert told.code == 1
        assert payments.provider_setup() is None

    def test_refuses_a_missing_file(self, run, configure, tmp_path):
        assert run(*configure, "--private-key", tmp_path / "none.pem").code == 2


class TestReconcile:
    ZONE = ZoneInfo("Asia/Shanghai")

    def test_ends_with_three_while_there_are_breaks(self, run, merchant, account_no, code):
        yesterday = datetime.now(self.ZONE).date() - timedelta(days=1)
        arguments = ("reconcile", yesterday, "--tenant", code)
        assert run(*arguments, "--json").json["breaks"] == 0
        control(merchant.base_url, "faults", statement_extra=1)
        earlier = yesterday - timedelta(days=1)
        told = run("reconcile", earlier, "--tenant", code, "--json")
        assert (told.code, told.json["breaks"]) == (3, 1)
        [stray] = payments.list_breaks(status="OPEN").items
        assert stray.kind == "UNKNOWN_ORDER"

    def test_today_has_no_statement_yet(self, run, merchant, code):
        today = datetime.now(self.ZONE).date()
        told = run("reconcile", today, "--tenant", code)
        assert (told.code, told.out) == (1, "")

    def test_refuses_another_channel_and_what_is_no_day(self, run, merchant, code):
        told = run("reconcile", "2026-01-05", "--provider", "BARTER", "--tenant", code)
        assert told.code == 1
        assert run("reconcile", "5.1.2026", "--tenant", code).code == 2


class TestLateFee:
    def adopt(self, run, code, *more, rate="1"):
        return run(
            *("late-fee", "adopt", "2020-01-01", "--rate", rate, "--citation", "供用热合同第八条"),
            *("--tenant", code, *more),
        )

    def test_adopts_shows_and_accrues(self, run, account_no, code):
        adopted = self.adopt(run, code, "--cap", "1", "--minimum", "0.10", "--json").json
        assert adopted[0]["citation"] == "供用热合同第八条"
        shown = run("late-fee", "policy", "--tenant", code)
        assert (shown.code, "供用热合同第八条" in shown.out) == (0, True)
        passed = run("late-fee", "accrue", "2026-01-20", "--tenant", code, "--json").json
        # 80 yuan, due on the 10th, one per mille a day: ten days are 0.80 yuan.
        assert (passed["raised"], passed["raised_fen"]) == (1, 80)
        again = run("late-fee", "accrue", "2026-01-20", "--tenant", code, "--json").json
        assert again["raised_fen"] == 0

    @pytest.mark.parametrize(
        ("rate", "more"), [("viel", ()), ("1", ("--cap", "half")), ("1", ("--minimum", "x"))]
    )
    def test_refuses_what_is_no_number(self, run, code, rate, more):
        assert self.adopt(run, code, *more, rate=rate).code == 1
        assert collections.list_policies() == []


class TestLedgerVerify:
    def test_is_sound(self, run, account_no, code):
        told = run("ledger", "verify", "--tenant", code, "--json")
        assert (told.code, told.json["ok"], told.json["problems"]) == (0, True, [])
        assert "总账校验" in run("ledger", "verify", "--tenant", code).out

    def test_ends_with_three_when_a_projection_was_changed(self, run, account_no, tenant, code):
        with db.transaction():
            models.Receivable.objects.update(open_fen=7_999)
        told = run("ledger", "verify", "--tenant", code, "--json")
        assert (told.code, told.json["ok"]) == (3, False)
        assert told.json["problems"]
